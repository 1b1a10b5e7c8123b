#include "momento_token/vending/rate_limiter.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "momento_token/detail/limiter_table.hpp"
#include "support.hpp"

namespace {

using namespace momento_token;
using namespace std::chrono_literals;
using Time = std::chrono::steady_clock::time_point;

struct Timeline {
  Time now{1000s};
  vending::Ticks ticks() {
    return [this] { return now; };
  }
};

std::shared_ptr<vending::InMemoryRateLimiter> limiter_of(Timeline& time, std::uint32_t per_identity,
                                                         std::uint32_t global, std::size_t capacity = 100,
                                                         std::chrono::seconds window = 60s) {
  return vending::InMemoryRateLimiter::create({.per_identity = per_identity,
                                               .global = global,
                                               .window = window,
                                               .capacity = capacity,
                                               .ticks = time.ticks()})
      .value();
}

}  // namespace

TEST_CASE("a limiter that cannot be is not made") {
  using Options = vending::RateLimiterOptions;
  const auto made = [](Options options) { return test::outcome(vending::InMemoryRateLimiter::create(options)); };
  CHECK(made({.per_identity = 0, .global = 1}) == "invalid_argument per_identity");
  CHECK(made({.per_identity = 1'000'001, .global = 1}) == "invalid_argument per_identity");
  CHECK(made({.per_identity = 1, .global = 1'000'001}) == "invalid_argument global");
  CHECK(made({.per_identity = 1, .global = 0}) == "ok");
  CHECK(made({.per_identity = 1, .global = 1, .window = 0s}) == "invalid_argument window");
  CHECK(made({.per_identity = 1, .global = 1, .window = 1h + 1s}) == "invalid_argument window");
  CHECK(made({.per_identity = 1, .global = 1, .capacity = 0}) == "invalid_argument capacity");
  CHECK(made({.per_identity = 1, .global = 1, .ticks = {}}) == "invalid_argument ticks");
  CHECK(made({.per_identity = 1'000'000, .global = 1'000'000, .window = 1h}) == "ok");
}

TEST_CASE("an identity gets its requests and no more, and another one is not touched by that") {
  Timeline time;
  const auto limiter = limiter_of(time, 3, 100);
  for (int i = 0; i < 3; ++i) CHECK(limiter->admit("ann").admitted);
  const auto refused = limiter->admit("ann");
  CHECK_FALSE(refused.admitted);
  CHECK(refused.retry_after >= 1s);
  CHECK(limiter->admit("bob").admitted);
}

TEST_CASE("all identities together get the global number, and what is refused counts for nobody") {
  Timeline time;
  const auto limiter = limiter_of(time, 3, 4);
  for (int i = 0; i < 10; ++i) static_cast<void>(limiter->admit("ann"));  // 3 of them count
  CHECK(limiter->admit("bob").admitted);
  CHECK_FALSE(limiter->admit("cat").admitted);
  time.now += 2 * 60s;
  for (int i = 0; i < 3; ++i) CHECK(limiter->admit("bob").admitted);  // the refusals left nothing behind
}

TEST_CASE("where nobody asked for a number of all, only the identities' own ones hold") {
  Timeline time;
  const auto limiter = limiter_of(time, 1000, 0);
  for (int i = 0; i < 1000; ++i) {
    if (!limiter->admit("ann").admitted || !limiter->admit("bob").admitted) FAIL("refused after 2 * " << i);
  }
  CHECK_FALSE(limiter->admit("ann").admitted);
  limiter->give_back("ann");
  CHECK(limiter->admit("ann").admitted);
}

// Issue: "within ±5 %".
TEST_CASE("under ten times the rate, what is let through is within 5 % of the limit, whatever the window") {
  struct Row {
    std::uint32_t limit;
    std::chrono::seconds window;
  };
  for (const Row& row : {Row{100, 1s}, Row{60, 60s}, Row{1, 1s}, Row{1000, 10s}, Row{7, 60s}}) {
    CAPTURE(row.limit);
    CAPTURE(row.window.count());
    Timeline time;
    const auto own = limiter_of(time, row.limit, 1'000'000, 100, row.window);
    const auto global = limiter_of(time, 1'000'000, row.limit, 100, row.window);
    const auto step = std::chrono::nanoseconds(row.window) / (10 * row.limit);
    constexpr int windows = 40;
    int of_own = 0, of_global = 0;
    for (std::uint32_t i = 0; i < 10 * row.limit * windows; ++i) {
      of_own += own->admit("ann").admitted ? 1 : 0;
      of_global += global->admit(std::to_string(i % 50)).admitted ? 1 : 0;
      time.now += step;
    }
    const double wanted = static_cast<double>(row.limit) * windows;
    CHECK(of_own == doctest::Approx(wanted).epsilon(0.05));
    CHECK(of_global == doctest::Approx(wanted).epsilon(0.05));
  }
}

