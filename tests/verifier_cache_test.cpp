// Tokens that a verifier has seen before.
#include "momento_token/verifier.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "allocations.hpp"
#include "forge.hpp"
#include "momento_token/authorizer.hpp"
#include "momento_token/deny_list.hpp"
#include "momento_token/detail/verified_cache.hpp"
#include "momento_token/issuer.hpp"
#include "momento_token/testing/bad_tokens.hpp"
#include "support.hpp"

using namespace momento_token;
using namespace std::chrono_literals;

namespace test {

/// How often a key is asked tells a token that is remembered from one that is not.
class CountingKey final : public VerificationKey {
 public:
  explicit CountingKey(std::shared_ptr<const VerificationKey> key) : key_(std::move(key)) {}
  [[nodiscard]] std::string_view alg() const noexcept override { return key_->alg(); }
  [[nodiscard]] std::string_view kid() const noexcept override { return key_->kid(); }
  [[nodiscard]] bool verify(ByteView signing_input, ByteView signature) const noexcept override {
    ++asked;
    return key_->verify(signing_input, signature);
  }
  mutable std::atomic<int> asked{0};

 private:
  std::shared_ptr<const VerificationKey> key_;
};

class RecordingDenyList final : public DenyList {
 public:
  [[nodiscard]] Result<bool> is_denied(const DenyQuery& query) const override {
    issuers.emplace_back(query.issuer);
    asked.emplace_back(std::string(query.jti) + ' ' + std::string(query.token_id.value_or("none")) + ' ' +
                       std::to_string(query.issued_at.time_since_epoch().count()));
    if (fails) return Error{Errc::internal_error, {}, "out of reach"};
    return denies;
  }
  mutable std::vector<std::string> issuers, asked;  // asked: jti, tid, iat
  bool denies = false;
  bool fails = false;
};

struct Remembering {
  std::shared_ptr<testing::ManualClock> clock = clock_at();
  std::shared_ptr<CountingKey> key = std::make_shared<CountingKey>(forge_key());

  [[nodiscard]] Verifier verifier(VerifierOptions options = {}) const {
    options.keys = {key};
    options.clock = clock;
    if (options.cache_capacity == 0) options.cache_capacity = 64;
    return Verifier::create(std::move(options)).value();
  }
};

/// Valid from 2030-01-01 for an hour; `more` members follow.
inline std::string seen_token(std::string_view more = "") {
  return forge(claims_with(R"(,"jti":"j","tid":"ann")" + std::string(more)));
}

}  // namespace test

TEST_CASE("a token that was accepted before is accepted without asking its key, and is the same") {
  const test::Remembering it;
  const Verifier verifier = it.verifier();
  const auto first = verifier.verify(test::seen_token());

  const auto second = verifier.verify(test::seen_token());

  REQUIRE(first);
  REQUIRE(second);
  CHECK(it.key->asked == 1);
  CHECK(second->permissions() == first->permissions());
  CHECK(second->token_metadata() == "ann");
  CHECK(second->jti() == "j");
  CHECK(second->expires_at() == first->expires_at());
  CHECK(second->refused_from() == first->refused_from());
  CHECK(second->issued_at() == first->issued_at());
  CHECK(allows(*second, function_invoke("fo", "od"), *it.clock));
  CHECK(verifier.verify(test::seen_token()).has_value());
  CHECK(it.key->asked == 1);
}

TEST_CASE("nothing is remembered unless it is asked for") {
  const test::Remembering it;
  const Verifier verifier = Verifier::create({.keys = {it.key}, .clock = it.clock}).value();
  for (int i = 0; i < 3; ++i) CHECK(verifier.verify(test::seen_token()).has_value());
  CHECK(it.key->asked == 3);
}

TEST_CASE("a remembered token allocates nothing when it comes again") {
  const test::Remembering it;
  const Verifier verifier = it.verifier();
  const std::string text = test::seen_token();
  REQUIRE(verifier.verify(text));

  const std::size_t before = test::allocations;
  const bool accepted = verifier.verify(text).has_value();

  CHECK(test::allocations == before);
  CHECK(accepted);
}

