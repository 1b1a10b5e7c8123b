#pragma once
// Tells a forked child from its parent, and lets nothing be forked half-way that a child could not finish: one of the few
// places that call the operating system.

#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>

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

/// Held by nobody else while a process forks, so that the child finds it free. For moments only, and never by who is
/// inside the gate: a fork holds it while it waits for the gate.
[[nodiscard]] inline std::mutex& fork_safe_mutex() noexcept {
  static auto* const mutex = new std::mutex;  // never destroyed: static objects may outlive it
  return *mutex;
}

/// Work that takes libcrypto's own locks, such as drawing randomness for a signature: any number of threads at once, but
/// none while a process forks, for nobody would let go of such a lock in the child.
class ForkGate {
 public:
  void enter() noexcept {
    for (;;) {
      inside_.fetch_add(1);
      if (!closed_.load()) return;
      inside_.fetch_sub(1);
      while (closed_.load()) std::this_thread::yield();
    }
  }
  void leave() noexcept { inside_.fetch_sub(1); }

  void close() noexcept {
    closed_.store(true);
    while (inside_.load() != 0) std::this_thread::yield();
  }
  void open() noexcept { closed_.store(false); }

 private:
  std::atomic<std::int64_t> inside_{0};
  std::atomic<bool> closed_{false};
};

[[nodiscard]] inline ForkGate& fork_gate() noexcept {
  static constinit ForkGate gate;
  return gate;
}

/// No fork happens while one of these lives. Where a user's function is called none may live, for it may fork.
class NoForkHere {
 public:
  NoForkHere() noexcept {
    if (depth()++ == 0) fork_gate().enter();
  }
  NoForkHere(const NoForkHere&) = delete;
  NoForkHere& operator=(const NoForkHere&) = delete;
  ~NoForkHere() {
    if (--depth() == 0) fork_gate().leave();
  }

 private:
  // Of this thread: who is inside already must not wait for a fork that waits for it.
  [[nodiscard]] static unsigned& depth() noexcept {
    static constinit thread_local unsigned depth = 0;
    return depth;
  }
};

[[nodiscard]] inline bool watch_forks() noexcept {
#if defined(_WIN32)
  return true;
#else
  static_cast<void>(fork_safe_mutex());
  return ::pthread_atfork(
             // The mutex first, so that of several threads that fork only one has the gate closed.
             [] {
               fork_safe_mutex().lock();
               fork_gate().close();
             },
             [] {
               fork_gate().open();
               fork_safe_mutex().unlock();
             },
             [] {
               fork_counter().fetch_add(1, std::memory_order_relaxed);
               fork_gate().open();
               fork_safe_mutex().unlock();
             }) == 0;
#endif
}

/// Set before main() begins, so that no fork can come in between.
inline const bool forks_are_watched = watch_forks();

/// Another number in each process that came from this one by fork; 0 when that cannot be told.
[[nodiscard]] inline std::uint64_t fork_generation() noexcept {
  return forks_are_watched ? fork_counter().load(std::memory_order_relaxed) : 0;
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
