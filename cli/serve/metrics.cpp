#include "metrics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace cli::serve {

namespace {

void write_help(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  fmt::format_to(std::back_inserter(out), "# HELP momento_token_{} {}\n# TYPE momento_token_{} {}\n", name, help, name,
                 type);
}

template <class Number>
void write_one(std::string& out, std::string_view name, std::string_view type, std::string_view help, Number value) {
  write_help(out, name, type, help);
  fmt::format_to(std::back_inserter(out), "momento_token_{} {}\n", name, value);
}

}  // namespace

std::string_view name_of(Route route) noexcept {
  constexpr std::string_view names[route_count] = {"functions", "node",    "rust",    "envelope", "authorize",
                                                   "jwks",      "healthz", "metrics", "unknown",  "protocol"};
  return names[static_cast<std::size_t>(route)];
}

void Metrics::count(Route route, int status, std::chrono::steady_clock::duration took) noexcept {
  const auto column = std::find(statuses.begin(), statuses.end(), status) - statuses.begin();
  add(requests_[static_cast<std::size_t>(route)][static_cast<std::size_t>(column)]);
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  const auto& bounds = bucket_microseconds;
  const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), microseconds) - bounds.begin();
  add(durations_[static_cast<std::size_t>(bucket)]);
  microseconds_.fetch_add(static_cast<std::uint64_t>(std::max<std::int64_t>(microseconds, 0)),
                          std::memory_order_relaxed);
}

std::string Metrics::text(std::uint64_t dropped_lines) const {
  std::string out;
  write_help(out, "requests_total", "counter", "Requests that were answered.");
  for (std::size_t route = 0; route < route_count; ++route) {
    for (std::size_t status = 0; status <= statuses.size(); ++status) {
      const std::uint64_t count = requests_[route][status].load(std::memory_order_relaxed);
      if (count == 0) continue;
      const std::string code = status < statuses.size() ? std::to_string(statuses[status]) : "other";
      fmt::format_to(std::back_inserter(out), "momento_token_requests_total{{route=\"{}\",status=\"{}\"}} {}\n",
                     name_of(static_cast<Route>(route)), code, count);
    }
  }
  write_help(out, "request_seconds", "histogram", "From a whole request to its answer.");
  std::uint64_t total = 0;
  for (std::size_t i = 0; i <= bucket_microseconds.size(); ++i) {
    total += durations_[i].load(std::memory_order_relaxed);
    const bool last = i == bucket_microseconds.size();
    const std::string bound = last ? "+Inf" : fmt::format("{}", static_cast<double>(bucket_microseconds[i]) / 1e6);
    fmt::format_to(std::back_inserter(out), "momento_token_request_seconds_bucket{{le=\"{}\"}} {}\n", bound, total);
  }
  fmt::format_to(std::back_inserter(out),
                 "momento_token_request_seconds_sum {}\nmomento_token_request_seconds_count {}\n",
                 static_cast<double>(microseconds_.load(std::memory_order_relaxed)) / 1e6, total);
  write_one(out, "open_to_anyone", "gauge", "1 where anybody who reaches the machine gets a token.",
            lets_anyone_in_.load(std::memory_order_relaxed) ? 1 : 0);
  write_one(out, "connections", "gauge", "Connections that are open.", open());
  write_one(out, "connections_total", "counter", "Connections that were accepted.", accepted_.load());
  write_one(out, "connections_refused_total", "counter", "Connections over the cap.", refused_.load());
  write_one(out, "reloads_total", "counter", "Keys, policies and files that were read again.", reloads_.load());
  write_one(out, "reload_failures_total", "counter", "Those that were not; the old ones stay.", failed_reloads_.load());
  write_one(out, "log_lines_dropped_total", "counter", "Lines that nobody read in time.", dropped_lines);
  return out;
}

}  // namespace cli::serve
