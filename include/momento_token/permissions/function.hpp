#pragma once
// What a token may do with Momento Functions: invoke them.

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

/// The numbers are those of FunctionRole in permissionmessages.proto.
enum class FunctionRole : std::uint8_t { permit_none = 0, invoke = 1 };

/// What a function selector may be; Unset until one is chosen.
using AllFunctions = All<struct FunctionTag>;
using FunctionName = Name<struct FunctionTag>;
using FunctionNamePrefix = Prefix<struct FunctionTag>;
using FunctionSelector = std::variant<Unset, AllFunctions, FunctionName, FunctionNamePrefix>;

namespace detail {
inline constexpr OperationInfo function_operations[] = {{.name = "function.invoke", .bit = 1}};
inline constexpr RoleInfo function_roles[] = {
    {.name = "FunctionPermitNone", .sdk_name = "functionpermitnone", .verb = "do nothing with", .operations = 0},
    {.name = "FunctionInvoke", .sdk_name = "functioninvoke", .verb = "invoke", .operations = 1}};
inline constexpr KindInfo function_kind = {.proto_field = 3,
                                           .noun = "function",
                                           .json_member = "function_permissions",
                                           .json_all = "all_functions",
                                           .json_select = "function_selector",
                                           .json_name = "function_name",
                                           .json_prefix = "function_name_prefix",
                                           .resource_is_bytes = false,
                                           .absent_resource_is_all = false,
                                           .sdk_member = "func",
                                           .sdk_name = "name",
                                           .sdk_prefix = "namePrefix",
                                           .roles = function_roles,
                                           .operations = function_operations};
}  // namespace detail

/// A role over the functions that a cache selector and a function selector pick. FunctionPermissions() means invoke (the
/// only role that grants anything) with nothing selected yet.
class FunctionPermissions : public detail::PermissionBase<FunctionPermissions, FunctionRole, FunctionSelector> {
 public:
  FunctionPermissions() : PermissionBase(FunctionRole::invoke) {}
  /// Every function of every cache; narrow it with with_*.
  [[nodiscard]] static FunctionPermissions invoke() { return {FunctionRole::invoke, AllCaches{}, AllFunctions{}}; }

  /// The one function with this name.
  [[nodiscard]] FunctionPermissions with_function(std::string name) && {
    return std::move(*this).select(FunctionName(std::move(name)));
  }
  [[nodiscard]] FunctionPermissions with_function(std::string name) const& {
    return select(FunctionName(std::move(name)));
  }
  /// Every function whose name starts with these bytes.
  [[nodiscard]] FunctionPermissions with_function_prefix(std::string prefix) && {
    return std::move(*this).select(FunctionNamePrefix(std::move(prefix)));
  }
  [[nodiscard]] FunctionPermissions with_function_prefix(std::string prefix) const& {
    return select(FunctionNamePrefix(std::move(prefix)));
  }
  /// Replaces a name or prefix.
  [[nodiscard]] FunctionPermissions with_all_functions() && { return std::move(*this).select(AllFunctions{}); }
  [[nodiscard]] FunctionPermissions with_all_functions() const& { return select(AllFunctions{}); }

  /// Unset until functions are chosen.
  [[nodiscard]] const FunctionSelector& function() const& noexcept { return resource(); }
  const FunctionSelector& function() const&& = delete;

  static constexpr const detail::KindInfo& kind() noexcept { return detail::function_kind; }
  friend bool operator==(const FunctionPermissions&, const FunctionPermissions&) = default;

 private:
  using PermissionBase::PermissionBase;
};

/// Invoke a function; without a function, any of the cache.
[[nodiscard]] inline Action function_invoke(std::string_view cache,
                                            std::optional<std::string_view> function = {}) noexcept {
  return {detail::function_kind, detail::function_operations[0], cache, function};
}

MOMENTO_TOKEN_END_NAMESPACE
