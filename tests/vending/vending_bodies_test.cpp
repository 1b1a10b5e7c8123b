#include "momento_token/vending/vending_machine.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "machine.hpp"
#include "momento_token/permissions_json.hpp"

using namespace test;

namespace {

/// May have any topic of chat, and gets the lobby without asking.
vending::VendingMachine machine() {
  auto options = machine_options();
  options.policy =
      vending::policy_from_rules(
          {.scope = mt::scopes::topic_publish_subscribe("chat", "lobby"),
           .valid_for = 1min,
           .ceiling = mt::scopes::topic_publish_subscribe("chat", mt::AllTopics{})
                          .with_cache(mt::CachePermissions::read_only().with_cache("media").with_key_prefix("a/"))})
          .value();
  return machine_of(std::move(options));
}

/// The vended scope in words, or the error with its field.
std::string asked(std::string_view body) {
  const auto response = machine().handle(post(body));
  if (response.status == 200) return to_string(vended_scope(response));
  const std::string field = text_member(response.body, "field");
  return answer_of(response) + (field.empty() ? "" : " " + field);
}
std::string words(const mt::Permissions& scope) { return to_string(scope); }

}  // namespace

TEST_CASE("an empty body and an empty object get what the policy gives") {
  const std::string lobby = words(mt::scopes::topic_publish_subscribe("chat", "lobby"));
  for (const char* body : {"", "{}", " {} ", "{ }", "\n{\n}\n"}) CHECK(asked(body) == lobby);
}

// Capability 32: the Rust machine's TokenRequest.
TEST_CASE("a cache and a topic narrow the token to that topic, under either spelling") {
  const std::string room = words(mt::scopes::topic_publish_subscribe("chat", "room-7"));
  CHECK(asked(R"({"cacheName":"chat","topicName":"room-7"})") == room);
  CHECK(asked(R"({"cache_name":"chat","topic_name":"room-7"})") == room);
  CHECK(asked(R"({"topicName":"room-7","cache_name":"chat"})") == room);
  CHECK(asked(R"({"cacheName":"ch\u0061t","topicName":"room-7"})") == room);
}

TEST_CASE("what exceeds the ceiling is 403, whichever way it is asked for") {
  CHECK(asked(R"({"cacheName":"news","topicName":"room-7"})") == "403 permission_denied");
  CHECK(asked(R"({"scope":{"permissions":[{"role":"publishonly","cache":"*","topic":"a"}]}})") ==
        "403 permission_denied");
  CHECK(asked(R"({"scope":{"permissions":[{"role":"readwrite","cache":"media","item":{"keyPrefix":"a/"}}]}})") ==
        "403 permission_denied");
  CHECK(asked(R"({"scope":{"permissions":[{"role":"readonly","cache":"media","item":{"keyPrefix":"a"}}]}})") ==
        "403 permission_denied");
  CHECK(asked(R"({"scope":{"permissions":[{"role":"readonly","cache":"media","item":"*"}]}})") ==
        "403 permission_denied");
  CHECK(asked(R"({"scope":{"permissions":[{"role":"functioninvoke","cache":"chat","func":"vend"}]}})") ==
        "403 permission_denied");
  // Names are text, not patterns.
  CHECK(asked(R"({"cacheName":"*","topicName":"room-7"})") == "403 permission_denied");
}

TEST_CASE("a scope in either form narrows the token to it") {
  CHECK(asked(R"({"scope":{"permissions":[{"role":"readonly","cache":"media","item":{"key":"a/b"}}]}})") ==
        words(mt::scopes::cache_key_read_only("media", "a/b")));
  CHECK(asked(R"({"scope":)" + mt::to_functions_json(mt::scopes::topic_subscribe_only("chat", "x")).value() + "}") ==
        words(mt::scopes::topic_subscribe_only("chat", "x")));
}

