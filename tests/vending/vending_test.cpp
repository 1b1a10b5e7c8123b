#include "momento_token/vending.hpp"

#include <doctest/doctest.h>

#include <string>

#include "machine.hpp"

using namespace test;

// The header's example, with a secret and a request.
TEST_CASE("the example of the umbrella vends what it says") {
  using namespace momento_token;
  const auto key = machine_key();
  auto secret = SecretBytes::copy_of(bootstrap_secret);
  const auto machine = vending::VendingMachine::create(
                           {.issuer = {.signer = key.signer(), .endpoint = "cell.example.com"},
                            .auth = vending::bootstrap_auth({.credential = std::move(secret)}).value(),
                            .policy = vending::policy_from_json(R"({"valid_for":"15m","scope":{"permissions":[
          {"role":"publishonly","cache":"chat","topic":"room-7"}]}})")
                                          .value()})
                           .value();
  const vending::Response answer = machine.handle(
      {.method = "POST", .target = "/vend", .headers = {{"authorization", bootstrap_secret}}, .body = "{}"});

  REQUIRE(answer.status == 200);
  const auto token = vended(answer, system_clock());  // the example has no clock of its own
  REQUIRE(token);
  CHECK(token->permissions() == scopes::topic_publish_only("chat", "room-7"));
}

// Capabilities 47 and 51: the whole way of the Node.js machine's Cognito mode, without its defects.
TEST_CASE("a reader asks for another group and another cache in headers, and gets what the policy gives readers") {
  auto options = machine_options();
  options.auth = everybody_is({.name = "ann", .groups = {"ReadOnlyUserGroup"}});
  options.policy = vending::policy_from_json(R"({"valid_for":"1h","token_id":"${user}","groups":{
      "ReadOnlyUserGroup":{"permissions":[{"role":"subscribeonly","cache":"chat","topic":"*"}]},
      "ReadWriteUserGroup":{"permissions":[{"role":"publishsubscribe","cache":"chat","topic":"*"}]}}})")
                       .value();
  const auto machine = machine_of(std::move(options));
  const auto response =
      machine.handle({.method = "GET", .headers = {{"usergroup", "ReadWriteUserGroup"}, {"cachename", "other"}}});
  CHECK(vended_scope(response) == mt::scopes::topic_subscribe_only("chat", mt::AllTopics{}));
  const auto narrowed = machine.handle({.method = "POST", .body = R"({"cacheName":"chat","topicName":"room-7"})"});
  CHECK(vended_scope(narrowed) == mt::scopes::topic_subscribe_only("chat", "room-7"));
}