TEST_CASE("a remembered token ends with its exp, and within the leeway its key is asked again") {
  for (const auto leeway : {0s, 60s}) {
    const test::Remembering it;
    const Verifier verifier = it.verifier({.leeway = leeway});
    REQUIRE(verifier.verify(test::seen_token()));

    it.clock->advance(1h - 1s);
    CHECK(verifier.verify(test::seen_token()).has_value());
    CHECK(it.key->asked == 1);

    it.clock->advance(1s);  // exp itself
    CHECK(test::outcome(verifier.verify(test::seen_token())) == (leeway == 0s ? "expired" : "ok"));
    CHECK(it.key->asked == 2);

    it.clock->advance(60s);
    CHECK(test::outcome(verifier.verify(test::seen_token())) == "expired");
  }
}

TEST_CASE("a clock that goes back takes a remembered token back") {
  const test::Remembering it;
  const Verifier verifier = it.verifier();
  it.clock->advance(600s);
  REQUIRE(verifier.verify(test::seen_token()));                        // iat is 2030-01-01
  REQUIRE(verifier.verify(test::seen_token(R"(,"nbf":1893456300)")));  // five minutes later

  it.clock->advance(-301s);
  CHECK(verifier.verify(test::seen_token()).has_value());
  CHECK(test::outcome(verifier.verify(test::seen_token(R"(,"nbf":1893456300)"))) == "not_yet_valid");
  it.clock->advance(-299s);
  CHECK(verifier.verify(test::seen_token()).has_value());
  it.clock->advance(-1s);
  CHECK(test::outcome(verifier.verify(test::seen_token())) == "not_yet_valid");
}

TEST_CASE("the deny-list is asked each time, with what it was told the first time") {
  const test::Remembering it;
  const auto list = std::make_shared<test::RecordingDenyList>();
  const Verifier verifier = it.verifier({.issuer = "me", .deny_list = list});
  const std::string text = test::seen_token(R"(,"iss":"me")");
  REQUIRE(verifier.verify(text));
  REQUIRE(verifier.verify(text));
  CHECK(it.key->asked == 1);
  CHECK(list->issuers == std::vector<std::string>{"me", "me"});
  CHECK(list->asked == std::vector<std::string>{"j ann 1893456000", "j ann 1893456000"});

  list->denies = true;
  CHECK(test::outcome(verifier.verify(text)) == "revoked");
  list->denies = false;
  list->fails = true;
  CHECK(test::outcome(verifier.verify(text)) == "internal_error deny_list");
  CHECK(it.key->asked == 1);
}

TEST_CASE(
    "what is revoked after its token was remembered is refused: a token, a subject, a subject's tokens until then") {
  const auto revoked = [](auto&& revoke) {
    const test::Remembering it;
    const auto list = InMemoryDenyList::create({.capacity = 4, .clock = it.clock}).value();
    const Verifier verifier = it.verifier({.deny_list = list});
    for (int i = 0; i < 2; ++i) REQUIRE(verifier.verify(test::seen_token()));
    REQUIRE(it.key->asked == 1);
    REQUIRE(revoke(*list));
    return test::outcome(verifier.verify(test::seen_token()));
  };
  const auto t = test::new_year_2030;  // iat
  CHECK(revoked([&](InMemoryDenyList& list) { return list.deny_token("j", t + 1h); }) == "revoked");
  CHECK(revoked([&](InMemoryDenyList& list) { return list.deny_token("k", t + 1h); }) == "ok");
  CHECK(revoked([&](InMemoryDenyList& list) { return list.deny_subject("ann", t, t + 1h); }) == "revoked");
  CHECK(revoked([&](InMemoryDenyList& list) { return list.deny_subject("ann", t - 1s, t + 1h); }) == "ok");
  CHECK(revoked([&](InMemoryDenyList& list) { return list.deny_subject("bob", t, t + 1h); }) == "ok");
}

