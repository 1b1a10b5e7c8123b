#include "momento_token/vending/vending_machine.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "machine.hpp"

using namespace test;

namespace {

struct Counting final : vending::RateLimiter {
  std::vector<std::string> seen;
  bool open = true;
  std::chrono::seconds retry_after{7};
  vending::Admission admit(std::string_view identity) override {
    seen.emplace_back(identity);
    return {open, retry_after};
  }
};

}  // namespace

TEST_CASE("a caller over its limit gets 429 with Retry-After and no token") {
  auto options = machine_options();
  options.limiter = vending::InMemoryRateLimiter::create({.per_identity = 2, .global = 100}).value();
  const auto machine = machine_of(std::move(options));
  CHECK(answer_of(machine.handle(post())) == "200");
  CHECK(answer_of(machine.handle(post())) == "200");
  const auto response = machine.handle(post());
  CHECK(answer_of(response) == "429 too_many_requests");
  const int retry_after = std::stoi(std::string(response.header("retry-after")));
  CHECK(retry_after >= 1);
  CHECK(retry_after <= 60);
}

TEST_CASE("peers are counted before authentication, identities after it, and under names that do not meet") {
  const auto attempts = std::make_shared<Counting>();
  const auto limiter = std::make_shared<Counting>();
  auto options = machine_options();
  options.attempts = attempts;
  options.limiter = limiter;
  const auto machine = machine_of(options);
  CHECK(answer_of(machine.handle({.method = "POST", .peer = "192.0.2.1"})) == "401 invalid_token");
  CHECK(attempts->seen == std::vector<std::string>{"peer:192.0.2.1"});
  CHECK(limiter->seen.empty());
  CHECK(answer_of(machine.handle(post())) == "200");
  CHECK(limiter->seen == std::vector<std::string>{"identity:bootstrap"});
  attempts->open = false;
  const auto refused = machine.handle(post());
  CHECK(answer_of(refused) == "429 too_many_requests");
  CHECK(refused.header("retry-after") == "7");
  CHECK(limiter->seen.size() == 1);
}

TEST_CASE("without a name a peer is counted, and a token without token_id by its own id") {
  const auto limiter = std::make_shared<Counting>();
  auto options = machine_options();
  options.limiter = limiter;
  options.auth = vending::open_to_anyone();
  CHECK(answer_of(machine_of(options).handle({.method = "GET", .peer = "192.0.2.9"})) == "200");
  options.auth = everybody_is({.counted_as = "jti-1"});
  CHECK(answer_of(machine_of(options).handle({.method = "GET", .peer = "192.0.2.9"})) == "200");
  CHECK(limiter->seen == std::vector<std::string>{"peer:192.0.2.9", "identity:jti-1"});
}

// RFC 6177: a site has a /64 or more, so that an address of its own for each request costs nothing.
TEST_CASE("peers of one IPv6 network count as one, and an IPv4 peer as itself however it is written") {
  const auto attempts = std::make_shared<Counting>();
  auto options = machine_options();
  options.attempts = attempts;
  const auto machine = machine_of(options);
  const auto counted = [&](std::string_view peer) {
    static_cast<void>(machine.handle({.method = "POST", .peer = peer}));
    return attempts->seen.back();
  };
  CHECK(counted("2001:db8:1:2::1") == counted("2001:DB8:1:2:ffff:ffff:ffff:ffff"));
  CHECK(counted("2001:db8:1:2::1") == counted("2001:0db8:0001:0002:0:0:192.0.2.1"));
  CHECK(counted("2001:db8:1:2::1") != counted("2001:db8:1:3::1"));
  CHECK(counted("2001:db8::1") == counted("2001:db8:0:0:1::"));
  CHECK(counted("fe80::1%eth0") == counted("fe80::2"));
  CHECK(counted("::1") != counted("1::"));
  for (const char* written : {"192.0.2.1", "::ffff:192.0.2.1", "::FFFF:c000:201", "0:0:0:0:0:ffff:192.0.2.1"}) {
    CHECK(counted(written) == "peer:192.0.2.1");
  }
  CHECK(counted("::ffff:192.0.2.2") == "peer:192.0.2.2");
  for (const char* none : {"", "unix", ":", ":::", "1:2", "1::2::3", "1:2:3:4:5:6:7:8:9", "12345::", "::1:", "g::",
                           "1:2:3:4:5:6:7:192.0.2.1", "::192.0.2", "::192.0.2.256", "1:2:3:4:5:6:7::8:9"}) {
    CHECK(counted(none) == "peer:" + std::string(none));
  }
}

TEST_CASE("a machine that is open to anyone counts networks as well") {
  const auto limiter = std::make_shared<Counting>();
  auto options = machine_options();
  options.limiter = limiter;
  options.auth = vending::open_to_anyone();
  const auto machine = machine_of(options);
  static_cast<void>(machine.handle({.method = "GET", .peer = "2001:db8::1"}));
  static_cast<void>(machine.handle({.method = "GET", .peer = "2001:db8::2"}));
  REQUIRE(limiter->seen.size() == 2);
  CHECK(limiter->seen[0] == limiter->seen[1]);
}

