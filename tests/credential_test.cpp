#include "momento_token/credential.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "support.hpp"

using namespace momento_token;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace test {

inline Json credentials(const char* list) { return Json::parse(vector_text("credentials.json")).at(list); }

inline std::string text(const Result<std::string>& result) { return result ? *result : outcome(result); }

/// A wrapper's base64, made by the tests' own encoder of base64url and given its other letters and padding here.
inline std::string base64_of(std::string_view bytes) {
  std::string letters = b64u(bytes);
  for (char& letter : letters) letter = letter == '-' ? '+' : letter == '_' ? '/' : letter;
  while (letters.size() % 4 != 0) letters += '=';
  return letters;
}

inline DisposableToken token_for(std::string endpoint) {
  return {.api_key = "a.b.c",
          .endpoint = std::move(endpoint),
          .valid_until = new_year_2030,
          .issued_at = new_year_2030 - 1h,
          .jti = {}};
}

}  // namespace test

// credentials.json "mint": what JSON.stringify and base64 of @gomomento/sdk give.
TEST_CASE("wrapping gives byte for byte what the JavaScript SDK writes") {
  std::size_t written = 0;
  for (const Json& mint : test::credentials("mint")) {
    CAPTURE(mint.at("id").get<std::string>());
    const Credential credential{.api_key = mint.at("api_key"), .endpoint = mint.at("endpoint")};
    const bool readable = mint.at("javascript").at("reads_back").contains("ok");
    const auto wrapped = wrap(credential);

    REQUIRE(wrapped.has_value() == readable);
    if (!wrapped) continue;
    CHECK(*wrapped == mint.at("javascript").at("token").get<std::string>());
    const auto read = unwrap(*wrapped);
    REQUIRE(read);
    CHECK(*read == credential);
    ++written;
  }

  CHECK(written == 8);
}

TEST_CASE("a wrapper is not written without a host, without a token or from what is no UTF-8") {
  CHECK(test::outcome(wrap({.api_key = "k", .endpoint = ""})).starts_with("invalid_argument"));
  CHECK(test::outcome(wrap({.api_key = "", .endpoint = "e"})).starts_with("invalid_argument"));
  CHECK(test::outcome(wrap({.api_key = "\xff", .endpoint = "e"})).starts_with("invalid_argument"));
  CHECK(test::outcome(wrap({.api_key = "k", .endpoint = "\xed\xa0\x80"})).starts_with("invalid_argument"));
}

// credentials.json says what CredentialProvider.fromDisposableToken of @gomomento/sdk makes of each input. Two it takes
// are refused here: a doubled member and an api_key that is no text (design.md §3). Its "legacy" inputs are no wrappers.
TEST_CASE("unwrapping takes what the JavaScript SDK takes and gives the same hosts") {
  std::size_t taken = 0;
  for (const Json& vector : test::credentials("vectors")) {
    const std::string id = vector.at("id");
    const std::string group = vector.at("group");
    CAPTURE(id);
    const auto read = unwrap(vector.at("input").get<std::string>());
    const Json& sdk = vector.at("javascript");
    const bool wrapper = sdk.contains("ok") && group == "v1" && id != "C019" && id != "C031";

    REQUIRE(read.has_value() == wrapper);
    if (!read) {
      CHECK(read.error().code == Errc::malformed_token);
      continue;
    }
    CHECK(read->api_key == sdk.at("ok").at("auth_token").get<std::string>());
    CHECK(read->cache_endpoint() == sdk.at("ok").at("cache_endpoint").get<std::string>());
    CHECK(read->control_endpoint() == sdk.at("ok").at("control_endpoint").get<std::string>());
    CHECK(read->token_endpoint() == sdk.at("ok").at("token_endpoint").get<std::string>());
    ++taken;
  }

  CHECK(taken == 18);
}

TEST_CASE("a wrapper whose two members are not both a text with something in it is refused") {
  for (const std::string_view json :
       {R"({"endpoint":"e"})", R"({"api_key":"k"})", R"({"endpoint":"e","api_key":""})",
        R"({"endpoint":"","api_key":"k"})", R"({"endpoint":"e","api_key":null})", R"({"endpoint":1,"api_key":"k"})",
        R"({"endpoint":["e"],"api_key":"k"})", R"({"endpoint":"e","api_key":"k","api_key":"l"})",
        R"({"endpoint":"e","api_key":"k","x":1,"x":1})", R"({"endpoint":"e","api_key":"k","\u0061pi_key":"l"})",
        R"([{"endpoint":"e","api_key":"k"}])", R"({"endpoint":"e","api_key":"\ud800"})",
        R"({"endpoint":"e","api_key":"k"}x)"}) {
    CAPTURE(json);
    CHECK(test::outcome(unwrap(test::base64_of(json))).starts_with("malformed_token"));
  }
  CHECK(unwrap(test::base64_of(R"({"endpoint":"e","api_key":"k","x":[1,{"endpoint":2}]})")).has_value());
}

