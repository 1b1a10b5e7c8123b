#pragma once
// Permissions and actions in words.

#include "momento_token/permissions.hpp"

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "momento_token/detail/kind.hpp"
#include "momento_token/detail/statement.hpp"
#include "momento_token/encoding.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// The name as it may be printed, in quotes: names come from callers and tokens.
[[nodiscard]] MOMENTO_TOKEN_INLINE std::string in_quotes(std::string_view name) { return '"' + printable(name) + '"'; }

/// the topic "room-7" | the topics that start with "room-" | all topics | topics (no topic selector)
[[nodiscard]] MOMENTO_TOKEN_INLINE std::string selector_words(std::string_view noun, const SelectorView& selector) {
  const std::string one(noun);
  switch (selector.select) {
    case Select::all: return "all " + one + "s";
    case Select::name: return "the " + one + " " + in_quotes(selector.text);
    case Select::prefix: return "the " + one + "s that start with " + in_quotes(selector.text);
    case Select::unset: break;
  }
  return one + "s (no " + one + " selector)";
}

[[nodiscard]] MOMENTO_TOKEN_INLINE std::string statement_words(const StatementView& statement) {
  const KindInfo* kind = find_kind(statement.kind);
  if (kind == nullptr) return "nothing";
  const std::string_view verb =
      statement.role < 0 ? "do nothing (no role) with" : kind->roles[static_cast<std::size_t>(statement.role)].verb;
  return std::string(verb) + " " + selector_words(kind->noun, statement.resource) + " of " +
         selector_words("cache", statement.cache);
}

}  // namespace detail

MOMENTO_TOKEN_INLINE std::string to_string(const Permission& permission) {
  return detail::statement_words(detail::view_of(permission));
}

MOMENTO_TOKEN_INLINE std::string to_string(const Permissions& permissions) {
  if (permissions.empty()) return "nothing";
  std::string words;
  for (const Permission& permission : permissions.items()) {
    if (!words.empty()) words += "; ";
    words += to_string(permission);
  }
  return words;
}

MOMENTO_TOKEN_INLINE std::string to_string(const Action& action) {
  const detail::KindInfo* kind = detail::find_kind(action.kind());
  const std::string_view noun = kind == nullptr ? "resource" : kind->noun;
  const auto resource = action.resource() ? detail::SelectorView{detail::Select::name, *action.resource()}
                                          : detail::SelectorView{detail::Select::all, {}};
  return std::string(action.name()) + " on " + detail::selector_words(noun, resource) + " of the cache " +
         detail::in_quotes(action.cache());
}

MOMENTO_TOKEN_INLINE std::ostream& operator<<(std::ostream& out, const Permission& permission) {
  return out << to_string(permission);
}
MOMENTO_TOKEN_INLINE std::ostream& operator<<(std::ostream& out, const Permissions& permissions) {
  return out << to_string(permissions);
}
MOMENTO_TOKEN_INLINE std::ostream& operator<<(std::ostream& out, const Action& action) {
  return out << to_string(action);
}

// Here, so that a program that only reads tokens does not pay for growing a vector of variants in every source.
MOMENTO_TOKEN_INLINE Permissions Permissions::with(Permission p) && {
  items_.push_back(std::move(p));
  return std::move(*this);
}
MOMENTO_TOKEN_INLINE Permissions Permissions::with(Permission p) const& {
  return Permissions(*this).with(std::move(p));
}

MOMENTO_TOKEN_END_NAMESPACE
