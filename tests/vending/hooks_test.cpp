#include "momento_token/vending/hooks.hpp"

#include <doctest/doctest.h>

#include <string>
#include <type_traits>
#include <vector>

#include "machine.hpp"

using namespace test;

// What cannot be put in cannot come out: a text of a hook is a literal or a view of an id.
TEST_CASE("a hook's texts are literals, so nothing of a request can be put into them") {
  using Event = decltype(vending::LogLine::event);
  CHECK(std::is_same_v<Event, mt::StaticText>);
  CHECK(std::is_same_v<decltype(vending::LogLine::detail), mt::StaticText>);
  CHECK(std::is_same_v<decltype(vending::RequestReport::detail), mt::StaticText>);
  CHECK(std::is_same_v<decltype(vending::Span::name), mt::StaticText>);
  CHECK_FALSE(std::is_constructible_v<mt::StaticText, std::string>);
}

TEST_CASE("each request is reported once, with its status, its outcome and the id of its answer") {
  std::vector<std::string> seen;
  std::string id;
  auto options = machine_options();
  options.hooks.done = [&](const vending::RequestReport& report) {
    seen.push_back(std::to_string(report.status) + " " + std::string(report.outcome));
    id = report.request_id;
  };
  const auto machine = machine_of(std::move(options));
  CHECK(field_of(machine.handle(post()), "x-request-id") == id);
  CHECK(text_member(machine.handle({.method = "POST"}).body, "request_id") == id);
  static_cast<void>(machine.handle({.method = "PUT"}));
  CHECK(seen == std::vector<std::string>{"200 vended", "401 invalid_token", "405 method_not_allowed"});
}

TEST_CASE("a report names the vended token by its jti, and how long it lives") {
  std::string jti;
  std::chrono::seconds valid_for{};
  auto options = machine_options();
  options.hooks.done = [&](const vending::RequestReport& report) {
    jti = report.jti;
    valid_for = report.valid_for;
  };
  const auto response = machine_of(std::move(options)).handle(post());
  const auto token = vended(response);
  REQUIRE(token);
  CHECK(token->jti() == jti);
  CHECK(valid_for == 15min);
}

TEST_CASE("the reason of a refusal is for the operator, and the caller sees none of it") {
  std::string detail;
  auto options = machine_options();
  options.hooks.done = [&](const vending::RequestReport& report) { detail = report.detail.view(); };
  const auto response =
      machine_of(std::move(options)).handle({.method = "POST", .headers = {{"authorization", "another-credential"}}});
  CHECK(detail == "the credential is a wrong one");
  CHECK(response.body.find("wrong") == response.body.npos);
}

TEST_CASE("spans follow the work, carry a well-formed traceparent on and no other text") {
  std::vector<std::string> spans;
  auto options = machine_options();
  options.hooks.span = [&](const vending::Span& span) {
    CHECK(span.begin <= span.end);
    spans.push_back(std::string(span.name.view()) + (span.ok ? "+" : "-") + std::string(span.trace_parent));
  };
  const auto machine = machine_of(std::move(options));
  // The example of W3C Trace Context §3.2.3.
  const std::string parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  static_cast<void>(machine.handle(post({}, {{"traceparent", parent}})));
  CHECK(spans == std::vector<std::string>{"authenticate+" + parent, "decide+" + parent, "mint+" + parent});
  spans.clear();
  const std::string capital = replaced(parent, "4b", "4B"), long_one = parent + "0";
  for (const std::string& malformed : {capital, long_one, std::string("00-secret")}) {
    static_cast<void>(machine.handle({.method = "POST", .headers = {{"traceparent", malformed}}}));
    CHECK(spans == std::vector<std::string>{"authenticate-"});
    spans.clear();
  }
  // With a control character in a header no work begins.
  const std::string two_lines = parent + "\n";
  CHECK(machine.handle({.method = "POST", .headers = {{"traceparent", two_lines}}}).status == 400);
  CHECK(spans.empty());
}

TEST_CASE("a machine that is open to anyone warns when it is made; another one does not") {
  std::vector<std::string> lines;
  const auto log = [&](const vending::LogLine& line) {
    CHECK(line.level == vending::LogLevel::warning);
    lines.emplace_back(line.event.view());
  };
  auto options = machine_options();
  options.hooks.log = log;
  static_cast<void>(machine_of(options));
  CHECK(lines.empty());
  options.auth = vending::open_to_anyone();
  static_cast<void>(machine_of(options));
  CHECK(lines == std::vector<std::string>{"open_vending"});
}

TEST_CASE("what fails on our side is logged as an error, with the id of the answer") {
  std::string event, id;
  auto options = machine_options();
  options.policy = vending::policy_from_function([](const vending::Identity&) -> mt::Result<vending::VendingGrant> {
                     return mt::Error{mt::Errc::internal_error, {}, "the database is down"};
                   }).value();
  options.hooks.log = [&](const vending::LogLine& line) {
    CHECK(line.level == vending::LogLevel::error);
    event = std::string(line.event.view()) + ": " + std::string(line.detail.view());
    id = line.request_id;
  };
  const auto response = machine_of(std::move(options)).handle(post());
  CHECK(answer_of(response) == "500 internal_error");
  CHECK(event == "request_failed: the database is down");
  CHECK(text_member(response.body, "request_id") == id);
}
