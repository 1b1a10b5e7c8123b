#pragma once
// What /metrics says, in Prometheus' text format.

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace cli::serve {

/// What was asked for. `protocol` is what was no request: malformed, too long, too slow.
enum class Route : std::uint8_t {
  functions,
  node,
  rust,
  envelope,
  authorize,
  jwks,
  healthz,
  metrics,
  unknown,
  protocol
};
inline constexpr std::size_t route_count = 10;
[[nodiscard]] std::string_view name_of(Route route) noexcept;

/// Counters; every function may be called from any thread.
class Metrics {
 public:
  void count(Route route, int status, std::chrono::steady_clock::duration took) noexcept;
  void count_reload(bool ok) noexcept { add(ok ? reloads_ : failed_reloads_); }
  void connection_opened() noexcept {
    add(accepted_);
    open_.fetch_add(1, std::memory_order_relaxed);
  }
  void connection_closed() noexcept { open_.fetch_sub(1, std::memory_order_release); }
  void connection_refused() noexcept { add(refused_); }
  void anyone_is_let_in() noexcept { lets_anyone_in_.store(true, std::memory_order_relaxed); }
  /// Connections that are open now.
  [[nodiscard]] std::int64_t open() const noexcept { return open_.load(std::memory_order_acquire); }

  /// `dropped_lines` of the log.
  [[nodiscard]] std::string text(std::uint64_t dropped_lines) const;

 private:
  using Counter = std::atomic<std::uint64_t>;
  static constexpr std::array statuses = {200, 204, 400, 401, 403, 404, 405, 408, 413,
                                          414, 415, 421, 429, 431, 500, 503, 505};
  static constexpr std::array<std::int64_t, 9> bucket_microseconds = {50,     100,     250,     1'000,    5'000,
                                                                      25'000, 100'000, 500'000, 2'500'000};
  static void add(Counter& counter) noexcept { counter.fetch_add(1, std::memory_order_relaxed); }

  // The last column is for a status that is not in the list.
  std::array<std::array<Counter, statuses.size() + 1>, route_count> requests_{};
  std::array<Counter, bucket_microseconds.size() + 1> durations_{};
  Counter microseconds_{0}, accepted_{0}, refused_{0}, reloads_{0}, failed_reloads_{0};
  std::atomic<std::int64_t> open_{0};
  std::atomic<bool> lets_anyone_in_{false};
};

}  // namespace cli::serve
