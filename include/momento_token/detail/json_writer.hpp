#pragma once
// JSON text written as JSON.stringify of the JavaScript SDK writes it.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// The most letters one byte of a text can take: \u001f.
inline constexpr std::size_t max_json_expansion = 6;

inline char* put(char* out, std::string_view text) noexcept {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

inline char* put_escape(char* out, unsigned char c) noexcept {
  switch (c) {
    case '"': return put(out, "\\\"");
    case '\\': return put(out, "\\\\");
    case '\b': return put(out, "\\b");
    case '\f': return put(out, "\\f");
    case '\n': return put(out, "\\n");
    case '\r': return put(out, "\\r");
    case '\t': return put(out, "\\t");
    default: break;
  }
  out = put(out, "\\u00");
  *out++ = c < 16 ? '0' : '1';
  *out++ = "0123456789abcdef"[c & 15];
  return out;
}

/// The text between its quotes; it is UTF-8. Writes at most max_json_expansion times its size plus two.
inline char* put_json_string(char* out, std::string_view text) noexcept {
  *out++ = '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || c == '"' || c == '\\') {
      out = put_escape(out, byte);
    } else {
      *out++ = c;
    }
  }
  *out++ = '"';
  return out;
}

/// A date of RFC 7519: at most 20 letters.
inline char* put_number(char* out, std::int64_t number) noexcept {
  char digits[20];
  char* first = digits + sizeof digits;
  const bool negative = number < 0;
  std::uint64_t rest = negative ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
  do {
    *--first = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (negative) *--first = '-';
  return put(out, {first, static_cast<std::size_t>(digits + sizeof digits - first)});
}

inline void append_json_string(std::string& json, std::string_view text) {
  const std::size_t before = json.size();
  json.resize(before + text.size() * max_json_expansion + 2);
  json.resize(static_cast<std::size_t>(put_json_string(json.data() + before, text) - json.data()));
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
