#pragma once
// What a computation with a secret leaves behind outside its own buffers: vector registers, which a lazily bound call or a
// signal writes to the stack as they are, and the stack frames of functions that have returned.

#include <cstddef>
#include <cstring>

#include "momento_token/config.hpp"
#include "momento_token/secret.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// SHA-2 leaves its states in these. Two nanoseconds.
inline void forget_vector_registers() noexcept {
#if defined(__GNUC__) && defined(__x86_64__)
#if defined(__AVX__)
  __asm__ volatile("vzeroall" ::
                       : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
                         "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
#else
  __asm__ volatile(
      "pxor %%xmm0, %%xmm0\n\tpxor %%xmm1, %%xmm1\n\tpxor %%xmm2, %%xmm2\n\tpxor %%xmm3, %%xmm3\n\t"
      "pxor %%xmm4, %%xmm4\n\tpxor %%xmm5, %%xmm5\n\tpxor %%xmm6, %%xmm6\n\tpxor %%xmm7, %%xmm7\n\t"
      "pxor %%xmm8, %%xmm8\n\tpxor %%xmm9, %%xmm9\n\tpxor %%xmm10, %%xmm10\n\tpxor %%xmm11, %%xmm11\n\t"
      "pxor %%xmm12, %%xmm12\n\tpxor %%xmm13, %%xmm13\n\tpxor %%xmm14, %%xmm14\n\tpxor %%xmm15, %%xmm15" ::
          : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12",
            "xmm13", "xmm14", "xmm15");
#endif
#endif
}

/// The C library copies through registers that have no name in portable code: zeros take the secret's place there.
inline void forget_copies() noexcept {
  static constexpr std::byte zeros[256] = {};
  std::byte target[sizeof zeros];
  void* (*const volatile copy)(void*, const void*, std::size_t) = std::memcpy;
  copy(target, zeros, sizeof zeros);
}

/// Overwrites the stack below the caller, as deep as libcrypto's and our own frames reach while a key is loaded.
#if defined(__GNUC__)
__attribute__((noinline))
#elif defined(_MSC_VER)
__declspec(noinline)
#endif
inline void
forget_stack() noexcept {
  std::byte room[std::size_t{32} * 1024];
  wipe(room, sizeof room);
}

/// First in a function that handles a whole secret: when all its other objects are gone, so are their traces.
class TraceGuard {
 public:
  TraceGuard() noexcept = default;
  TraceGuard(const TraceGuard&) = delete;
  TraceGuard& operator=(const TraceGuard&) = delete;
  ~TraceGuard() {
    forget_stack();
    forget_copies();
    forget_vector_registers();
  }
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
