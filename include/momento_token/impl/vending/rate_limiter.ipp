#pragma once

#include <algorithm>
#include <cstring>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "momento_token/detail/option_checks.hpp"
#include "momento_token/detail/random_hmac.hpp"
#include "momento_token/vending/rate_limiter.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::uint32_t max_rate = 1'000'000;
inline constexpr std::size_t max_limited_identities = std::size_t{16} << 20;

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

[[nodiscard]] MOMENTO_TOKEN_INLINE std::chrono::seconds seconds_up(std::int64_t nanoseconds) noexcept {
  return std::max(std::chrono::seconds(1),
                  std::chrono::ceil<std::chrono::seconds>(std::chrono::nanoseconds(nanoseconds)));
}

}  // namespace detail
namespace vending {

struct InMemoryRateLimiter::State {
  RateLimiterOptions options;
  std::int64_t window = 0;  // nanoseconds
  std::unique_ptr<const detail::HmacState> hash;
  mutable std::mutex mutex;
  detail::SlidingCount global;
  std::unordered_map<detail::LimiterKey, detail::SlidingCount, detail::LimiterKeyHash> identities;
  std::int64_t latest = 0;      // a clock of a user may go back; counts do not
  std::int64_t sweep_from = 0;  // before this nobody can be forgotten, or a full table would be walked for each refusal

  [[nodiscard]] std::int64_t now() {
    const auto since = options.ticks().time_since_epoch();
    latest = std::max<std::int64_t>(latest, std::chrono::duration_cast<std::chrono::nanoseconds>(since).count());
    return latest;
  }
  [[nodiscard]] bool key_of(std::string_view identity, detail::LimiterKey& key) const {
    std::byte mac[32];
    if (!hash->mac(as_bytes(identity), mac)) return false;
    std::memcpy(&key, mac, sizeof key);
    return true;
  }
  void sweep(std::int64_t now_ns) {
    if (now_ns < sweep_from) return;
    sweep_from = now_ns + window;
    for (auto it = identities.begin(); it != identities.end();) {
      const std::int64_t end = it->second.end(window);
      if (end > now_ns) {
        sweep_from = std::min(sweep_from, end);
        ++it;
      } else {
        it = identities.erase(it);
      }
    }
  }
  /// The counts of an identity, up to date; null when the table is full of others.
  [[nodiscard]] detail::SlidingCount* counts_of(const detail::LimiterKey& key, std::int64_t now_ns) {
    const auto found = identities.find(key);
    if (found != identities.end()) {
      found->second.forget_old(now_ns, window);
      return &found->second;
    }
    if (identities.size() >= options.capacity) sweep(now_ns);
    if (identities.size() >= options.capacity) return nullptr;
    return &identities[key];
  }
};

MOMENTO_TOKEN_INLINE InMemoryRateLimiter::InMemoryRateLimiter(std::unique_ptr<State> state) noexcept
    : state_(std::move(state)) {}
MOMENTO_TOKEN_INLINE InMemoryRateLimiter::~InMemoryRateLimiter() = default;

MOMENTO_TOKEN_INLINE Result<std::shared_ptr<InMemoryRateLimiter>> InMemoryRateLimiter::create(
    RateLimiterOptions options) {
  using detail::bad_option;
  const auto in_range = [](std::uint32_t rate) { return rate >= 1 && rate <= detail::max_rate; };
  if (!in_range(options.per_identity)) return bad_option("per_identity", "must be 1 to 1 million");
  if (!in_range(options.global)) return bad_option("global", "must be 1 to 1 million");
  if (options.window < std::chrono::seconds(1) || options.window > std::chrono::hours(1)) {
    return bad_option("window", "must be 1 s to 1 h");
  }
  if (options.capacity == 0 || options.capacity > detail::max_limited_identities) {
    return bad_option("capacity", "must be 1 to 16 million");
  }
  if (!options.ticks) return bad_option("ticks", "is empty");
  auto state = std::make_unique<State>();
  state->hash = detail::random_hmac();
  if (state->hash == nullptr)
    return Error{Errc::internal_error, "rate_limiter", "the random source or libcrypto failed"};
  state->window = std::chrono::nanoseconds(options.window).count();
  state->options = std::move(options);
  return std::shared_ptr<InMemoryRateLimiter>(new InMemoryRateLimiter(std::move(state)));
}

MOMENTO_TOKEN_INLINE Admission InMemoryRateLimiter::admit(std::string_view identity) {
  State& s = *state_;
  detail::LimiterKey key;
  if (!s.key_of(identity, key)) return {.admitted = false, .retry_after = std::chrono::seconds(1)};
  const std::lock_guard lock(s.mutex);
  const std::int64_t now = s.now();
  const auto refused = [](std::int64_t wait) { return Admission{false, detail::seconds_up(wait)}; };
  s.global.forget_old(now, s.window);
  if (s.global.total() >= s.options.global) return refused(s.global.wait(now, s.window));
  detail::SlidingCount* const own = s.counts_of(key, now);
  if (own == nullptr) return refused(s.sweep_from - now);
  if (own->total() >= s.options.per_identity) return refused(own->wait(now, s.window));
  own->add(now, s.window);
  s.global.add(now, s.window);
  return {.admitted = true};
}

MOMENTO_TOKEN_INLINE std::size_t InMemoryRateLimiter::size() const {
  const std::lock_guard lock(state_->mutex);
  return state_->identities.size();
}

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE
