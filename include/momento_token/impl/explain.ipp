#pragma once
// The reasons for what allows() says.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "momento_token/authorizer.hpp"
#include "momento_token/detail/grant.hpp"
#include "momento_token/detail/issue_rules.hpp"
#include "momento_token/detail/kind.hpp"
#include "momento_token/detail/statement.hpp"
#include "momento_token/detail/token_block.hpp"
#include "momento_token/impl/permissions.ipp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// Which parts of a statement fit an action of its kind.
struct Fit {
  bool role = false;
  bool cache = false;
  bool resource = false;
  [[nodiscard]] int parts() const noexcept { return int{role} + int{cache} + int{resource}; }
};

[[nodiscard]] MOMENTO_TOKEN_INLINE Fit fit_of(const StatementView& statement, AbsentResource absent,
                                              const Action& action) noexcept {
  const Grant grant = grant_of(statement, absent);
  return {(operations_of(statement) & action.operation()) != 0, selects(grant.cache, action.cache()),
          selects(grant.resource, action.resource())};
}

/// Why a selector did not match: "it is for another topic".
[[nodiscard]] MOMENTO_TOKEN_INLINE std::string selector_miss(std::string_view noun, const SelectorView& selector,
                                                             bool asks_for_all) {
  const std::string one(noun);
  if (selector.select == Select::unset) return "it has no " + one + " selector";
  if (selector.text.empty()) return "its " + one + " selector is empty";
  if (asks_for_all) return "it is not for all " + one + "s";
  return selector.select == Select::prefix ? "it is for other " + one + "s" : "it is for another " + one;
}

[[nodiscard]] MOMENTO_TOKEN_INLINE std::string misses(const StatementView& statement, const Fit& fit,
                                                      const Action& action) {
  std::string words;
  const auto add = [&words](const std::string& why) { words += (words.empty() ? "" : " and ") + why; };
  if (!fit.role) add(statement.role < 0 ? "it has no role" : "its role does not cover the operation");
  if (!fit.cache) add(selector_miss("cache", statement.cache, false));
  if (!fit.resource) add(selector_miss(find_kind(statement.kind)->noun, statement.resource, !action.resource()));
  return words;
}

[[nodiscard]] MOMENTO_TOKEN_INLINE std::string no_statement_reason(const Action& action) {
  const KindInfo* kind = find_kind(action.kind());
  const std::string nouns = kind == nullptr ? "resources" : std::string(kind->noun) + "s";
  return to_string(action) + " is denied: no statement is about " + nouns;
}

/// `statement_at(i)` is the i-th of `count` statements.
template <class StatementAt>
[[nodiscard]] Decision explain_statements(std::size_t count, const StatementAt& statement_at, AbsentResource absent,
                                          const Action& action) {
  std::optional<std::size_t> nearest;
  Fit nearest_fit;
  for (std::size_t i = 0; i < count; ++i) {
    const StatementView statement = statement_at(i);
    if (statement.kind != action.kind()) continue;
    const Fit fit = fit_of(statement, absent, action);
    if (!nearest || fit.parts() > nearest_fit.parts()) {
      nearest = i;
      nearest_fit = fit;
    }
  }
  if (!nearest) return {false, {}, no_statement_reason(action)};
  const StatementView statement = statement_at(*nearest);
  const std::string which = statement_path(*nearest, {}) + " (" + statement_words(statement) + ")";
  if (nearest_fit.parts() == 3) return {true, nearest, to_string(action) + " is allowed by " + which};
  return {false, nearest,
          to_string(action) + " is denied: " + which + " comes nearest, but " + misses(statement, nearest_fit, action)};
}

}  // namespace detail

MOMENTO_TOKEN_INLINE Decision explain(const Permissions& permissions, const Action& action) {
  const auto statement_at = [&](std::size_t i) { return detail::view_of(permissions.items()[i]); };
  return detail::explain_statements(permissions.size(), statement_at, detail::AbsentResource::as_the_kind_says, action);
}

MOMENTO_TOKEN_INLINE Decision explain(const VerifiedToken& token, const Action& action, const Clock& clock) {
  if (clock.now() >= token.refused_from()) {
    return {false, {}, to_string(action) + " is denied: the token has expired"};
  }
  const auto statement_at = [&](std::size_t i) { return detail::TokenAccess::statement(token, i); };
  return detail::explain_statements(token.statement_count(), statement_at, detail::AbsentResource::nothing, action);
}

MOMENTO_TOKEN_END_NAMESPACE
