#pragma once
// Where "now" comes from, and how long a token lives.

#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <ratio>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

/// Tells the time in whole seconds since 1970 (RFC 7519 NumericDate). Implementations are thread-safe.
class MOMENTO_TOKEN_API Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;
  /// May be called from several threads at once, and may go back: a wall clock does.
  [[nodiscard]] virtual std::chrono::sys_seconds now() const = 0;
};

/// The system's wall clock; one object for the whole program.
[[nodiscard]] MOMENTO_TOKEN_API const std::shared_ptr<const Clock>& system_clock();

/// How long a token lives. Made only from a duration of whole seconds (30s, 15min, 1h): a forgotten lifetime, a bare
/// 300 and 1500ms do not compile.
class Lifetime {
 public:
  template <class Rep, class Period>
  requires(std::integral<Rep>&& std::convertible_to<
           std::chrono::duration<Rep, Period>,
           std::chrono::seconds>) constexpr Lifetime(std::chrono::duration<Rep, Period> duration) noexcept
      : seconds_(saturate(duration)) {}

  /// What no std::chrono::seconds can hold comes out as the longest one.
  [[nodiscard]] constexpr std::chrono::seconds seconds() const noexcept { return seconds_; }
  friend constexpr bool operator==(Lifetime, Lifetime) = default;

 private:
  // hours::max() in seconds does not fit 64 bits: it must come out as "very long", not as a small number.
  template <class Rep, class Period>
  static constexpr std::chrono::seconds saturate(std::chrono::duration<Rep, Period> duration) noexcept {
    constexpr std::int64_t per_unit = Period::num / Period::den;
    constexpr std::int64_t most = std::chrono::seconds::max().count() / per_unit;
    if constexpr (std::unsigned_integral<Rep>) {
      if (duration.count() > static_cast<std::uint64_t>(most)) return std::chrono::seconds::max();
    } else {
      if (duration.count() > most) return std::chrono::seconds::max();
      if (duration.count() < -most) return std::chrono::seconds::min();
    }
    return std::chrono::seconds(static_cast<std::int64_t>(duration.count()) * per_unit);
  }

  std::chrono::seconds seconds_;
};

MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/clock.ipp"
#endif
