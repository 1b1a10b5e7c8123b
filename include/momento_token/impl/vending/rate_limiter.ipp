#pragma once

#include <algorithm>
#include <cstring>
#include <mutex>
#include <string>
#include <utility>

#include "momento_token/detail/limiter_table.hpp"
#include "momento_token/detail/option_checks.hpp"
#include "momento_token/detail/random_hmac.hpp"
#include "momento_token/vending/rate_limiter.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::uint32_t max_rate = 1'000'000;
inline constexpr std::size_t max_limited_identities = std::size_t{16} << 20;

[[nodiscard]] MOMENTO_TOKEN_INLINE std::chrono::seconds seconds_up(std::int64_t nanoseconds) noexcept {
  return std::max(std::chrono::seconds(1),
                  std::chrono::ceil<std::chrono::seconds>(std::chrono::nanoseconds(nanoseconds)));
}

}  // namespace detail
namespace vending {

struct InMemoryRateLimiter::State {
  RateLimiterOptions options;
  std::int64_t window;  // nanoseconds
  std::unique_ptr<const detail::HmacState> hash;
  mutable std::mutex mutex = {};
  detail::SlidingCount global = {};
  detail::LimiterTable identities{window};
  std::int64_t latest = 0;  // a clock of a user may go back; counts do not

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
};

MOMENTO_TOKEN_INLINE void RateLimiter::give_back(std::string_view) {}

MOMENTO_TOKEN_INLINE InMemoryRateLimiter::InMemoryRateLimiter(std::unique_ptr<State> state) noexcept
    : state_(std::move(state)) {}
MOMENTO_TOKEN_INLINE InMemoryRateLimiter::~InMemoryRateLimiter() = default;

MOMENTO_TOKEN_INLINE Result<std::shared_ptr<InMemoryRateLimiter>> InMemoryRateLimiter::create(
    RateLimiterOptions options) {
  using detail::bad_option;
  const auto in_range = [](std::uint32_t rate) { return rate >= 1 && rate <= detail::max_rate; };
  if (!in_range(options.per_identity)) return bad_option("per_identity", "must be 1 to 1 million");
  if (options.global > detail::max_rate) return bad_option("global", "must be 1 to 1 million, or 0 for no limit");
  if (options.window < std::chrono::seconds(1) || options.window > std::chrono::hours(1)) {
    return bad_option("window", "must be 1 s to 1 h");
  }
  if (options.capacity == 0 || options.capacity > detail::max_limited_identities) {
    return bad_option("capacity", "must be 1 to 16 million");
  }
  if (!options.ticks) return bad_option("ticks", "is empty");
  auto hash = detail::random_hmac();
  if (hash == nullptr) return Error{Errc::internal_error, "rate_limiter", "the random source or libcrypto failed"};
  const std::int64_t window = std::chrono::nanoseconds(options.window).count();
  std::unique_ptr<State> state(new State{std::move(options), window, std::move(hash)});
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
  const bool has_global = s.options.global != 0;
  if (has_global && s.global.total() >= s.options.global) return refused(s.global.wait(now, s.window));
  const auto* const own = s.identities.find_or_make(key, now, s.options.capacity);
  if (own == nullptr) return refused(s.identities.wait(now));
  if (own->counts.total() >= s.options.per_identity) return refused(own->counts.wait(now, s.window));
  s.identities.add(*own, now);
  if (has_global) s.global.add(now, s.window);
  return {.admitted = true};
}

MOMENTO_TOKEN_INLINE void InMemoryRateLimiter::give_back(std::string_view identity) {
  State& s = *state_;
  detail::LimiterKey key;
  if (!s.key_of(identity, key)) return;
  const std::lock_guard lock(s.mutex);
  const std::int64_t now = s.now();
  s.global.forget_old(now, s.window);
  if (s.identities.take_one(key, now)) s.global.take_one();
}

MOMENTO_TOKEN_INLINE std::size_t InMemoryRateLimiter::size() const {
  const std::lock_guard lock(state_->mutex);
  return state_->identities.size();
}

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE
