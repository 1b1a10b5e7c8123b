#pragma once
// base64url with AVX2: 24 bytes and 32 letters at a time, 12 and 16 at the ends.

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <immintrin.h>

#include "momento_token/config.hpp"
#include "momento_token/detail/base64_block.hpp"

#define MOMENTO_TOKEN_AVX2 __attribute__((target("avx2")))

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// The same sixteen bytes in both halves.
[[nodiscard]] MOMENTO_TOKEN_AVX2 inline __m256i twice(__m128i half) noexcept {
  return _mm256_broadcastsi128_si256(half);
}
[[nodiscard]] MOMENTO_TOKEN_AVX2 inline __m128i load_sixteen(const void* from) noexcept {
  return _mm_loadu_si128(static_cast<const __m128i*>(from));
}

// ---- encoding ----

/// In each half: bytes 4 to 15, four groups of three, as sixteen values of six bits.
[[nodiscard]] MOMENTO_TOKEN_AVX2 inline __m256i sixes_of(__m256i bytes) noexcept {
  bytes = _mm256_shuffle_epi8(bytes, twice(_mm_setr_epi8(5, 4, 6, 5, 8, 7, 9, 8, 11, 10, 12, 11, 14, 13, 15, 14)));
  const __m256i first_and_third =
      _mm256_mulhi_epu16(_mm256_and_si256(bytes, _mm256_set1_epi32(0x0FC0FC00)), _mm256_set1_epi32(0x04000040));
  const __m256i second_and_fourth =
      _mm256_mullo_epi16(_mm256_and_si256(bytes, _mm256_set1_epi32(0x003F03F0)), _mm256_set1_epi32(0x01000010));
  return _mm256_or_si256(first_and_third, second_and_fourth);
}

/// A value and the distance to its letter: 13 for A–Z, 0 for a–z, 1–10 for 0–9, 11 for '-', 12 for '_'.
[[nodiscard]] MOMENTO_TOKEN_AVX2 inline __m256i letters_of(__m256i sixes) noexcept {
  constexpr char digit = '0' - 52;
  const __m256i distances = twice(_mm_setr_epi8('a' - 26, digit, digit, digit, digit, digit, digit, digit, digit, digit,
                                                digit, '-' - 62, '_' - 63, 'A', 0, 0));
  const __m256i upper = _mm256_and_si256(_mm256_cmpgt_epi8(_mm256_set1_epi8(26), sixes), _mm256_set1_epi8(13));
  const __m256i range = _mm256_or_si256(_mm256_subs_epu8(sixes, _mm256_set1_epi8(51)), upper);
  return _mm256_add_epi8(sixes, _mm256_shuffle_epi8(distances, range));
}

[[nodiscard]] MOMENTO_TOKEN_AVX2 inline __m256i encode_halves(__m128i first, __m128i second) noexcept {
  return letters_of(sixes_of(_mm256_set_m128i(second, first)));
}

/// Returns how many bytes it encoded, a multiple of 3: none of less than 16, else all but the last 0 to 2.
[[nodiscard]] MOMENTO_TOKEN_AVX2 inline std::size_t encode_base64url_vector(const std::uint8_t* in, std::size_t size,
                                                                            char* out) noexcept {
  const std::size_t whole = size / 3 * 3;
  if (whole < 16) return 0;
  // The first twelve, with nothing before them to load; the last twelve, perhaps for the second time.
  const __m256i ends = encode_halves(_mm_slli_si128(load_sixteen(in), 4), load_sixteen(in + whole - 16));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm256_castsi256_si128(ends));
  std::size_t done = 12;
  char* to = out + 16;
  for (; whole - done >= 24; done += 24, to += 32) {
    const __m256i letters = encode_halves(load_sixteen(in + done - 4), load_sixteen(in + done + 8));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), letters);
  }
  if (whole - done > 12) {
    const __m256i letters = encode_halves(load_sixteen(in + done - 4), _mm_setzero_si128());
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm256_castsi256_si128(letters));
  }
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out + whole / 3 * 4 - 16), _mm256_extracti128_si256(ends, 1));
  _mm256_zeroupper();  // g++ 12 forgets it at times, and what follows runs at half the speed
  return whole;
}

// ---- decoding ----

