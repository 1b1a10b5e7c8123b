#pragma once
// Tells a forked child from its parent, and keeps a lock from being forked while held: one of the few places that call the operating system.

#include <atomic>
#include <cstdint>
#include <mutex>

#if !defined(_WIN32)
#include <pthread.h>
#endif

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

[[nodiscard]] inline std::atomic<std::uint64_t>& fork_counter() noexcept {
  static constinit std::atomic<std::uint64_t> forks{1};
  return forks;
}

/// Held by nobody else while a process forks, so that the child finds it free. For moments only.
[[nodiscard]] inline std::mutex& fork_safe_mutex() noexcept {
  static auto* const mutex = new std::mutex;  // never destroyed: static objects may outlive it
  return *mutex;
}

/// Another number in each process that came from this one by fork; 0 when that cannot be told.
[[nodiscard]] inline std::uint64_t fork_generation() noexcept {
#if defined(_WIN32)
  return 1;
#else
  static const bool watched = ::pthread_atfork([] { fork_safe_mutex().lock(); }, [] { fork_safe_mutex().unlock(); },
                                               [] {
                                                 fork_counter().fetch_add(1, std::memory_order_relaxed);
                                                 fork_safe_mutex().unlock();
                                               }) == 0;
  return watched ? fork_counter().load(std::memory_order_relaxed) : 0;
#endif
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