TEST_CASE("a wrapper of 64 KiB is read and a longer one is not") {
  const std::string shell = R"({"endpoint":"e","api_key":""})";
  const std::string fits =
      test::base64_of(test::replaced(shell, "\"\"", '"' + std::string(49152 - shell.size(), 'k') + '"'));
  const std::string longer =
      test::base64_of(test::replaced(shell, "\"\"", '"' + std::string(49153 - shell.size(), 'k') + '"'));
  REQUIRE(fits.size() == 65536);
  REQUIRE(longer.size() > 65536);

  CHECK(test::outcome(unwrap(fits)) == "ok");
  CHECK(test::outcome(unwrap(longer)).starts_with("limit_exceeded"));
}

// momento-services.md: what the known vending machines answer; seconds since 1970 in each.
TEST_CASE("each answer has the members of the vending machine it is named after") {
  const DisposableToken token = test::token_for("localhost");
  const std::string wrapper = test::base64_of(R"({"endpoint":"localhost","api_key":"a.b.c"})");

  CHECK(test::text(response_body(token, ResponseShape::functions)) ==
        R"({"api_key":"a.b.c","endpoint":"localhost","valid_until":1893456000})");
  CHECK(test::text(response_body(token, ResponseShape::node)) ==
        R"({"authToken":")" + wrapper + R"(","expiresAt":1893456000})");
  CHECK(test::text(response_body(token, ResponseShape::rust)) ==
        R"({"auth_token":")" + wrapper + R"(","expires_at":1893456000})");
  CHECK(test::text(response_body(token, ResponseShape::envelope)) == wrapper);
  CHECK(test::text(response_body(token, ResponseShape::jwt)) == "a.b.c");
}

// design.md §2: the endpoint may be empty; the shapes that wrap it then refuse, naming it, and functions writes "".
TEST_CASE("an answer that wraps the endpoint needs one, the others do not") {
  const DisposableToken token = test::token_for("");

  for (const auto shape : {ResponseShape::node, ResponseShape::rust, ResponseShape::envelope}) {
    CHECK(test::outcome(response_body(token, shape)) == "invalid_argument endpoint");
  }
  CHECK(test::text(response_body(token, ResponseShape::functions)) ==
        R"({"api_key":"a.b.c","endpoint":"","valid_until":1893456000})");
  CHECK(test::text(response_body(token, ResponseShape::jwt)) == "a.b.c");
  CHECK(test::outcome(response_body(test::token_for("\xff"), ResponseShape::functions)) == "invalid_argument endpoint");
}

// cli.md: a host, optional port, no scheme, slash or control character.
TEST_CASE("an answer wraps a host with or without a port and nothing else") {
  for (const char* endpoint : {"localhost", "cell-1.prod.a.momentohq.com", "localhost:8080", "127.0.0.1:1", "[::1]",
                               "[::1]:65535", "h\xC3\xB6st"}) {
    CAPTURE(endpoint);
    for (const auto shape : {ResponseShape::node, ResponseShape::rust, ResponseShape::envelope}) {
      CHECK(test::outcome(response_body(test::token_for(endpoint), shape)) == "ok");
    }
  }
  for (const char* endpoint : {"https://localhost",
                               "localhost/",
                               "local/host",
                               "local\nhost",
                               "local\x7fhost",
                               "local\thost",
                               "local\xC2\x9Bhost",
                               ":",
                               ":80",
                               "host:",
                               "a:b:c",
                               "https:",
                               "host:123456",
                               "host:8a",
                               "ho\"st",
                               "*",
                               "[]",
                               "[::1",
                               "[2:1.2#",
                               "[::1\"",
                               "[::1]x",
                               "[::1]:",
                               "::1",
                               "user@host",
                               "host?a",
                               "host#a"}) {
    CAPTURE(endpoint);
    for (const auto shape : {ResponseShape::node, ResponseShape::rust, ResponseShape::envelope}) {
      CHECK(test::outcome(response_body(test::token_for(endpoint), shape)) == "invalid_argument endpoint");
    }
  }
}