/// The letters' values; adds to `foreign` what is no letter. Bit h of a low half's mask: the letter with the high half h is
/// one of the alphabet.
[[nodiscard]] MOMENTO_TOKEN_AVX2 inline __m256i values_of(__m256i letters, __m256i& foreign) noexcept {
  constexpr char all = static_cast<char>(0xF8);
  const __m256i masks = twice(_mm_setr_epi8(static_cast<char>(0xA8), all, all, all, all, all, all, all, all, all,
                                            static_cast<char>(0xF0), 0x50, 0x50, 0x54, 0x50, 0x70));
  const __m256i bits = twice(_mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, static_cast<char>(0x80), 0, 0, 0, 0, 0, 0, 0, 0));
  const __m256i distances =
      twice(_mm_setr_epi8(0, 0, 62 - '-', 52 - '0', -'A', -'A', 26 - 'a', 26 - 'a', 0, 0, 0, 0, 0, 0, 0, 0));
  const __m256i nibble = _mm256_set1_epi8(0x0F);
  const __m256i low = _mm256_and_si256(letters, nibble);
  const __m256i high = _mm256_and_si256(_mm256_srli_epi32(letters, 4), nibble);
  const __m256i known = _mm256_and_si256(_mm256_shuffle_epi8(masks, low), _mm256_shuffle_epi8(bits, high));
  foreign = _mm256_or_si256(foreign, _mm256_cmpeq_epi8(known, _mm256_setzero_si256()));
  // '_' has the high half of P–Z.
  const __m256i underscore =
      _mm256_and_si256(_mm256_cmpeq_epi8(letters, _mm256_set1_epi8('_')), _mm256_set1_epi8(63 - '_' + 'A'));
  return _mm256_add_epi8(letters, _mm256_add_epi8(_mm256_shuffle_epi8(distances, high), underscore));
}

/// In each half twelve bytes, at its front.
[[nodiscard]] MOMENTO_TOKEN_AVX2 inline __m256i bytes_of(__m256i values) noexcept {
  const __m256i pairs = _mm256_maddubs_epi16(values, _mm256_set1_epi32(0x01400140));
  const __m256i groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
  return _mm256_shuffle_epi8(groups, twice(_mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1)));
}

MOMENTO_TOKEN_AVX2 inline void put_twelve(__m128i bytes, std::uint8_t* out) noexcept {
  _mm_storel_epi64(reinterpret_cast<__m128i*>(out), bytes);
  const int last = _mm_extract_epi32(bytes, 2);
  std::memcpy(out + 8, &last, sizeof last);
}

/// Takes no less than 16 letters, and then all but the last 0 to 3. `out` may be where `in` is. Writes nothing beyond the
/// bytes of the letters it takes.
[[nodiscard]] MOMENTO_TOKEN_AVX2 inline VectorDecoded decode_base64url_vector(const unsigned char* in, std::size_t size,
                                                                              std::uint8_t* out) noexcept {
  if (size < 16) return {};
  const std::size_t whole = size / 4 * 4;
  __m256i foreign = _mm256_setzero_si256();
  // The first and the last sixteen before anything is written, for bytes may be written where letters lie.
  const __m256i ends = bytes_of(values_of(_mm256_set_m128i(load_sixteen(in + whole - 16), load_sixteen(in)), foreign));
  std::size_t done = 16;
  put_twelve(_mm256_castsi256_si128(ends), out);
  for (; whole - done >= 32; done += 32) {
    const __m256i letters = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in + done));
    const __m256i bytes = bytes_of(values_of(letters, foreign));
    put_twelve(_mm256_castsi256_si128(bytes), out + done / 4 * 3);
    put_twelve(_mm256_extracti128_si256(bytes, 1), out + done / 4 * 3 + 12);
  }
  if (whole - done > 16) {
    const __m256i bytes = bytes_of(values_of(twice(load_sixteen(in + done)), foreign));
    put_twelve(_mm256_castsi256_si128(bytes), out + done / 4 * 3);
  }
  put_twelve(_mm256_extracti128_si256(ends, 1), out + whole / 4 * 3 - 12);
  const bool all_letters = _mm256_movemask_epi8(foreign) == 0;
  _mm256_zeroupper();  // g++ 12 forgets it at times, and what follows runs at half the speed
  return {whole, all_letters};
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE

#undef MOMENTO_TOKEN_AVX2