// Issue: "within ±5 %": of the limit, in every window that somebody may choose to look at.
TEST_CASE("no stretch of a window's length lets more than the limit through, however the requests are timed") {
  constexpr std::uint32_t limit = 100;
  struct Row {
    const char* what;
    std::vector<std::chrono::milliseconds> at;
  };
  std::vector<Row> rows = {{"one early, a burst before the window ends, then all the time", {0ms}},
                           {"a burst, then all the time", {}},
                           {"bursts", {}},
                           {"now and then", {}}};
  for (int i = 0; i < 200; ++i) rows[0].at.push_back(59'900ms);
  for (auto at = 59'900ms; at < 240'000ms; at += 50ms) rows[0].at.push_back(at);
  for (int i = 0; i < 200; ++i) rows[1].at.push_back(0ms);
  for (auto at = 0ms; at < 240'000ms; at += 50ms) rows[1].at.push_back(at);
  for (auto at = 0ms; at < 240'000ms; at += 7'001ms) rows[2].at.insert(rows[2].at.end(), 30, at);
  for (auto at = 0ms; at < 240'000ms; at += 613ms) rows[3].at.push_back(at);
  for (const Row& row : rows) {
    CAPTURE(row.what);
    Timeline time;
    const Time begin = time.now;
    const auto limiter = limiter_of(time, limit, 1'000'000);
    std::vector<Time> admitted;
    for (const auto at : row.at) {
      time.now = begin + at;
      if (limiter->admit("ann").admitted) admitted.push_back(time.now);
    }
    std::size_t most = 0, first = 0;
    for (std::size_t i = 0; i < admitted.size(); ++i) {
      while (admitted[i] - admitted[first] >= 60s) ++first;
      most = std::max(most, i + 1 - first);
    }
    CHECK(most <= limit);
    CHECK(most >= limit * 95 / 100);
  }
}

TEST_CASE("no second burst comes around the border of two windows") {
  Timeline time;
  const auto limiter = limiter_of(time, 100, 1'000'000);
  CHECK(limiter->admit("ann").admitted);
  time.now += 59s;
  int admitted = 1;
  for (int i = 0; i < 200; ++i) admitted += limiter->admit("ann").admitted ? 1 : 0;
  CHECK(admitted == 100);
  time.now += 2s;  // the first one counts no more, the 99 do
  admitted = 0;
  for (int i = 0; i < 200; ++i) admitted += limiter->admit("ann").admitted ? 1 : 0;
  CHECK(admitted == 1);
}

TEST_CASE("retry_after names a time at which the next request goes through, and one second earlier does not") {
  for (const std::uint32_t limit : {1U, 3U, 50U}) {
    CAPTURE(limit);
    Timeline time;
    const auto limiter = limiter_of(time, limit, 1'000'000);
    for (std::uint32_t i = 0; i < limit; ++i) REQUIRE(limiter->admit("ann").admitted);
    for (int round = 0; round < 5; ++round) {
      const auto refused = limiter->admit("ann");
      REQUIRE_FALSE(refused.admitted);
      time.now += refused.retry_after - 1s;
      if (refused.retry_after > 1s) CHECK_FALSE(limiter->admit("ann").admitted);
      time.now += 1s + 1ms;
      REQUIRE(limiter->admit("ann").admitted);
      while (limiter->admit("ann").admitted) {
      }
    }
  }
}

// Issue: "a full one refuses new identities and never evicts an active window".
TEST_CASE("a full limiter refuses new identities and forgets nobody whose requests still count") {
  Timeline time;
  const auto limiter = limiter_of(time, 2, 1'000'000, 10);
  for (int i = 0; i < 10; ++i) {
    REQUIRE(limiter->admit("known-" + std::to_string(i)).admitted);
    REQUIRE(limiter->admit("known-" + std::to_string(i)).admitted);
  }
  for (int i = 0; i < 1000; ++i) CHECK_FALSE(limiter->admit("stranger-" + std::to_string(i)).admitted);
  CHECK(limiter->size() == 10);
  for (int i = 0; i < 10; ++i) CHECK_FALSE(limiter->admit("known-" + std::to_string(i)).admitted);
  time.now += 60s - 1ns;  // the last moment at which they count
  CHECK_FALSE(limiter->admit("stranger").admitted);
  time.now += 1ns;
  CHECK(limiter->admit("stranger").admitted);
  CHECK(limiter->size() == 1);
}

TEST_CASE("however full a limiter is and whenever its identities end, a call looks at few of them") {
  constexpr std::int64_t window = 60'000'000'000;
  constexpr std::int64_t capacity = 10'000;
  detail::LimiterTable table(window);
  std::int64_t now = 0;
  std::uint64_t name = 0;
  const auto admit = [&] {
    const auto* const entry = table.find_or_make({++name, 0}, now, std::size_t{capacity});
    if (entry != nullptr) table.add(*entry, now);
    return entry != nullptr;
  };
  // Their ends are spread over a whole window.
  for (std::int64_t i = 0; i < capacity; ++i, now += window / capacity) REQUIRE(admit());
  // From now on one of them ends at each step, and ten newcomers are there at each.
  std::uint64_t admitted = 0, calls = 0;
  for (int step = 0; step < 5'000; ++step, now += window / capacity) {
    for (int i = 0; i < 10; ++i, ++calls) admitted += admit() ? 1 : 0;
  }
  CHECK(admitted == 5'000);
  CHECK(table.looked_at() <= 2 * calls);
  // And where all end at once, one call does not forget them all.
  now += 2 * window;
  const auto before = table.looked_at();
  CHECK(admit());
  CHECK(table.looked_at() - before <= 100);
  CHECK(table.size() > capacity - 100);
}

TEST_CASE("who is forgotten first is whose last request is oldest, not who came first") {
  Timeline time;
  const auto limiter = limiter_of(time, 2, 1'000'000, 2);
  REQUIRE(limiter->admit("ann").admitted);
  time.now += 10s;
  REQUIRE(limiter->admit("bob").admitted);
  time.now += 10s;
  REQUIRE(limiter->admit("ann").admitted);
  time.now += 49s;  // bob's request counts for one second more, ann's last one for eleven
  const auto refused = limiter->admit("cat");
  CHECK_FALSE(refused.admitted);
  CHECK(refused.retry_after == 1s);
  time.now += 1s;
  CHECK(limiter->admit("cat").admitted);
  CHECK(limiter->admit("ann").admitted);
  CHECK_FALSE(limiter->admit("bob").admitted);
}

TEST_CASE("a known identity of a full limiter is served on") {
  Timeline time;
  const auto limiter = limiter_of(time, 5, 1'000'000, 1);
  CHECK(limiter->admit("ann").admitted);
  CHECK_FALSE(limiter->admit("bob").admitted);
  CHECK(limiter->admit("ann").admitted);
}

TEST_CASE("what is given back leaves room for another request, of the identity and of all, and for no more than that") {
  Timeline time;
  const auto limiter = limiter_of(time, 2, 3);
  REQUIRE(limiter->admit("ann").admitted);
  REQUIRE(limiter->admit("ann").admitted);
  REQUIRE(limiter->admit("bob").admitted);
  limiter->give_back("ann");
  CHECK(limiter->admit("ann").admitted);
  CHECK_FALSE(limiter->admit("ann").admitted);
  CHECK_FALSE(limiter->admit("cat").admitted);
  limiter->give_back("bob");
  limiter->give_back("bob");  // of whom nothing counts any more
  limiter->give_back("nobody");
  CHECK(limiter->admit("cat").admitted);
  CHECK_FALSE(limiter->admit("bob").admitted);
}

TEST_CASE("what is given back leaves the others the time at which they came") {
  Timeline time;
  const auto limiter = limiter_of(time, 4, 1'000'000);
  for (int i = 0; i < 3; ++i) REQUIRE(limiter->admit("ann").admitted);
  time.now += 42s;
  for (int i = 0; i < 4; ++i) {
    REQUIRE(limiter->admit("ann").admitted);
    limiter->give_back("ann");
  }
  time.now += 30s;  // the first three are over
  for (int i = 0; i < 4; ++i) CHECK(limiter->admit("ann").admitted);
  CHECK_FALSE(limiter->admit("ann").admitted);
}

TEST_CASE("a limiter of one's own need not take anything back") {
  struct Always final : vending::RateLimiter {
    vending::Admission admit(std::string_view) override { return {true, {}}; }
  };
  Always limiter;
  limiter.give_back("ann");
  CHECK(limiter.admit("ann").admitted);
}

TEST_CASE("a clock that goes back gives nobody a new window") {
  Timeline time;
  const auto limiter = limiter_of(time, 2, 100);
  REQUIRE(limiter->admit("ann").admitted);
  REQUIRE(limiter->admit("ann").admitted);
  time.now -= 500s;
  CHECK_FALSE(limiter->admit("ann").admitted);
}

TEST_CASE("threads together get the limit exactly") {
  Timeline time;
  const auto limiter = limiter_of(time, 500, 1'000'000);
  std::atomic<int> admitted{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) admitted += limiter->admit("ann").admitted ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(admitted == 500);
}