// threat-model.md, row 2: "super_user, empty-selector, unknown-field and duplicate-oneof requests refused".
TEST_CASE("a body that is not exactly what is understood is 400, with the place and no echo") {
  struct Row {
    const char* body;
    const char* answer;
  };
  for (
      const Row& row : {
          Row{"x", "400 invalid_request"},
          Row{"{", "400 invalid_request"},
          Row{"[]", "400 invalid_request"},
          Row{"null", "400 invalid_request"},
          Row{"\"{}\"", "400 invalid_request"},
          Row{"7", "400 invalid_request"},
          Row{"{}{}", "400 invalid_request"},
          Row{"\xEF\xBB\xBF{}", "400 invalid_request"},
          Row{"{\"cacheName\":\"\xFF\"}", "400 invalid_request"},
          Row{R"({"unknown":1})", "400 invalid_request"},
          Row{R"({"cacheName":"chat","topicName":"a","valid_for":"1h"})", "400 invalid_request"},
          Row{R"({"cacheName":"chat","topicName":"a","topicName":"b"})", "400 invalid_request"},
          Row{R"({"cacheName":"chat","topicName":"a","topic_name":"a"})", "400 invalid_request topicName"},
          Row{R"({"cacheName":"chat"})", "400 invalid_request topicName"},
          Row{R"({"topicName":"a"})", "400 invalid_request cacheName"},
          Row{R"({"cacheName":"chat","topicName":""})", "400 invalid_request topicName"},
          Row{R"({"cache_name":"","topicName":"a"})", "400 invalid_request cache_name"},
          Row{R"({"cacheName":"chat","topicName":7})", "400 invalid_request topicName"},
          Row{R"({"cacheName":null,"topicName":"a"})", "400 invalid_request cacheName"},
          Row{R"({"cacheName":["chat"],"topicName":"a"})", "400 invalid_request cacheName"},
          Row{R"({"cacheName":"chat","topicName":"a","scope":{"permissions":[]}})", "400 invalid_request scope"},
          Row{R"({"scope":"*"})", "400 invalid_request scope"},
          Row{R"({"scope":{}})", "400 invalid_request scope.permissions"},
          Row{R"({"scope":{"permissions":[]}})", "400 invalid_request scope.permissions"},
          Row{R"({"scope":{"super_user":"SuperUser"}})", "400 invalid_request scope.super_user"},
          Row{R"({"scope":{"permissions":[{"role":"publishonly","cache":"","topic":"a"}]}})",
              "400 invalid_request scope.permissions[0].cache"},
          Row{R"({"scope":{"permissions":[{"role":"publishonly","cache":"chat","topic":""}]}})",
              "400 invalid_request scope.permissions[0].topic"},
          Row{R"({"scope":{"permissions":[{"role":"publishonly","cache":"chat"}]}})",
              "400 invalid_request scope.permissions[0].topic"},
          // In a policy a missing item means all items, in a request nothing does (threat model, row 2).
          Row{R"({"scope":{"permissions":[{"role":"readonly","cache":"media"}]}})",
              "400 invalid_request scope.permissions[0].item"},
          Row{R"({"scope":{"permissions":[{"role":"readonly","cache":"media","item":""}]}})",
              "400 invalid_request scope.permissions[0].item"},
          Row{R"({"scope":{"permissions":[{"role":"readonly","cache":"media","item":{"keyPrefix":""}}]}})",
              "400 invalid_request scope.permissions[0].item"},
          Row{R"({"scope":{"permissions":[{"role":"admin","cache":"chat","topic":"a"}]}})",
              "400 invalid_request scope.permissions[0].role"},
          Row{R"({"scope":{"permissions":[{"role":"publishonly","cache":"chat","topic":{"name":"a","namePrefix":"b"}}]}})",
              "400 invalid_request scope.permissions[0].topic"},
          Row{R"({"scope":{"explicit":{"permissions":[{"topic_permissions":{"role":"TopicReadOnly","all_caches":null,
               "cache_selector":{"cacheName":"chat"},"all_topics":null}}]}}})",
              "400 invalid_request scope.explicit.permissions[0].topic_permissions.cache_selector"},
          Row{R"({"scope":{"explicit":{"permissions":[{"cache_permissions":{"role":"CacheReadOnly",
               "cache_selector":{"cacheName":"media"}}}]}}})",
              "400 invalid_request scope.permissions[0].item"},
      }) {
    CAPTURE(row.body);
    CHECK(asked(row.body) == row.answer);
  }
}

