#include "momento_token/vending/event.hpp"

#include <doctest/doctest.h>

#include <string>

#include "machine.hpp"

using namespace test;

namespace {

// API Gateway's documentation of the payload format versions, shortened; the body is base64 of {"test":"body"} there.
constexpr const char* payload_1 = R"({
  "version": "1.0", "resource": "/my/path", "path": "/my/path", "httpMethod": "POST",
  "headers": {"header1": "value1", "header2": "value1,value2", "Authorization": "bootstrap-credential-0123456789"},
  "multiValueHeaders": {"header1": ["value1"], "header2": ["value1", "value2"],
                        "Authorization": ["bootstrap-credential-0123456789"]},
  "queryStringParameters": {"parameter1": "value1", "name": "Ann & Bob"},
  "multiValueQueryStringParameters": {"parameter1": ["value1", "value2"], "name": ["Ann & Bob"]},
  "requestContext": {"accountId": "123456789012", "requestId": "id=", "identity": {"sourceIp": "192.0.2.7", "userAgent": "x"}},
  "pathParameters": null, "stageVariables": null,
  "body": "eyJ0ZXN0IjoiYm9keSJ9", "isBase64Encoded": true
})";
constexpr const char* payload_2 = R"({
  "version": "2.0", "routeKey": "$default", "rawPath": "/my/path", "rawQueryString": "parameter1=value1&name=Ann",
  "cookies": ["cookie1"], "headers": {"header1": "value1", "authorization": "bootstrap-credential-0123456789"},
  "requestContext": {"http": {"method": "POST", "path": "/my/path", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.8"},
                     "requestId": "request-1"},
  "body": "{}", "isBase64Encoded": false
})";

std::string parsed(std::string_view event) { return test::outcome(vending::EventRequest::read(event)); }

std::string answer_to(const std::string& event, vending::VendingOptions options = machine_options()) {
  const auto request = vending::EventRequest::read(event).value();
  return answer_of(machine_of(std::move(options)).handle(request.request()));
}

}  // namespace

TEST_CASE("an event of payload 1.0 becomes its request, with every one of doubled fields") {
  const auto event = vending::EventRequest::read(payload_1).value();
  const vending::Request& request = event.request();
  CHECK(request.method == "POST");
  CHECK(request.target == "/my/path?name=Ann%20%26%20Bob&parameter1=value1&parameter1=value2");
  CHECK(vending::find_field(request, "header2").count == 2);
  CHECK(vending::find_field(request, "authorization").value == bootstrap_secret);
  CHECK(request.body == "eyJ0ZXN0IjoiYm9keSJ9");
  CHECK(request.body_is_base64);
  CHECK(request.peer == "192.0.2.7");
}

TEST_CASE("an event of payload 2.0, which Function URLs use, becomes its request") {
  const auto event = vending::EventRequest::read(payload_2).value();
  const vending::Request& request = event.request();
  CHECK(request.method == "POST");
  CHECK(request.target == "/my/path?parameter1=value1&name=Ann");
  CHECK(vending::find_field(request, "header1").value == "value1");
  CHECK(request.body == "{}");
  CHECK_FALSE(request.body_is_base64);
  CHECK(request.peer == "192.0.2.8");
  CHECK(request.id == "request-1");
}

TEST_CASE("a request lives as long as a copy of its event") {
  auto first = std::make_unique<vending::EventRequest>(vending::EventRequest::read(payload_2).value());
  const vending::EventRequest copy = *first;
  first.reset();
  CHECK(copy.request().method == "POST");
}

TEST_CASE("where multi-value fields are null or absent, the single ones count") {
  for (const char* multi : {R"("multiValueHeaders":null,)", ""}) {
    const std::string text = std::string("{") + multi + R"("httpMethod":"GET","path":"/","headers":{"a":"b"}})";
    const auto event = vending::EventRequest::read(text).value();
    CHECK(vending::find_field(event.request(), "a").value == "b");
  }
}

TEST_CASE("both payloads are vended to, and a doubled credential is not") {
  CHECK(answer_to(payload_2) == "200");
  CHECK(answer_to(replaced(payload_1, "eyJ0ZXN0IjoiYm9keSJ9", "e30=")) == "200");
  CHECK(answer_to(replaced(payload_1, R"("Authorization": ["bootstrap-credential-0123456789"])",
                           R"("Authorization": ["bootstrap-credential-0123456789", "x"])")) == "400 invalid_request");
}

