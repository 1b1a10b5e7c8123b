#include "momento_token/permissions/selectors.hpp"

#include <doctest/doctest.h>

#include <string>
#include <type_traits>
#include <utility>
#include <variant>

using namespace momento_token;

TEST_CASE("a selector that nobody set is Unset, not all") {
  const CacheSelector selector;
  CHECK(std::holds_alternative<Unset>(selector));
  CHECK_FALSE(selector == CacheSelector(AllCaches{}));
}

TEST_CASE("selectors compare by what they pick") {
  CHECK(CacheSelector(CacheName("c")) == CacheSelector(CacheName("c")));
  CHECK_FALSE(CacheSelector(CacheName("c")) == CacheSelector(CacheName("C")));
  CHECK_FALSE(CacheSelector(CacheName("")) == CacheSelector());
  CHECK(AllCaches{} == AllCaches{});
  CHECK(Unset{} == Unset{});
}

TEST_CASE("a name keeps every byte") {
  const std::string bytes("\0\xFF*", 3);
  CHECK(CacheName(bytes).value == bytes);
}

// A text becomes a name or a prefix only where the code says which.
TEST_CASE("a text is no selector by itself") {
  CHECK_FALSE(std::is_convertible_v<std::string, CacheName>);
  CHECK_FALSE(std::is_convertible_v<const char*, CacheSelector>);
  CHECK(std::is_constructible_v<CacheName, std::string>);
}

TEST_CASE("names of different kinds do not mix") {
  using OtherName = Name<struct OtherTag>;
  CHECK_FALSE(std::is_convertible_v<OtherName, CacheSelector>);
  CHECK_FALSE(std::is_constructible_v<CacheSelector, OtherName>);
}
