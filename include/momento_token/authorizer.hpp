#pragma once
// May the holder do this? Decides from a verified token or a bare permission set.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "momento_token/clock.hpp"
#include "momento_token/config.hpp"
#include "momento_token/permissions.hpp"
#include "momento_token/result.hpp"
#include "momento_token/token.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

/// True when one statement of the action's kind has a role that covers the operation, a cache selector that matches and
/// a resource selector that matches. In a bare set an absent item selector means every item, as Momento's service reads
/// it; any other absent or empty selector matches nothing. Prefixes match by bytes. There is deliberately no overload for
/// an UnverifiedToken.
[[nodiscard]] MOMENTO_TOKEN_API bool allows(const Permissions& permissions, const Action& action) noexcept;
/// The same for a token, and false from the second it has expired: a VerifiedToken may have been kept for a while.
[[nodiscard]] MOMENTO_TOKEN_API bool allows(const VerifiedToken& token, const Action& action,
                                            const Clock& clock = *system_clock());

/// A yes or no with its reason.
struct Decision {
  bool allowed = false;  ///< what allows() says
  /// The statement that granted, or the one that came nearest; empty when none is of the action's kind.
  std::optional<std::size_t> statement = {};
  /// One sentence, safe to print: it holds the names of the scope and the action, escaped.
  std::string reason = {};

  explicit operator bool() const noexcept { return allowed; }
};

/// allows(), with the reason.
[[nodiscard]] MOMENTO_TOKEN_API Decision explain(const Permissions& permissions, const Action& action);
[[nodiscard]] MOMENTO_TOKEN_API Decision explain(const VerifiedToken& token, const Action& action,
                                                 const Clock& clock = *system_clock());

/// True only when the parent allows whatever the child allows: for each operation of each statement of the child, one
/// statement of the parent grants it with selectors that contain the child's. Never says yes wrongly; may say no when
/// only several statements of the parent together would do.
[[nodiscard]] MOMENTO_TOKEN_API bool covers(const Permissions& parent, const Permissions& child) noexcept;
/// Of what the token was issued for; whether it has expired is not asked.
[[nodiscard]] MOMENTO_TOKEN_API bool covers(const VerifiedToken& parent, const Permissions& child);
/// The first statement of the child that the parent does not cover; empty when covers().
[[nodiscard]] MOMENTO_TOKEN_API std::optional<std::size_t> first_uncovered(const Permissions& parent,
                                                                           const Permissions& child) noexcept;

/// Useless or dangerous, as lint() finds it.
enum class Lint : std::uint8_t {
  absent_item_selector,   ///< means every item where it is accepted, and is refused at issue
  grants_nothing,         ///< no role, permit_none, or a selector that matches nothing
  covered_by_another,     ///< another statement already grants all of it
  all_caches_read_write,  ///< reads and writes every cache there is or will be
  open_ended_prefix,      ///< ends in a letter or digit: "/movie1" also opens "/movie10"
  long_lifetime,          ///< above 1 h
};
/// The finding's name, such as "open_ended_prefix".
[[nodiscard]] MOMENTO_TOKEN_API std::string_view to_string(Lint lint) noexcept;

/// What lint() says about one statement, or about the whole.
struct LintFinding {
  Lint lint;                                  ///< which of them
  std::optional<std::size_t> statement = {};  ///< which one; empty when it is about the whole
  std::string message = {};                   ///< one sentence with the fix, safe to print
};

/// What a careful reviewer would ask about, in the order of the statements.
[[nodiscard]] MOMENTO_TOKEN_API std::vector<LintFinding> lint(const Permissions& permissions,
                                                              std::optional<Lifetime> valid_for = {});

/// An action by its name ("cache.read"), for programs and configuration. invalid_argument for an unknown name. The
/// views must live as long as the action.
[[nodiscard]] MOMENTO_TOKEN_API Result<Action> action_from_name(std::string_view name, std::string_view cache,
                                                                std::optional<std::string_view> resource = {});

MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/authorizer.ipp"
#endif
