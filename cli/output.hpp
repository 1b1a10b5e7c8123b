#pragma once
// What the program says: answers on standard output, refusals on standard error, and which exit code they mean.

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "momento_token/error.hpp"
#include "momento_token/result.hpp"

namespace cli {

namespace mt = momento_token;

/// Done, valid, allowed · invalid, denied, refused by the library · wrong options, unreadable files or keys.
enum ExitCode : int { done = 0, refused = 1, unusable = 2 };

/// Wrong options, an unreadable file or key: exit code 2 with this sentence, which is safe to print.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What the library refuses: exit code 1.
class Refusal : public std::exception {
 public:
  explicit Refusal(mt::Error error) : error_(std::move(error)) {}
  [[nodiscard]] const mt::Error& error() const noexcept { return error_; }
  [[nodiscard]] const char* what() const noexcept override { return "refused"; }

 private:
  mt::Error error_;
};

/// The value, or exit code 1.
template <class T>
[[nodiscard]] T accepted(mt::Result<T> result) {
  if (!result) throw Refusal(result.error());
  return std::move(result).value();
}
inline void accepted(const mt::Result<void>& result) {
  if (!result) throw Refusal(result.error());
}

/// The value, or exit code 2 with the error behind `what`.
template <class T>
[[nodiscard]] T usable(mt::Result<T> result, std::string_view what) {
  if (!result) throw UsageError(std::string(what) + ": " + to_string(result.error()));
  return std::move(result).value();
}

/// One line, out before this returns. False once nobody reads any more: then stop.
bool print_line(std::string_view line);
/// `code`, unless an answer could not be written: then says so and returns `unusable`. A reader who left is no error.
[[nodiscard]] int exit_code_after_printing(int code);

/// One line on standard error: a JSON object {"error":{"code","field","message"}} with `json`.
void report(const mt::Error& error, bool json);
void report_usage(std::string_view message, bool json);
/// The members of an error, as one JSON object.
[[nodiscard]] std::string error_json(const mt::Error& error);

/// 2030-01-01T00:00:00Z; the bare number outside the years 0–9999.
[[nodiscard]] std::string utc(std::chrono::sys_seconds time);
/// "1 h 5 min": the two largest units.
[[nodiscard]] std::string in_words(std::chrono::seconds duration);
/// A name in quotes, safe for a terminal.
[[nodiscard]] std::string in_quotes(std::string_view text);
/// For a shell: in single quotes, a quote as '\''.
[[nodiscard]] std::string shell_quoted(std::string_view text);

}  // namespace cli
