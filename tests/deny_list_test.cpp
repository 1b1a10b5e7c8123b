#include "momento_token/deny_list.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "momento_token/issuer.hpp"
#include "momento_token/keys.hpp"
#include "momento_token/scopes.hpp"
#include "momento_token/verifier.hpp"
#include "support.hpp"

namespace {

using namespace momento_token;
using namespace std::chrono_literals;

using ClockPtr = std::shared_ptr<testing::ManualClock>;

std::shared_ptr<InMemoryDenyList> list_of(std::size_t capacity, const ClockPtr& clock,
                                          std::chrono::seconds leeway = 0s) {
  return InMemoryDenyList::create({.capacity = capacity, .max_leeway = leeway, .clock = clock}).value();
}

DenyQuery token(std::string_view jti, std::string_view issuer = {}) {
  return {.issuer = issuer, .jti = jti, .token_id = {}, .issued_at = test::new_year_2030};
}
DenyQuery subject(std::string_view token_id, std::chrono::sys_seconds issued_at) {
  return {.issuer = {}, .jti = "j", .token_id = token_id, .issued_at = issued_at};
}

// A list that cannot be reached.
class BrokenList final : public DenyList {
 public:
  [[nodiscard]] Result<bool> is_denied(const DenyQuery&) const override {
    return Error{Errc::internal_error, "database", "is down"};
  }
};

}  // namespace

TEST_CASE("a list that cannot be is not made") {
  const ClockPtr clock = test::clock_at();
  CHECK(test::outcome(InMemoryDenyList::create({.capacity = 0, .clock = clock})) == "invalid_argument capacity");
  CHECK(test::outcome(InMemoryDenyList::create({.capacity = (std::size_t{16} << 20) + 1, .clock = clock})) ==
        "invalid_argument capacity");
  CHECK(test::outcome(InMemoryDenyList::create({.capacity = 1, .max_leeway = -1s, .clock = clock})) ==
        "invalid_argument max_leeway");
  CHECK(test::outcome(InMemoryDenyList::create({.capacity = 1, .max_leeway = 0s, .clock = clock})) == "ok");
  CHECK(test::outcome(InMemoryDenyList::create({.capacity = 1, .max_leeway = 24h, .clock = clock})) == "ok");
  CHECK(test::outcome(InMemoryDenyList::create({.capacity = 1, .max_leeway = 24h + 1s, .clock = clock})) ==
        "invalid_argument max_leeway");
  CHECK(test::outcome(InMemoryDenyList::create({.capacity = 1, .clock = nullptr})) == "invalid_argument clock");
  CHECK(test::outcome(list_of(1, clock)->deny_token("", clock->now() + 1h)) == "invalid_argument jti");
  CHECK(test::outcome(list_of(1, clock)->deny_subject("", clock->now(), clock->now() + 1h)) ==
        "invalid_argument token_id");
}

TEST_CASE("a token is denied by its jti, of one issuer or of any, until its end and the leeway") {
  const ClockPtr clock = test::clock_at();
  const auto list = list_of(10, clock, 60s);
  REQUIRE(list->deny_token("any", clock->now() + 1h));
  REQUIRE(list->deny_token("one", clock->now() + 1h, "https://a"));
  CHECK(list->is_denied(token("any")).value());
  CHECK(list->is_denied(token("any", "https://b")).value());
  CHECK(list->is_denied(token("one", "https://a")).value());
  CHECK_FALSE(list->is_denied(token("one", "https://b")).value());
  CHECK_FALSE(list->is_denied(token("one")).value());
  CHECK_FALSE(list->is_denied(token("other")).value());
  CHECK_FALSE(list->is_denied(token("an")).value());
  REQUIRE(list->deny_token("one", clock->now() + 1h, "https://b"));
  CHECK(list->is_denied(token("one", "https://a")).value());
  CHECK(list->is_denied(token("one", "https://b")).value());

  clock->advance(1h + 59s);
  CHECK(list->is_denied(token("any")).value());
  clock->advance(1s);
  CHECK_FALSE(list->is_denied(token("any")).value());
  CHECK(list->size() == 0);
}

