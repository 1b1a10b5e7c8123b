#pragma once
// What may be issued: everything said, nothing empty. The verifier holds tokens to the same rules.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "momento_token/claims.hpp"
#include "momento_token/detail/statement.hpp"
#include "momento_token/detail/utf8.hpp"
#include "momento_token/result.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// Why a statement cannot be issued.
struct Problem {
  std::string_view part = {};  // "role", "cache", or the kind's noun; empty when there is no problem
  StaticText message = {};
  explicit operator bool() const noexcept { return !part.empty(); }
};

[[nodiscard]] inline Problem selector_problem(const SelectorView& selector, std::string_view part,
                                              bool bytes) noexcept {
  switch (selector.select) {
    case Select::all: return {};
    case Select::unset: return {part, "is not set; say which one, or all of them with the with_all_…() builder"};
    default: break;
  }
  if (selector.text.empty()) return {part, "is empty; say which one, or all of them with the with_all_…() builder"};
  if (!bytes && !valid_utf8(selector.text)) return {part, "is not UTF-8"};
  return {};
}

[[nodiscard]] inline Problem statement_problem(const KindInfo& kind, const StatementView& s) noexcept {
  if (s.role == unset_role) return {"role", "is not set; start from a preset such as read_only() or give with_role()"};
  if (const Problem problem = selector_problem(s.cache, "cache", false)) return problem;
  return selector_problem(s.resource, kind.noun, kind.resource_is_bytes);
}

/// "permissions[2].cache"
[[nodiscard]] inline std::string statement_path(std::size_t index, std::string_view part) {
  std::string path = "permissions[" + std::to_string(index) + "]";
  if (!part.empty()) path.append(".").append(part);
  return path;
}

[[nodiscard]] inline Error incomplete(std::size_t index, const Problem& problem) {
  return {Errc::invalid_argument, statement_path(index, problem.part), problem.message};
}

/// Nothing left out of any statement.
[[nodiscard]] inline Result<void> check_complete(const Permissions& permissions) {
  const auto items = permissions.items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const StatementView statement = view_of(items[i]);
    if (const Problem problem = statement_problem(*find_kind(statement.kind), statement)) return incomplete(i, problem);
  }
  return {};
}

[[nodiscard]] inline Result<void> check_issuable(const Permissions& permissions, const Limits& limits) {
  const auto items = permissions.items();
  if (items.size() > limits.max_statements) {
    return Error{Errc::limit_exceeded, "permissions", "has more statements than Limits::max_statements"};
  }
  std::uint8_t granted = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const StatementView statement = view_of(items[i]);
    if (const Problem problem = statement_problem(*find_kind(statement.kind), statement)) return incomplete(i, problem);
    granted = static_cast<std::uint8_t>(granted | operations_of(statement));
  }
  if (granted == 0) return Error{Errc::invalid_argument, "permissions", "grants nothing; add a statement with a role"};
  return {};
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
