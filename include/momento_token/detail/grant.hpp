#pragma once
// What statements come to, and how what they match compares: the rules behind allows, covers, explain and lint.

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "momento_token/config.hpp"
#include "momento_token/detail/kind.hpp"
#include "momento_token/detail/statement.hpp"
#include "momento_token/permissions/action.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// What a statement comes to: its operations (none when it grants nothing), and selectors of which an unset one matches
/// nothing.
struct Grant {
  std::uint8_t kind = 0;
  std::uint8_t operations = 0;
  SelectorView cache = {};
  SelectorView resource = {};
};

enum class AbsentResource : std::uint8_t {
  as_the_kind_says,  // a bare scope: an absent item selector means every item
  nothing,           // a token: the issuer always writes the selector
};

/// An empty name or prefix matches nothing, as an unset selector does.
[[nodiscard]] inline SelectorView effective_selector(const SelectorView& selector) noexcept {
  const bool has_text = selector.select == Select::name || selector.select == Select::prefix;
  return has_text && selector.text.empty() ? SelectorView{} : selector;
}

[[nodiscard]] inline Grant grant_of(const StatementView& statement,
                                    AbsentResource absent = AbsentResource::as_the_kind_says) noexcept {
  Grant grant{statement.kind, operations_of(statement), effective_selector(statement.cache),
              effective_selector(statement.resource)};
  const KindInfo* kind = find_kind(statement.kind);
  if (statement.resource.select == Select::unset && absent == AbsentResource::as_the_kind_says && kind != nullptr &&
      kind->absent_resource_is_all) {
    grant.resource.select = Select::all;
  }
  if (grant.cache.select == Select::unset || grant.resource.select == Select::unset) grant.operations = 0;
  return grant;
}

[[nodiscard]] inline bool selects(const SelectorView& selector, std::string_view text) noexcept {
  if (selector.select == Select::all) return true;
  if (selector.select == Select::unset || selector.text.empty() || selector.text.size() > text.size()) return false;
  if (selector.select == Select::name && selector.text.size() != text.size()) return false;
  return std::memcmp(selector.text.data(), text.data(), selector.text.size()) == 0;
}

/// Without a text the action is about all resources, which only "all" allows.
[[nodiscard]] inline bool selects(const SelectorView& selector, const std::optional<std::string_view>& text) noexcept {
  return text ? selects(selector, *text) : selector.select == Select::all;
}

[[nodiscard]] inline bool allows_action(const Grant& grant, const Action& action) noexcept {
  return grant.kind == action.kind() && (grant.operations & action.operation()) != 0 &&
         selects(grant.cache, action.cache()) && selects(grant.resource, action.resource());
}

/// Whether everything the inner selector matches the outer one matches too.
[[nodiscard]] inline bool contains_selector(const SelectorView& outer, const SelectorView& inner) noexcept {
  if (outer.select == Select::all) return true;
  if (outer.select == Select::name) return inner.select == Select::name && inner.text == outer.text;
  const bool inner_has_text = inner.select == Select::name || inner.select == Select::prefix;
  return outer.select == Select::prefix && inner_has_text && inner.text.starts_with(outer.text);
}

/// The inner grant's operations that the outer one grants on all of the inner one's resources.
[[nodiscard]] inline std::uint8_t covered_operations(const Grant& outer, const Grant& inner) noexcept {
  const bool within = outer.kind == inner.kind && contains_selector(outer.cache, inner.cache) &&
                      contains_selector(outer.resource, inner.resource);
  return within ? static_cast<std::uint8_t>(outer.operations & inner.operations) : std::uint8_t{0};
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