TEST_CASE("a subject's tokens are denied up to an issue time, and a later denial reaches further") {
  const ClockPtr clock = test::clock_at();
  const auto list = list_of(10, clock);
  const auto t = clock->now();
  CHECK_FALSE(list->is_denied(subject("ann", t)).value());
  REQUIRE(list->deny_subject("ann", t, t + 1h));
  CHECK(list->is_denied(subject("ann", t - 1s)).value());
  CHECK(list->is_denied(subject("ann", t)).value());
  CHECK_FALSE(list->is_denied(subject("ann", t + 1s)).value());
  CHECK_FALSE(list->is_denied(subject("bob", t)).value());
  // A subject is no jti.
  CHECK_FALSE(list->is_denied(token("ann")).value());
  REQUIRE(list->deny_subject("ann", t + 10s, t + 2h));
  REQUIRE(list->deny_subject("ann", t + 5s, t + 1h));
  CHECK(list->is_denied(subject("ann", t + 10s)).value());
  CHECK(list->size() == 1);
  clock->advance(2h - 1s);  // the earlier end of the last call takes nothing away
  CHECK(list->is_denied(subject("ann", t + 10s)).value());
  clock->advance(1s);
  CHECK_FALSE(list->is_denied(subject("ann", t + 10s)).value());
}

TEST_CASE("a token is denied until the latest end it was given") {
  const ClockPtr clock = test::clock_at();
  const auto list = list_of(10, clock);
  REQUIRE(list->deny_token("j", clock->now() + 1h));
  REQUIRE(list->deny_token("j", clock->now() + 2h));
  REQUIRE(list->deny_token("j", clock->now() + 1h));
  CHECK(list->size() == 1);
  clock->advance(2h - 1s);
  CHECK(list->is_denied(token("j")).value());
  clock->advance(1s);
  CHECK_FALSE(list->is_denied(token("j")).value());
}

TEST_CASE("dates at the ends of time overflow nothing") {
  const ClockPtr clock = test::clock_at(std::chrono::sys_seconds::min());
  const auto list = list_of(10, clock, 24h);
  REQUIRE(list->deny_token("one", std::chrono::sys_seconds::max()));
  REQUIRE(list->deny_subject("ann", std::chrono::sys_seconds::max(), std::chrono::sys_seconds::max()));
  REQUIRE(list->deny_subject("bob", std::chrono::sys_seconds::min(), std::chrono::sys_seconds::max()));
  CHECK(list->is_denied(token("one")).value());
  CHECK(list->is_denied(subject("ann", test::new_year_2030)).value());
  CHECK_FALSE(list->is_denied(subject("bob", test::new_year_2030)).value());
  REQUIRE(list->deny_token("past", std::chrono::sys_seconds::min()));
  CHECK(list->size() == 3);
}

TEST_CASE("a full list refuses new entries, keeps every old one, and has room again when they end") {
  for (const std::size_t capacity : {1U, 2U, 100U, 5000U}) {
    CAPTURE(capacity);
    const ClockPtr clock = test::clock_at();
    const auto list = list_of(capacity, clock);
    for (std::size_t i = 0; i < capacity; ++i) {
      REQUIRE(list->deny_token("t" + std::to_string(i), clock->now() + (i % 2 == 0 ? 1h : 2h)));
    }
    CHECK(list->size() == capacity);
    CHECK(test::outcome(list->deny_token("more", clock->now() + 1h)) == "limit_exceeded deny_list");
    CHECK_FALSE(list->is_denied(token("more")).value());
    for (std::size_t i = 0; i < capacity; ++i) CHECK(list->is_denied(token("t" + std::to_string(i))).value());

    clock->advance(1h);
    CHECK(list->deny_token("more", clock->now() + 1h).has_value());
    CHECK(list->is_denied(token("more")).value());
    for (std::size_t i = 1; i < capacity; i += 2) CHECK(list->is_denied(token("t" + std::to_string(i))).value());
    CHECK(list->memory_bytes() <= capacity * 160 + 64 * 32 * 40);
  }
}

