#pragma once
// Reusable contexts that live in the key they belong to, never in threads: nothing outlives its key, and minting from
// any destructor, static or thread_local, is safe.

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::size_t slot_count = 16;

/// The slot at which this thread starts.
[[nodiscard]] inline std::size_t thread_slot() noexcept {
  static std::atomic<std::size_t> threads{0};
  thread_local const std::size_t slot = threads.fetch_add(1, std::memory_order_relaxed) % slot_count;
  return slot;
}

/// Up to 16 idle contexts. Taking and returning one is an atomic exchange of its slot.
template <class Context>
class Slots {
 public:
  Slots() noexcept = default;
  Slots(const Slots&) = delete;
  Slots& operator=(const Slots&) = delete;
  ~Slots() {
    Table* const table = table_.load(std::memory_order_acquire);
    if (table == nullptr) return;
    for (Slot& slot : *table) delete slot.context.load(std::memory_order_relaxed);
    delete table;
  }

  /// An idle context, this thread's if it is there; null when there is none at all.
  [[nodiscard]] std::unique_ptr<Context> take() const noexcept {
    Table* const table = table_.load(std::memory_order_acquire);
    if (table == nullptr) return nullptr;
    for (std::size_t i = 0, first = thread_slot(); i < slot_count; ++i) {
      std::atomic<Context*>& there = (*table)[(first + i) % slot_count].context;
      if (i != 0 && there.load(std::memory_order_relaxed) == nullptr) continue;
      if (Context* const context = there.exchange(nullptr)) return std::unique_ptr<Context>(context);
    }
    return nullptr;
  }

  /// Keeps a context for later, in this thread's place if that is empty; frees it when all are taken.
  void give_back(std::unique_ptr<Context> context) const noexcept {
    Table* table = table_.load(std::memory_order_acquire);
    if (table == nullptr) table = allocate();
    if (table == nullptr) return;
    for (std::size_t i = 0, first = thread_slot(); i < slot_count; ++i) {
      Context* empty = nullptr;
      if (!(*table)[(first + i) % slot_count].context.compare_exchange_strong(empty, context.get())) continue;
      static_cast<void>(context.release());
      return;
    }
  }

  /// Frees every idle context.
  void clear() const noexcept {
    Table* const table = table_.load(std::memory_order_acquire);
    if (table == nullptr) return;
    for (Slot& slot : *table) delete slot.context.exchange(nullptr);
  }

 private:
  struct alignas(64) Slot {  // its own cache line, or two threads slow each other down
    std::atomic<Context*> context{nullptr};
  };
  using Table = std::array<Slot, slot_count>;

  // Null when there is no memory: then nothing is kept.
  Table* allocate() const noexcept {
    std::unique_ptr<Table> fresh(new (std::nothrow) Table);
    if (fresh == nullptr) return nullptr;
    Table* expected = nullptr;
    if (table_.compare_exchange_strong(expected, fresh.get(), std::memory_order_acq_rel)) return fresh.release();
    return expected;
  }

  mutable std::atomic<Table*> table_{nullptr};
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
