#include "momento_token/vending/vending_machine.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "machine.hpp"
#include "momento_token/authorizer.hpp"
#include "momento_token/testing/make_token.hpp"

using namespace test;

namespace {

std::string made(vending::VendingOptions options) {
  return test::outcome(vending::VendingMachine::create(std::move(options)));
}

/// A clock that moves on whenever it is asked.
class RunningClock final : public mt::Clock {
 public:
  [[nodiscard]] std::chrono::sys_seconds now() const override { return new_year_2030 + std::chrono::seconds(asked_++); }

 private:
  mutable std::atomic<int> asked_{0};
};

}  // namespace

// cli.md's shape `functions`, and the documents' curl: no content type but curl's own, `-d '{}'`.
TEST_CASE("the documents' request gets the documents' answer") {
  const auto response =
      machine_of(machine_options()).handle(post("{}", {{"content-type", "application/x-www-form-urlencoded"}}));
  REQUIRE(response.status == 200);
  CHECK(response.header("content-type") == "application/json");
  CHECK(response.header("cache-control") == "no-store");
  const auto token = vended(response);
  REQUIRE(token);
  CHECK(text_member(response.body, "endpoint") == "cell.example.com");
  const std::string valid_until = std::to_string((new_year_2030 + 15min).time_since_epoch().count());
  CHECK(response.body == R"({"api_key":")" + text_member(response.body, "api_key") +
                             R"(","endpoint":"cell.example.com","valid_until":)" + valid_until + "}");
  CHECK(allows(*token, mt::topic_publish("chat", "room-7"), *clock_at()));
  CHECK_FALSE(allows(*token, mt::topic_subscribe("chat", "room-7"), *clock_at()));
}

