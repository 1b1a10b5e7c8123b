#pragma once
// The parts that every kind of permission has: a role, a cache selector and a resource selector, with the builders for
// them. Builders are values: on a temporary they move, on a named value they copy.

#include <optional>
#include <string>
#include <utility>

#include "momento_token/config.hpp"
#include "momento_token/permissions/selectors.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

struct PermissionAccess;

template <class Self, class RoleEnum, class Resource>
class PermissionBase {
 public:
  using Role = RoleEnum;
  using ResourceSelector = Resource;

  /// Replaces the role.
  [[nodiscard]] Self with_role(Role role) && {
    role_ = role;
    return std::move(self());
  }
  [[nodiscard]] Self with_role(Role role) const& { return Self(self()).with_role(role); }

  /// The one cache with this name; replaces "all caches".
  [[nodiscard]] Self with_cache(std::string name) && {
    cache_.template emplace<CacheName>(std::move(name));
    return std::move(self());
  }
  [[nodiscard]] Self with_cache(std::string name) const& { return Self(self()).with_cache(std::move(name)); }

  /// Every cache, also those to come; replaces a name.
  [[nodiscard]] Self with_all_caches() && {
    cache_.template emplace<AllCaches>();
    return std::move(self());
  }
  [[nodiscard]] Self with_all_caches() const& {  // as in select(): g++ 14 warns of a copy that it moves from
    Self copy(self());
    copy.cache_.template emplace<AllCaches>();
    return copy;
  }

  /// Empty until a role is given; an unset role is refused at issue.
  [[nodiscard]] std::optional<Role> role() const noexcept { return role_; }
  /// Unset until a cache, or all of them, is chosen.
  [[nodiscard]] const CacheSelector& cache() const& noexcept { return cache_; }
  const CacheSelector& cache() const&& = delete;

  friend bool operator==(const PermissionBase&, const PermissionBase&) = default;

 protected:
  PermissionBase() = default;
  explicit PermissionBase(Role role) : role_(role) {}
  PermissionBase(Role role, CacheSelector cache, Resource resource)
      : role_(role), cache_(std::move(cache)), resource_(std::move(resource)) {}

  // emplace rather than assignment throughout: it asks half as much of a compiler that reads this header.
  template <class Selected>
  [[nodiscard]] Self select(Selected selected) && {
    resource_.template emplace<Selected>(std::move(selected));
    return std::move(self());
  }
  template <class Selected>
  [[nodiscard]] Self select(Selected selected) const& {
    Self copy(self());
    copy.resource_.template emplace<Selected>(std::move(selected));
    return copy;
  }
  [[nodiscard]] const Resource& resource() const noexcept { return resource_; }

 private:
  friend struct PermissionAccess;
  [[nodiscard]] Self& self() noexcept { return static_cast<Self&>(*this); }
  [[nodiscard]] const Self& self() const noexcept { return static_cast<const Self&>(*this); }

  std::optional<Role> role_;
  CacheSelector cache_;
  Resource resource_;
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
