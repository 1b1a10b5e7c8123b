#include "momento_token/config.hpp"

#include <doctest/doctest.h>

#include <string_view>
#include <type_traits>

MOMENTO_TOKEN_BEGIN_NAMESPACE
struct ConfigProbe {};
MOMENTO_TOKEN_END_NAMESPACE

#define MOMENTO_TOKEN_TEST_TEXT_OF(x) #x
#define MOMENTO_TOKEN_TEST_TEXT(x) MOMENTO_TOKEN_TEST_TEXT_OF(x)

// design.md §1: v1 when compiled, v1_ho when header-only, so that one program may hold both.
TEST_CASE("what the macros open is seen as momento_token and lives in the flavour's own inline namespace") {
#if defined(MOMENTO_TOKEN_HEADER_ONLY)
  CHECK(std::is_same_v<momento_token::ConfigProbe, momento_token::v1_ho::ConfigProbe>);
  CHECK(std::string_view(MOMENTO_TOKEN_TEST_TEXT(MOMENTO_TOKEN_INLINE)) == "inline");
#else
  CHECK(std::is_same_v<momento_token::ConfigProbe, momento_token::v1::ConfigProbe>);
  CHECK(std::string_view(MOMENTO_TOKEN_TEST_TEXT(MOMENTO_TOKEN_INLINE)).empty());
#endif
}