TEST_CASE("a scope of the caller's that makes the token too long is the caller's mistake") {
  const std::string name(13'000, 'a');
  CHECK(asked(R"({"cacheName":"chat","topicName":")" + name + "\"}") == "400 invalid_request scope");
  CHECK(asked(R"({"scope":{"permissions":[{"role":"publishonly","cache":"chat","topic":")" + name + "\"}]}}") ==
        "400 invalid_request scope");
}

TEST_CASE("a body is judged only after its caller: a stranger learns nothing from it") {
  for (const char* body : {"x", R"({"cacheName":"news","topicName":"a"})", "{}"}) {
    CHECK(answer_of(machine().handle({.method = "POST", .body = body})) == "401 invalid_token");
  }
}

// Issue: "bodies of 64 KiB + 1 (413)".
TEST_CASE("a body may have 64 KiB and not a byte more, as it is and in base64") {
  const auto answered = [](std::string body, bool base64) {
    if (base64) body = mt::base64_encode(mt::as_bytes(body));
    vending::Request request = post(body);
    request.body_is_base64 = base64;
    return answer_of(machine().handle(request));
  };
  const std::size_t most = 64 * 1024;
  for (const bool base64 : {false, true}) {
    CAPTURE(base64);
    CHECK(answered("{}" + std::string(most - 2, ' '), base64) == "200");
    CHECK(answered("{}" + std::string(most - 1, ' '), base64) == "413 body_too_large");
    CHECK(answered("{}" + std::string(most, ' '), base64) == "413 body_too_large");
    CHECK(answered(std::string(4 * most, '['), base64) == "413 body_too_large");
  }
}

TEST_CASE("a body that is too long is refused before its caller is looked at") {
  const std::string body(64 * 1024 + 1, ' ');
  CHECK(answer_of(machine().handle({.method = "POST", .body = body})) == "413 body_too_large");
}

TEST_CASE("base64 is read canonically or not at all") {
  const auto answered = [](std::string_view body) {
    vending::Request request = post(body);
    request.body_is_base64 = true;
    return answer_of(machine().handle(request));
  };
  CHECK(answered("e30=") == "200");  // {}
  CHECK(answered("") == "200");
  for (const char* bad : {"e30", "e31=", "e30=\n", "e3 0=", "e30==", "{}", "e_0="}) {
    CAPTURE(bad);
    CHECK(answered(bad) == "400 invalid_request");
  }
}

// Issue: "no echo of input".
TEST_CASE("no error repeats a word of the request") {
  const std::string canary = "canary-5f2d";
  std::vector<vending::Header> headers = {{"x-" + canary.substr(7), canary}, {"content-type", "text/" + canary}};
  std::vector<std::string> bodies = {canary,
                                     "{\"" + canary + "\":1}",
                                     R"({"cacheName":")" + canary + R"(","topicName":")" + canary + "\"}",
                                     R"({"cacheName":"chat","topicName":[")" + canary + "\"]}",
                                     R"({"scope":{"permissions":[{"role":")" + canary + "\"}]}}",
                                     R"({"scope":{")" + canary + R"(":[]}})",
                                     R"({"scope":{"permissions":[{"role":"readonly","cache":")" + canary + "\"}]}}"};
  const std::string origin = "https://" + canary;
  int errors = 0;
  const auto look = [&](const vending::Request& request) {
    const auto response = machine().handle(request);
    errors += response.status >= 400 ? 1 : 0;
    CHECK(response.body.find(canary) == std::string::npos);
    for (const auto& header : response.headers) CHECK(header.value.find(canary) == std::string::npos);
  };
  const std::string target = "/" + canary + "?name=" + canary;
  for (const std::string& body : bodies) {
    look({.method = "POST", .target = target, .headers = {{"authorization", bootstrap_secret}}, .body = body});
    look({.method = "POST", .target = target, .headers = {{"authorization", canary}}, .body = body});
    look({.method = canary, .target = target, .body = body});
    look({.method = "POST", .headers = {{"origin", origin}}, .body = body});
    look({.method = "OPTIONS", .headers = {{"origin", origin}, {"access-control-request-method", canary}}});
    look({.method = "POST", .body = body, .id = std::string_view("\"" + canary).substr(0, 0)});
  }
  CHECK(errors == 6 * 7);
}
