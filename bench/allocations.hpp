#pragma once
// Counts what a thread asks of malloc: libcrypto's requests apart from all others'.

#include <cstdint>

namespace bench {

struct Allocations {
  std::uint64_t ours = 0;       // operator new, malloc, calloc, realloc
  std::uint64_t libcrypto = 0;  // CRYPTO_malloc and its like
};

/// Of this thread, since it began.
[[nodiscard]] Allocations allocations() noexcept;

}  // namespace bench
