#include "momento_token/permissions/function.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>
#include <variant>

using namespace momento_token;

// permissionmessages.proto, FunctionRole.
TEST_CASE("the roles of functions have the numbers of the proto") {
  CHECK(static_cast<int>(FunctionRole::permit_none) == 0);
  CHECK(static_cast<int>(FunctionRole::invoke) == 1);
}

// design.md §2: invoke is the only role that grants anything, so FunctionPermissions() means it, nothing selected yet.
TEST_CASE("a function permission starts as invoke with nothing selected") {
  const FunctionPermissions permission;
  CHECK(permission.role() == std::optional(FunctionRole::invoke));
  CHECK(std::holds_alternative<Unset>(permission.cache()));
  CHECK(std::holds_alternative<Unset>(permission.function()));
}

TEST_CASE("the preset of functions starts from all caches and all functions") {
  const auto permission = FunctionPermissions::invoke();
  CHECK(permission.role() == std::optional(FunctionRole::invoke));
  CHECK(permission.cache() == CacheSelector(AllCaches{}));
  CHECK(permission.function() == FunctionSelector(AllFunctions{}));
}

// design.md §2: in the Rust crate invoke().with_cache("fo") leaves both selectors set; here the two spellings agree.
TEST_CASE("the published example says the same from the preset as from nothing") {
  CHECK(FunctionPermissions::invoke().with_cache("fo").with_function("od") ==
        FunctionPermissions().with_cache("fo").with_function("od"));
}

TEST_CASE("each with_ of a function permission replaces its part and leaves the others") {
  const auto function = FunctionPermissions().with_cache("fo").with_function("od");
  CHECK(function.cache() == CacheSelector(CacheName("fo")));
  CHECK(function.function() == FunctionSelector(FunctionName("od")));

  const auto prefix = function.with_function_prefix("o");
  CHECK(prefix.function() == FunctionSelector(FunctionNamePrefix("o")));
  CHECK(prefix.cache() == function.cache());
  CHECK(prefix.with_all_functions().with_all_caches() == FunctionPermissions::invoke());
  const auto other_role = prefix.with_role(FunctionRole::permit_none);
  CHECK(other_role.role() == std::optional(FunctionRole::permit_none));
  CHECK(other_role.function() == prefix.function());
}

TEST_CASE("a named function permission is copied by with_, a temporary is moved") {
  const std::string longer_than_any_small_buffer(200, 'x');
  const auto original = FunctionPermissions().with_function(longer_than_any_small_buffer);
  const auto narrowed = original.with_cache("fo");
  CHECK(std::holds_alternative<Unset>(original.cache()));
  CHECK(narrowed.function() == original.function());

  auto temporary = original;
  const char* const text = std::get<FunctionName>(temporary.function()).value.data();
  const auto moved = std::move(temporary).with_cache("fo").with_role(FunctionRole::permit_none);
  CHECK(std::get<FunctionName>(moved.function()).value.data() == text);
}

TEST_CASE("function permissions that differ in one part are not equal") {
  const auto p = FunctionPermissions().with_cache("fo").with_function("od");
  CHECK(p == FunctionPermissions().with_cache("fo").with_function("od"));
  CHECK_FALSE(p == p.with_role(FunctionRole::permit_none));
  CHECK_FALSE(p == p.with_cache("fu"));
  CHECK_FALSE(p == p.with_function_prefix("od"));
}
