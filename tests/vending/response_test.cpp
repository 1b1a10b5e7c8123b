#include "momento_token/vending/response.hpp"

#include <doctest/doctest.h>

using namespace momento_token;

TEST_CASE("a response that nobody filled is an error, not a success") { CHECK(vending::Response{}.status == 500); }

TEST_CASE("a field is found by its lower-case name, and is empty when it is not there") {
  const vending::Response response{.status = 204, .headers = {{"vary", "Origin"}}};
  CHECK(response.header("vary") == "Origin");
  CHECK(response.header("allow").empty());
}
