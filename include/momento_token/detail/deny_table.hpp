#pragma once
// A hash table of fixed size that is read without a lock while one writer changes it.

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// 128 bits of a keyed hash, and 64 more that choose the place.
struct DenyKey {
  std::uint64_t low = 0, high = 0, place = 0;
};

/// What a table holds of one entry.
struct DenyEntry {
  DenyKey key;
  std::uint64_t data = 0;  // of a token: the issuer's hash, 0 for any; of a subject: the last iat that is denied
  std::int64_t until = 0;  // the second from which the entry counts no more; 0 for a slot that was never used
};

/// Readers look twice at a version that is odd while the writer writes. Only one writer at a time may call what changes it.
class DenyShard {
 public:
  explicit DenyShard(std::size_t slots) : mask_(std::bit_ceil(slots) - 1), slots_(new Slot[mask_ + 1]) {}
  DenyShard(const DenyShard&) = delete;
  DenyShard& operator=(const DenyShard&) = delete;

  [[nodiscard]] std::size_t slots() const noexcept { return mask_ + 1; }
  static constexpr std::size_t slot_bytes() noexcept { return sizeof(Slot); }

  /// True when an entry of the key that has not ended satisfies `accepts(data)`.
  template <class Accepts>
  [[nodiscard]] bool find(const DenyKey& key, std::int64_t now, Accepts&& accepts) const noexcept {
    for (;;) {
      const std::uint64_t version = version_.load(std::memory_order_acquire);
      if ((version & 1) != 0) continue;
      const bool found = probe(key, now, accepts);
      // The loads of the slots are acquire, so this one comes after them.
      if (version_.load(std::memory_order_acquire) == version) return found;
    }
  }

  /// Writer: makes an entry of the same key and issuer last longer, or adds this one where `may_add`. False when neither can
  /// be.
  template <class Same>
  [[nodiscard]] bool put(const DenyEntry& entry, std::int64_t now, Same&& same, bool may_add) {
    Slot* room = nullptr;
    for (std::size_t i = 0; i <= mask_; ++i) {
      Slot& slot = slots_[(entry.key.place + i) & mask_];
      const DenyEntry here = slot.load();
      const bool ended = here.until <= now;
      if (!ended && here.key.low == entry.key.low && here.key.high == entry.key.high && same(here.data)) {
        return write(slot, {here.key, std::max(here.data, entry.data), std::max(here.until, entry.until)});
      }
      if (ended && room == nullptr) room = &slot;
      if (here.until == 0) break;
    }
    if (room == nullptr || !may_add) return false;
    ++added_;
    first_end_ = std::min(first_end_, entry.until);
    return write(*room, entry);
  }

  /// Writer: how many were added since they were swept last, and those that lived then.
  [[nodiscard]] std::size_t added() const noexcept { return added_; }
  /// Writer: no entry ends before.
  [[nodiscard]] std::int64_t first_end() const noexcept { return first_end_; }

  /// Writer: puts the entries that have not ended together again, so that chains of ended ones stay short; returns how many
  /// of those that were added are no longer there.
  [[nodiscard]] std::size_t sweep(std::int64_t now) {
    std::vector<DenyEntry> living;
    for (std::size_t i = 0; i <= mask_; ++i) {
      if (const DenyEntry entry = slots_[i].load(); entry.until > now) living.push_back(entry);
    }
    first_end_ = std::numeric_limits<std::int64_t>::max();
    version_.fetch_add(1);
    for (std::size_t i = 0; i <= mask_; ++i) slots_[i].store({});
    for (const DenyEntry& entry : living) {
      first_end_ = std::min(first_end_, entry.until);
      std::size_t at = entry.key.place & mask_;
      while (slots_[at].load().until != 0) at = (at + 1) & mask_;
      slots_[at].store(entry);
    }
    version_.fetch_add(1);
    return std::exchange(added_, living.size()) - living.size();
  }

  /// Entries that live, as of some moment during the call; of a shard that is written without end, about as many.
  [[nodiscard]] std::size_t count(std::int64_t now) const noexcept {
    std::size_t living = 0;
    for (int attempt = 0; attempt < 16; ++attempt) {
      const std::uint64_t version = version_.load(std::memory_order_acquire);
      living = 0;
      for (std::size_t i = 0; i <= mask_; ++i) living += slots_[i].until.load(std::memory_order_acquire) > now;
      if ((version & 1) == 0 && version_.load(std::memory_order_acquire) == version) break;
    }
    return living;
  }

 private:
  struct Slot {
    std::atomic<std::uint64_t> low{0}, high{0}, place{0}, data{0};
    std::atomic<std::int64_t> until{0};

    [[nodiscard]] DenyEntry load() const noexcept {
      return {{low.load(std::memory_order_acquire), high.load(std::memory_order_acquire),
               place.load(std::memory_order_acquire)},
              data.load(std::memory_order_acquire),
              until.load(std::memory_order_acquire)};
    }
    void store(const DenyEntry& entry) noexcept {
      low.store(entry.key.low, std::memory_order_release);
      high.store(entry.key.high, std::memory_order_release);
      place.store(entry.key.place, std::memory_order_release);
      data.store(entry.data, std::memory_order_release);
      until.store(entry.until, std::memory_order_release);
    }
  };

  template <class Accepts>
  [[nodiscard]] bool probe(const DenyKey& key, std::int64_t now, Accepts& accepts) const noexcept {
    for (std::size_t i = 0; i <= mask_; ++i) {
      const DenyEntry here = slots_[(key.place + i) & mask_].load();
      if (here.until == 0) return false;
      if (here.key.low == key.low && here.key.high == key.high && here.until > now && accepts(here.data)) return true;
    }
    return false;
  }

  bool write(Slot& slot, const DenyEntry& entry) noexcept {
    version_.fetch_add(1);
    slot.store(entry);
    version_.fetch_add(1);
    return true;
  }

  const std::size_t mask_;
  std::unique_ptr<Slot[]> slots_;
  std::atomic<std::uint64_t> version_{0};
  // The writer's own.
  std::size_t added_ = 0;
  std::int64_t first_end_ = std::numeric_limits<std::int64_t>::max();
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
