#pragma once
// Who may do what: allows, covers, and the names of actions. The reasons are in explain.ipp, the advice in lint.ipp.

#include "momento_token/authorizer.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "momento_token/detail/grant.hpp"
#include "momento_token/detail/kind.hpp"
#include "momento_token/detail/statement.hpp"
#include "momento_token/detail/token_block.hpp"
#include "momento_token/impl/explain.ipp"
#include "momento_token/impl/lint.ipp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// Per operation one statement of the parent; `parent_at(i)` is its i-th grant.
template <class ParentAt>
[[nodiscard]] bool is_covered(std::size_t parents, const ParentAt& parent_at, const Grant& child) noexcept {
  std::uint8_t covered = 0;
  for (std::size_t i = 0; i < parents && covered != child.operations; ++i) {
    covered = static_cast<std::uint8_t>(covered | covered_operations(parent_at(i), child));
  }
  return covered == child.operations;
}

template <class ParentAt>
[[nodiscard]] std::optional<std::size_t> first_not_covered(std::size_t parents, const ParentAt& parent_at,
                                                           const Permissions& child) noexcept {
  for (std::size_t i = 0; i < child.size(); ++i) {
    if (!is_covered(parents, parent_at, grant_of(view_of(child.items()[i])))) return i;
  }
  return {};
}

/// Whether the statement of a verified token allows the action. Works on the packed record: this is the hot path.
[[nodiscard]] inline bool record_allows(const StatementRecord& record, const char* p, const Action& action) noexcept {
  if ((record.kind_and_role >> 4) != action.kind()) return false;
  const unsigned bits = record.operations_and_selectors;
  if (((bits >> 4) & action.operation()) == 0) return false;
  const SelectorView cache{static_cast<Select>(bits >> 2 & 3), {p + record.cache_offset, record.cache_size}};
  const SelectorView resource{static_cast<Select>(bits & 3), {p + record.resource_offset, record.resource_size}};
  return selects(cache, action.cache()) && selects(resource, action.resource());
}

/// By the two byte columns alone: false when the statement cannot allow the action.
[[nodiscard]] inline bool may_allow(std::uint8_t kind_and_operations, std::uint8_t cache, const Action& action,
                                    std::uint8_t wanted_cache) noexcept {
  const bool any_cache = cache == 0;
  return (kind_and_operations >> 4) == action.kind() && (kind_and_operations & action.operation()) != 0 &&
         (any_cache || cache == wanted_cache);
}

[[nodiscard]] MOMENTO_TOKEN_INLINE bool token_allows(const VerifiedToken& token, const Action& action) noexcept {
  const char* const p = as_text(TokenAccess::p(token)).data();
  const std::size_t count = token.statement_count();
  const std::uint8_t* const columns = TokenAccess::columns(token);
  const std::uint8_t wanted_cache = columns == nullptr ? std::uint8_t{0} : cache_tag(action.cache());
  for (std::size_t i = 0; i < count; ++i) {
    if (columns != nullptr && !may_allow(columns[i], columns[count + i], action, wanted_cache)) continue;
    if (record_allows(TokenAccess::record(token, i), p, action)) return true;
  }
  return false;
}

}  // namespace detail

MOMENTO_TOKEN_INLINE bool allows(const Permissions& permissions, const Action& action) noexcept {
  for (const Permission& permission : permissions.items()) {
    if (detail::allows_action(detail::grant_of(detail::view_of(permission)), action)) return true;
  }
  return false;
}

MOMENTO_TOKEN_INLINE bool allows(const VerifiedToken& token, const Action& action, const Clock& clock) {
  return clock.now() < token.refused_from() && detail::token_allows(token, action);
}

MOMENTO_TOKEN_INLINE std::optional<std::size_t> first_uncovered(const Permissions& parent,
                                                                const Permissions& child) noexcept {
  const auto parent_at = [&](std::size_t i) { return detail::grant_of(detail::view_of(parent.items()[i])); };
  return detail::first_not_covered(parent.size(), parent_at, child);
}

MOMENTO_TOKEN_INLINE bool covers(const Permissions& parent, const Permissions& child) noexcept {
  return !first_uncovered(parent, child);
}

MOMENTO_TOKEN_INLINE bool covers(const VerifiedToken& parent, const Permissions& child) {
  const auto parent_at = [&](std::size_t i) {
    return detail::grant_of(detail::TokenAccess::statement(parent, i), detail::AbsentResource::nothing);
  };
  return !detail::first_not_covered(parent.statement_count(), parent_at, child);
}

MOMENTO_TOKEN_INLINE Result<Action> action_from_name(std::string_view name, std::string_view cache,
                                                     std::optional<std::string_view> resource) {
  for (const detail::KindInfo* kind : detail::kinds) {
    for (const detail::OperationInfo& operation : kind->operations) {
      if (operation.name == name) return Action(*kind, operation, cache, resource);
    }
  }
  return Error{Errc::invalid_argument, "action", "is no action; one is written like cache.read or topic.publish"};
}

MOMENTO_TOKEN_END_NAMESPACE
