#pragma once
// 128 random bits at a time, from a pool per thread: one draw from the system for 64 of them.

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "momento_token/detail/os_fork.hpp"
#include "momento_token/detail/os_random.hpp"
#include "momento_token/secret.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::size_t random_id_bytes = 16;

/// Plain memory without a destructor, so that ids can be drawn from any destructor of the program.
struct RandomPool {
  std::byte bytes[64 * random_id_bytes];
  std::size_t left;
  std::uint64_t generation;  // of the process that filled it
  bool closed;               // the thread is ending: nothing is kept any more
};

[[nodiscard]] inline RandomPool& random_pool() noexcept {
  static constinit thread_local RandomPool pool{};
  return pool;
}

/// Wipes the pool when its thread ends.
class RandomPoolGuard {
 public:
  RandomPoolGuard() noexcept = default;
  RandomPoolGuard(const RandomPoolGuard&) = delete;
  RandomPoolGuard& operator=(const RandomPoolGuard&) = delete;
  ~RandomPoolGuard() {
    RandomPool& pool = random_pool();
    pool.closed = true;
    pool.left = 0;
    wipe(pool.bytes, sizeof pool.bytes);
  }
  void touch() const noexcept {}
};

/// Writes random_id_bytes that no other call, thread or process gets. False when the random source fails.
[[nodiscard]] inline bool random_id(std::byte* out) noexcept {
  RandomPool& pool = random_pool();
  const std::uint64_t generation = fork_generation();
  if (pool.closed || generation == 0) return fill_random(out, random_id_bytes);
  if (pool.left == 0 || pool.generation != generation) {
    static thread_local const RandomPoolGuard guard;
    guard.touch();
    pool.left = 0;
    if (!fill_random(pool.bytes, sizeof pool.bytes)) return false;
    pool.left = sizeof pool.bytes;
    pool.generation = generation;
  }
  pool.left -= random_id_bytes;
  std::memcpy(out, pool.bytes + pool.left, random_id_bytes);
  wipe(pool.bytes + pool.left, random_id_bytes);
  return true;
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
