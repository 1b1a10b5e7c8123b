#pragma once
// The operating system's random source: one of the few places that call it. It takes no lock of this process, so a forked
// child can always draw from it; libcrypto's generator cannot promise that.

#include <algorithm>
#include <cstddef>

#if defined(_WIN32)
#include <openssl/rand.h>
#elif defined(__APPLE__)
#include <sys/random.h>
#else
#include <unistd.h>
#endif

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// False when the source fails; then nothing in `out` may be used.
[[nodiscard]] inline bool fill_random(std::byte* out, std::size_t size) noexcept {
#if defined(_WIN32)
  return RAND_bytes(reinterpret_cast<unsigned char*>(out), static_cast<int>(size)) == 1;
#else
  constexpr std::size_t most_at_once = 256;  // getentropy(3)
  for (std::size_t done = 0; done < size;) {
    const std::size_t part = std::min(size - done, most_at_once);
    if (::getentropy(out + done, part) != 0) return false;
    done += part;
  }
  return true;
#endif
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