TEST_CASE("a full list still makes the entries it has last longer") {
  const ClockPtr clock = test::clock_at();
  const auto t = clock->now();
  const auto list = list_of(2, clock);
  REQUIRE(list->deny_subject("ann", t, t + 1h));
  REQUIRE(list->deny_token("j", t + 1h));
  CHECK(test::outcome(list->deny_token("more", t + 1h)) == "limit_exceeded deny_list");
  CHECK(test::outcome(list->deny_subject("ann", t + 100s, t + 2h)) == "ok");
  CHECK(test::outcome(list->deny_token("j", t + 2h)) == "ok");
  CHECK(list->size() == 2);
  clock->advance(1h + 100s);
  CHECK(list->is_denied(subject("ann", t + 100s)).value());
  CHECK(list->is_denied(token("j")).value());
  CHECK(test::outcome(list->deny_token("more", t + 3h)) == "limit_exceeded deny_list");
  clock->advance(1h);
  CHECK(test::outcome(list->deny_token("more", t + 5h)) == "ok");
}

// deny_list.hpp: a slot is five words of eight bytes, and the slots are a power of two of which at most half are taken.
TEST_CASE("the memory of a list is what its slots take") {
  const ClockPtr clock = test::clock_at();
  CHECK(list_of(1, clock)->memory_bytes() == 32 * 40);
  CHECK(list_of(100, clock)->memory_bytes() == 256 * 40);
}

TEST_CASE("what has ended takes no room, whenever it is added") {
  const ClockPtr clock = test::clock_at();
  const auto list = list_of(1, clock);
  REQUIRE(list->deny_token("past", clock->now() - 1h));
  CHECK(list->size() == 0);
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(list->deny_token("t" + std::to_string(i), clock->now() + 1s));
    CHECK(list->is_denied(token("t" + std::to_string(i))).value());
    clock->advance(1s);
  }
}

TEST_CASE("a verifier refuses what is on its list, what cannot be looked up, and all when the list cannot answer") {
  const ClockPtr clock = test::clock_at();
  const auto list = list_of(10, clock);
  const KeyPair key = KeyPair::generate("HS256").value();
  const auto mint = [&](IssuerOptions options, std::optional<std::string> token_id = {}) {
    options.signer = key.signer();
    options.clock = clock;
    return Issuer::create(options)
        .value()
        .generate_disposable_token(
            {.permissions = scopes::cache_read_only("c"), .valid_for = 1h, .token_id = std::move(token_id)})
        .value();
  };
  const auto verify = [&](const DisposableToken& minted, std::shared_ptr<const DenyList> deny_list) {
    return test::outcome(
        Verifier::create({.keys = {key.verification_key()}, .clock = clock, .deny_list = std::move(deny_list)})
            .value()
            .verify(minted.api_key));
  };
  const DisposableToken one = mint({.issuer = "i"}, "ann");
  CHECK(verify(one, list) == "ok");
  CHECK(verify(one, std::make_shared<BrokenList>()) == "internal_error deny_list");
  CHECK(verify(mint({.random_jti = false}), list) == "revoked");
  CHECK(verify(mint({.random_jti = false}), nullptr) == "ok");

  REQUIRE(list->deny_token(one.jti.str(), one.valid_until, "i"));
  CHECK(verify(one, list) == "revoked");
  const DisposableToken two = mint({.issuer = "i"}, "ann");
  CHECK(verify(two, list) == "ok");
  REQUIRE(list->deny_subject("ann", two.issued_at, two.valid_until));
  CHECK(verify(two, list) == "revoked");
  clock->advance(1s);
  CHECK(verify(mint({.issuer = "i"}, "ann"), list) == "ok");
}

TEST_CASE("readers never miss an entry while others are added and end") {
  const ClockPtr clock = test::clock_at();
  const auto list = list_of(300, clock);
  REQUIRE(list->deny_token("always", clock->now() + 1000h));
  std::atomic<bool> stop{false};
  std::atomic<int> missed{0}, wrong{0}, looked{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 8; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        missed += !list->is_denied(token("always")).value();
        wrong += list->is_denied(token("never")).value();
        ++looked;
      }
    });
  }
  for (int round = 0; round < 60; ++round) {
    for (int i = 0; i < 100; ++i) {
      const std::string jti = std::to_string(round) + "-" + std::to_string(i);
      REQUIRE(list->deny_token(jti, clock->now() + 2s));
    }
    clock->advance(1s);
  }
  while (looked < 1000) std::this_thread::yield();
  stop = true;
  for (std::thread& reader : readers) reader.join();
  CHECK(missed == 0);
  CHECK(wrong == 0);
}
