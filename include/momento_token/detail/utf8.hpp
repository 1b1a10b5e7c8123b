#pragma once
// RFC 3629, one sequence at a time.

#include <cstddef>
#include <string_view>

#include "momento_token/config.hpp"
#include "momento_token/detail/letters.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// The length of the UTF-8 sequence at `p` (1–4), or 0 when there is none: stray or missing continuation bytes,
/// over-long forms, surrogates, above U+10FFFF.
[[nodiscard]] inline std::size_t utf8_sequence(const unsigned char* p, const unsigned char* end) noexcept {
  const auto continues = [&](std::size_t i) { return (p[i] & 0xC0U) == 0x80U; };
  const auto left = static_cast<std::size_t>(end - p);
  if (left == 0) return 0;
  const unsigned char lead = p[0];
  if (lead < 0x80) return 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return left >= 2 && continues(1) ? 2 : 0;
  if (lead < 0xF0) {
    if (left < 3 || !continues(1) || !continues(2)) return 0;
    if (lead == 0xE0 && p[1] < 0xA0) return 0;
    if (lead == 0xED && p[1] >= 0xA0) return 0;
    return 3;
  }
  if (lead > 0xF4 || left < 4 || !continues(1) || !continues(2) || !continues(3)) return 0;
  if (lead == 0xF0 && p[1] < 0x90) return 0;
  if (lead == 0xF4 && p[1] >= 0x90) return 0;
  return 4;
}

[[nodiscard]] inline bool valid_utf8(std::string_view text) noexcept {
  if (is_ascii(text.data(), text.size())) return true;
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  const auto* const end = p + text.size();
  while (p != end) {
    const std::size_t size = utf8_sequence(p, end);
    if (size == 0) return false;
    p += size;
  }
  return true;
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
