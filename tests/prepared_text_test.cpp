// The tokens of a scope that is minted often: from the 32nd of a second on, its dates are encoded and hashed beforehand.
#include "momento_token/detail/prepared_text.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "key_rows.hpp"
#include "momento_token/issuer.hpp"
#include "momento_token/key_ring.hpp"
#include "momento_token/verifier.hpp"
#include "support.hpp"

using namespace momento_token;
using namespace std::chrono_literals;

namespace test {

inline constexpr int often = 40;

inline KeyPair dated_key(std::string kid = "k", std::string_view alg = "HS256") {
  return KeyPair::from_secret(alg, secret(counting_bytes(64)), std::move(kid)).value();
}

/// One statement with a name of so many letters.
inline Permissions dated_scope(std::size_t letters) {
  return Permissions().with(TopicPermissions::publish_only().with_cache("c").with_topic(std::string(letters, 'n')));
}

/// A scope beside the issuer that mints each token from the beginning.
struct BothWays {
  Issuer issuer;
  Permissions permissions;
  PreparedScope scope;

  BothWays(const Issuer& from, const Permissions& what)
      : issuer(from), permissions(what), scope(from.prepare(what).value()) {}

  [[nodiscard]] bool same(const PreparedTokenRequest& request) const {
    const auto alone = issuer.generate_disposable_token({.permissions = permissions,
                                                         .valid_for = request.valid_for,
                                                         .token_id = request.token_id,
                                                         .not_before = request.not_before,
                                                         .jti = request.jti});
    const auto prepared = scope.generate_disposable_token(request);
    return alone && prepared && alone->api_key == prepared->api_key && alone->issued_at == prepared->issued_at &&
           alone->valid_until == prepared->valid_until && alone->jti == prepared->jti;
  }
};

inline Issuer dated_issuer(const KeyPair& key, std::shared_ptr<const Clock> clock) {
  return Issuer::create({.signer = key.signer(), .clock = std::move(clock)}).value();
}

/// Whether a token of this moment begins with dates that were hashed before.
inline bool begins_with_dates(const detail::PreparedText& text, std::chrono::sys_seconds now, Lifetime valid_for = 1h) {
  const Limits limits;
  detail::Minting mint(limits, false, nullptr);
  REQUIRE_FALSE(mint.take(PreparedTokenRequest{.valid_for = valid_for}, now));
  return text.with_beginning(mint, [](const detail::TokenBeginning&, bool has_dates) { return has_dates; });
}

/// How many of `count` tokens do.
inline int with_dates(const detail::PreparedText& text, std::chrono::sys_seconds now, int count) {
  int all = 0;
  for (int i = 0; i < count; ++i) all += begins_with_dates(text, now) ? 1 : 0;
  return all;
}

/// The header's 52 letters and 52 of 40 spaces: the 44 of the dates cross the end of a block.
inline std::shared_ptr<const detail::PreparedText> text_before_dates(const KeyPair& key, std::size_t spaces = 40) {
  return detail::PreparedText::make(std::make_shared<const detail::SigningKey>(key.signer()), std::string(spaces, ' '),
                                    0);
}

}  // namespace test

TEST_CASE("the dates are hashed for the 32nd token of a second, and a new second counts anew") {
  const auto text = test::text_before_dates(test::dated_key());
  const auto now = test::new_year_2030;

  CHECK(test::with_dates(*text, now, 33) == 0);
  CHECK(test::with_dates(*text, now, 100) == 100);
  CHECK(test::with_dates(*text, now + 1s, 33) == 0);
  CHECK(test::with_dates(*text, now + 1s, 1) == 1);
  CHECK_FALSE(test::begins_with_dates(*text, now));  // a clock that was set back
}

TEST_CASE("a token of the same second that ends at another moment begins without dates") {
  const auto text = test::text_before_dates(test::dated_key());
  const auto now = test::new_year_2030;
  REQUIRE(test::with_dates(*text, now, 34) == 1);

  CHECK_FALSE(test::begins_with_dates(*text, now, 2h));
  CHECK(test::begins_with_dates(*text, now, 1h));
}

