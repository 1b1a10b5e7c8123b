#pragma once
// base64url with NEON: 48 bytes and 64 letters at a time.

#include <cstddef>
#include <cstdint>

#include <arm_neon.h>

#include "momento_token/config.hpp"
#include "momento_token/detail/base64_block.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// A value and the distance to its letter: 13 for A–Z, 0 for a–z, 1–10 for 0–9, 11 for '-', 12 for '_'.
[[nodiscard]] inline uint8x16_t letters_of(uint8x16_t sixes) noexcept {
  static constexpr std::uint8_t distances[16] = {'a' - 26,
                                                 '0' - 52 + 256,
                                                 '0' - 52 + 256,
                                                 '0' - 52 + 256,
                                                 '0' - 52 + 256,
                                                 '0' - 52 + 256,
                                                 '0' - 52 + 256,
                                                 '0' - 52 + 256,
                                                 '0' - 52 + 256,
                                                 '0' - 52 + 256,
                                                 '0' - 52 + 256,
                                                 '-' - 62 + 256,
                                                 '_' - 63,
                                                 'A',
                                                 0,
                                                 0};
  const uint8x16_t upper = vandq_u8(vcltq_u8(sixes, vdupq_n_u8(26)), vdupq_n_u8(13));
  const uint8x16_t range = vorrq_u8(vqsubq_u8(sixes, vdupq_n_u8(51)), upper);
  return vaddq_u8(sixes, vqtbl1q_u8(vld1q_u8(distances), range));
}

/// Returns how many bytes it encoded, a multiple of 48.
[[nodiscard]] inline std::size_t encode_base64url_vector(const std::uint8_t* in, std::size_t size, char* out) noexcept {
  const uint8x16_t six_bits = vdupq_n_u8(63);
  std::size_t done = 0;
  for (; size - done >= 48; done += 48, out += 64) {
    const uint8x16x3_t bytes = vld3q_u8(in + done);
    uint8x16x4_t letters;
    letters.val[0] = letters_of(vshrq_n_u8(bytes.val[0], 2));
    letters.val[1] = letters_of(vandq_u8(vorrq_u8(vshlq_n_u8(bytes.val[0], 4), vshrq_n_u8(bytes.val[1], 4)), six_bits));
    letters.val[2] = letters_of(vandq_u8(vorrq_u8(vshlq_n_u8(bytes.val[1], 2), vshrq_n_u8(bytes.val[2], 6)), six_bits));
    letters.val[3] = letters_of(vandq_u8(bytes.val[2], six_bits));
    vst4q_u8(reinterpret_cast<std::uint8_t*>(out), letters);
  }
  return done;
}

/// Sixteen letters' values; adds to `foreign` what is no letter. Bit h of a low half's mask: the letter with the high
/// half h is one of the alphabet.
[[nodiscard]] inline uint8x16_t values_of(uint8x16_t letters, uint8x16_t& foreign) noexcept {
  static constexpr std::uint8_t masks[16] = {0xA8, 0xF8, 0xF8, 0xF8, 0xF8, 0xF8, 0xF8, 0xF8,
                                             0xF8, 0xF8, 0xF0, 0x50, 0x50, 0x54, 0x50, 0x70};
  static constexpr std::uint8_t bits[16] = {1, 2, 4, 8, 16, 32, 64, 128};
  static constexpr std::uint8_t distances[16] = {0,         0,         62 - '-',       52 - '0',
                                                 256 - 'A', 256 - 'A', 256 + 26 - 'a', 256 + 26 - 'a'};
  const uint8x16_t low = vandq_u8(letters, vdupq_n_u8(0x0F));
  const uint8x16_t high = vshrq_n_u8(letters, 4);
  const uint8x16_t known = vandq_u8(vqtbl1q_u8(vld1q_u8(masks), low), vqtbl1q_u8(vld1q_u8(bits), high));
  foreign = vorrq_u8(foreign, vceqzq_u8(known));
  // '_' has the high half of P–Z.
  const uint8x16_t underscore = vandq_u8(vceqq_u8(letters, vdupq_n_u8('_')), vdupq_n_u8(63 - '_' + 'A'));
  return vaddq_u8(letters, vaddq_u8(vqtbl1q_u8(vld1q_u8(distances), high), underscore));
}

/// `out` may be where `in` is. Writes nothing beyond the bytes of the letters it takes.
[[nodiscard]] inline VectorDecoded decode_base64url_vector(const unsigned char* in, std::size_t size,
                                                           std::uint8_t* out) noexcept {
  VectorDecoded done;
  uint8x16_t foreign = vdupq_n_u8(0);
  for (; size - done.letters >= 64; done.letters += 64, out += 48) {
    const uint8x16x4_t letters = vld4q_u8(in + done.letters);
    const uint8x16_t a = values_of(letters.val[0], foreign), b = values_of(letters.val[1], foreign);
    const uint8x16_t c = values_of(letters.val[2], foreign), d = values_of(letters.val[3], foreign);
    uint8x16x3_t bytes;
    bytes.val[0] = vorrq_u8(vshlq_n_u8(a, 2), vshrq_n_u8(b, 4));
    bytes.val[1] = vorrq_u8(vshlq_n_u8(b, 4), vshrq_n_u8(c, 2));
    bytes.val[2] = vorrq_u8(vshlq_n_u8(c, 6), d);
    vst3q_u8(out, bytes);
  }
  done.all_letters = vmaxvq_u8(foreign) == 0;
  return done;
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
