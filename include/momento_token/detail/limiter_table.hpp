#pragma once
// What a rate limiter has counted, by identity, and which of it is over first.

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <list>
#include <unordered_map>
#include <vector>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// Requests that came within a 32nd part of a window count together, and until the last of them is a whole window old:
/// never more than the limit in any window, and at most a 32nd less than it.
inline constexpr std::int64_t window_parts = 32;

struct RequestGroup {
  std::int64_t first = 0, last = 0;  // nanoseconds
  std::uint32_t count = 0;
};

/// What was admitted within the last window.
class SlidingCount {
 public:
  [[nodiscard]] std::uint32_t total() const noexcept { return total_; }
  /// When nothing of it counts any more; until then it must not be forgotten.
  [[nodiscard]] std::int64_t end(std::int64_t window) const noexcept {
    return groups_.empty() ? 0 : groups_.back().last + window;
  }
  /// How long from `now` until the oldest ones count no more. There must be some.
  [[nodiscard]] std::int64_t wait(std::int64_t now, std::int64_t window) const noexcept {
    return groups_.front().last + window - now;
  }
  void forget_old(std::int64_t now, std::int64_t window) {
    auto kept = groups_.begin();
    for (; kept != groups_.end() && kept->last + window <= now; ++kept) total_ -= kept->count;
    groups_.erase(groups_.begin(), kept);
  }
  void add(std::int64_t now, std::int64_t window) {
    if (groups_.empty() || now - groups_.back().first >= window / window_parts) groups_.push_back({now, now, 0});
    groups_.back().last = now;
    ++groups_.back().count;
    ++total_;
  }
  /// Of the newest ones: it was admitted a moment ago, and what counts from before goes on to count from its own time.
  void take_one() {
    if (groups_.empty()) return;
    --total_;
    if (--groups_.back().count == 0) groups_.pop_back();
  }

 private:
  std::vector<RequestGroup> groups_;  // the oldest first; at most one more than there are parts
  std::uint32_t total_ = 0;
};

struct LimiterKey {
  std::uint64_t low = 0, high = 0;
  friend bool operator==(const LimiterKey&, const LimiterKey&) = default;
};
struct LimiterKeyHash {
  // Bits of a keyed hash already.
  [[nodiscard]] std::size_t operator()(const LimiterKey& key) const noexcept {
    return static_cast<std::size_t>(key.low);
  }
};

/// Counts in the order of the last request, so that whoever is over first is in front and no call walks the table:
/// each looks at some entries at most, however full it is and whenever they end.
class LimiterTable {
 public:
  struct Entry {
    LimiterKey key;
    SlidingCount counts = {};
  };
  using Place = std::list<Entry>::iterator;

  explicit LimiterTable(std::int64_t window) : window_(window) {}

  /// The counts of an identity, up to date; a new one gets a place while there is one. null when there is none.
  [[nodiscard]] Entry* find_or_make(const LimiterKey& key, std::int64_t now, std::size_t capacity) {
    if (const auto found = places_.find(key); found != places_.end()) {
      found->second->counts.forget_old(now, window_);
      return &*found->second;
    }
    if (entries_.size() >= capacity) forget_finished(now);
    if (entries_.size() >= capacity) return nullptr;
    entries_.push_back({key});
    places_.try_emplace(key, std::prev(entries_.end()));
    return &entries_.back();
  }
  void add(const Entry& entry, std::int64_t now) {
    const Place place = places_.find(entry.key)->second;
    place->counts.add(now, window_);
    entries_.splice(entries_.end(), entries_, place);
  }
  /// False when nothing of this identity counts.
  bool take_one(const LimiterKey& key, std::int64_t now) {
    const auto found = places_.find(key);
    if (found == places_.end()) return false;
    SlidingCount& counts = found->second->counts;
    counts.forget_old(now, window_);
    if (counts.total() == 0) return false;
    counts.take_one();
    return true;
  }
  /// How long until there is a place in a full one.
  [[nodiscard]] std::int64_t wait(std::int64_t now) const noexcept {
    return entries_.empty() ? 0 : entries_.front().counts.end(window_) - now;
  }
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  /// How many entries were looked at to make room: for tests.
  [[nodiscard]] std::uint64_t looked_at() const noexcept { return looked_at_; }

 private:
  /// No more at a time than this, or one unlucky call would free a whole table.
  static constexpr int most_forgotten = 64;

  void forget_finished(std::int64_t now) {
    for (int i = 0; i < most_forgotten && !entries_.empty(); ++i) {
      ++looked_at_;
      if (entries_.front().counts.end(window_) > now) return;
      places_.erase(entries_.front().key);
      entries_.pop_front();
    }
  }

  std::int64_t window_;
  std::list<Entry> entries_;  // whose last request is oldest in front
  std::unordered_map<LimiterKey, Place, LimiterKeyHash> places_;
  std::uint64_t looked_at_ = 0;
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
