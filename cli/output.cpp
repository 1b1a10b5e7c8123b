#include "output.hpp"

#include <fmt/format.h>

#include <vector>

#include "json_text.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/secret.hpp"
#include "os.hpp"

namespace cli {

namespace {

os::Written written = os::Written::yes;

}  // namespace

bool print_line(std::string_view line) {
  if (written != os::Written::yes) return false;
  std::string whole;
  whole.reserve(line.size() + 1);  // one copy to wipe: keygen prints a key
  whole.append(line).push_back('\n');
  written = os::write_output(whole);
  mt::wipe(whole.data(), whole.size());
  return written == os::Written::yes;
}

int exit_code_after_printing(int code) {
  if (written != os::Written::failed) return code;
  os::write_error("momento-token: the answer could not be written to standard output\n");
  return unusable;
}

std::string error_json(const mt::Error& error) {
  return JsonObject()
      .text("code", mt::to_string(error.code))
      .text("field", error.field)
      .text("message", error.message.view())
      .str();
}

void report(const mt::Error& error, bool json) {
  if (json) {
    os::write_error(JsonObject().json("error", error_json(error)).str() + "\n");
  } else {
    os::write_error("momento-token: " + to_string(error) + "\n");
  }
}

void report_usage(std::string_view message, bool json) {
  if (!json) return os::write_error(fmt::format("momento-token: {}\n", message));
  const std::string error = JsonObject().text("code", "usage").text("field", "").text("message", message).str();
  os::write_error(JsonObject().json("error", error).str() + "\n");
}

std::string utc(std::chrono::sys_seconds time) {
  const auto seconds = time.time_since_epoch().count();
  if (seconds < -62167219200 || seconds > 253402300799) return std::to_string(seconds);
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::string in_words(std::chrono::seconds duration) {
  struct Unit {
    const char* name;
    std::int64_t seconds;
  };
  std::string words;
  std::int64_t left = duration.count();
  int said = 0;
  for (const Unit unit : {Unit{"d", 86400}, Unit{"h", 3600}, Unit{"min", 60}, Unit{"s", 1}}) {
    if (left < unit.seconds || said == 2) continue;
    words += fmt::format("{}{} {}", said == 0 ? "" : " ", left / unit.seconds, unit.name);
    left %= unit.seconds;
    ++said;
  }
  return said == 0 ? "0 s" : words;
}

std::string in_quotes(std::string_view text) { return '"' + mt::printable(text) + '"'; }

std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace cli