TEST_CASE("a token whose iss only a deny-list wants to know is read anew each time") {
  const test::Remembering it;
  const auto list = std::make_shared<test::RecordingDenyList>();
  const Verifier verifier = it.verifier({.deny_list = list});
  for (int i = 0; i < 2; ++i) REQUIRE(verifier.verify(test::seen_token(R"(,"iss":"somebody")")));
  CHECK(it.key->asked == 2);
  CHECK(list->issuers == std::vector<std::string>{"somebody", "somebody"});
}

TEST_CASE("what is refused is never remembered") {
  const test::Remembering it;
  const Verifier verifier = it.verifier();
  std::string forged = test::seen_token();
  forged[forged.size() - 5] = forged[forged.size() - 5] == 'A' ? 'B' : 'A';
  for (int i = 1; i <= 3; ++i) {
    CHECK(test::outcome(verifier.verify(forged)) == "signature_mismatch");
    CHECK(it.key->asked == i);
  }
  const std::string early = test::seen_token(R"(,"nbf":1893456001)");
  CHECK(test::outcome(verifier.verify(early)) == "not_yet_valid");
  it.clock->advance(1s);
  CHECK(verifier.verify(early).has_value());
  CHECK(it.key->asked == 5);
}

TEST_CASE("no remembered token is accepted with one letter changed, added or taken away") {
  const test::Remembering it;
  const Verifier verifier = it.verifier();
  const std::string good = test::seen_token();
  REQUIRE(verifier.verify(good));
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    CHECK_FALSE(verifier.verify(changed).has_value());
    CHECK_FALSE(verifier.verify(std::string(good).erase(i, 1)).has_value());
  }
  CHECK_FALSE(verifier.verify(good + "A").has_value());
  CHECK(verifier.verify(good).has_value());
}

TEST_CASE("any change of the key ring forgets what was accepted before") {
  const auto clock = test::clock_at();
  const auto key = std::make_shared<test::CountingKey>(test::forge_key());
  const auto ring = KeyRing::create({.verification_keys = {key, test::forge_key("other")}, .clock = clock}).value();
  const Verifier verifier = Verifier::create({.clock = clock, .key_ring = ring, .cache_capacity = 4}).value();
  const std::string text = test::seen_token();
  REQUIRE(verifier.verify(text));
  REQUIRE(verifier.verify(text));
  CHECK(key->asked == 1);

  REQUIRE(ring->revoke("other"));
  CHECK(verifier.verify(text).has_value());
  CHECK(key->asked == 2);

  REQUIRE(ring->publish(KeyPair::from_secret("HS256", test::secret(test::counting_bytes(32)), "next").value()));
  REQUIRE(ring->revoke("k"));
  CHECK(test::outcome(verifier.verify(text)) == "unknown_key");
  CHECK(key->asked == 2);
}

TEST_CASE("verifiers of other options, keys or clocks know nothing of each other's tokens") {
  const test::Remembering it;
  const std::string text = test::seen_token();
  REQUIRE(it.verifier().verify(text));
  CHECK(test::outcome(it.verifier({.issuer = "me"}).verify(text)) == "not_accepted iss");
  CHECK(test::outcome(it.verifier({.audience = {"me"}}).verify(text)) == "not_accepted aud");
  CHECK(test::outcome(it.verifier({.limits = {.max_token_bytes = 64}}).verify(text)) == "limit_exceeded");

  const Verifier first = it.verifier();
  const Verifier copy = first;  // the same one
  REQUIRE(first.verify(text));
  const int asked = it.key->asked;
  REQUIRE(copy.verify(text));
  CHECK(it.key->asked == asked);
}

TEST_CASE("verify_jwt and verify_jws remember nothing") {
  const test::Remembering it;
  const Verifier verifier = it.verifier();
  for (int i = 0; i < 2; ++i) {
    REQUIRE(verifier.verify_jwt(test::seen_token()));
    REQUIRE(verifier.verify_jws(test::seen_token()));
  }
  CHECK(it.key->asked == 4);
}

