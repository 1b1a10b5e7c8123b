#pragma once
// The log: one JSON object a line on standard error, written by a thread of its own, so that whoever reads it slowly
// holds no request up. Nothing of a request gets into it but the peer's address.

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "momento_token/error.hpp"
#include "momento_token/vending/hooks.hpp"

namespace cli::serve {

namespace mt = momento_token;

/// Which lines are written.
enum class LogWhat : std::uint8_t { requests, events, nothing };

class Log {
 public:
  using Level = mt::vending::LogLevel;

  explicit Log(LogWhat what);
  /// Writes what is left, unless nobody reads it.
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  [[nodiscard]] bool wants_requests() const noexcept { return what_ == LogWhat::requests; }
  /// `members`: further ones of the JSON object, each with a comma in front.
  void line(Level level, std::string_view event, std::string_view members = {});
  /// What went wrong, and where: the field of `error` is the place in a file.
  void error(Level level, std::string_view event, std::string_view what, const mt::Error& error);
  /// Lines that came faster than they could be written.
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  void write_lines();
  void write(std::string_view lines);

  const LogWhat what_;
  mutable std::mutex mutex_;  // of what is below
  std::condition_variable wake_;
  std::string waiting_;
  std::uint64_t dropped_ = 0;
  bool ending_ = false;
  std::thread writer_;
};

}  // namespace cli::serve