TEST_CASE("a limiter that says no without a time still makes the caller wait a second") {
  const auto limiter = std::make_shared<Counting>();
  limiter->open = false;
  limiter->retry_after = std::chrono::seconds(0);
  auto options = machine_options();
  options.limiter = limiter;
  CHECK(field_of(machine_of(options).handle(post()), "retry-after") == "1");
}

TEST_CASE("a malformed request costs nobody's limit") {
  const auto attempts = std::make_shared<Counting>();
  auto options = machine_options();
  options.attempts = attempts;
  const auto machine = machine_of(options);
  static_cast<void>(machine.handle({.method = "PUT"}));
  static_cast<void>(machine.handle({.method = "POST", .headers = {{"origin", "https://evil.example"}}}));
  CHECK(attempts->seen.empty());
}

TEST_CASE("a subject on the deny-list gets nothing until it comes with a newer credential") {
  const auto clock = clock_at();
  const auto list = mt::InMemoryDenyList::create({.capacity = 10, .clock = clock}).value();
  auto options = machine_options(clock);
  options.deny_list = list;
  REQUIRE(list->deny_subject("ann", clock->now(), clock->now() + 1h));
  const auto answered = [&](const char* name, std::chrono::seconds issued) {
    options.auth = everybody_is({.name = name, .issued_at = clock->now() + issued});
    return answer_of(machine_of(options).handle({.method = "POST"}));
  };
  CHECK(answered("ann", -1s) == "401 invalid_token");
  CHECK(answered("ann", 0s) == "401 invalid_token");
  CHECK(answered("ann", 1s) == "200");
  CHECK(answered("bob", 0s) == "200");
  // A credential that does not say when it was issued counts as of now.
  options.auth = everybody_is({.name = "ann"});
  CHECK(answer_of(machine_of(options).handle({.method = "POST"})) == "401 invalid_token");
  clock->advance(1s);
  CHECK(answer_of(machine_of(options).handle({.method = "POST"})) == "200");
}

TEST_CASE("the token_id that would be vended is looked up as well") {
  const auto clock = clock_at();
  const auto list = mt::InMemoryDenyList::create({.capacity = 10, .clock = clock}).value();
  auto options = machine_options(clock);
  options.deny_list = list;
  options.auth = everybody_is({.name = "ann"});
  options.policy = vending::policy_from_rules(
                       {.scope = mt::scopes::cache_read_only("media"), .valid_for = 1min, .token_id = "user:${user}"})
                       .value();
  CHECK(answer_of(machine_of(options).handle({.method = "POST"})) == "200");
  REQUIRE(list->deny_subject("user:ann", clock->now(), clock->now() + 1h));
  CHECK(answer_of(machine_of(options).handle({.method = "POST"})) == "401 invalid_token");

  options.auth = vending::open_to_anyone();
  options.policy = vending::policy_from_rules(
                       {.scope = mt::scopes::cache_read_only("media"), .valid_for = 1min, .token_id = "anybody"})
                       .value();
  const auto open = [&](const char* target) {
    return answer_of(machine_of(options).handle({.method = "GET", .target = target}));
  };
  CHECK(open("/vend") == "200");
  REQUIRE(list->deny_subject(R"({"unverified_name":"ann"})", clock->now(), clock->now() + 1h));
  CHECK(open("/vend?name=ann") == "401 invalid_token");
  CHECK(open("/vend?name=bob") == "200");
  REQUIRE(list->deny_subject("anybody", clock->now(), clock->now() + 1h));
  CHECK(open("/vend") == "401 invalid_token");
}

TEST_CASE("a deny-list that cannot answer lets nobody through") {
  auto options = machine_options();
  options.deny_list = std::make_shared<mt::testing::FailingDenyList>();
  CHECK(answer_of(machine_of(options).handle(post())) == "503 unavailable");
}

TEST_CASE("what an authentication says about waiting reaches the caller") {
  auto options = machine_options();
  const auto answered = [&](vending::NotLetIn refused) {
    options.auth = vending::callback_auth([refused](const vending::Request&) { return refused; }).value();
    const auto response = machine_of(options).handle({.method = "POST"});
    return answer_of(response) + " " + std::string(response.header("retry-after"));
  };
  CHECK(answered({vending::AuthFailure::unauthenticated, 9s, {}}) == "401 invalid_token ");
  CHECK(answered({vending::AuthFailure::limited, 9s, {}}) == "429 too_many_requests 9");
  CHECK(answered({vending::AuthFailure::busy, 2s, {}}) == "503 unavailable 2");
  CHECK(answered({vending::AuthFailure::unavailable, 0s, {}}) == "503 unavailable 1");
}
