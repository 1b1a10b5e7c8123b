// The tokens of a scope that is minted often: from the 32nd of a second on, its dates are encoded and hashed beforehand.
#include "momento_token/detail/prepared_text.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "allocations.hpp"
#include "key_rows.hpp"
#include "momento_token/issuer.hpp"
#include "momento_token/key_ring.hpp"
#include "support.hpp"

using namespace momento_token;
using namespace std::chrono_literals;

namespace test {

inline constexpr int often = 40;
/// Letters of a name whose scope's dates cross the end of a block; saves_a_block() holds it.
inline constexpr std::size_t crossing = 40;

inline KeyPair dated_key(std::string kid = "k", std::string_view alg = "HS256") {
  return KeyPair::from_secret(alg, secret(counting_bytes(64)), std::move(kid)).value();
}

/// One statement with a name of so many letters.
inline Permissions dated_scope(std::size_t letters) {
  return Permissions().with(TopicPermissions::publish_only().with_cache("c").with_topic(std::string(letters, 'n')));
}

/// Whether hashing the dates of such a token beforehand saves a block.
inline bool saves_a_block(std::string_view token) {
  const Jws jws = split(token);
  const std::size_t header = jws.signing_input.find('.') + 1, dates = jws.payload.find("\"iat\"");
  const std::size_t after = jws.payload.find(',', jws.payload.find("\"exp\""));
  return (header + dates / 3 * 4) / 64 != (header + after / 3 * 4) / 64;
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

  CHECK(test::with_dates(*text, now, 32) == 0);
  CHECK(test::with_dates(*text, now, 100) == 100);
  CHECK(test::with_dates(*text, now + 1s, 32) == 0);
  CHECK(test::with_dates(*text, now + 1s, 1) == 1);
  CHECK_FALSE(test::begins_with_dates(*text, now));  // a clock that was set back
}

TEST_CASE("a token of the same second that ends at another moment begins without dates") {
  const auto text = test::text_before_dates(test::dated_key());
  const auto now = test::new_year_2030;
  REQUIRE(test::with_dates(*text, now, 33) == 1);

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
  const test::BothWays both(test::dated_issuer(test::dated_key(), clock), test::dated_scope(test::crossing));
  REQUIRE(test::saves_a_block(both.scope.generate_disposable_token({.valid_for = 1h}).value().api_key));
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
  const test::BothWays both(Issuer::create({.clock = clock, .key_ring = ring}).value(),
                            test::dated_scope(test::crossing));
  for (int i = 0; i < test::often; ++i) REQUIRE(both.same({.valid_for = 1h, .jti = "j"}));
  REQUIRE(test::saves_a_block(both.scope.generate_disposable_token({.valid_for = 1h}).value().api_key));

  REQUIRE(ring->publish(test::dated_key("second")));
  REQUIRE(ring->sign_with("second"));

  for (int i = 0; i < test::often; ++i) {
    const auto token = both.scope.generate_disposable_token({.valid_for = 1h, .jti = "j"}).value();
    const UnverifiedToken read = decode_unverified(token.api_key).value();
    CHECK(read.kid() == "second");
    CHECK(both.same({.valid_for = 1h, .jti = "j"}));
  }
}

namespace test {

// What an allocation in the middle of hashing the dates does; a function has nothing else to work with.
inline std::shared_ptr<const detail::PreparedText> interrupted;
inline std::chrono::sys_seconds meanwhile;
inline int dated_meanwhile = 0;
inline void mint_meanwhile() { dated_meanwhile = with_dates(*interrupted, meanwhile, 40); }

}  // namespace test

TEST_CASE("while the dates are being hashed, tokens of the second are minted without them") {
  test::interrupted = test::text_before_dates(test::dated_key());
  test::meanwhile = test::new_year_2030;
  REQUIRE(test::with_dates(*test::interrupted, test::meanwhile, 31) == 0);
  test::at_next = test::mint_meanwhile;

  CHECK_FALSE(test::begins_with_dates(*test::interrupted, test::meanwhile));

  const bool called = test::at_next == nullptr;
  CHECK(called);
  CHECK(test::dated_meanwhile == 0);
  CHECK(test::begins_with_dates(*test::interrupted, test::meanwhile));
}

TEST_CASE("dates that were hashed when the next second had begun are not that second's") {
  const auto now = test::new_year_2030;
  test::interrupted = test::text_before_dates(test::dated_key());
  test::meanwhile = now + 1s;
  REQUIRE(test::with_dates(*test::interrupted, now, 31) == 0);
  test::at_next = test::mint_meanwhile;

  CHECK_FALSE(test::begins_with_dates(*test::interrupted, now));

  CHECK(test::dated_meanwhile == 8);
  CHECK_FALSE(test::begins_with_dates(*test::interrupted, now + 1s, 3599s));  // which would end with now's
  CHECK(test::begins_with_dates(*test::interrupted, now + 1s));
}

#if defined(__cpp_exceptions)
TEST_CASE("without memory for the dates one mint fails, and the next ones do without") {
  const auto text = test::text_before_dates(test::dated_key());
  REQUIRE(test::with_dates(*text, test::new_year_2030, 31) == 0);

  test::out_of_memory = true;
  CHECK_THROWS_AS(static_cast<void>(test::begins_with_dates(*text, test::new_year_2030)), std::bad_alloc);
  test::out_of_memory = false;

  CHECK(test::with_dates(*text, test::new_year_2030, 40) == 0);
  CHECK(test::with_dates(*text, test::new_year_2030 + 1s, 40) == 8);
}
#endif
