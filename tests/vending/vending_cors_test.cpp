#include "momento_token/vending/vending_machine.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "machine.hpp"

using namespace test;

namespace {

constexpr std::string_view ours = "https://chat.example", foreign = "https://evil.example";

vending::VendingMachine machine_with(vending::CorsOptions cors) {
  auto options = machine_options();
  options.cors = vending::CorsPolicy::create(std::move(cors)).value();
  return machine_of(std::move(options));
}
vending::VendingMachine our_machine(bool credentials = false) {
  return machine_with({.origins = {std::string(ours)}, .credentials = credentials, .more_headers = {"X-Trace"}});
}

vending::Request preflight(std::string_view origin, std::string_view method, std::string_view headers = {}) {
  vending::Request request{.method = "OPTIONS", .target = "/vend"};
  if (!origin.empty()) request.headers.push_back({"Origin", origin});
  if (!method.empty()) request.headers.push_back({"Access-Control-Request-Method", method});
  if (!headers.empty()) request.headers.push_back({"Access-Control-Request-Headers", headers});
  return request;
}

bool says_allow(const vending::Response& response) {
  for (const auto& header : response.headers) {
    if (header.name.starts_with("access-control-allow-")) return true;
  }
  return false;
}

}  // namespace

// Issue: "A matrix of at least 30 origin × method × content-type × preflight cases has no unexpected allow."
TEST_CASE("over origins, methods and content types, exactly our pages' JSON is let through") {
  const auto machine = our_machine();
  int cases = 0, allowed = 0;
  for (const std::string_view origin :
       {ours, foreign, std::string_view("null"), std::string_view("https://chat.example.evil"),
        std::string_view("https://evilchat.example"), std::string_view("http://chat.example"),
        std::string_view("https://chat.example:8443"), std::string_view("https://CHAT.example"), std::string_view("*"),
        std::string_view("")}) {
    for (const std::string_view method : {"POST", "GET", "PUT", "HEAD", "DELETE"}) {
      for (const std::string_view type :
           {"application/json", "Application/JSON; charset=utf-8", "text/plain", "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x", "application/json-seq", "text/plain;application/json", ""}) {
        CAPTURE(origin);
        CAPTURE(method);
        CAPTURE(type);
        std::vector<vending::Header> headers = {{"origin", origin}};
        if (!type.empty()) headers.push_back({"content-type", type});
        vending::Request request = post("{}", std::move(headers));
        request.method = method;
        const auto response = machine.handle(request);
        const bool is_json = type.starts_with("application/json") || type.starts_with("Application/JSON");
        const bool wanted =
            origin == ours && (method == "POST" || method == "GET") && is_json && type != "application/json-seq";
        ++cases;
        allowed += response.status == 200 ? 1 : 0;
        CHECK((response.status == 200) == wanted);
        CHECK(says_allow(response) == (origin == ours));  // on errors too
        CHECK(response.header("vary") == "Origin");
      }
    }
  }
  CHECK(cases == 400);
  CHECK(allowed == 4);
}

TEST_CASE("over preflights, exactly our pages' methods and headers are let through") {
  const auto machine = our_machine();
  struct Row {
    std::string_view origin, method, headers;
    bool allowed;
  };
  for (const Row& row : {Row{ours, "POST", "", true},
                         Row{ours, "GET", "", true},
                         Row{ours, "POST", "content-type", true},
                         Row{ours, "POST", "Content-Type, Authorization,traceparent", true},
                         Row{ours, "POST", "x-trace", true},
                         Row{ours, "POST", " , authorization ,", true},
                         Row{ours, "PUT", "", false},
                         Row{ours, "post", "", false},
                         Row{ours, "DELETE", "", false},
                         Row{ours, "*", "", false},
                         Row{ours, "POST", "x-other", false},
                         Row{ours, "POST", "authorization, x-other", false},
                         Row{ours, "POST", "*", false},
                         Row{ours, "POST", "username", false},
                         Row{foreign, "POST", "", false},
                         Row{foreign, "GET", "content-type", false},
                         Row{"null", "POST", "", false},
                         Row{"*", "POST", "", false},
                         Row{"https://chat.example/", "POST", "", false},
                         Row{"https://chat.example.evil", "POST", "", false}}) {
    CAPTURE(row.origin);
    CAPTURE(row.method);
    CAPTURE(row.headers);
    const auto response = machine.handle(preflight(row.origin, row.method, row.headers));
    CHECK((response.status == 204) == row.allowed);
    CHECK((row.allowed || response.status == 403));
    CHECK(response.header("access-control-allow-methods").empty() != row.allowed);
    CHECK(response.header("access-control-allow-headers").empty() != row.allowed);
    CHECK(response.body.empty() == row.allowed);
  }
}

