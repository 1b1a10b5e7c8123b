#pragma once
// RFC 4648 in its strict, canonical form, straight from buffer to buffer.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "momento_token/config.hpp"
#include "momento_token/detail/base64_vector.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::string_view base64url_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
inline constexpr std::string_view base64_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Letters for `n` bytes, without padding.
[[nodiscard]] constexpr std::size_t base64url_size(std::size_t n) noexcept { return n / 3 * 4 + (n % 3 * 4 + 2) / 3; }
/// Bytes of `n` letters without padding; n % 4 == 1 is no encoding of anything.
[[nodiscard]] constexpr std::size_t base64url_bytes(std::size_t n) noexcept { return n / 4 * 3 + n % 4 * 3 / 4; }

struct LetterPair {
  char first, second;
};

/// Two letters for each value of 12 bits: half the look-ups of a 64-letter table.
[[nodiscard]] constexpr std::array<LetterPair, 4096> make_letter_pairs(std::string_view alphabet) noexcept {
  std::array<LetterPair, 4096> pairs{};
  for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] = {alphabet[i >> 6], alphabet[i & 63]};
  return pairs;
}
inline constexpr std::array<LetterPair, 4096> base64url_pairs = make_letter_pairs(base64url_alphabet);
inline constexpr std::array<LetterPair, 4096> base64_pairs = make_letter_pairs(base64_alphabet);

inline constexpr std::uint8_t no_letter = 0xFF;
[[nodiscard]] constexpr std::array<std::uint8_t, 256> make_letter_values(std::string_view alphabet) noexcept {
  std::array<std::uint8_t, 256> values{};
  for (auto& value : values) value = no_letter;
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    values[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}
inline constexpr std::array<std::uint8_t, 256> base64url_values = make_letter_values(base64url_alphabet);
inline constexpr std::array<std::uint8_t, 256> base64_values = make_letter_values(base64_alphabet);

/// Writes base64url_size(size) letters, no padding, and returns their end.
inline char* encode_base64(const std::array<LetterPair, 4096>& pairs, const void* data, std::size_t size,
                           char* out) noexcept {
  const auto* in = static_cast<const std::uint8_t*>(data);
  for (; size >= 3; size -= 3, in += 3, out += 4) {
    const std::uint32_t bits = std::uint32_t{in[0]} << 16 | std::uint32_t{in[1]} << 8 | in[2];
    std::memcpy(out, &pairs[bits >> 12], 2);
    std::memcpy(out + 2, &pairs[bits & 0xFFF], 2);
  }
  if (size == 1) {
    std::memcpy(out, &pairs[std::size_t{in[0]} << 4], 2);
    return out + 2;
  }
  if (size == 2) {
    const std::uint32_t bits = std::uint32_t{in[0]} << 16 | std::uint32_t{in[1]} << 8;
    std::memcpy(out, &pairs[bits >> 12], 2);
    out[2] = pairs[bits & 0xFFF].first;
    return out + 3;
  }
  return out;
}

/// For what is no secret: vector registers are not wiped.
inline char* encode_base64url(const void* data, std::size_t size, char* out) noexcept {
  const auto* in = static_cast<const std::uint8_t*>(data);
  const std::size_t done = has_vector_base64() ? encode_base64url_vector(in, size, out) : 0;
  return encode_base64(base64url_pairs, in + done, size - done, out + done / 3 * 4);
}

/// Decodes letters without padding into base64url_bytes(text.size()) bytes; false for a foreign letter, a lone last
/// letter, or bits after the last whole byte that are not zero (RFC 4648 §3.5: else one value has several texts).
[[nodiscard]] inline bool decode_base64(const std::array<std::uint8_t, 256>& values, std::string_view text,
                                        void* out) noexcept {
  const auto* in = reinterpret_cast<const unsigned char*>(text.data());
  auto* bytes = static_cast<std::uint8_t*>(out);
  std::size_t left = text.size();
  std::uint8_t seen = 0;  // every value or-ed together: the two high bits tell of a foreign letter
  for (; left >= 4; left -= 4, in += 4, bytes += 3) {
    const std::uint8_t a = values[in[0]], b = values[in[1]], c = values[in[2]], d = values[in[3]];
    seen = static_cast<std::uint8_t>(seen | a | b | c | d);
    bytes[0] = static_cast<std::uint8_t>(a << 2 | b >> 4);
    bytes[1] = static_cast<std::uint8_t>(b << 4 | c >> 2);
    bytes[2] = static_cast<std::uint8_t>(c << 6 | d);
  }
  if (left == 1) return false;
  if (left != 0) {
    const std::uint8_t a = values[in[0]], b = values[in[1]];
    const std::uint8_t c = left == 3 ? values[in[2]] : std::uint8_t{0};
    seen = static_cast<std::uint8_t>(seen | a | b | c);
    const auto stray = static_cast<std::uint8_t>(left == 2 ? b & 15U : c & 3U);
    if (stray != 0) return false;
    bytes[0] = static_cast<std::uint8_t>(a << 2 | b >> 4);
    if (left == 3) bytes[1] = static_cast<std::uint8_t>(b << 4 | c >> 2);
  }
  return (seen & 0xC0) == 0;
}

/// For what is no secret: vector registers are not wiped. `out` may be where the text is.
[[nodiscard]] inline bool decode_base64url(std::string_view text, void* out) noexcept {
  VectorDecoded done;
  auto* const bytes = static_cast<std::uint8_t*>(out);
  if (has_vector_base64()) {
    done = decode_base64url_vector(reinterpret_cast<const unsigned char*>(text.data()), text.size(), bytes);
  }
  const bool rest = decode_base64(base64url_values, text.substr(done.letters), bytes + done.letters / 4 * 3);
  return rest && done.all_letters;
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
