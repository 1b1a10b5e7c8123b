#include "momento_token/claims.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace momento_token;
using namespace std::chrono_literals;

TEST_CASE("the limits nobody asked for are those of design.md §5") {
  const Limits limits;

  CHECK(limits.max_valid_for == 25h);
  CHECK(limits.max_statements == 20);
  CHECK(limits.max_token_id_bytes == 1024);
  CHECK(limits.max_token_bytes == 16384);
}

// The JavaScript SDK refuses a tokenId of more than 64 UTF-16 units.
TEST_CASE("the limits of Momento's SDK differ in the length of a token_id alone") {
  const Limits limits = Limits::momento_sdk();

  CHECK(limits.max_token_id_utf16_units == 64);
  CHECK(Limits().max_token_id_utf16_units > 16384);
  CHECK(limits.max_valid_for == Limits().max_valid_for);
  CHECK(limits.max_statements == Limits().max_statements);
  CHECK(limits.max_token_bytes == Limits().max_token_bytes);
}

TEST_CASE("claims are equal when every one of them is") {
  const Claims claims{.issuer = "me", .audience = {"you"}, .expires_at = std::chrono::sys_seconds(9s)};
  Claims other = claims;
  CHECK(other == claims);

  other.token_id = "";

  CHECK_FALSE(other == claims);
  CHECK(Claims() == Claims());
}
