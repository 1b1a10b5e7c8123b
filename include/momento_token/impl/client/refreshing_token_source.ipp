#pragma once

#include <condition_variable>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "momento_token/client/refreshing_token_source.hpp"
#include "momento_token/detail/option_checks.hpp"
#include "momento_token/detail/os_random.hpp"
#include "momento_token/detail/refresh_times.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// A machine that sleeps, or a clock that is set, is noticed after this.
inline constexpr std::chrono::seconds longest_nap{10};

using FetchedTokenPtr = std::shared_ptr<const client::FetchedToken>;

/// In [0, 1); 0 when the random source fails, which only costs the jitter.
[[nodiscard]] MOMENTO_TOKEN_INLINE double random_fraction() noexcept {
  std::uint32_t bits = 0;
  std::byte bytes[sizeof bits] = {};
  if (fill_random(bytes, sizeof bytes)) std::memcpy(&bits, bytes, sizeof bits);
  return static_cast<double>(bits) / 4294967296.0;
}

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> check_refreshing(const client::RefreshingTokenOptions& options) {
  if (!options.fetch) return bad_option("fetch", "is empty");
  if (options.clock == nullptr) return bad_option("clock", "is null");
  if (options.refresh_ahead < std::chrono::seconds(0) || options.refresh_ahead > std::chrono::hours(1)) {
    return bad_option("refresh_ahead", "must be 0 s to 1 h");
  }
  if (!(options.jitter >= 0.0 && options.jitter <= 1.0)) return bad_option("jitter", "must be 0 to 1");
  return {};
}

}  // namespace detail
namespace client {

struct RefreshingTokenSource::State {
  explicit State(RefreshingTokenOptions given) : options(std::move(given)), due(options.clock->now()) {}

  RefreshingTokenOptions options;
  Cancellation cancellation;
  std::thread thread;

  std::mutex mutex;  // of everything below
  std::condition_variable changed;
  detail::FetchedTokenPtr held;
  std::optional<Error> last_error;  // of the last fetch, when it failed
  std::chrono::sys_seconds due;
  unsigned failures = 0;
  bool fetching = false;  // a fetch is going on
  bool flying = false;    // a fetch or its callback is
  std::thread::id flier;
  bool stopping = false;

  class Flight;
  using Lock = std::unique_lock<std::mutex>;

  [[nodiscard]] bool is_valid(const detail::FetchedTokenPtr& token) const {
    return token != nullptr && options.clock->now() < token->expires_at;
  }
  [[nodiscard]] Error why_none() const {
    return last_error ? *last_error : Error{Errc::internal_error, "fetch", "no token that is valid has been fetched"};
  }
  [[nodiscard]] Result<FetchedToken> checked_fetch(const detail::FetchedTokenPtr& old) const;
  void fly(Lock& lock);
  void take(FetchedToken fresh, double random);
  void run();
};

/// One fetch with its callback, from its announcement to its end, also when one of the two throws.
class RefreshingTokenSource::State::Flight {
 public:
  Flight(State& state, Lock& lock) : state_(state), lock_(lock) {
    state_.fetching = state_.flying = true;
    state_.flier = std::this_thread::get_id();
    // Held back as after a failure until it has succeeded.
    state_.due = state_.options.clock->now() + detail::back_off(++state_.failures);
    lock_.unlock();
  }
  Flight(const Flight&) = delete;
  Flight& operator=(const Flight&) = delete;
  ~Flight() {
    if (!lock_.owns_lock()) lock_.lock();
    state_.fetching = state_.flying = false;
    state_.flier = {};
    state_.changed.notify_all();
  }
  /// The fetch is over; its callback comes.
  template <class Apply>
  void landed(const Apply& apply) {
    lock_.lock();
    apply();
    state_.fetching = false;
    state_.changed.notify_all();
    lock_.unlock();
  }

 private:
  State& state_;
  Lock& lock_;
};

MOMENTO_TOKEN_INLINE Result<FetchedToken> RefreshingTokenSource::State::checked_fetch(
    const detail::FetchedTokenPtr& old) const {
  auto fresh = options.fetch(cancellation);
  if (!fresh) return fresh;
  if (fresh->token.empty()) return detail::bad_option("token", "the fetched token is empty");
  if (fresh->expires_at <= options.clock->now())
    return Error{Errc::expired, "expires_at", "the fetched token has ended"};
  if (old != nullptr && fresh->expires_at <= old->expires_at) {
    return detail::bad_option("expires_at", "the fetched token ends no later than the one held");
  }
  return fresh;
}

MOMENTO_TOKEN_INLINE void RefreshingTokenSource::State::take(FetchedToken fresh, double random) {
  due = detail::refresh_time(options.clock->now(), fresh.expires_at, options.refresh_ahead, options.jitter, random);
  held = std::make_shared<const FetchedToken>(std::move(fresh));
  failures = 0;
  last_error.reset();
}

MOMENTO_TOKEN_INLINE void RefreshingTokenSource::State::fly(Lock& lock) {
  const detail::FetchedTokenPtr old = held;
  Flight flight(*this, lock);
  auto fresh = checked_fetch(old);
  const double random = options.random ? options.random() : detail::random_fraction();
  detail::FetchedTokenPtr taken;
  flight.landed([&] {
    if (fresh) {
      take(std::move(fresh).value(), random);
      taken = held;
    } else {
      last_error = fresh.error();
      due = options.clock->now() + detail::back_off(failures);
    }
  });
  if (taken != nullptr && options.on_change) options.on_change(*taken);
  if (taken == nullptr && options.on_failure) options.on_failure(fresh.error());
}

MOMENTO_TOKEN_INLINE void RefreshingTokenSource::State::run() {
  Lock lock(mutex);
  while (!stopping) {
    const auto now = options.clock->now();
    if (now >= due && !flying) {
      fly(lock);
    } else {
      changed.wait_for(
          lock, now >= due ? detail::longest_nap : std::min<std::chrono::seconds>(due - now, detail::longest_nap));
    }
  }
}

MOMENTO_TOKEN_INLINE RefreshingTokenSource::RefreshingTokenSource(std::unique_ptr<State> state) noexcept
    : state_(std::move(state)) {}

MOMENTO_TOKEN_INLINE Result<std::unique_ptr<RefreshingTokenSource>> RefreshingTokenSource::create(
    RefreshingTokenOptions options) {
  if (const auto checked = detail::check_refreshing(options); !checked) return checked.error();
  const bool own_thread = options.own_thread;
  auto state = std::make_unique<State>(std::move(options));
  if (own_thread) state->thread = std::thread([&running = *state] { running.run(); });
  return std::unique_ptr<RefreshingTokenSource>(new RefreshingTokenSource(std::move(state)));
}

MOMENTO_TOKEN_INLINE RefreshingTokenSource::~RefreshingTokenSource() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
    state_->cancellation.cancelled_.store(true);
  }
  state_->changed.notify_all();
  if (state_->options.on_cancel) state_->options.on_cancel();
  if (state_->thread.joinable()) state_->thread.join();
}

MOMENTO_TOKEN_INLINE Result<detail::FetchedTokenPtr> RefreshingTokenSource::token() {
  State& s = *state_;
  State::Lock lock(s.mutex);
  if (s.is_valid(s.held)) return s.held;
  if (s.fetching && s.flier == std::this_thread::get_id()) {
    return detail::bad_option("fetch", "asks for the token it is to fetch");
  }
  if (s.fetching) {
    s.changed.wait(lock, [&s] { return !s.fetching; });
  } else if (!s.flying && !s.stopping && s.options.clock->now() >= s.due) {
    s.fly(lock);
  }
  if (s.is_valid(s.held)) return s.held;
  return s.why_none();
}

MOMENTO_TOKEN_INLINE std::chrono::sys_seconds RefreshingTokenSource::refresh_if_due() {
  State& s = *state_;
  State::Lock lock(s.mutex);
  if (!s.flying && !s.stopping && s.options.clock->now() >= s.due) s.fly(lock);
  return s.due;
}

}  // namespace client
MOMENTO_TOKEN_END_NAMESPACE