TEST_CASE("bad tokens are refused with their codes, however often they come") {
  const auto clock = test::clock_at();
  const testing::VerifierSetup setup{.clock = clock};
  const auto verifier = Verifier::create({.keys = {testing::published_key(setup.algorithm).verification_key()},
                                          .issuer = setup.issuer,
                                          .audience = setup.audience,
                                          .clock = clock,
                                          .limits = setup.limits,
                                          .cache_capacity = 64})
                            .value();
  for (const auto& bad : testing::bad_tokens(setup)) {
    CAPTURE(bad.name);
    for (int i = 0; i < 2; ++i) {
      const auto token = verifier.verify(bad.token);
      REQUIRE_FALSE(token.has_value());
      CHECK(token.error().code == bad.refused_as);
    }
  }
}

TEST_CASE("a cache has a size") {
  const auto create = [](std::size_t capacity) {
    return Verifier::create({.keys = {test::forge_key()}, .cache_capacity = capacity});
  };
  CHECK(test::outcome(create(1)) == "ok");
  CHECK(test::outcome(create((std::size_t{1} << 20) + 1)) == "invalid_argument cache_capacity");
  CHECK(test::outcome(create(static_cast<std::size_t>(-1))) == "invalid_argument cache_capacity");
}

namespace test {

/// What a text that ends in `letters` is looked for by. Allocates nothing.
inline detail::SoughtToken sought(const detail::VerifiedCache& cache, std::string_view letters) {
  char text[64] = {};
  std::copy(letters.begin(), letters.end(), std::end(text) - letters.size());
  detail::SoughtToken out;
  REQUIRE(cache.seek({text, sizeof text}, out));
  return out;
}

inline bool found(const detail::VerifiedCache& cache, const detail::SoughtToken& sought, std::uint64_t generation,
                  std::chrono::sys_seconds now = new_year_2030) {
  std::optional<std::int64_t> not_before;
  return cache.find(sought, generation, now, not_before).has_value();
}

/// Fills a cache with `count` tokens and says how many are found again.
inline int found_of(int count, const detail::VerifiedCache& cache, const VerifiedToken& token) {
  const detail::CachedFacts facts{.generation = 7, .not_before = {}, .keep = true};
  for (int i = 0; i < count; ++i) cache.keep(sought(cache, std::to_string(i)), facts, token, new_year_2030);
  int count_found = 0;
  for (int i = 0; i < count; ++i) count_found += found(cache, sought(cache, std::to_string(i)), 7) ? 1 : 0;
  return count_found;
}

}  // namespace test

TEST_CASE("it never holds more tokens than its capacity, and takes no more memory for them") {
  const auto token = test::Remembering().verifier().verify(test::seen_token()).value();
  const auto cache = detail::VerifiedCache::create(8);
  REQUIRE(cache != nullptr);
  const std::size_t before = test::allocations;
  CHECK(test::found_of(8, *cache, token) == 8);
  CHECK(test::found_of(1000, *cache, token) == 8);
  CHECK(test::allocations == before);
}

TEST_CASE("a token that holds more than 2 KiB is verified each time") {
  for (const std::size_t bytes : {std::size_t{1900}, std::size_t{2100}}) {
    CAPTURE(bytes);
    const test::Remembering it;
    const Verifier verifier = it.verifier({.limits = {.max_token_id_bytes = 4096, .max_token_id_utf16_units = 4096}});
    const std::string text = test::forge(test::claims_with(",\"tid\":\"" + std::string(bytes, 'x') + "\""));
    for (int i = 0; i < 3; ++i) CHECK(test::outcome(verifier.verify(text)) == "ok");
    CHECK(it.key->asked == (bytes > 2048 ? 3 : 1));
  }
}

TEST_CASE("tokens are spread over all of it, so that few find their place taken before it is full") {
  const auto token = test::Remembering().verifier().verify(test::seen_token()).value();
  for (int i = 0; i < 10; ++i) {
    const auto cache = detail::VerifiedCache::create(4096);
    CHECK(test::found_of(1024, *cache, token) > 1014);  // of 1024 one in 5000 is expected to be missed
  }
}