TEST_CASE("GET asks like POST, and other methods are told so") {
  const auto machine = machine_of(machine_options());
  vending::Request request = post();
  request.method = "GET";
  CHECK(answer_of(machine.handle(request)) == "200");
  for (const char* method : {"PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "get", "", "TRACE"}) {
    CAPTURE(method);
    request.method = method;
    const auto response = machine.handle(request);
    CHECK(answer_of(response) == "405 method_not_allowed");
    CHECK(response.header("allow") == "GET, POST");
  }
}

// RFC 9112 §6.3, RFC 9110 §5.5. cpp-httplib 0.11 hands such requests on.
TEST_CASE("lengths that contradict each other, and control characters in headers, are refused") {
  const auto machine = machine_of(machine_options());
  using Headers = std::vector<vending::Header>;
  const auto answered = [&](Headers headers) { return answer_of(machine.handle(post("{}", std::move(headers)))); };
  CHECK(answered({{"Content-Length", "2"}}) == "200");
  CHECK(answered({{"Transfer-Encoding", "chunked"}}) == "200");
  CHECK(answered({{"Content-Length", "2"}, {"content-length", "3"}}) == "400 invalid_request");
  CHECK(answered({{"Content-Length", "2"}, {"content-length", "2"}}) == "400 invalid_request");
  CHECK(answered({{"Content-Length", "2"}, {"Transfer-Encoding", "chunked"}}) == "400 invalid_request");
  CHECK(answered({{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "identity"}}) == "400 invalid_request");
  for (int c = 0; c < 256; ++c) {
    CAPTURE(c);
    const std::string value = "a" + std::string(1, static_cast<char>(c)) + "b";
    const bool control = (c < 0x20 && c != '\t') || c == 0x7F;
    CHECK(answered({{"x-any", value}}) == (control ? "400 invalid_request" : "200"));
  }
}

// cli.md: the response shapes.
TEST_CASE("each shape is written as its clients read it") {
  const auto machine = machine_of(machine_options());
  const auto body = [&](mt::ResponseShape shape) { return machine.handle(post(), shape).body; };
  CHECK(body(mt::ResponseShape::functions).starts_with(R"({"api_key":")"));
  const std::string wrapper = text_member(body(mt::ResponseShape::node), "authToken");
  CHECK(mt::unwrap(wrapper).value().endpoint == "cell.example.com");
  CHECK(body(mt::ResponseShape::node).find(R"(","expiresAt":)") != std::string::npos);
  CHECK(body(mt::ResponseShape::rust).starts_with(R"({"auth_token":")"));
  CHECK(mt::unwrap(body(mt::ResponseShape::envelope)));
  CHECK(mt::decode_unverified(body(mt::ResponseShape::jwt)));
  CHECK(field_of(machine.handle(post(), mt::ResponseShape::jwt), "content-type") == "text/plain; charset=utf-8");
}

TEST_CASE("every answer, good or bad, forbids keeping it, and says no word of Basic") {
  const auto machine = machine_of(machine_options());
  for (const vending::Request& request :
       {post(), vending::Request{.method = "POST"}, vending::Request{.method = "PUT"}, post("!")}) {
    const auto response = machine.handle(request);
    CHECK(response.header("cache-control") == "no-store");
    CHECK(response.header("x-content-type-options") == "nosniff");
    CHECK(response.header("www-authenticate").find("Basic") == std::string_view::npos);
  }
  CHECK(field_of(machine.handle({.method = "POST"}), "www-authenticate") == "Bearer");
}

TEST_CASE("an error has a code, a request id, and the id is the server's own where it gave a sane one") {
  const auto machine = machine_of(machine_options());
  const auto response = machine.handle({.method = "POST", .id = "req-7.a_b"});
  CHECK(response.body ==
        R"({"code":"invalid_token","message":"the credential is missing or not accepted","request_id":"req-7.a_b"})");
  for (const std::string& id : {std::string(), std::string("a b"), std::string("\""), std::string(65, 'a')}) {
    const auto made_up = text_member(machine.handle({.method = "POST", .id = id}).body, "request_id");
    CHECK(made_up.size() == 32);
    CHECK(made_up.find_first_not_of("0123456789abcdef") == std::string::npos);
  }
}

// Issue: "a vended lifetime never exceeds the caller token's remaining time unless the policy says so".
TEST_CASE("a token ends no later than the credential of its caller, unless the policy says so") {
  const auto clock = clock_at();
  auto options = machine_options(clock);
  const auto ends_after = [&](std::chrono::seconds left, bool may_outlive) {
    options.auth = everybody_is({.name = "ann", .expires_at = clock->now() + left});
    options.policy =
        vending::policy_from_rules(
            {.scope = mt::scopes::cache_read_only("media"), .valid_for = 15min, .may_outlive_caller = may_outlive})
            .value();
    const auto response = machine_of(options).handle({.method = "POST"});
    const auto token = vended(response);
    return token ? token->expires_at() - clock->now() : std::chrono::seconds(-response.status);
  };
  CHECK(ends_after(1h, false) == 15min);
  CHECK(ends_after(15min, false) == 15min);
  CHECK(ends_after(15min - 1s, false) == 15min - 1s);
  CHECK(ends_after(1s, false) == 1s);
  CHECK(ends_after(0s, false) == -401s);  // within the leeway of its verifier
  CHECK(ends_after(-1s, false) == -401s);
  CHECK(ends_after(1s, true) == 15min);
}

TEST_CASE("a credential that ended long ago, or at no date that a clock can show, gets nothing") {
  for (const auto end : {std::chrono::sys_seconds::min(), std::chrono::sys_seconds()}) {
    auto options = machine_options();
    options.auth = everybody_is({.name = "ann", .expires_at = end});
    CHECK(answer_of(machine_of(options).handle({.method = "POST"})) == "401 invalid_token");
    options.auth = everybody_is({.name = "ann", .expires_at = std::chrono::sys_seconds::max()});
    CHECK(answer_of(machine_of(options).handle({.method = "POST"})) == "200");
  }
}

// The name is the caller's: a long one is no failure of the machine, and must not fill its error log.
TEST_CASE("a name too long for a token_id is 403, and where it is open 400") {
  auto options = machine_options();
  options.issuer.limits = mt::Limits::momento_sdk();  // 64 letters
  options.policy = vending::policy_from_rules(
                       {.scope = mt::scopes::cache_read_only("media"), .valid_for = 1min, .token_id = "${user}"})
                       .value();
  int errors = 0;
  options.hooks.log = [&errors](const vending::LogLine& line) { errors += line.level == vending::LogLevel::error; };
  const auto answered = [&](std::size_t letters) {
    options.auth = everybody_is({.name = std::string(letters, 'a')});
    return answer_of(machine_of(options).handle({.method = "POST"}));
  };
  CHECK(answered(64) == "200");
  CHECK(answered(65) == "403 permission_denied");
  options.auth = vending::open_to_anyone();
  options.policy = policy_of(mt::scopes::cache_read_only("media"));
  const auto machine = machine_of(options);
  const auto open = [&](std::size_t letters) {
    return answer_of(machine.handle({.method = "GET", .target = "/prod?name=" + std::string(letters, 'a')}));
  };
  CHECK(open(64 - 22) == "200");  // {"unverified_name":""}
  CHECK(open(64 - 21) == "400 invalid_request");
  CHECK(errors == 0);
}

TEST_CASE("nor does it when the clock moves on while the token is made") {
  auto options = machine_options(std::make_shared<RunningClock>());
  const auto end = new_year_2030 + 60s;
  options.auth = everybody_is({.name = "ann", .expires_at = end});
  const auto response = machine_of(options).handle({.method = "POST"});
  REQUIRE(response.status == 200);
  const auto token = mt::decode_unverified(text_member(response.body, "api_key")).value();
  CHECK(token.claims().expires_at <= end);
}

TEST_CASE("an own token's end reaches what it vends") {
  const auto clock = clock_at();
  auto options = machine_options(clock);
  options.auth =
      vending::token_auth({.keys = {mt::testing::published_key().verification_key()}, .clock = clock}).value();
  const std::string caller = mt::testing::make_token({.valid_for = 5min, .audience = {"vend"}, .clock = clock});
  const auto machine = machine_of(options);
  clock->advance(3min);
  const auto token = vended(machine.handle({.method = "POST", .headers = {{"authorization", caller}}}), clock);
  REQUIRE(token);
  CHECK(token->expires_at() == new_year_2030 + 5min);
}

TEST_CASE("the token_id is the policy's, from the verified identity") {
  auto options = machine_options();
  options.auth = everybody_is({.name = "ann"});
  options.policy = vending::policy_from_rules(
                       {.scope = mt::scopes::cache_read_only("media"), .valid_for = 1min, .token_id = "${user}"})
                       .value();
  const auto machine = machine_of(options);
  CHECK(tid_of(machine.handle({.method = "POST"})) == "ann");
  // Issue: "`?name=` only where open".
  CHECK(tid_of(machine.handle({.method = "POST", .target = "/vend?name=mallory"})) == "ann");
}

// Issue: "and then `tid` is `{"unverified_name":…}`, never bare text".
TEST_CASE("where it is open a name of the query is marked as what it is worth") {
  auto options = machine_options();
  options.auth = vending::open_to_anyone();
  const auto machine = machine_of(options);
  const auto tid = [&](const std::string& target) {
    const auto response = machine.handle({.method = "GET", .target = target});
    if (response.status != 200) return answer_of(response) + " " + text_member(response.body, "field");
    return tid_of(response);
  };
  CHECK(tid("/prod?name=Taylor") == R"({"unverified_name":"Taylor"})");
  CHECK(tid("/prod?a=b&name=T%20a+y%22") == R"({"unverified_name":"T a y\""})");
  CHECK(tid("/prod?name=%7B%22user%22:%22ann%22%7D") == R"({"unverified_name":"{\"user\":\"ann\"}"})");
  CHECK(tid("/prod?name=%C3%A9") == "{\"unverified_name\":\"\xC3\xA9\"}");
  CHECK(tid("/prod") == "none");
  CHECK(tid("/prod?") == "none");
  CHECK(tid("/prod?names=x&Name=y") == "none");
  CHECK(tid("/prod?name=" + std::string(256, 'a')).size() == 256 + 22);
  for (const std::string& bad :
       {std::string("name="), std::string("name"), std::string("name=a&name=b"), std::string("name=%0A"),
        std::string("name=%"), std::string("name=%4"), std::string("name=%zz"), std::string("name=%FF"),
        "name=" + std::string(257, 'a'), std::string("n%61me=a&name=b")}) {
    CAPTURE(bad);
    CHECK(tid("/prod?" + bad) == "400 invalid_request name");
  }
}

// A dot takes three letters in a template: 20 names of 768 letters are more than a token may have.
TEST_CASE("a name that makes the policy's scope too long for a token is denied, and is no failure here") {
  auto options = machine_options();
  mt::Permissions scope;
  for (int i = 0; i < 20; ++i) {
    scope = std::move(scope).with_topic(
        mt::TopicPermissions::publish_only().with_cache("chat").with_topic("${user}/" + std::to_string(i)));
  }
  options.policy = policy_of(scope);
  const auto answered = [&](std::size_t dots) {
    options.auth = everybody_is({.name = std::string(dots, '.')});
    return answer_of(machine_of(options).handle({.method = "POST"}));
  };
  std::string logged;
  options.hooks.log = [&logged](const vending::LogLine& line) { logged = line.event.view(); };
  CHECK(answered(10) == "200");
  CHECK(logged.empty());
  CHECK(answered(256) == "403 permission_denied");
  CHECK(logged == "scope_too_long");  // it may be the operator's mistake, too
}

TEST_CASE("a policy that denies is 403, one that fails is 500, and neither says why") {
  auto options = machine_options();
  const auto answered = [&](mt::Errc code) {
    options.policy =
        vending::policy_from_function([code](const vending::Identity&) -> mt::Result<vending::VendingGrant> {
          return mt::Error{code, "the-field", "the message"};
        }).value();
    const auto response = machine_of(options).handle(post());
    CHECK(response.body.find("the-field") == std::string::npos);
    CHECK(response.body.find("the message") == std::string::npos);
    return answer_of(response);
  };
  CHECK(answered(mt::Errc::permission_denied) == "403 permission_denied");
  CHECK(answered(mt::Errc::internal_error) == "500 internal_error");
  CHECK(answered(mt::Errc::invalid_argument) == "500 internal_error");
}

TEST_CASE("a policy in code that opens the vending function gets nothing out of the machine") {
  auto options = machine_options();
  options.function = {.cache = "fo", .function = "vend"};
  const auto answered = [&](const mt::Permissions& scope) {
    options.policy =
        vending::policy_from_function([scope](const vending::Identity&) -> mt::Result<vending::VendingGrant> {
          return vending::VendingGrant{.permissions = scope, .valid_for = 1min};
        }).value();
    return answer_of(machine_of(options).handle(post()));
  };
  CHECK(answered(mt::scopes::function_invoke("fo", "vend")) == "500 internal_error");
  CHECK(answered(mt::scopes::function_invoke("fo", mt::AllFunctions{})) == "500 internal_error");
  CHECK(answered(mt::scopes::function_prefix_invoke(mt::AllCaches{}, "v")) == "500 internal_error");
  CHECK(answered(mt::scopes::function_invoke("fo", "${user}")) == "200");  // no template here: a name like others
  CHECK(answered(mt::scopes::function_invoke("fo", "od")) == "200");
}

TEST_CASE("a policy in code that grants what cannot be issued is 500, and no token") {
  auto options = machine_options();
  mt::Permissions too_many;
  for (int i = 0; i < 21; ++i)
    too_many = std::move(too_many).with_cache(mt::CachePermissions::read_only().with_all_caches().with_all_items());
  for (const mt::Permissions& scope : {mt::Permissions(), mt::Permissions().with_cache(mt::CachePermissions()),
                                       mt::scopes::function_permit_none("a", "b"), too_many}) {
    options.policy =
        vending::policy_from_function([scope](const vending::Identity&) -> mt::Result<vending::VendingGrant> {
          return vending::VendingGrant{.permissions = scope, .valid_for = 1min};
        }).value();
    CHECK(answer_of(machine_of(options).handle(post())) == "500 internal_error");
  }
}

// covers() takes a part that is left out for all, so such a grant would be a limit of everything.
TEST_CASE("a policy in code that leaves something out is 500 whatever is asked for") {
  auto options = machine_options();
  const auto no_item =
      mt::Permissions().with(mt::CachePermissions().with_role(mt::CacheRole::read_only).with_cache("media"));
  for (const bool as_ceiling : {false, true}) {
    options.policy = vending::policy_from_function([=](const vending::Identity&) -> mt::Result<vending::VendingGrant> {
                       if (!as_ceiling) return vending::VendingGrant{.permissions = no_item, .valid_for = 1min};
                       return vending::VendingGrant{
                           .permissions = mt::scopes::cache_read_only("media"), .valid_for = 1min, .ceiling = no_item};
                     }).value();
    const auto machine = machine_of(options);
    for (const char* body : {"", R"({"scope":{"permissions":[{"role":"readonly","cache":"media","item":"*"}]}})",
                             R"({"cacheName":"media","topicName":"t"})"}) {
      CHECK(answer_of(machine.handle(post(body))) == "500 internal_error");
    }
  }
}

TEST_CASE("a topic gets the widest role that both ceilings let it have") {
  auto options = machine_options();
  options.policy = policy_of(mt::scopes::topic_publish_subscribe("chat", mt::AllTopics{}));
  options.ceiling = vending::ScopeCeiling::create(mt::scopes::topic_subscribe_only("chat", mt::AllTopics{})).value();
  const auto response = machine_of(options).handle(post(R"({"cacheName":"chat","topicName":"a"})"));
  REQUIRE(response.status == 200);
  CHECK(vended_scope(response) == mt::scopes::topic_subscribe_only("chat", "a"));
  options.policy = policy_of(mt::scopes::topic_publish_only("chat", mt::AllTopics{}));
  CHECK(answer_of(machine_of(options).handle(post(R"({"cacheName":"chat","topicName":"a"})"))) ==
        "403 permission_denied");
}

TEST_CASE("the machine's ceiling holds whatever the policy says, and so does the policy's own") {
  auto options = machine_options();
  options.ceiling = vending::ScopeCeiling::create(mt::scopes::topic_publish_only("chat", "room-8")).value();
  CHECK(answer_of(machine_of(options).handle(post())) == "403 permission_denied");
  options.ceiling = vending::ScopeCeiling::create(mt::scopes::topic_publish_subscribe("chat", mt::AllTopics{})).value();
  CHECK(answer_of(machine_of(options).handle(post())) == "200");
  options.policy = vending::policy_from_function([](const vending::Identity&) -> mt::Result<vending::VendingGrant> {
                     return vending::VendingGrant{.permissions = mt::scopes::topic_publish_only("chat", "a"),
                                                  .valid_for = 1min,
                                                  .ceiling = mt::scopes::topic_publish_only("chat", "b")};
                   }).value();
  CHECK(answer_of(machine_of(options).handle(post())) == "403 permission_denied");
}

TEST_CASE("options that would not do what they say are refused, with the field") {
  CHECK(made(machine_options()) == "ok");
  const auto changed = [](auto change) {
    auto options = machine_options();
    change(options);
    return made(std::move(options));
  };
  CHECK(changed([](auto& o) { o.auth = nullptr; }) == "invalid_argument auth");
  CHECK(changed([](auto& o) { o.policy = nullptr; }) == "invalid_argument policy");
  CHECK(changed([](auto& o) { o.function.function.clear(); }) == "invalid_argument function");
  CHECK(changed([](auto& o) { o.max_body_bytes = 0; }) == "invalid_argument max_body_bytes");
  CHECK(changed([](auto& o) { o.max_body_bytes = (1 << 20) + 1; }) == "invalid_argument max_body_bytes");
  CHECK(changed([](auto& o) { o.issuer.signer = nullptr; }) == "invalid_argument signer");
  CHECK(changed([](auto& o) { o.issuer.clock = nullptr; }) == "invalid_argument clock");
  CHECK(changed([](auto& o) { o.shape = mt::ResponseShape::node, o.issuer.endpoint = "https://x"; }) ==
        "invalid_argument issuer.endpoint");
  CHECK(changed([](auto& o) { o.issuer.endpoint.clear(); }) == "ok");  // the shape functions writes ""
  CHECK(changed([](auto& o) {
          o.ceiling = vending::ScopeCeiling::create(mt::scopes::function_invoke("a", "mint")).value();
          o.function = {.function = "mint"};
        }) == "invalid_argument ceiling");
}

TEST_CASE("a signer that fails is 500, and the next request is served") {
  auto options = machine_options();
  options.issuer.signer = std::make_shared<mt::testing::FailingSigner>();
  const auto machine = machine_of(options);
  CHECK(answer_of(machine.handle(post())) == "500 internal_error");
  CHECK(answer_of(machine.handle(post())) == "500 internal_error");
}

TEST_CASE("a key ring that rotates signs what is vended from then on") {
  const auto clock = clock_at();
  auto options = machine_options(clock);
  const auto ring = mt::KeyRing::create({.signing_key = machine_key(), .clock = clock}).value();
  options.issuer.signer = nullptr;
  options.issuer.key_ring = ring;
  const auto machine = machine_of(options);
  const auto kid = [&] { return kid_of(machine.handle(post())); };
  CHECK(kid() == "machine");
  REQUIRE(ring->publish(mt::KeyPair::generate("HS256", "next").value()));
  REQUIRE(ring->sign_with("next"));
  CHECK(kid() == "next");
}
