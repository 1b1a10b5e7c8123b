#pragma once
// When a token is fetched again.

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// 1, 2, 4 … 32, 60, 60 … seconds after the first, second, third … failure in a row.
[[nodiscard]] inline std::chrono::seconds back_off(unsigned failures) noexcept {
  return std::chrono::seconds(failures > 6 ? 60 : 1 << (std::max(failures, 1U) - 1));
}

/// `random` is in [0, 1). Never before the next second, so that a clock that stands still is no loop.
[[nodiscard]] inline std::chrono::sys_seconds refresh_time(std::chrono::sys_seconds now, std::chrono::sys_seconds end,
                                                           std::chrono::seconds refresh_ahead, double jitter,
                                                           double random) noexcept {
  const std::chrono::seconds ahead = std::min(refresh_ahead, (end - now) / 2);
  const double earlier = static_cast<double>(ahead.count()) * jitter * random;
  return std::max(now + std::chrono::seconds(1),
                  end - ahead - std::chrono::seconds(static_cast<std::int64_t>(earlier)));
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
