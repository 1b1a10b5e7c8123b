#include "momento_token/vending/request.hpp"

#include <doctest/doctest.h>

using namespace momento_token;

TEST_CASE("a field is found by its name in any case, and how often it is there is told") {
  const vending::Request request{
      .headers = {{"AUTHORIZATION", "first"}, {"authorization-info", "another"}, {"Authorization", "second"}}};
  const auto found = vending::find_field(request, "authorization");
  CHECK(found.count == 2);
  CHECK(found.value == "first");
  CHECK(vending::find_field(request, "Authorization-Info").count == 1);
}

TEST_CASE("a field that is not there has no value") {
  const vending::Request request{.headers = {{"x", ""}}};
  CHECK(vending::find_field(request, "y").count == 0);
  CHECK(vending::find_field(request, "y").value.empty());
  CHECK(vending::find_field(request, "x").count == 1);
}

TEST_CASE("names are compared as ASCII only") {
  // The Kelvin sign lowers to k in Unicode, and to nothing else in ASCII.
  const vending::Request request{.headers = {{"\xE2\x84\xAA", "v"}}};
  CHECK(vending::find_field(request, "k").count == 0);
}
