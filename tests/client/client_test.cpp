#include "momento_token/client.hpp"

#include <doctest/doctest.h>

#include "support.hpp"

TEST_CASE("the client's umbrella has its parts") {
  CHECK(test::outcome(momento_token::client::RefreshingTokenSource::create({})) == "invalid_argument fetch");
}
