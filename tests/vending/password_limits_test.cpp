#include "momento_token/vending/password_auth.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "passwords.hpp"

using namespace test;

// Issue: "at most one KDF per core at once, the rest 503".
TEST_CASE("when every slot is taken a password is not checked but answered with busy") {
  Setup setup;
  const auto auth = setup.made();
  REQUIRE(setup.slots->try_take());
  CHECK(outcome_of(auth->authenticate(asking("ann", "correct horse"))) == "busy");
  CHECK(auth->checks() == 0);
  setup.slots->give_back();
  CHECK(outcome_of(auth->authenticate(asking("ann", "correct horse"))) == "let in as ann");
  CHECK(setup.slots->try_take());  // the check has given its slot back
}

TEST_CASE("the process has a slot for each core, and hands out no more than that") {
  vending::PasswordSlots two(2);
  CHECK(two.try_take());
  CHECK(two.try_take());
  CHECK_FALSE(two.try_take());
  two.give_back();
  CHECK(two.try_take());
  vending::PasswordSlots of_cores(0);
  unsigned taken = 0;
  while (of_cores.try_take()) ++taken;
  CHECK(taken == std::max(1U, std::thread::hardware_concurrency()));
  CHECK(vending::PasswordSlots::of_process() == vending::PasswordSlots::of_process());
}

TEST_CASE("over HTTP a busy machine answers 503 with Retry-After") {
  Setup setup;
  auto options = machine_options();
  options.auth = setup.made();
  const auto machine = machine_of(std::move(options));
  REQUIRE(setup.slots->try_take());
  const auto response = machine.handle(asking("ann", "correct horse"));
  CHECK(answer_of(response) == "503 unavailable");
  CHECK(response.header("retry-after") == "1");
}

TEST_CASE("who is told that all slots are taken has used up no try") {
  Setup setup;
  setup.attempts = limiter_of(setup, 1, 100);
  setup.peers = limiter_of(setup, 1, 100);
  const auto auth = setup.made();
  REQUIRE(setup.slots->try_take());
  for (int i = 0; i < 10; ++i) CHECK(outcome_of(auth->authenticate(asking("ann", "wrong"))) == "busy");
  setup.slots->give_back();
  CHECK(outcome_of(auth->authenticate(asking("ann", "wrong"))) == "unauthenticated");
  CHECK(outcome_of(auth->authenticate(asking("ann", "false"))) == "limited");
}

TEST_CASE("right passwords use up no tries, neither of the name nor of the peer") {
  Setup setup;
  setup.remember_for = 0s;
  setup.attempts = limiter_of(setup, 1, 1);
  setup.peers = limiter_of(setup, 1, 1);
  const auto auth = setup.made();
  for (int i = 0; i < 5; ++i) CHECK(outcome_of(auth->authenticate(asking("ann", "correct horse"))) == "let in as ann");
  CHECK(outcome_of(auth->authenticate(asking("ann", "wrong"))) == "unauthenticated");
  CHECK(outcome_of(auth->authenticate(asking("ann", "correct horse"))) == "limited");
}

TEST_CASE("clients that have the right password and ask at once are never told that they tried too often") {
  Setup setup;
  setup.remember_for = 0s;
  setup.slots = std::make_shared<vending::PasswordSlots>(4);
  setup.attempts = limiter_of(setup, 1, 4);
  const auto auth = setup.made();
  std::vector<std::string> outcomes(8);
  std::vector<std::thread> threads;
  for (std::string& outcome : outcomes) {
    threads.emplace_back([&] { outcome = outcome_of(auth->authenticate(asking("ann", "correct horse"))); });
  }
  for (auto& thread : threads) thread.join();
  CHECK(std::count(outcomes.begin(), outcomes.end(), "let in as ann") >= 1);
  for (const std::string& outcome : outcomes) CHECK((outcome == "let in as ann" || outcome == "busy"));
}

TEST_CASE("a password that is being checked is not checked a second time meanwhile, another one is") {
  /// While the first one is being decided, others ask.
  struct Meanwhile final : vending::RateLimiter {
    std::function<void()> then;
    vending::Admission admit(std::string_view) override {
      if (then) std::exchange(then, nullptr)();
      return {true, {}};
    }
  };
  Setup setup;
  setup.slots = std::make_shared<vending::PasswordSlots>(3);
  const auto meanwhile = std::make_shared<Meanwhile>();
  setup.attempts = meanwhile;
  const auto auth = setup.made();
  std::vector<std::string> seen;
  meanwhile->then = [&] {
    seen.push_back(outcome_of(auth->authenticate(asking("ann", "correct horse"))));
    seen.push_back(outcome_of(auth->authenticate(asking("ann", "wrong"))));
  };
  CHECK(outcome_of(auth->authenticate(asking("ann", "correct horse"))) == "let in as ann");
  CHECK(seen == std::vector<std::string>{"busy", "unauthenticated"});
  CHECK(auth->checks() == 2);
  setup.now += 6s;  // nothing is remembered any more, and nothing is under way
  CHECK(outcome_of(auth->authenticate(asking("ann", "correct horse"))) == "let in as ann");
}

