#pragma once
// fmt::format("{}", …) and, where the standard library has it, std::format("{}", …) for codes, errors, actions and
// permissions; never for credentials. The one header that includes fmt: leave it out and no header of ours does.

#include <concepts>
#include <string_view>
#include <version>

#if __has_include(<fmt/format.h>)
#include <fmt/format.h>
#endif
#if defined(__cpp_lib_format)
#include <format>
#endif

#include "momento_token/error.hpp"
#include "momento_token/permissions.hpp"

namespace momento_token::detail {

template <class T, class... Types>
concept OneOf = (std::same_as<T, Types> || ...);

/// What is formatted, beside Permission: a list, so that nothing gets a formatter by accident.
template <class T>
concept InWords = OneOf<T, Errc, Error, Action, Permissions, CachePermissions, TopicPermissions, FunctionPermissions>;

/// Formats as to_string() writes; takes the options of a text, such as {:>20}.
template <class T, class TextFormatter>
struct WordsFormatter : TextFormatter {
  template <class Context>
  auto format(const T& value, Context& context) const {
    return TextFormatter::format(std::string_view(to_string(value)), context);
  }
};

/// One kind's permissions are written as the statement they are.
template <class T, class TextFormatter>
requires OneOf<T, CachePermissions, TopicPermissions, FunctionPermissions>
struct WordsFormatter<T, TextFormatter> : WordsFormatter<Permission, TextFormatter> {
};

}  // namespace momento_token::detail

// Permission is a variant: in full, so that no formatter for every variant competes.
#if __has_include(<fmt/format.h>)
template <momento_token::detail::InWords T>
struct fmt::formatter<T, char> : momento_token::detail::WordsFormatter<T, fmt::formatter<std::string_view>> {};
template <>
struct fmt::formatter<momento_token::Permission, char>
    : momento_token::detail::WordsFormatter<momento_token::Permission, fmt::formatter<std::string_view>> {};
#endif

#if defined(__cpp_lib_format)
template <momento_token::detail::InWords T>
struct std::formatter<T, char> : momento_token::detail::WordsFormatter<T, std::formatter<std::string_view>> {};
template <>
struct std::formatter<momento_token::Permission, char>
    : momento_token::detail::WordsFormatter<momento_token::Permission, std::formatter<std::string_view>> {};
#endif