TEST_CASE("two caches hash and place the same token differently, and one hashes two tokens differently") {
  const auto a = detail::VerifiedCache::create(4), b = detail::VerifiedCache::create(4);
  const auto first = test::sought(*a, "token"), again = test::sought(*a, "token");
  const auto other = test::sought(*a, "tokem"), elsewhere = test::sought(*b, "token");
  CHECK(first.hash.bytes == again.hash.bytes);
  CHECK(first.place == again.place);
  CHECK(first.hash.bytes != other.hash.bytes);
  CHECK(first.place != other.place);
  CHECK(first.hash.bytes != elsewhere.hash.bytes);
  CHECK(first.place != elsewhere.place);
}

TEST_CASE("a place is that of letters of the signature and of the claims, and what is too short is not looked for") {
  const auto cache = detail::VerifiedCache::create(4);
  const std::string text(200, 'a');
  detail::SoughtToken a, b;
  CHECK_FALSE(cache->seek(text.substr(0, 63), a));
  CHECK(cache->seek(text.substr(0, 64), a));
  REQUIRE(cache->seek(text, a));
  int decide = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = 'x';
    REQUIRE(cache->seek(changed, b));
    CHECK(a.hash.bytes != b.hash.bytes);
    decide += a.place != b.place ? 1 : 0;
    if (i >= 136) CHECK(a.place != b.place);
  }
  CHECK(decide == 72);
}

TEST_CASE("tokens of a signature that ends in the same letters each time are spread as well") {
  const auto token = test::Remembering().verifier().verify(test::seen_token()).value();
  const auto cache = detail::VerifiedCache::create(4096);
  const auto sought = [&](int i) {
    detail::SoughtToken out;
    REQUIRE(cache->seek(std::string(80, 'a') + std::to_string(1000 + i) + std::string(50, 'b'), out));
    return out;
  };
  for (int i = 0; i < 64; ++i) {
    cache->keep(sought(i), {.generation = 7, .not_before = {}, .keep = true}, token, test::new_year_2030);
  }
  for (int i = 0; i < 64; ++i) CHECK(test::found(*cache, sought(i), 7));
}

TEST_CASE("what shares a place with a token is not taken for it") {
  const auto token = test::Remembering().verifier().verify(test::seen_token()).value();
  const auto cache = detail::VerifiedCache::create(4);
  const auto sought = [&](const std::string& beginning) {
    detail::SoughtToken out;
    REQUIRE(cache->seek(beginning + std::string(193, 'a'), out));
    return out;
  };
  const auto kept = sought("a token"), other = sought("another");
  cache->keep(kept, {.generation = 7, .not_before = {}, .keep = true}, token, test::new_year_2030);
  REQUIRE(other.place == kept.place);
  CHECK_FALSE(test::found(*cache, other, 7));
  CHECK(test::found(*cache, kept, 7));
}

TEST_CASE("a cache of many megabytes finds what a small one finds") {
  const auto token = test::Remembering().verifier().verify(test::seen_token()).value();
  const auto cache = detail::VerifiedCache::create(32768);
  REQUIRE(cache->memory_bytes() > 2 * detail::large_page_bytes);
  CHECK(test::found_of(1000, *cache, token) == 1000);
}

TEST_CASE("what is kept already is left as it is") {
  const auto token = test::Remembering().verifier().verify(test::seen_token()).value();
  const auto cache = detail::VerifiedCache::create(4);
  const auto sought = test::sought(*cache, "token");
  for (const std::int64_t not_before : {1, 2}) {
    cache->keep(sought, {.generation = 7, .not_before = not_before, .keep = true}, token, test::new_year_2030);
  }
  std::optional<std::int64_t> not_before;
  REQUIRE(cache->find(sought, 7, test::new_year_2030, not_before));
  CHECK(not_before == 1);
  cache->keep(sought, {.generation = 8, .not_before = 3, .keep = true}, token, test::new_year_2030);
  cache->keep(sought, {.generation = 7, .not_before = 4, .keep = true}, token, test::new_year_2030);  // an older ring
  REQUIRE(cache->find(sought, 8, test::new_year_2030, not_before));
  CHECK(not_before == 3);
}

