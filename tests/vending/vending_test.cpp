#include "momento_token/vending.hpp"

#include <doctest/doctest.h>

#include "support.hpp"

TEST_CASE("the umbrella of the vending kit has its parts") {
  CHECK(momento_token::vending::Response{}.status == 500);
  CHECK(test::outcome(momento_token::vending::CorsPolicy::create({})) == "invalid_argument origins");
}
