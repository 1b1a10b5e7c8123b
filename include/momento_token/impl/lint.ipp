#pragma once
// What a careful reviewer would ask about a permission set.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "momento_token/authorizer.hpp"
#include "momento_token/detail/grant.hpp"
#include "momento_token/detail/issue_rules.hpp"
#include "momento_token/detail/kind.hpp"
#include "momento_token/detail/statement.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/impl/permissions.ipp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

[[nodiscard]] MOMENTO_TOKEN_INLINE Grant grant_at(const Permissions& permissions, std::size_t i) noexcept {
  return grant_of(view_of(permissions.items()[i]));
}

/// Whether the prefix also opens longer names that look alike. Every character beyond ASCII counts as a letter.
[[nodiscard]] MOMENTO_TOKEN_INLINE bool ends_in_letter_or_digit(std::string_view text) noexcept {
  if (text.empty()) return false;
  const char last = text.back();
  const bool ascii = (last >= 'a' && last <= 'z') || (last >= 'A' && last <= 'Z') || (last >= '0' && last <= '9');
  return ascii || (static_cast<unsigned char>(last) >= 0x80 && is_utf8(text));
}

/// Another statement that alone grants all of this one; of two that grant the same, only the later is superfluous.
[[nodiscard]] MOMENTO_TOKEN_INLINE std::optional<std::size_t> covered_by(const Permissions& permissions,
                                                                         std::size_t index) noexcept {
  const Grant grant = grant_at(permissions, index);
  for (std::size_t i = 0; i < permissions.size(); ++i) {
    const Grant other = grant_at(permissions, i);
    if (i == index || covered_operations(other, grant) != grant.operations) continue;
    const bool same = covered_operations(grant, other) == other.operations;
    if (i < index || !same) return i;
  }
  return {};
}

/// A role that is more than one operation and all of its kind: read-write, as permissionmessages.proto calls it.
[[nodiscard]] MOMENTO_TOKEN_INLINE bool is_read_write(const Grant& grant) noexcept {
  const KindInfo* kind = find_kind(grant.kind);
  if (kind == nullptr || kind->operations.size() < 2) return false;
  for (const OperationInfo& operation : kind->operations) {
    if ((grant.operations & operation.bit) == 0) return false;
  }
  return true;
}

MOMENTO_TOKEN_INLINE LintFinding finding_of(Lint lint, std::size_t statement, const std::string& message) {
  return {lint, statement, statement_path(statement, {}) + " " + message};
}

/// What is odd about a statement that grants something.
MOMENTO_TOKEN_INLINE void lint_grant(const Permissions& permissions, std::size_t i,
                                     std::vector<LintFinding>& findings) {
  const Grant grant = grant_at(permissions, i);
  if (const auto other = covered_by(permissions, i)) {
    findings.push_back(
        finding_of(Lint::covered_by_another, i, "adds nothing to " + statement_path(*other, {}) + ": leave it out"));
  }
  if (grant.cache.select == Select::all && is_read_write(grant)) {
    findings.push_back(finding_of(Lint::all_caches_read_write, i,
                                  "grants every operation in every cache there is or will be: name one cache"));
  }
  if (grant.resource.select == Select::prefix && ends_in_letter_or_digit(grant.resource.text)) {
    findings.push_back(finding_of(Lint::open_ended_prefix, i,
                                  "has the prefix " + in_quotes(grant.resource.text) +
                                      ", which also opens names that go on with a letter or digit: end it with a "
                                      "separator"));
  }
}

MOMENTO_TOKEN_INLINE void lint_statement(const Permissions& permissions, std::size_t i,
                                         std::vector<LintFinding>& findings) {
  const StatementView statement = view_of(permissions.items()[i]);
  const KindInfo& kind = *find_kind(statement.kind);
  const std::string noun(kind.noun);
  if (statement.resource.select == Select::unset && kind.absent_resource_is_all) {
    findings.push_back(finding_of(Lint::absent_item_selector, i,
                                  "has no " + noun + " selector, which means every " + noun +
                                      " to Momento and is refused at issue: say with_all_" + noun + "s()"));
  }
  if (grant_of(statement).operations != 0) return lint_grant(permissions, i, findings);
  findings.push_back(finding_of(Lint::grants_nothing, i,
                                "grants nothing: give it a role, a cache and " + noun + "s, or leave it out"));
}

}  // namespace detail

MOMENTO_TOKEN_INLINE std::string_view to_string(Lint lint) noexcept {
  switch (lint) {
    case Lint::absent_item_selector: return "absent_item_selector";
    case Lint::grants_nothing: return "grants_nothing";
    case Lint::covered_by_another: return "covered_by_another";
    case Lint::all_caches_read_write: return "all_caches_read_write";
    case Lint::open_ended_prefix: return "open_ended_prefix";
    case Lint::long_lifetime: return "long_lifetime";
  }
  return "unknown";
}

MOMENTO_TOKEN_INLINE std::vector<LintFinding> lint(const Permissions& permissions, std::optional<Lifetime> valid_for) {
  std::vector<LintFinding> findings;
  if (permissions.empty()) findings.push_back({Lint::grants_nothing, {}, "the set is empty: add a statement"});
  for (std::size_t i = 0; i < permissions.size(); ++i) detail::lint_statement(permissions, i, findings);
  if (valid_for && valid_for->seconds() > std::chrono::hours(1)) {
    findings.push_back(
        {Lint::long_lifetime,
         {},
         "the token lives longer than 1 h, and a stolen one works as long: vend shorter ones more often"});
  }
  return findings;
}

MOMENTO_TOKEN_END_NAMESPACE