TEST_CASE("a token is found under the generation it was kept with, and before its exp, only") {
  const auto token = test::Remembering().verifier().verify(test::seen_token()).value();
  const auto cache = detail::VerifiedCache::create(4);
  const auto sought = test::sought(*cache, "token");
  const detail::CachedFacts facts{.generation = 7, .not_before = {}, .keep = true};
  const auto kept = [&](std::uint64_t generation, std::chrono::seconds after_issue) {
    cache->keep(sought, facts, token, test::new_year_2030);
    return test::found(*cache, sought, generation, test::new_year_2030 + after_issue);
  };
  CHECK(kept(7, 0s));
  CHECK_FALSE(kept(6, 0s));
  CHECK_FALSE(kept(8, 0s));
  CHECK(kept(7, 1h - 1s));
  CHECK_FALSE(kept(7, 1h));
}

TEST_CASE("nothing is kept that could not be found again, and nobody with an older ring makes it forget") {
  const auto token = test::Remembering().verifier().verify(test::seen_token()).value();
  const auto cache = detail::VerifiedCache::create(4);
  const auto sought = test::sought(*cache, "token");
  const auto found = [&](std::uint64_t generation) { return test::found(*cache, sought, generation); };
  cache->keep(sought, {.generation = 7, .not_before = {}, .keep = true}, token, token.expires_at());
  CHECK_FALSE(found(7));
  cache->keep(sought, {.generation = 7, .not_before = {}, .keep = true}, token, token.expires_at() - 1s);
  CHECK_FALSE(found(6));
  CHECK(found(7));
  cache->keep(test::sought(*cache, "other"), {.generation = 6, .not_before = {}, .keep = true}, token,
              test::new_year_2030);
  CHECK(found(7));
  CHECK_FALSE(found(8));  // and from here on it is gone
  CHECK_FALSE(found(7));
}

TEST_CASE("what a cache held is wiped when it goes") {
  const auto token = test::Remembering().verifier().verify(test::seen_token()).value();
  auto cache = detail::VerifiedCache::create(4);
  test::freed_block.watch(test::last_aligned, sizeof test::freed_block.bytes);
  CHECK(test::found_of(4, *cache, token) == 4);

  cache.reset();

  CHECK(test::freed_block.freed);
  CHECK(test::freed_block.all_zero());
}

TEST_CASE("what a remembered token has on the heap is wiped when it is forgotten") {
  const std::string text = test::forge(test::claims_with(",\"tid\":\"" + std::string(900, 'x') + "\""));
  const auto token = test::Remembering().verifier().verify(text).value();
  auto cache = detail::VerifiedCache::create(1);
  const auto sought = test::sought(*cache, "token");
  cache->keep(sought, {.generation = 7, .not_before = {}, .keep = true}, token, test::new_year_2030);
  test::freed_block.watch(test::last_block, sizeof test::freed_block.bytes);

  cache.reset();

  CHECK(test::freed_block.freed);
  CHECK(test::freed_block.all_zero());
}

TEST_CASE("threads that verify the same tokens at once all get the right ones") {
  const test::Remembering it;
  const Verifier verifier = it.verifier({.cache_capacity = 8});
  std::vector<std::string> texts;
  for (int i = 0; i < 32; ++i) {
    texts.push_back(test::forge(test::claims_with(R"(,"jti":"j","tid":")" + std::to_string(i) + "\"")));
  }
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < 4000; ++i) {
        const std::size_t n = (i * (t + 1)) % texts.size();
        const auto token = verifier.verify(texts[n]);
        if (!token || token->token_metadata() != std::to_string(n)) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(wrong == 0);
}
