#include "momento_token/permissions/cache.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>
#include <variant>

using namespace momento_token;

// permissionmessages.proto, CacheRole.
TEST_CASE("the roles of caches have the numbers of the proto") {
  CHECK(static_cast<int>(CacheRole::permit_none) == 0);
  CHECK(static_cast<int>(CacheRole::read_write) == 1);
  CHECK(static_cast<int>(CacheRole::read_only) == 2);
  CHECK(static_cast<int>(CacheRole::write_only) == 3);
}

// design.md §2: CachePermissions has no role until one is given.
TEST_CASE("a cache permission starts with nothing set") {
  const CachePermissions permission;
  CHECK_FALSE(permission.role().has_value());
  CHECK(std::holds_alternative<Unset>(permission.cache()));
  CHECK(std::holds_alternative<Unset>(permission.item()));
}

TEST_CASE("the presets of caches start from all caches and all items") {
  struct Row {
    CachePermissions permission;
    CacheRole role;
  };
  for (const Row& row : {Row{CachePermissions::read_write(), CacheRole::read_write},
                         Row{CachePermissions::read_only(), CacheRole::read_only},
                         Row{CachePermissions::write_only(), CacheRole::write_only}}) {
    CHECK(row.permission.role() == std::optional(row.role));
    CHECK(row.permission.cache() == CacheSelector(AllCaches{}));
    CHECK(row.permission.item() == ItemSelector(AllItems{}));
  }
}

// design.md §2: each with_* replaces that part, so that "all caches" and "the cache fo" cannot be said at once.
TEST_CASE("each with_ of a cache permission replaces its part and leaves the others") {
  const auto key = CachePermissions::read_only().with_cache("media").with_key("k");
  CHECK(key.cache() == CacheSelector(CacheName("media")));
  CHECK(key.item() == ItemSelector(ItemKey("k")));
  CHECK(key.role() == std::optional(CacheRole::read_only));

  const auto prefix = key.with_key_prefix("/a/");
  CHECK(prefix.item() == ItemSelector(ItemKeyPrefix("/a/")));
  CHECK(prefix.cache() == key.cache());

  CHECK(prefix.with_all_items().with_all_caches() == CachePermissions::read_only());
  const auto other_role = prefix.with_role(CacheRole::write_only);
  CHECK(other_role.role() == std::optional(CacheRole::write_only));
  CHECK(other_role.item() == prefix.item());
}

TEST_CASE("a named cache permission is copied by with_, a temporary is moved") {
  const std::string longer_than_any_small_buffer(200, 'x');
  const auto original = CachePermissions::read_only().with_key(longer_than_any_small_buffer);
  const auto narrowed = original.with_cache("media");
  CHECK(original.cache() == CacheSelector(AllCaches{}));
  CHECK(narrowed.item() == original.item());

  auto temporary = original;
  const char* const text = std::get<ItemKey>(temporary.item()).value.data();
  const auto moved = std::move(temporary).with_cache("media").with_role(CacheRole::write_only).with_all_caches();
  CHECK(std::get<ItemKey>(moved.item()).value.data() == text);
}

TEST_CASE("a key may hold any bytes and is not a prefix") {
  const std::string bytes("\0\xFF", 2);
  const auto permission = CachePermissions().with_key(bytes);
  CHECK(permission.item() == ItemSelector(ItemKey(bytes)));
  CHECK_FALSE(CachePermissions().with_key("k") == CachePermissions().with_key_prefix("k"));
  CHECK_FALSE(CachePermissions().with_key("") == CachePermissions());
}

TEST_CASE("cache permissions that differ in one part are not equal") {
  const auto p = CachePermissions::read_only().with_cache("c").with_key("k");
  CHECK(p == CachePermissions::read_only().with_cache("c").with_key("k"));
  CHECK_FALSE(p == p.with_role(CacheRole::read_write));
  CHECK_FALSE(p == p.with_cache("d"));
  CHECK_FALSE(p == p.with_key("l"));
}
