#include "momento_token/testing/make_token.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>

#include "momento_token/authorizer.hpp"
#include "momento_token/result.hpp"
#include "momento_token/testing/stand_ins.hpp"
#include "momento_token/verifier.hpp"
#include "support.hpp"

using namespace momento_token;
using namespace std::chrono_literals;

namespace test {

inline Verifier verifier_at(const std::shared_ptr<const Clock>& clock, testing::Algorithm algorithm = "ES256") {
  return Verifier::create({.keys = {testing::published_key(algorithm).verification_key()}, .clock = clock}).value();
}

}  // namespace test

TEST_CASE("a token that nothing is said about is what the options' defaults say") {
  const auto clock = test::clock_at();
  const std::string token = testing::make_token({.clock = clock});
  const auto verified = test::verifier_at(clock).verify(token).value();
  const auto read = decode_unverified(token).value();

  CHECK(verified.permissions() == scopes::cache_read_only("test-cache"));
  CHECK(verified.expires_at() == test::new_year_2030 + 1h);
  CHECK(verified.issued_at() == test::new_year_2030);
  CHECK(verified.token_metadata() == "test-user");
  CHECK(verified.jti()->size() == 22);  // 128 bits as base64url
  CHECK(read.header() == R"({"alg":"ES256","typ":"JWT","kid":"test-ES256"})");
  CHECK_FALSE(read.claims().issuer);
  CHECK(read.claims().audience.empty());
  CHECK_FALSE(read.claims().not_before);
}

TEST_CASE("without a clock a token begins now") {
  const auto before = system_clock()->now();
  const auto read = decode_unverified(testing::make_token()).value();
  const auto after = system_clock()->now();

  CHECK(read.claims().issued_at >= before);
  CHECK(read.claims().issued_at <= after);
  CHECK(*read.claims().expires_at - *read.claims().issued_at == 1h);
}

TEST_CASE("what a token is said to be, it is") {
  const auto clock = test::clock_at();
  const auto read = decode_unverified(testing::make_token({.permissions = test::published_example(),
                                                           .valid_for = 5min,
                                                           .token_id = "ann",
                                                           .jti = "j-1",
                                                           .not_before = test::new_year_2030 + 1min,
                                                           .issuer = "https://issuer",
                                                           .audience = {"a", "b"},
                                                           .more_claims = R"("sub":"someone")",
                                                           .clock = clock}))
                        .value();

  CHECK(read.claimed_permissions().value() == test::published_example());
  CHECK(read.claims().expires_at == test::new_year_2030 + 5min);
  CHECK(read.claims().token_id == "ann");
  CHECK(read.claims().jti == "j-1");
  CHECK(read.claims().not_before == test::new_year_2030 + 1min);
  CHECK(read.claims().issuer == "https://issuer");
  CHECK(read.claims().audience == std::vector<std::string>{"a", "b"});
  CHECK(read.claims().subject == "someone");
}

TEST_CASE("a token has no token_id when the test says so") {
  const auto read = decode_unverified(testing::make_token({.token_id = std::nullopt})).value();

  CHECK_FALSE(read.claims().token_id);
}

TEST_CASE("a made token is verified with the published key of its algorithm, more claims or not") {
  const auto clock = test::clock_at();
  for (const testing::Algorithm algorithm : testing::algorithms) {
    CAPTURE(std::string(algorithm.name()));
    const Verifier verifier = test::verifier_at(clock, algorithm);
    CHECK(verifier.verify(testing::make_token({.algorithm = algorithm, .clock = clock})));
    CHECK(verifier.verify(testing::make_token({.more_claims = R"("x":[1])", .algorithm = algorithm, .clock = clock})));
  }
}

TEST_CASE("more claims stand behind the others, and are signed") {
  const auto clock = test::clock_at();
  const std::string token = testing::make_token({.more_claims = R"("roles":["a","b"])", .clock = clock});
  const auto jwt = test::verifier_at(clock).verify_jwt(token).value();

  CHECK(jwt.payload.ends_with(R"(,"tid":"test-user","roles":["a","b"]})"));
}

TEST_CASE("a signer of one's own signs instead of the published key") {
  const auto clock = test::clock_at();
  const KeyPair own = KeyPair::generate("EdDSA", "own \"kid\"").value();
  const Verifier verifier = Verifier::create({.keys = {own.verification_key()}, .clock = clock}).value();

  CHECK(verifier.verify(testing::make_token({.signer = own.signer(), .clock = clock})));
  CHECK(verifier.verify(testing::make_token({.more_claims = R"("x":1)", .signer = own.signer(), .clock = clock})));
  CHECK(verifier.verify_jws(testing::sign_payload("any text", {.signer = own.signer()})));
}

TEST_CASE("any payload can be signed, under any header") {
  const Verifier verifier = test::verifier_at(test::clock_at());
  const std::string plain = testing::sign_payload("any text");
  const std::string header = R"({"kid":"test-ES256","alg":"ES256","x":true})";
  const std::string other = testing::sign_payload("", {.header = header});

  CHECK(as_text(verifier.verify_jws(plain).value()) == "any text");
  CHECK(test::split(plain).header == R"({"alg":"ES256","typ":"JWT","kid":"test-ES256"})");
  CHECK(verifier.verify_jws(other).value().empty());
  CHECK(test::split(other).header == header);
}

#if !defined(MOMENTO_TOKEN_TEST_NO_EXCEPTIONS)
TEST_CASE("a token that an issuer would refuse is not made, and the exception says why") {
  const auto field_of = [](const testing::TokenOptions& options) -> std::string {
    try {
      (void)testing::make_token(options);
    } catch (const BadResultAccess& refused) {
      return refused.error().field;
    }
    return "made";
  };

  CHECK(field_of({}) == "made");
  CHECK(field_of({.valid_for = 25h}) == "made");
  CHECK(field_of({.valid_for = 26h}) == "valid_for");
  CHECK(field_of({.permissions = Permissions()}) == "permissions");
  CHECK(field_of({.signer = std::make_shared<testing::FailingSigner>()}) == "signer");
  CHECK_THROWS_AS((void)testing::sign_payload("", {.signer = std::make_shared<testing::FailingSigner>()}),
                  BadResultAccess);
}
#endif