TEST_CASE("a flood of made-up names from one peer leaves the users of another one in peace") {
  Setup setup;
  setup.peers = limiter_of(setup, 5, 1'000'000);
  setup.attempts = limiter_of(setup, 10, 8);
  const auto auth = setup.made();
  for (int i = 0; i < 100; ++i) {
    const auto flooded = outcome_of(auth->authenticate(asking("made-up-" + std::to_string(i), "x", "198.51.100.7")));
    CHECK(flooded == (i < 5 ? "unauthenticated" : "limited"));
  }
  CHECK(outcome_of(auth->authenticate(asking("ann", "correct horse"))) == "let in as ann");
  CHECK(auth->checks() == 6);
}

TEST_CASE("a network counts as a peer, and what a name may not try costs its peer nothing") {
  struct Counting final : vending::RateLimiter {
    int asked = 0;
    vending::Admission admit(std::string_view) override {
      ++asked;
      return {false, 1s};  // so that nothing costs
    }
  };
  struct Given final : vending::RateLimiter {
    std::vector<std::string> seen, returned;
    vending::Admission admit(std::string_view name) override {
      seen.emplace_back(name);
      return {true, {}};
    }
    void give_back(std::string_view name) override { returned.emplace_back(name); }
  };
  Setup setup;
  const auto attempts = std::make_shared<Counting>();
  const auto peers = std::make_shared<Given>();
  setup.attempts = attempts;
  setup.peers = peers;
  const auto auth = setup.made();
  for (const char* peer : {"2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"}) {
    CHECK(outcome_of(auth->authenticate(asking("ann", "x", peer))) == "limited");
  }
  CHECK(attempts->asked == 3);
  REQUIRE(peers->seen.size() == 3);
  CHECK(peers->seen[0] == peers->seen[1]);
  CHECK(peers->seen[0] != peers->seen[2]);
  CHECK(peers->returned == peers->seen);  // what the other limiter refused has cost the peer nothing
}

// Issue: "limits applied before the KDF".
TEST_CASE("tries are limited before the costly function runs") {
  Setup setup;
  setup.attempts =
      vending::InMemoryRateLimiter::create({.per_identity = 3, .global = 100, .ticks = [&setup] { return setup.now; }})
          .value();
  const auto auth = setup.made();
  for (int i = 0; i < 20; ++i) {
    const auto outcome = outcome_of(auth->authenticate(asking("ann", "wrong-" + std::to_string(i))));
    CHECK(outcome == (i < 3 ? "unauthenticated" : "limited"));
  }
  CHECK(auth->checks() == 3);
  // Who hammers from elsewhere locks nobody out.
  CHECK(outcome_of(auth->authenticate(asking("ann", "correct horse", "198.51.100.7"))) == "let in as ann");
}

TEST_CASE("the limits of a machine come before the costly function as well") {
  Setup setup;
  const auto auth = setup.made();
  auto options = machine_options();
  options.auth = auth;
  options.attempts = vending::InMemoryRateLimiter::create({.per_identity = 2, .global = 100}).value();
  const auto machine = machine_of(std::move(options));
  CHECK(answer_of(machine.handle(asking("ann", "wrong"))) == "401 invalid_token");
  CHECK(answer_of(machine.handle(asking("ann", "false"))) == "401 invalid_token");
  CHECK(answer_of(machine.handle(asking("ann", "other"))) == "429 too_many_requests");
  CHECK(auth->checks() == 2);
}

TEST_CASE("strangers with made-up names cannot fill the limiter for others") {
  struct Names final : vending::RateLimiter {
    std::set<std::string, std::less<>> seen;
    vending::Admission admit(std::string_view name) override {
      seen.emplace(name);
      return {false, 1s};  // so that no name costs anything
    }
  };
  Setup setup;
  const auto names = std::make_shared<Names>();
  setup.attempts = names;
  const auto auth = setup.made();
  for (int i = 0; i < 100'000; ++i) {
    static_cast<void>(auth->authenticate(asking("made-up-" + std::to_string(i), "x")));
  }
  CHECK(names->seen.size() > 40'000);
  CHECK(names->seen.size() <= 65'536);  // the default limiter has room for 100 000
}
