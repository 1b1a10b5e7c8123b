#pragma once
// PEM (RFC 7468): one block with the wanted label, decoded straight into wiped memory.

#include <algorithm>
#include <string_view>

#include "momento_token/detail/base64.hpp"
#include "momento_token/secret.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::string_view pem_space = " \t\r\n";

[[nodiscard]] inline std::string_view trim(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(pem_space);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(pem_space) - first + 1);
}

[[nodiscard]] inline bool strip_line(std::string_view& text, std::string_view before, std::string_view label,
                                     bool at_front) noexcept {
  const std::string_view after = "-----";
  const auto take = [&](std::string_view part) {
    if (at_front ? !text.starts_with(part) : !text.ends_with(part)) return false;
    at_front ? text.remove_prefix(part.size()) : text.remove_suffix(part.size());
    return true;
  };
  return at_front ? take(before) && take(label) && take(after) : take(after) && take(label) && take(before);
}

/// The DER in "-----BEGIN label-----" … "-----END label-----"; empty when the text is anything else, headers and
/// a second block included.
[[nodiscard]] inline SecretBytes pem_decode(std::string_view pem, std::string_view label) {
  std::string_view body = trim(pem);
  if (!strip_line(body, "-----BEGIN ", label, true) || !strip_line(body, "-----END ", label, false)) return {};
  SecretBytes letters(body.size());
  const auto out = letters.expose_for_writing();
  std::size_t size = 0;
  for (const char c : body) {
    if (pem_space.find(c) == pem_space.npos) out[size++] = static_cast<std::byte>(c);
  }
  letters.truncate(size);
  std::string_view text = letters.expose_text();
  if (text.empty() || text.size() % 4 != 0) return {};
  while (text.ends_with('=') && letters.size() - text.size() < 2) text.remove_suffix(1);
  SecretBytes der(base64url_bytes(text.size()));
  if (!decode_base64(base64_values, text, der.expose_for_writing().data())) return {};
  return der;
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
