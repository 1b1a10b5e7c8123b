#pragma once
// ECDSA signatures between JOSE's form, r and s at full width (RFC 7518 §3.4), and the DER that libcrypto speaks.

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "momento_token/encoding.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// Room for two integers of P-521.
inline constexpr std::size_t max_ecdsa_der_bytes = 3 + 2 * (2 + 67);

/// DER INTEGER of an unsigned number of `size` bytes.
inline std::uint8_t* put_der_integer(std::uint8_t* out, const std::byte* number, std::size_t size) noexcept {
  while (size > 1 && number[0] == std::byte{0}) {
    ++number;
    --size;
  }
  const bool high = (std::to_integer<unsigned>(number[0]) & 0x80U) != 0;
  *out++ = 0x02;
  *out++ = static_cast<std::uint8_t>(size + (high ? 1 : 0));
  if (high) *out++ = 0;
  std::memcpy(out, number, size);
  return out + size;
}

/// Writes at most max_ecdsa_der_bytes and returns how many. `raw` is 2 × `width` bytes, width at most 66.
[[nodiscard]] inline std::size_t ecdsa_to_der(const std::byte* raw, std::size_t width, std::uint8_t* out) noexcept {
  std::uint8_t body[max_ecdsa_der_bytes];
  std::uint8_t* end = put_der_integer(body, raw, width);
  end = put_der_integer(end, raw + width, width);
  const auto size = static_cast<std::size_t>(end - body);
  std::uint8_t* p = out;
  *p++ = 0x30;
  if (size >= 0x80) *p++ = 0x81;
  *p++ = static_cast<std::uint8_t>(size);
  std::memcpy(p, body, size);
  return static_cast<std::size_t>(p - out) + size;
}

/// One DER INTEGER as exactly `width` bytes; moves `p` past it.
[[nodiscard]] inline bool read_der_integer(const std::uint8_t*& p, const std::uint8_t* end, std::byte* out,
                                           std::size_t width) noexcept {
  if (end - p < 2 || p[0] != 0x02 || p[1] > end - p - 2) return false;
  const std::uint8_t* number = p + 2;
  std::size_t size = p[1];
  p = number + size;
  for (; size > 0 && *number == 0; ++number) --size;
  if (size > width) return false;
  std::memset(out, 0, width - size);
  if (size != 0) std::memcpy(out + (width - size), number, size);
  return true;
}

/// From libcrypto's own DER to 2 × `width` bytes.
[[nodiscard]] inline bool ecdsa_from_der(const std::uint8_t* der, std::size_t size, std::byte* out,
                                         std::size_t width) noexcept {
  const std::uint8_t* p = der;
  const std::uint8_t* const end = der + size;
  if (size < 3 || *p++ != 0x30) return false;
  if (*p == 0x81) ++p;
  const std::size_t length = *p++;
  if (length != static_cast<std::size_t>(end - p)) return false;
  return read_der_integer(p, end, out, width) && read_der_integer(p, end, out + width, width) && p == end;
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
