#include "momento_token/version.hpp"

#include <doctest/doctest.h>

#include <string>

TEST_CASE("the version's text is its three numbers") {
  const std::string numbers = std::to_string(MOMENTO_TOKEN_VERSION_MAJOR) + "." +
                              std::to_string(MOMENTO_TOKEN_VERSION_MINOR) + "." +
                              std::to_string(MOMENTO_TOKEN_VERSION_PATCH);

  CHECK(numbers == MOMENTO_TOKEN_VERSION);
}
