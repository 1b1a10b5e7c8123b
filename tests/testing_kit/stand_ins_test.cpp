#include "momento_token/testing/stand_ins.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <memory>

#include "momento_token/issuer.hpp"
#include "momento_token/testing/make_token.hpp"
#include "momento_token/verifier.hpp"
#include "support.hpp"

using namespace momento_token;
using namespace std::chrono_literals;

TEST_CASE("a manual clock stands still until it is told to move") {
  testing::ManualClock clock{test::new_year_2030};
  CHECK(clock.now() == test::new_year_2030);
  CHECK(clock.now() == test::new_year_2030);

  clock.advance(90s);
  CHECK(clock.now() == test::new_year_2030 + 90s);
  clock.advance(-100s);
  CHECK(clock.now() == test::new_year_2030 - 10s);
  clock.set(std::chrono::sys_seconds(1s));
  CHECK(clock.now() == std::chrono::sys_seconds(1s));
}

TEST_CASE("a failing signer says its names and fails with the error it was given") {
  const testing::FailingSigner plain;
  const testing::FailingSigner busy({Errc::limit_exceeded, "kms", "too many requests"}, "RS256", "k1");
  std::array<std::byte, max_signature_bytes> room{};

  CHECK(plain.alg() == "ES256");
  CHECK(test::outcome(plain.sign(as_bytes("text"), room)) == "internal_error signer");
  CHECK(busy.alg() == "RS256");
  CHECK(busy.kid() == "k1");
  CHECK(test::outcome(busy.sign(as_bytes("text"), room)) == "limit_exceeded kms");
}

TEST_CASE("an issuer hands the failing signer's own error out") {
  const Issuer issuer = Issuer::create({.signer = std::make_shared<testing::FailingSigner>()}).value();

  CHECK(test::outcome(issuer.generate_disposable_token({.permissions = test::published_example(), .valid_for = 1h})) ==
        "internal_error signer");
}

// 2030-01-01T00:00:00Z is 1893456000: date -u -d 2030-01-01 +%s
TEST_CASE("a manual clock that is told nothing starts in 2030") {
  CHECK(testing::ManualClock().now() == std::chrono::sys_seconds(1893456000s));
}

TEST_CASE("a verifier whose deny-list cannot answer refuses a good token") {
  const auto clock = std::make_shared<testing::ManualClock>();
  VerifierOptions options{.keys = {testing::published_key().verification_key()}, .clock = clock};
  const std::string token = testing::make_token({.clock = clock});

  CHECK(test::outcome(Verifier::create(options).value().verify(token)) == "ok");
  options.deny_list = std::make_shared<testing::FailingDenyList>();
  CHECK(test::outcome(Verifier::create(options).value().verify(token)) == "internal_error deny_list");
}
