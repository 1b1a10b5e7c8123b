#pragma once
// A value that many threads read and few replace. Reading takes two atomic exchanges and shares no counter with other
// threads; a replaced value is destroyed as soon as the last one that was reading it is done.

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

#include "momento_token/config.hpp"
#include "momento_token/detail/os_fork.hpp"
#include "momento_token/detail/slots.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

template <class T>
class Snapshots {
  struct Held {
    std::shared_ptr<const T> value;
    std::uint64_t generation;
  };

 public:
  explicit Snapshots(std::shared_ptr<const T> first) : current_(std::move(first)) {
    static_cast<void>(fork_generation());
  }
  Snapshots(const Snapshots&) = delete;
  Snapshots& operator=(const Snapshots&) = delete;

  /// One value, kept alive while this lives.
  class Lease {
   public:
    Lease(const Snapshots& from, std::unique_ptr<Held> held) noexcept : from_(&from), held_(std::move(held)) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() { from_->give_back(std::move(held_)); }
    [[nodiscard]] const T& operator*() const noexcept { return *held_->value; }
    [[nodiscard]] const T* operator->() const noexcept { return held_->value.get(); }
    [[nodiscard]] const std::shared_ptr<const T>& shared() const noexcept { return held_->value; }

   private:
    const Snapshots* from_;
    std::unique_ptr<Held> held_;
  };

  [[nodiscard]] Lease read() const {
    auto held = slots_.take();
    if (held == nullptr || held->generation != generation_.load()) held = copy_current();
    return Lease(*this, std::move(held));
  }

  /// Every read() that begins after this returns sees the new value.
  void replace(std::shared_ptr<const T> next) {
    static_cast<void>(swap_if(next, [] { return true; }));
  }
  /// The same, unless the value is no longer the one that was `seen`: then nothing is done, and false returned.
  [[nodiscard]] bool replace_if(const std::shared_ptr<const T>& seen, std::shared_ptr<const T> next) {
    return swap_if(next, [&] { return current_ == seen; });
  }

 private:
  // The old value goes with `next`, outside the lock.
  template <class Condition>
  [[nodiscard]] bool swap_if(std::shared_ptr<const T>& next, Condition&& condition) {
    {
      const std::lock_guard lock(fork_safe_mutex());
      if (!condition()) return false;
      current_.swap(next);
      generation_.fetch_add(1);
    }
    slots_.clear();
    return true;
  }

  [[nodiscard]] std::unique_ptr<Held> copy_current() const {
    auto held = std::make_unique<Held>();
    const std::lock_guard lock(fork_safe_mutex());
    held->value = current_;
    held->generation = generation_.load();
    return held;
  }

  // Either replace() finds what is put back here, or the new generation is seen here: nothing old stays in a slot.
  void give_back(std::unique_ptr<Held> held) const noexcept {
    const std::uint64_t generation = held->generation;
    slots_.give_back(std::move(held));
    if (generation != generation_.load()) slots_.clear();
  }

  std::shared_ptr<const T> current_;
  std::atomic<std::uint64_t> generation_{1};
  Slots<Held> slots_;
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
