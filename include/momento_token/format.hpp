#pragma once
// fmt::format("{}", …) for errors, codes and permissions; never for credentials. The one header that includes fmt: leave
// it out and no header of ours does.

#include <fmt/format.h>

#include <string_view>

#include "momento_token/error.hpp"
#include "momento_token/permissions.hpp"

namespace momento_token::detail {
/// Formats as to_string() writes; takes the options of a text, such as {:>20}.
template <class T>
struct TextFormatter : fmt::formatter<std::string_view> {
  template <class Context>
  auto format(const T& value, Context& context) const {
    return fmt::formatter<std::string_view>::format(std::string_view(to_string(value)), context);
  }
};
}  // namespace momento_token::detail

template <>
struct fmt::formatter<momento_token::Errc> : momento_token::detail::TextFormatter<momento_token::Errc> {};
template <>
struct fmt::formatter<momento_token::Error> : momento_token::detail::TextFormatter<momento_token::Error> {};
template <>
struct fmt::formatter<momento_token::Permission> : momento_token::detail::TextFormatter<momento_token::Permission> {};
template <>
struct fmt::formatter<momento_token::Permissions> : momento_token::detail::TextFormatter<momento_token::Permissions> {};
