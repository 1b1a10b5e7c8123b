#pragma once
// A permission set: what a token lets its holder do. Grants add up; nothing takes a grant away; empty grants nothing.

#include <cstddef>
#include <iosfwd>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "momento_token/config.hpp"
#include "momento_token/permissions/action.hpp"
#include "momento_token/permissions/cache.hpp"
#include "momento_token/permissions/function.hpp"
#include "momento_token/permissions/selectors.hpp"
#include "momento_token/permissions/topic.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

/// One statement of a set.
using Permission = std::variant<CachePermissions, TopicPermissions, FunctionPermissions>;

/// A plain value, built fluently:
///   Permissions().with_function(FunctionPermissions().with_cache("fo").with_function("od"))
class Permissions {
 public:
  Permissions() = default;

  /// One more statement; those before it stay.
  [[nodiscard]] Permissions with_cache(CachePermissions p) && { return std::move(*this).with(std::move(p)); }
  [[nodiscard]] Permissions with_cache(CachePermissions p) const& { return with(std::move(p)); }
  [[nodiscard]] Permissions with_topic(TopicPermissions p) && { return std::move(*this).with(std::move(p)); }
  [[nodiscard]] Permissions with_topic(TopicPermissions p) const& { return with(std::move(p)); }
  [[nodiscard]] Permissions with_function(FunctionPermissions p) && { return std::move(*this).with(std::move(p)); }
  [[nodiscard]] Permissions with_function(FunctionPermissions p) const& { return with(std::move(p)); }

  /// One more statement of any kind, for loops over settings.
  [[nodiscard]] MOMENTO_TOKEN_API Permissions with(Permission p) &&;
  [[nodiscard]] MOMENTO_TOKEN_API Permissions with(Permission p) const&;

  /// The statements in the order they were added; valid while this object lives and is not changed.
  [[nodiscard]] std::span<const Permission> items() const& noexcept { return items_; }
  std::span<const Permission> items() const&& = delete;
  [[nodiscard]] bool empty() const noexcept { return items_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }

  friend bool operator==(const Permissions&, const Permissions&) = default;

 private:
  std::vector<Permission> items_;
};

/// In words, safe to print: invoke the function "od" of the cache "fo".
[[nodiscard]] MOMENTO_TOKEN_API std::string to_string(const Permission& permission);
/// The statements in words, joined by "; "; "nothing" for an empty set.
[[nodiscard]] MOMENTO_TOKEN_API std::string to_string(const Permissions& permissions);
/// In words, safe to print: topic.publish on the topic "room-7" of the cache "chat".
[[nodiscard]] MOMENTO_TOKEN_API std::string to_string(const Action& action);

/// As to_string() writes them; take std::setw and the like. One kind's permissions are a Permission.
MOMENTO_TOKEN_API std::ostream& operator<<(std::ostream& out, const Permission& permission);
MOMENTO_TOKEN_API std::ostream& operator<<(std::ostream& out, const Permissions& permissions);
MOMENTO_TOKEN_API std::ostream& operator<<(std::ostream& out, const Action& action);

MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/permissions.ipp"
#endif
