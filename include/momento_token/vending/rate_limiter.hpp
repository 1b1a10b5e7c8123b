#pragma once
// How many requests a caller, and all of them together, may make in a window of time.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "momento_token/config.hpp"
#include "momento_token/result.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace vending {

/// Whether a request may go on.
struct Admission {
  bool admitted = false;                ///< false: answer 429
  std::chrono::seconds retry_after{0};  ///< of a refused one: when another try may go through; at least 1 s
};

/// A limiter of your own (Redis, a cache) derives from this. Must be thread-safe.
class MOMENTO_TOKEN_API RateLimiter {
 public:
  RateLimiter() = default;
  RateLimiter(const RateLimiter&) = delete;
  RateLimiter& operator=(const RateLimiter&) = delete;
  virtual ~RateLimiter() = default;
  /// Counts one request of this identity when it is admitted. Answer "not admitted" when you cannot tell.
  [[nodiscard]] virtual Admission admit(std::string_view identity) = 0;
  /// What was admitted turned out not to count, such as a password that was right. Does nothing unless you override it.
  virtual void give_back(std::string_view identity);
};

/// Monotonic time; another for tests.
using Ticks = std::function<std::chrono::steady_clock::time_point()>;

/// How much an InMemoryRateLimiter lets through.
struct RateLimiterOptions {
  std::uint32_t per_identity;  ///< requests in a window, 1 … 1 million; no default
  std::uint32_t global;  ///< of all identities together, 1 … 1 million, or 0 for as many as there are; no default
  std::chrono::seconds window = std::chrono::minutes(1);  ///< 1 s … 1 h
  std::size_t capacity = 100'000;                         ///< identities at a time, 1 … 16 million
  Ticks ticks = std::chrono::steady_clock::now;           ///< another for tests
};

/// Counts in memory, in windows that slide: within any stretch of a window's length no more than the limit is let
/// through, however the requests are timed, and under overload at most 1/32 less than it.
///
/// Bounded: some 130 bytes for each identity of the capacity, and 24 more for each 32nd part of a window in which it
/// had a request; allocated as they come. An identity's counts are forgotten only when they count no more; while all of
/// the capacity is in use, new identities are refused. Names are kept as 128-bit hashes under a random key. Thread-safe
/// by one mutex, held for moments; make it after a fork, not before.
class MOMENTO_TOKEN_API InMemoryRateLimiter final : public RateLimiter {
 public:
  /// invalid_argument, naming the field, for what is out of range; internal_error when the random source fails.
  [[nodiscard]] static Result<std::shared_ptr<InMemoryRateLimiter>> create(RateLimiterOptions options);
  ~InMemoryRateLimiter() override;

  /// What is refused counts neither for the identity nor for all.
  [[nodiscard]] Admission admit(std::string_view identity) override;
  /// Of the newest requests that count, one less, for the identity and for all: call it soon after admit().
  void give_back(std::string_view identity) override;
  /// How many identities are counted at the moment.
  [[nodiscard]] std::size_t size() const;

 private:
  struct State;
  explicit InMemoryRateLimiter(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/vending/rate_limiter.ipp"
#endif