TEST_CASE("an allowed preflight says what is allowed, for how long, and to whom") {
  const auto response = our_machine().handle(preflight(ours, "POST"));
  CHECK(response.header("access-control-allow-origin") == ours);
  CHECK(response.header("access-control-allow-methods") == "GET, POST");
  CHECK(response.header("access-control-allow-headers") == "content-type, traceparent, authorization, X-Trace");
  CHECK(response.header("access-control-max-age") == "600");
  CHECK(response.header("access-control-allow-credentials").empty());
  CHECK(response.header("cache-control") == "no-store");
}

TEST_CASE("a preflight needs no credential and makes no token") {
  auto options = machine_options();
  int minted = 0;
  options.hooks.done = [&](const vending::RequestReport& report) { minted += report.jti.empty() ? 0 : 1; };
  options.cors = vending::CorsPolicy::create({.origins = {std::string(ours)}}).value();
  CHECK(machine_of(options).handle(preflight(ours, "POST")).status == 204);
  CHECK(minted == 0);
}

TEST_CASE("a machine with passwords lets pages set their headers") {
  auto options = machine_options();
  options.auth =
      vending::callback_auth([](const vending::Request&) { return vending::NotLetIn{}; }, {"username", "password"})
          .value();
  options.cors = vending::CorsPolicy::create({.origins = {std::string(ours)}}).value();
  const auto machine = machine_of(std::move(options));
  CHECK(machine.handle(preflight(ours, "POST", "username,password")).status == 204);
  CHECK(machine.handle(preflight(ours, "POST", "authorization")).status == 403);
}

TEST_CASE("errors carry the headers that let a page read them") {
  const auto response =
      our_machine().handle({.method = "POST", .headers = {{"origin", ours}, {"content-type", "application/json"}}});
  CHECK(answer_of(response) == "401 invalid_token");
  CHECK(response.header("access-control-allow-origin") == ours);
  CHECK(response.header("vary") == "Origin");
}

TEST_CASE("credentials are allowed only where that was asked for, and never beside *") {
  const auto with = our_machine(true).handle(post("", {{"origin", ours}}));
  CHECK(with.header("access-control-allow-origin") == ours);
  CHECK(with.header("access-control-allow-credentials") == "true");
  const auto any = machine_with({.origins = {"*"}}).handle(post("", {{"origin", foreign}}));
  CHECK(any.header("access-control-allow-origin") == "*");
  CHECK(any.header("access-control-allow-credentials").empty());
}

TEST_CASE("without CORS an origin is foreign, and OPTIONS is a method like others") {
  const auto machine = machine_of(machine_options());
  const auto response = machine.handle(post("", {{"origin", ours}}));
  CHECK(answer_of(response) == "403 origin_not_allowed");
  CHECK_FALSE(says_allow(response));
  CHECK(machine.handle(preflight(ours, "POST")).status == 405);
}

TEST_CASE("OPTIONS that is no preflight is told the methods") {
  for (const auto& request : {preflight("", "POST"), preflight(ours, "")}) {
    const auto response = our_machine().handle(request);
    CHECK(answer_of(response) == "405 method_not_allowed");
    CHECK(response.header("allow") == "GET, POST, OPTIONS");
  }
}

TEST_CASE("two origins in one request are refused") {
  const auto response = our_machine().handle(post("", {{"Origin", ours}, {"origin", foreign}}));
  CHECK(answer_of(response) == "400 invalid_request");
  CHECK_FALSE(says_allow(response));
}

// Issue: "with an `Origin`, or when open, a body needs `application/json`".
TEST_CASE("without an origin any content type is read as JSON, but not where it is open to anyone") {
  auto options = machine_options();
  const auto closed = machine_of(options);
  options.auth = vending::open_to_anyone();
  const auto open = machine_of(options);
  for (const char* type : {"", "text/plain", "application/x-www-form-urlencoded", "application/json"}) {
    CAPTURE(type);
    const bool json = std::string_view(type) == "application/json";
    CHECK(answer_of(closed.handle(post("{}", {{"content-type", type}}))) == "200");
    CHECK(answer_of(open.handle(post("{}", {{"content-type", type}}))) ==
          (json ? "200" : "415 unsupported_media_type"));
    CHECK(answer_of(open.handle(post("", {{"content-type", type}}))) == "200");
  }
}
