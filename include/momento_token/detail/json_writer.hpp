#pragma once
// JSON text written as JSON.stringify of the JavaScript SDK writes it.

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "momento_token/config.hpp"
#include "momento_token/detail/letters.hpp"

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
  if (copy_plain(out, text.data(), text.size())) {
    out += text.size();
  } else {
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 0x20 || c == '"' || c == '\\') {
        out = put_escape(out, byte);
      } else {
        *out++ = c;
      }
    }
  }
  *out++ = '"';
  return out;
}

/// What put_json_string writes.
[[nodiscard]] inline std::size_t json_string_size(std::string_view text) noexcept {
  std::size_t size = 2;
  char escape[max_json_expansion];
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool escaped = byte < 0x20 || c == '"' || c == '\\';
    size += escaped ? static_cast<std::size_t>(put_escape(escape, byte) - escape) : 1U;
  }
  return size;
}

/// 0 to 99 in two digits.
inline char* put_two_digits(char* out, std::uint64_t number) noexcept {
  out[0] = static_cast<char>('0' + number / 10);
  out[1] = static_cast<char>('0' + number % 10);
  return out + 2;
}

/// Below 10^8 in eight digits: halves, quarters and then digits of one word, all lanes at once.
inline char* put_eight_digits(char* out, std::uint64_t number) noexcept {
  const std::uint64_t fours = number / 10'000 | number % 10'000 << 32;
  const std::uint64_t hundreds = (fours * 10'486 >> 20) & 0x0000'007F'0000'007F;  // each lane divided by 100
  const std::uint64_t twos = ((fours - 100 * hundreds) << 16) + hundreds;
  const std::uint64_t tens = (twos * 103 >> 10) & 0x000F'000F'000F'000F;  // each lane divided by 10
  put_word(out, ones * '0' + tens + ((twos - 10 * tens) << 8));
  return out + 8;
}

/// A date of RFC 7519: at most 20 letters.
inline char* put_number(char* out, std::int64_t number) noexcept {
  if (number < 1'000'000'000 || number > 9'999'999'999) return std::to_chars(out, out + 20, number).ptr;
  // Ten digits, as the dates from 2001 to 2286 have.
  const auto n = static_cast<std::uint64_t>(number);
  return put_eight_digits(put_two_digits(out, n / 100'000'000), n % 100'000'000);
}

inline void append_json_string(std::string& json, std::string_view text) {
  const std::size_t before = json.size();
  json.resize(before + text.size() * max_json_expansion + 2);
  json.resize(static_cast<std::size_t>(put_json_string(json.data() + before, text) - json.data()));
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
