#include "momento_token/vending/cors.hpp"

#include <doctest/doctest.h>

#include <chrono>

#include "support.hpp"

namespace {

using namespace momento_token;
using namespace std::chrono_literals;

std::string made(vending::CorsOptions options) {
  return test::outcome(vending::CorsPolicy::create(std::move(options)));
}

}  // namespace

TEST_CASE("a policy that means something else than it says is not made") {
  CHECK(made({}) == "invalid_argument origins");
  for (const char* origin : {"https://a.example/", "https://a.example/path", "a.example", "https://", "://a", "null",
                             "HTTPS://a.example", "https://A.example", "https://*.example",
                             "https://a.example:", "https://user@a.example", "https://a.example\r\n", ""}) {
    CAPTURE(origin);
    CHECK(made({.origins = {origin}}) == "invalid_argument origins");
  }
  CHECK(made({.origins = {"*", "https://a.example"}}) == "invalid_argument origins");
  CHECK(made({.origins = {"https://a.example"}, .more_headers = {"*"}}) == "invalid_argument more_headers");
  CHECK(made({.origins = {"https://a.example"}, .more_headers = {"a b"}}) == "invalid_argument more_headers");
  CHECK(made({.origins = {"https://a.example"}, .max_age = -1s}) == "invalid_argument max_age");
  CHECK(made({.origins = {"https://a.example"}, .max_age = 24h + 1s}) == "invalid_argument max_age");
  CHECK(made({.origins = {"https://a.example", "http://localhost:5173", "http://[::1]:80"}}) == "ok");
}

// The Fetch standard refuses the pair, and so does every browser.
TEST_CASE("any origin and credentials do not go together") {
  CHECK(made({.origins = {"*"}, .credentials = true}) == "invalid_argument credentials");
  CHECK(made({.origins = {"*"}}) == "ok");
}

TEST_CASE("an origin is allowed byte for byte, and look-alikes are not") {
  const auto cors = vending::CorsPolicy::create({.origins = {"https://chat.example"}}).value();
  CHECK(cors.allows_origin("https://chat.example"));
  for (const char* origin : {"http://chat.example", "https://chat.example.evil", "https://evil-chat.example",
                             "https://chat.example:443", "https://chat.exampl", "https://CHAT.example",
                             "https://chat.example/", "null", "", "*", "https://chat.example "}) {
    CAPTURE(origin);
    CHECK_FALSE(cors.allows_origin(origin));
  }
}

// Fetch §3.2.3, §3.2.5: without Access-Control-Expose-Headers a page sees neither of the two.
TEST_CASE("an answer tells a page of ours that it may read it, and another one nothing") {
  const auto cors = vending::CorsPolicy::create({.origins = {"https://chat.example"}, .credentials = true}).value();
  vending::Response ours, foreign;
  cors.add_headers(ours, "https://chat.example");
  CHECK(ours.header("access-control-allow-origin") == "https://chat.example");
  CHECK(ours.header("access-control-allow-credentials") == "true");
  CHECK(ours.header("access-control-expose-headers") == "retry-after, x-request-id");
  for (const char* origin : {"https://evil.example", "", "null"}) {
    foreign.headers.clear();
    cors.add_headers(foreign, origin);
    CHECK(foreign.headers.size() == 1);
    CHECK(foreign.header("vary") == "Origin");
  }
}

TEST_CASE("any means any tuple origin, and never null") {
  const auto cors = vending::CorsPolicy::create({.origins = {"*"}}).value();
  CHECK(cors.allows_origin("https://whoever.example"));
  CHECK(cors.allow_origin_value("https://whoever.example") == "*");
  CHECK_FALSE(cors.allows_origin("null"));
  CHECK_FALSE(cors.allows_origin(""));
}
