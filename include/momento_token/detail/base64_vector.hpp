#pragma once
// base64url many letters at a time, where the processor can, which is found out at run time: AVX2 on x86-64, NEON on
// AArch64. The letters' ranges are told apart by table look-ups of their halves (W. Muła, D. Lemire, "Faster Base64
// Encoding and Decoding Using AVX2 Instructions", ACM Transactions on the Web 12.3, 2018).

#include <cstddef>
#include <cstdint>

#include "momento_token/config.hpp"
#include "momento_token/detail/base64_block.hpp"

#if defined(MOMENTO_TOKEN_SCALAR_BASE64)
#elif defined(__GNUC__) && defined(__x86_64__) && (!defined(_WIN32) || defined(__clang__))
// Not with g++ for Windows, which may put 256-bit variables at addresses that its own loads refuse (GCC bug 54412).
#define MOMENTO_TOKEN_AVX2_BASE64 1
#include "momento_token/detail/base64_avx2.hpp"
#elif defined(__GNUC__) && defined(__aarch64__) && defined(__ARM_NEON) && !defined(__AARCH64EB__)
#define MOMENTO_TOKEN_NEON_BASE64 1
#include "momento_token/detail/base64_neon.hpp"
#endif

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

[[nodiscard]] inline bool has_vector_base64() noexcept {
#if defined(MOMENTO_TOKEN_AVX2_BASE64)
  return __builtin_cpu_supports("avx2") != 0;
#elif defined(MOMENTO_TOKEN_NEON_BASE64)
  return true;  // every AArch64 has it
#else
  return false;
#endif
}

#if !defined(MOMENTO_TOKEN_AVX2_BASE64) && !defined(MOMENTO_TOKEN_NEON_BASE64)
[[nodiscard]] constexpr std::size_t encode_base64url_vector(const std::uint8_t*, std::size_t, char*) noexcept {
  return 0;
}
[[nodiscard]] constexpr VectorDecoded decode_base64url_vector(const unsigned char*, std::size_t,
                                                              std::uint8_t*) noexcept {
  return {};
}
#endif

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