// The documents' test event asks with an unknown member.
TEST_CASE("a base64 body is decoded, and judged like a plain one") {
  CHECK(answer_to(payload_1) == "400 invalid_request");
  CHECK(answer_to(replaced(payload_1, "eyJ0ZXN0IjoiYm9keSJ9", "eyJ0ZXN0IjoiYm9keSJ9=")) == "400 invalid_request");
  CHECK(answer_to(replaced(payload_1, "eyJ0ZXN0IjoiYm9keSJ9", "%%%%")) == "400 invalid_request");
}

TEST_CASE("a base64 flag that lies is a bad request, whichever way it lies") {
  const auto with_body = [](const std::string& body) {
    return answer_to(R"({"requestContext":{"http":{"method":"POST","sourceIp":"192.0.2.8"}},"rawPath":"/",)"
                     R"("headers":{"authorization":"bootstrap-credential-0123456789"},)" +
                     body + "}");
  };
  CHECK(with_body(R"("body":"{}","isBase64Encoded":false)") == "200");
  CHECK(with_body(R"("body":"e30=","isBase64Encoded":true)") == "200");
  CHECK(with_body(R"("body":"{}","isBase64Encoded":true)") == "400 invalid_request");
  CHECK(with_body(R"("body":"e30=","isBase64Encoded":false)") == "400 invalid_request");
  CHECK(with_body(R"("body":"e30=")") == "400 invalid_request");
  CHECK(with_body(R"("isBase64Encoded":true)") == "200");  // no body at all
}

TEST_CASE("fields that payload 2.0 has joined with commas are no field of ours") {
  const auto with_headers = [](const std::string& headers) {
    return answer_to(R"({"requestContext":{"http":{"method":"POST"}},"rawPath":"/","body":"{}","headers":{)" + headers +
                     "}}");
  };
  const std::string credential(bootstrap_secret);
  CHECK(with_headers("\"authorization\":\"" + credential + "\"") == "200");
  CHECK(with_headers("\"authorization\":\"" + credential + "," + credential + "\"") == "401 invalid_token");
  CHECK(with_headers("\"Authorization\":\"" + credential + "\",\"authorization\":\"x\"") == "400 invalid_request");
  CHECK(with_headers("\"authorization\":\"" + credential + R"(","origin":"https://a.example,https://b.example")") ==
        "403 origin_not_allowed");
}

TEST_CASE("what an authorizer of AWS has put into an event decides nothing") {
  CHECK(answer_to(R"({"httpMethod":"POST","path":"/","body":"{}","headers":{},"requestContext":{"authorizer":
      {"principalId":"ann","claims":{"cognito:groups":"writers"}}}})") == "401 invalid_token");
}

TEST_CASE("what is no such event is refused, with the place") {
  CHECK(parsed("") == "invalid_argument");
  CHECK(parsed("[]") == "invalid_argument");
  CHECK(parsed("{}") == "invalid_argument httpMethod");
  CHECK(parsed(R"({"httpMethod":7})") == "invalid_argument httpMethod");
  CHECK(parsed(R"({"httpMethod":"GET","path":[]})") == "invalid_argument path");
  CHECK(parsed(R"({"httpMethod":"GET","headers":[]})") == "invalid_argument headers");
  CHECK(parsed(R"({"httpMethod":"GET","headers":{"a":1}})") == "invalid_argument headers");
  CHECK(parsed(R"({"httpMethod":"GET","multiValueHeaders":{"a":["b",1]}})") == "invalid_argument multiValueHeaders");
  CHECK(parsed(R"({"httpMethod":"GET","body":{}})") == "invalid_argument body");
  CHECK(parsed(R"({"httpMethod":"GET","isBase64Encoded":"true"})") == "invalid_argument isBase64Encoded");
  CHECK(parsed(R"({"requestContext":{"http":{}}})") == "invalid_argument requestContext.http.method");
  CHECK(parsed(R"({"requestContext":{"http":{"method":null}}})") == "invalid_argument requestContext.http.method");
  CHECK(parsed(R"({"httpMethod":"GET","httpMethod":"POST"})") == "invalid_argument");
  CHECK(parsed(std::string((std::size_t{1} << 20) + 1, ' ')) == "limit_exceeded");
}

TEST_CASE("an answer goes back as Lambda takes it, escaped") {
  const vending::Response response{
      .status = 403, .headers = {{"vary", "Origin"}, {"content-type", "application/json"}}, .body = "{\"a\":\"b\\n\"}"};
  CHECK(vending::event_response(response) ==
        R"({"statusCode":403,"headers":{"vary":"Origin","content-type":"application/json"},)"
        R"("body":"{\"a\":\"b\\n\"}","isBase64Encoded":false})");
  CHECK(vending::event_response({.status = 204}) ==
        R"({"statusCode":204,"headers":{},"body":"","isBase64Encoded":false})");
}
