#pragma once
// A statement as views, whatever holds it: the builders' values, protobuf bytes, a verified token. The codec, the JSON
// readers and the authorizer work on these, so that none of them knows the kinds.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "momento_token/detail/kind.hpp"
#include "momento_token/permissions.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// In the order of the alternatives of every selector variant.
enum class Select : std::uint8_t { unset = 0, all = 1, name = 2, prefix = 3 };

struct SelectorView {
  Select select = Select::unset;
  std::string_view text = {};  // of name and prefix
};

inline constexpr std::int8_t unset_role = -1;

struct StatementView {
  std::uint8_t kind = 0;          // KindInfo::proto_field
  std::int8_t role = unset_role;  // index into KindInfo::roles
  SelectorView cache = {};
  SelectorView resource = {};
};

template <class Variant>
struct KindTable;
template <class... P>
struct KindTable<std::variant<P...>> {
  static constexpr std::array<const KindInfo*, sizeof...(P)> kinds = {&P::kind()...};
};
inline constexpr const auto& kinds = KindTable<Permission>::kinds;

/// Null for a number that no kind has.
[[nodiscard]] inline const KindInfo* find_kind(std::uint64_t proto_field) noexcept {
  for (const KindInfo* kind : kinds) {
    if (kind->proto_field == proto_field) return kind;
  }
  return nullptr;
}

/// The operations that a statement's role grants, as bits of its kind.
[[nodiscard]] inline std::uint8_t operations_of(const StatementView& statement) noexcept {
  const KindInfo* kind = find_kind(statement.kind);
  if (kind == nullptr || statement.role < 0) return 0;
  return kind->roles[static_cast<std::size_t>(statement.role)].operations;
}

template <class Alternative>
[[nodiscard]] std::string_view selected_text(const Alternative& alternative) noexcept {
  if constexpr (requires { alternative.value; }) return alternative.value;
  return {};
}

template <class Selector>
[[nodiscard]] SelectorView view_of(const Selector& selector) noexcept {
  return {static_cast<Select>(selector.index()),
          std::visit([](const auto& alternative) { return selected_text(alternative); }, selector)};
}

template <class Selector>
[[nodiscard]] Selector make_selector(const SelectorView& view) {
  switch (view.select) {
    case Select::all: return Selector(std::in_place_index<1>);
    case Select::name: return Selector(std::in_place_index<2>, std::string(view.text));
    case Select::prefix:
      if constexpr (std::variant_size_v < Selector >> 3)
        return Selector(std::in_place_index<3>, std::string(view.text));
      break;
    case Select::unset: break;
  }
  return Selector();
}

struct PermissionAccess {
  template <class P>
  [[nodiscard]] static StatementView view(const P& permission) noexcept {
    // A number that was cast to the enum without being one of its roles is no role.
    const bool has_role = permission.role() && static_cast<std::size_t>(*permission.role()) < P::kind().roles.size();
    return {P::kind().proto_field, has_role ? static_cast<std::int8_t>(*permission.role()) : unset_role,
            view_of(permission.cache_), view_of(permission.resource_)};
  }
  template <class P>
  [[nodiscard]] static P make(const StatementView& statement) {
    P permission;
    permission.role_.reset();
    if (statement.role >= 0) permission.role_ = static_cast<typename P::Role>(statement.role);
    permission.cache_ = make_selector<CacheSelector>(statement.cache);
    permission.resource_ = make_selector<typename P::ResourceSelector>(statement.resource);
    return permission;
  }
};

/// Valid as long as the permission is.
[[nodiscard]] inline StatementView view_of(const Permission& permission) noexcept {
  return std::visit([](const auto& p) { return PermissionAccess::view(p); }, permission);
}

template <std::size_t I = 0>
[[nodiscard]] Permission make_permission(const StatementView& statement) {
  using P = std::variant_alternative_t<I, Permission>;
  if constexpr (I + 1 < std::variant_size_v<Permission>) {
    if (P::kind().proto_field != statement.kind) return make_permission<I + 1>(statement);
  }
  return PermissionAccess::make<P>(statement);
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
