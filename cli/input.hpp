#pragma once
// Standard input: one text up to a cap, or line after line.

#include <cstddef>
#include <string>
#include <string_view>

#include "momento_token/secret.hpp"

namespace cli {

/// Most bytes of a token (Limits::max_token_bytes), of anything to look into, of a scope, of a line.
inline constexpr std::size_t max_token_bytes = std::size_t{16} << 10;
inline constexpr std::size_t max_inspected_bytes = std::size_t{64} << 10;
inline constexpr std::size_t max_scope_bytes = std::size_t{1} << 20;
inline constexpr std::size_t max_line_bytes = std::size_t{16} << 20;

/// `argument`, or standard input when it is empty or "-". `what` is asked for when a person sits there. Of standard
/// input one final LF or CR LF is dropped; more than `cap` bytes are not read to their end and come out longer than
/// `cap`, for the library to refuse.
[[nodiscard]] std::string argument_or_input(const std::string* argument, std::string_view what, std::size_t cap);

/// Lines of standard input, in memory that is wiped: they may hold keys.
class LineReader {
 public:
  enum class Got { line, too_long, end };
  /// The next line into line(), or nothing of one that is longer than max_line_bytes.
  [[nodiscard]] Got next();
  /// Without its line end. Valid until next().
  [[nodiscard]] std::string_view line() const { return line_.expose_text().substr(0, size_); }

 private:
  [[nodiscard]] bool refill();
  void append(std::string_view piece);

  momento_token::SecretBytes chunk_{std::size_t{64} << 10};
  std::size_t at_ = 0;
  std::size_t filled_ = 0;
  momento_token::SecretBytes line_;
  std::size_t size_ = 0;
};

}  // namespace cli
