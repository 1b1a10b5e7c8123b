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
[[nodiscard]] MOMENTO_TOKEN_INLINE bool record_allows(const StatementRecord& record, std::string_view p,
                                                      const Action& action) noexcept {
  if ((record.kind_and_role >> 4) != action.kind()) return false;
  if (((record.operations_and_selectors >> 4) & action.operation()) == 0) return false;
  const auto cache = static_cast<Select>((record.operations_and_selectors >> 2) & 3);
  if (!selects({cache, p.substr(record.cache_offset, record.cache_size)}, action.cache())) return false;
  const auto resource = static_cast<Select>(record.operations_and_selectors & 3);
  return selects({resource, p.substr(record.resource_offset, record.resource_size)}, action.resource());
}

[[nodiscard]] MOMENTO_TOKEN_INLINE bool token_allows(const VerifiedToken& token, const Action& action) noexcept {
  const std::string_view p = as_text(TokenAccess::p(token));
  const std::size_t count = token.statement_count();
  const std::uint8_t* const kinds_and_operations = TokenAccess::columns(token);
  const std::uint8_t wanted_cache = cache_tag(action.cache());
  for (std::size_t i = 0; i < count; ++i) {
    if (kinds_and_operations != nullptr) {
      const std::uint8_t kind_and_operations = kinds_and_operations[i];
      const std::uint8_t cache = kinds_and_operations[count + i];  // 0: any cache
      if ((kind_and_operations >> 4) != action.kind() || (kind_and_operations & action.operation()) == 0) continue;
      if (cache != 0 && cache != wanted_cache) continue;
    }
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
