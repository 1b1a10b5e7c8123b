#pragma once
// Text looked at eight or sixteen letters at a time.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::uint64_t ones = 0x0101010101010101U, highs = 0x8080808080808080U;

[[nodiscard]] inline std::uint64_t eight_letters(const void* p) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, p, sizeof word);
  return word;
}

/// Its lowest byte first, whatever the machine's order.
inline void put_word(char* out, std::uint64_t word) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(out, &word, sizeof word);
  } else {
    for (std::size_t i = 0; i < sizeof word; ++i) out[i] = static_cast<char>(word >> 8 * i);
  }
}

/// The high bit of each byte that is zero, and perhaps of bytes behind it.
[[nodiscard]] constexpr std::uint64_t zeros_in(std::uint64_t word) noexcept { return (word - ones) & ~word & highs; }

/// The high bit of each letter that is not plain (printable ASCII but the quote and the backslash), and perhaps of
/// letters behind it.
[[nodiscard]] constexpr std::uint64_t not_plain_in(std::uint64_t word) noexcept {
  const std::uint64_t control = (word - ones * 0x20) & ~word & highs;
  return (word & highs) | control | zeros_in(word ^ ones * '"') | zeros_in(word ^ ones * '\\');
}

// Without SSE a vector is handed over in another way than with it, and the compiler says so.
#if defined(__GNUC__) && (!defined(__i386__) || defined(__SSE2__))
#define MOMENTO_TOKEN_SIXTEEN_LETTERS 1
/// Sixteen letters, in a register where the processor has one of that size. Signed, so that what is not ASCII is negative.
using SixteenLetters = signed char __attribute__((vector_size(16)));

[[nodiscard]] inline SixteenLetters sixteen_letters(const void* p) noexcept {
  SixteenLetters letters;
  std::memcpy(&letters, p, sizeof letters);
  return letters;
}
/// All bits of each letter that is not plain, and of no other.
[[nodiscard]] inline auto not_plain_in(SixteenLetters letters) noexcept {
  return (letters < 0x20) | (letters == '"') | (letters == '\\');
}
struct MarkedHalves {
  std::uint64_t first, second;
};
template <class Marks>
[[nodiscard]] inline MarkedHalves halves_of(Marks marks) noexcept {
  MarkedHalves halves;
  static_assert(sizeof marks == sizeof halves);
  std::memcpy(&halves, &marks, sizeof marks);
  return halves;
}
#endif

[[nodiscard]] constexpr bool is_plain(char c) noexcept {
  return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x80;
}

[[nodiscard]] inline bool is_ascii(const char* p, std::size_t size) noexcept {
  std::uint64_t seen = 0;
  if (size < 8) {
    for (std::size_t i = 0; i < size; ++i) seen |= static_cast<unsigned char>(p[i]);
    return seen < 0x80;
  }
  for (std::size_t i = 0; i + 8 <= size; i += 8) seen |= eight_letters(p + i);
  return ((seen | eight_letters(p + size - 8)) & highs) == 0;
}

/// memcpy for texts of a few letters up to some dozens, without a call.
inline void copy_letters(char* out, const char* p, std::size_t size) noexcept {
  if (size < 8) {
    for (std::size_t i = 0; i < size; ++i) out[i] = p[i];
    return;
  }
  for (std::size_t i = 0; i + 8 <= size; i += 8) std::memcpy(out + i, p + i, 8);
  std::memcpy(out + size - 8, p + size - 8, 8);
}

/// Copies the text when all of it is plain; false when it is not, or is shorter than eight letters.
[[nodiscard]] inline bool copy_plain(char* out, const char* p, std::size_t size) noexcept {
  if (size < 8) return false;
#if defined(MOMENTO_TOKEN_SIXTEEN_LETTERS)
  if (size >= 16) {
    const auto copy = [&](std::size_t i) {
      const SixteenLetters letters = sixteen_letters(p + i);
      std::memcpy(out + i, &letters, sizeof letters);
      return not_plain_in(letters);
    };
    auto found = copy(size - 16);
    for (std::size_t i = 0; i + 16 < size; i += 16) found |= copy(i);
    return (halves_of(found).first | halves_of(found).second) == 0;
  }
#endif
  std::uint64_t found = 0;
  const auto copy = [&](std::size_t i) {
    const std::uint64_t word = eight_letters(p + i);
    found |= not_plain_in(word);
    std::memcpy(out + i, &word, sizeof word);
  };
  for (std::size_t i = 0; i + 8 <= size; i += 8) copy(i);
  copy(size - 8);
  return found == 0;
}

/// The first letter from `p` on that is not plain.
[[nodiscard]] inline const char* plain_run_end(const char* p, const char* end) noexcept {
#if defined(MOMENTO_TOKEN_SIXTEEN_LETTERS)
  for (; end - p >= 16; p += 16) {
    const MarkedHalves found = halves_of(not_plain_in(sixteen_letters(p)));
    if ((found.first | found.second) == 0) continue;
    if constexpr (std::endian::native == std::endian::little) {
      return found.first != 0 ? p + std::countr_zero(found.first) / 8 : p + 8 + std::countr_zero(found.second) / 8;
    }
    break;
  }
#endif
  for (; end - p >= 8; p += 8) {
    const std::uint64_t found = not_plain_in(eight_letters(p));
    if (found == 0) continue;
    if constexpr (std::endian::native == std::endian::little) return p + std::countr_zero(found) / 8;
    break;
  }
  while (p != end && is_plain(*p)) ++p;
  return p;
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
