#include "momento_token/vending/vending_machine.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "machine.hpp"
#include "momento_token/testing/make_token.hpp"

using namespace test;

namespace {

/// Everything that hooks were told, as text.
struct Recorder {
  std::string all;
  vending::Hooks hooks() {
    return {.log =
                [this](const vending::LogLine& line) {
                  add({line.event, line.detail, line.request_id});
                },
            .done =
                [this](const vending::RequestReport& r) {
                  add({r.request_id, r.outcome, r.detail, r.jti, std::to_string(r.status)});
                },
            .span =
                [this](const vending::Span& span) {
                  add({span.name, span.request_id, span.trace_parent});
                }};
  }
  void add(std::initializer_list<std::string_view> texts) {
    for (const std::string_view text : texts) all.append(text).append("\n");
  }
};

}  // namespace

// threat-model.md, row 4: "server log of 1 000 requests with canary token and key: 0 hits".
TEST_CASE("over 1000 requests, good and bad, hooks never see a credential, a token, a key or a name") {
  Recorder recorder;
  const auto clock = clock_at();
  const std::string key_text = counting_bytes(32);
  auto options = machine_options(clock);
  options.hooks = recorder.hooks();
  options.auth =
      vending::token_auth({.keys = {mt::testing::published_key().verification_key()}, .clock = clock}).value();
  options.policy = vending::policy_from_rules({.scope = mt::scopes::topic_publish_only("canary-cache", "canary-topic"),
                                               .valid_for = 1min,
                                               .token_id = "canary-prefix-${user}"})
                       .value();
  const auto machine = machine_of(std::move(options));
  std::vector<std::string> vended_tokens;
  for (int i = 0; i < 1000; ++i) {
    const std::string token = mt::testing::make_token(
        {.token_id = "canary-user", .audience = {i % 3 == 0 ? "canary-audience" : "vend"}, .clock = clock});
    const std::string value = (i % 5 == 0 ? "Bearer canary-header-" : "Bearer ") + token;
    const std::string body = i % 4 == 0 ? R"({"cacheName":"canary-body"})" : "";
    const auto response = machine.handle({.method = i % 7 == 0 ? "canary-method" : "POST",
                                          .target = "/canary-path?name=canary-name",
                                          .headers = {{"authorization", value}, {"traceparent", "canary-trace"}},
                                          .body = body,
                                          .peer = "canary-peer",
                                          .id = "canary id"});
    CHECK(recorder.all.find(token.substr(token.rfind('.'))) == std::string::npos);
    if (response.status == 200) vended_tokens.push_back(text_member(response.body, "api_key"));
  }
  REQUIRE(vended_tokens.size() > 300);
  CHECK(recorder.all.find("canary") == std::string::npos);
  for (const auto& token : vended_tokens) CHECK(recorder.all.find(token.substr(token.rfind('.'))) == std::string::npos);
  for (const auto& form : {key_text.substr(1), b64u(key_text).substr(2), mt::hex_encode(mt::as_bytes(key_text))}) {
    CHECK(recorder.all.find(form) == std::string::npos);
  }
}

// Issue: "Every refused token is 401 `invalid_token`, alike."
TEST_CASE("whatever is wrong with a credential, the answer is the same to the letter") {
  const auto clock = clock_at();
  auto options = machine_options(clock);
  options.auth =
      vending::token_auth({.keys = {mt::testing::published_key().verification_key()}, .clock = clock}).value();
  const auto machine = machine_of(std::move(options));
  const auto token = [&](mt::testing::TokenOptions with) {
    with.clock = clock;
    return mt::testing::make_token(with);
  };
  const std::string good = token({.audience = {"vend"}});
  std::vector<std::string> refused = {"",
                                      "x",
                                      "a.b.c",
                                      std::string(70'000, 'a'),
                                      good.substr(0, good.size() - 2),
                                      good + "A",
                                      token({.audience = {}}),
                                      token({.audience = {"chat"}}),
                                      token({.audience = {"vend"}, .algorithm = "EdDSA"}),
                                      token({.audience = {"vend"}, .algorithm = "HS256"}),
                                      token({.not_before = clock->now() + 30min, .audience = {"vend"}})};
  const auto expired = token({.valid_for = 1s, .audience = {"vend"}});
  clock->advance(1s);
  refused.push_back(expired);
  vending::Response first;
  for (const std::string& value : refused) {
    CAPTURE(value.substr(0, 40));
    const auto response = machine.handle({.method = "POST", .headers = {{"authorization", value}}, .id = "same"});
    CHECK(answer_of(response) == "401 invalid_token");
    if (first.status != 401) first = response;
    CHECK(response.body == first.body);
    REQUIRE(response.headers.size() == first.headers.size());
    for (std::size_t i = 0; i < response.headers.size(); ++i)
      CHECK(response.headers[i].value == first.headers[i].value);
  }
}

TEST_CASE("one machine serves many threads, and its copies are the same machine") {
  std::atomic<int> reported{0};
  auto options = machine_options();
  options.limiter = vending::InMemoryRateLimiter::create({.per_identity = 1000, .global = 1000}).value();
  options.hooks.done = [&](const vending::RequestReport&) { ++reported; };
  const auto machine = machine_of(std::move(options));
  std::atomic<int> good{0}, limited{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&good, &limited, copy = machine] {
      for (int i = 0; i < 500; ++i) {
        const int status = copy.handle(post("{}")).status;
        good += status == 200 ? 1 : 0;
        limited += status == 429 ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(good == 1000);
  CHECK(limited == 1000);
  CHECK(reported == 2000);
}
