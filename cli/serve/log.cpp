#include "log.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>

#include "../json_text.hpp"
#include "../output.hpp"

namespace cli::serve {

namespace {

constexpr std::size_t max_waiting_bytes = std::size_t{4} << 20;

std::string_view name_of(Log::Level level) {
  switch (level) {
    case Log::Level::info: return "info";
    case Log::Level::warning: return "warning";
    case Log::Level::error: break;
  }
  return "error";
}

// How long the end waits for a reader that does not read.
constexpr std::chrono::seconds last_wait{2};

// A piece of the text onto standard error, when that takes some within a moment. False when it never will again.
bool write_some(std::string_view& text) {
  struct pollfd errors {
    STDERR_FILENO, POLLOUT, 0
  };
  if (::poll(&errors, 1, 100) == 0) return true;
  // A pipe that is ready takes this much without waiting (pipe(7), PIPE_BUF).
  const ssize_t written = ::write(STDERR_FILENO, text.data(), std::min<std::size_t>(text.size(), 4096));
  if (written < 0) return errno == EINTR || errno == EAGAIN;
  text.remove_prefix(static_cast<std::size_t>(written));
  return true;
}

std::string text_of_now() {
  const auto now = std::chrono::system_clock::now();
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  std::string text = utc(second);
  text.pop_back();
  return fmt::format("{}.{:03}Z", text, std::chrono::floor<std::chrono::milliseconds>(now - second).count());
}

}  // namespace

Log::Log(LogWhat what) : what_(what), writer_([this] { write_lines(); }) {}

Log::~Log() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_one();
  writer_.join();
}

void Log::line(Level level, std::string_view event, std::string_view members) {
  if (what_ == LogWhat::nothing) return;
  const std::string line = fmt::format("{{\"time\":\"{}\",\"level\":\"{}\",\"event\":\"{}\"{}}}\n", text_of_now(),
                                       name_of(level), event, members);
  const std::lock_guard lock(mutex_);
  if (waiting_.size() + line.size() > max_waiting_bytes) {
    ++dropped_;
    return;
  }
  const bool sleeping = waiting_.empty();
  waiting_ += line;
  if (sleeping) wake_.notify_one();
}

void Log::error(Level level, std::string_view event, std::string_view what, const mt::Error& error) {
  line(level, event,
       fmt::format(",\"what\":{},\"code\":\"{}\",\"place\":{},\"detail\":{}", quoted_json(what),
                   mt::to_string(error.code), quoted_json(error.field), quoted_json(error.message.view())));
}

std::uint64_t Log::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

void Log::write(std::string_view lines) {
  std::optional<std::chrono::steady_clock::time_point> give_up;
  while (!lines.empty() && write_some(lines)) {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (ending_ && !give_up) give_up = now + last_wait;
    if (give_up && now >= *give_up) return;
  }
}

void Log::write_lines() {
  std::string lines;
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    lines.swap(waiting_);
    lock.unlock();
    write(lines);
    lines.clear();
    lock.lock();
  }
}

}  // namespace cli::serve
