#include "log.hpp"

#include <fmt/format.h>

#include <chrono>

#include "../json_text.hpp"
#include "../os.hpp"
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

void Log::write_lines() {
  std::string lines;
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    lines.swap(waiting_);
    lock.unlock();
    os::write_error(lines);
    lines.clear();
    lock.lock();
  }
}

}  // namespace cli::serve
