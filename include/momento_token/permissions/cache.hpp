#pragma once
// What a token may do with the items of caches.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "momento_token/config.hpp"
#include "momento_token/detail/kind.hpp"
#include "momento_token/detail/permission_base.hpp"
#include "momento_token/permissions/action.hpp"
#include "momento_token/permissions/selectors.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

/// The numbers are those of CacheRole in permissionmessages.proto.
enum class CacheRole : std::uint8_t { permit_none = 0, read_write = 1, read_only = 2, write_only = 3 };

/// What an item selector may be; Unset until one is chosen.
using AllItems = All<struct ItemTag>;
using ItemKey = Name<struct ItemTag>;
using ItemKeyPrefix = Prefix<struct ItemTag>;
using ItemSelector = std::variant<Unset, AllItems, ItemKey, ItemKeyPrefix>;

namespace detail {
inline constexpr OperationInfo cache_operations[] = {
    {.name = "cache.read", .bit = 1}, {.name = "cache.write", .bit = 2}, {.name = "cache.conditional_write", .bit = 4}};
inline constexpr RoleInfo cache_roles[] = {
    {.name = "CachePermitNone", .sdk_name = "", .verb = "do nothing with", .operations = 0},
    {.name = "CacheReadWrite", .sdk_name = "readwrite", .verb = "read and write", .operations = 1 | 2 | 4},
    {.name = "CacheReadOnly", .sdk_name = "readonly", .verb = "read", .operations = 1},
    // permissionmessages.proto: write-only may not do conditional writes, which tell something about the item.
    {.name = "CacheWriteOnly", .sdk_name = "writeonly", .verb = "write", .operations = 2}};
inline constexpr KindInfo cache_kind = {.proto_field = 1,
                                        .noun = "item",
                                        .json_member = "cache_permissions",
                                        .json_all = "all_items",
                                        .json_select = "item_selector",
                                        .json_name = "key",
                                        .json_prefix = "key_prefix",
                                        .resource_is_bytes = true,
                                        .absent_resource_is_all = true,
                                        .sdk_member = "item",
                                        .sdk_name = "key",
                                        .sdk_prefix = "keyPrefix",
                                        .roles = cache_roles,
                                        .operations = cache_operations};
}  // namespace detail

/// A role over the items that a cache selector and an item selector pick. Without a role until one is given.
class CachePermissions : public detail::PermissionBase<CachePermissions, CacheRole, ItemSelector> {
 public:
  CachePermissions() = default;
  /// Each starts from all caches and all items; narrow it with with_*.
  [[nodiscard]] static CachePermissions read_write() { return {CacheRole::read_write, AllCaches{}, AllItems{}}; }
  [[nodiscard]] static CachePermissions read_only() { return {CacheRole::read_only, AllCaches{}, AllItems{}}; }
  [[nodiscard]] static CachePermissions write_only() { return {CacheRole::write_only, AllCaches{}, AllItems{}}; }

  /// The one item with this key; keys are any bytes.
  [[nodiscard]] CachePermissions with_key(std::string key) && {
    return std::move(*this).select(ItemKey(std::move(key)));
  }
  [[nodiscard]] CachePermissions with_key(std::string key) const& { return select(ItemKey(std::move(key))); }
  /// Every item whose key starts with these bytes. End it with a separator: "/movie1" also opens "/movie10".
  [[nodiscard]] CachePermissions with_key_prefix(std::string prefix) && {
    return std::move(*this).select(ItemKeyPrefix(std::move(prefix)));
  }
  [[nodiscard]] CachePermissions with_key_prefix(std::string prefix) const& {
    return select(ItemKeyPrefix(std::move(prefix)));
  }
  /// Replaces a key or prefix.
  [[nodiscard]] CachePermissions with_all_items() && { return std::move(*this).select(AllItems{}); }
  [[nodiscard]] CachePermissions with_all_items() const& { return select(AllItems{}); }

  /// Unset until items are chosen.
  [[nodiscard]] const ItemSelector& item() const& noexcept { return resource(); }
  const ItemSelector& item() const&& = delete;

  static constexpr const detail::KindInfo& kind() noexcept { return detail::cache_kind; }
  friend bool operator==(const CachePermissions&, const CachePermissions&) = default;

 private:
  using PermissionBase::PermissionBase;
};

/// Get an item; without a key, any item of the cache.
[[nodiscard]] inline Action cache_read(std::string_view cache, std::optional<std::string_view> key = {}) noexcept {
  return {detail::cache_kind, detail::cache_operations[0], cache, key};
}
/// Set or delete an item, whatever it holds.
[[nodiscard]] inline Action cache_write(std::string_view cache, std::optional<std::string_view> key = {}) noexcept {
  return {detail::cache_kind, detail::cache_operations[1], cache, key};
}
/// Set an item depending on what it holds (set_if_absent and the like); needs read-write.
[[nodiscard]] inline Action cache_conditional_write(std::string_view cache,
                                                    std::optional<std::string_view> key = {}) noexcept {
  return {detail::cache_kind, detail::cache_operations[2], cache, key};
}

MOMENTO_TOKEN_END_NAMESPACE