TEST_CASE("dates that would not save a block of the hash are not hashed, and neither are those of other signers") {
  const auto now = test::new_year_2030;
  for (const std::string_view alg : {"HS256", "HS512"})  // 132 letters and 44 end before 192
    CHECK(test::with_dates(*test::text_before_dates(test::dated_key("k", alg), 60), now, 100) == 0);
  CHECK(test::with_dates(*test::text_before_dates(test::key_pair(test::algorithms[3], "k")), now, 100) == 0);
}

// The dates begin at every place of a group of three bytes and of a block of 64 or 128.
TEST_CASE("each of many tokens of a second is the one that is minted alone, whatever the lengths") {
  for (const std::string_view alg : {"HS256", "HS384", "HS512"}) {
    CAPTURE(alg);
    for (std::size_t name = 1; name <= 100; ++name) {
      CAPTURE(name);
      const test::BothWays both(test::dated_issuer(test::dated_key("k", alg), test::clock_at()),
                                test::dated_scope(name));
      int same = 0;
      for (int i = 0; i < test::often; ++i)
        same += both.same({.valid_for = 1h, .jti = "j" + std::to_string(i)}) ? 1 : 0;
      CHECK(same == test::often);
    }
  }
}

TEST_CASE("among many tokens of a second each has its own dates, jti and token_id") {
  const auto clock = test::clock_at();
  const test::BothWays both(test::dated_issuer(test::dated_key(), clock), test::dated_scope(20));
  std::vector<PreparedTokenRequest> requests = {
      {.valid_for = 1h, .jti = "a"},
      {.valid_for = 1h, .token_id = "ann \"the first\"", .jti = "b"},
      {.valid_for = 1h, .not_before = test::new_year_2030 + 60s, .jti = "c"},
      {.valid_for = 2h, .jti = "d"},
      {.valid_for = 1s, .token_id = "bob", .jti = "e"},
  };
  for (const auto step : {0s, 1s, -5s, 100s}) {
    clock->advance(step);
    for (int i = 0; i < test::often; ++i)
      for (const auto& request : requests) CHECK(both.same(request));
  }
}

TEST_CASE("dates of one digit and of twelve are minted as they are alone") {
  for (const auto second : {0s, 9s, 253402300798s}) {
    CAPTURE(second.count());
    for (std::size_t name = 1; name <= 64; ++name) {
      const auto clock = test::clock_at(std::chrono::sys_seconds(second));
      const test::BothWays both(test::dated_issuer(test::dated_key(), clock), test::dated_scope(name));
      for (int i = 0; i < test::often; ++i) CHECK(both.same({.valid_for = 1s, .jti = "j"}));
    }
  }
}

TEST_CASE("after a rotation no token of the same second is signed by the old key") {
  const auto clock = test::clock_at();
  const auto ring = KeyRing::create({.signing_key = test::dated_key("first"), .clock = clock}).value();
  const test::BothWays both(Issuer::create({.clock = clock, .key_ring = ring}).value(), test::dated_scope(20));
  for (int i = 0; i < test::often; ++i) REQUIRE(both.same({.valid_for = 1h, .jti = "j"}));

  REQUIRE(ring->publish(test::dated_key("second")));
  REQUIRE(ring->sign_with("second"));

  for (int i = 0; i < test::often; ++i) {
    const auto token = both.scope.generate_disposable_token({.valid_for = 1h, .jti = "j"}).value();
    const UnverifiedToken read = decode_unverified(token.api_key).value();
    CHECK(read.kid() == "second");
    CHECK(both.same({.valid_for = 1h, .jti = "j"}));
  }
}

TEST_CASE("eight threads that mint one scope while the seconds go by get tokens that hold") {
  const auto clock = test::clock_at();
  const KeyPair key = test::dated_key();
  const PreparedScope scope = test::dated_issuer(key, clock).prepare(test::dated_scope(20)).value();
  const Verifier verifier = Verifier::create({.keys = {key.verification_key()}, .clock = clock}).value();
  std::atomic<int> held{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        if (t == 0 && i % 50 == 49) clock->advance(1s);
        const auto token = scope.generate_disposable_token({.valid_for = 1h});
        if (!token) continue;
        const auto verified = verifier.verify(token->api_key);
        if (verified && verified->expires_at() == token->valid_until && verified->issued_at() == token->issued_at)
          ++held;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  CHECK(held == 8 * 500);
}
