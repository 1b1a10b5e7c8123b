#pragma once

#include <algorithm>
#include <cstring>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

#include "momento_token/detail/option_checks.hpp"
#include "momento_token/detail/random_hmac.hpp"
#include "momento_token/vending/rate_limiter.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::uint32_t max_rate = 1'000'000;
inline constexpr std::size_t max_limited_identities = std::size_t{16} << 20;

/// A count that slides: `before` is of the window before the one that began at `begin`.
struct SlidingWindow {
  std::int64_t begin = 0;  // nanoseconds
  std::uint32_t before = 0;
  std::uint32_t count = 0;

  /// Up to date at `now`.
  void move_to(std::int64_t now, std::int64_t window) noexcept {
    if (now - begin < window) return;
    const bool next = now - begin < 2 * window;
    before = next ? count : 0;
    begin = next ? begin + window : now;
    count = 0;
  }
  /// True while something of it counts: it must not be forgotten.
  [[nodiscard]] bool active(std::int64_t now, std::int64_t window) const noexcept {
    return now - begin < (count != 0 ? 2 * window : window);
  }
  /// Whether one more is within the limit. At most 10^6 · 3.6 · 10^12 · 2 is below 2^63.
  [[nodiscard]] bool has_room(std::int64_t now, std::int64_t window, std::uint32_t limit) const noexcept {
    return before * (window - (now - begin)) + std::int64_t{count} * window < std::int64_t{limit} * window;
  }
  /// How long from `now` until has_room(), when it has none and nobody asks meanwhile.
  [[nodiscard]] std::int64_t wait(std::int64_t now, std::int64_t window, std::uint32_t limit) const noexcept {
    const std::int64_t left = window - (now - begin);
    // Within this window: when the one before weighs less than what is missing.
    if (count < limit) return std::max<std::int64_t>(1, left - (limit - count) * window / before);
    return left + (count > limit ? window - std::int64_t{limit} * window / count : 0);
  }
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
  detail::SlidingWindow global;
  std::unordered_map<detail::LimiterKey, detail::SlidingWindow, detail::LimiterKeyHash> identities;
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
    sweep_from = now_ns + 2 * window;
    for (auto it = identities.begin(); it != identities.end();) {
      const detail::SlidingWindow& counts = it->second;
      if (counts.active(now_ns, window)) {
        sweep_from = std::min(sweep_from, counts.begin + (counts.count != 0 ? 2 * window : window));
        ++it;
      } else {
        it = identities.erase(it);
      }
    }
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
  s.global.move_to(now, s.window);
  if (!s.global.has_room(now, s.window, s.options.global)) {
    return refused(s.global.wait(now, s.window, s.options.global));
  }
  auto found = s.identities.find(key);
  if (found == s.identities.end()) {
    if (s.identities.size() >= s.options.capacity) s.sweep(now);
    if (s.identities.size() >= s.options.capacity) return refused(s.sweep_from - now);
    found = s.identities.emplace(key, detail::SlidingWindow{.begin = now}).first;
  }
  detail::SlidingWindow& own = found->second;
  own.move_to(now, s.window);
  if (!own.has_room(now, s.window, s.options.per_identity)) {
    return refused(own.wait(now, s.window, s.options.per_identity));
  }
  ++own.count;
  ++s.global.count;
  return {.admitted = true};
}

MOMENTO_TOKEN_INLINE std::size_t InMemoryRateLimiter::size() const {
  const std::lock_guard lock(state_->mutex);
  return state_->identities.size();
}

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE
