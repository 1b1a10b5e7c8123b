#pragma once
// A token that is fetched again before it ends, for programs that ask a vending machine.

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "momento_token/clock.hpp"
#include "momento_token/config.hpp"
#include "momento_token/result.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace client {

/// What a vending machine handed out.
struct FetchedToken {
  std::string token;                    ///< a credential, in the form its user needs: bare, or the SDKs' wrapper
  std::chrono::sys_seconds expires_at;  ///< never handed out from this second on
};

/// Whether the source is being destroyed. Thread-safe.
class Cancellation {
 public:
  Cancellation() = default;
  Cancellation(const Cancellation&) = delete;
  Cancellation& operator=(const Cancellation&) = delete;
  /// A fetch that sees true returns soon, with any error.
  [[nodiscard]] bool cancelled() const noexcept { return cancelled_.load(); }

 private:
  friend class RefreshingTokenSource;
  std::atomic<bool> cancelled_{false};
};

/// How a RefreshingTokenSource works. Functions are called without locks, one fetch at a time and with its on_change or
/// on_failure done before the next; in the source's own thread, or in one that calls token() or refresh_if_due().
struct RefreshingTokenOptions {
  /// Asks for a token; required. In the source's own thread it must not throw.
  std::function<Result<FetchedToken>(const Cancellation&)> fetch;
  /// How long before its end a token is replaced, at most half of its life; 0 s … 1 h.
  std::chrono::seconds refresh_ahead = std::chrono::seconds(30);
  /// Up to this part of refresh_ahead earlier, at random, so that many programs do not ask at once; 0 … 1.
  double jitter = 0.25;
  /// A new token is there; token() gives it already.
  std::function<void(const FetchedToken&)> on_change = {};
  /// A fetch failed. The old token stays until its end; the next tries come after 1, 2, 4 … 60 seconds.
  std::function<void(const Error&)> on_failure = {};
  /// Called once by the destructor, to interrupt a fetch that waits for a socket. May be called while nothing is
  /// fetched.
  std::function<void()> on_cancel = {};
  /// Without one, call refresh_if_due() when it says, such as from an event loop.
  bool own_thread = true;
  std::shared_ptr<const Clock> clock = system_clock();  ///< another for tests
  std::function<double()> random = {};                  ///< [0, 1); the system's when empty
};

/// Holds a token that is valid whenever that can be had. Thread-safe. Does not survive a fork in the child when it has
/// a thread of its own. Not to be destroyed from one of its own functions, nor while another thread is in one of its
/// members.
class MOMENTO_TOKEN_API RefreshingTokenSource {
 public:
  /// Begins to fetch at once where it has a thread of its own. invalid_argument, naming the field, for no fetch, a null
  /// clock, a value out of range.
  [[nodiscard]] static Result<std::unique_ptr<RefreshingTokenSource>> create(RefreshingTokenOptions options);
  /// Cancels the fetch that is going on and joins the thread.
  ~RefreshingTokenSource();
  RefreshingTokenSource(const RefreshingTokenSource&) = delete;
  RefreshingTokenSource& operator=(const RefreshingTokenSource&) = delete;

  /// The token held while it has not ended. Else waits for the fetch that is going on, or fetches itself; and while
  /// tries are held back after a failure, that failure at once. invalid_argument when `fetch` itself asks.
  [[nodiscard]] Result<std::shared_ptr<const FetchedToken>> token();
  /// Fetches when it is time and nobody else does. The answer is when to call again.
  std::chrono::sys_seconds refresh_if_due();

 private:
  struct State;
  explicit RefreshingTokenSource(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace client
MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/client/refreshing_token_source.ipp"
#endif
