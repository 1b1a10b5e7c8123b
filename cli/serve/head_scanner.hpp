#pragma once
// The head of an HTTP/1.1 request, looked at byte by byte before anything parses it: what two readers could read in two
// ways is refused here (RFC 9112 §2.2, §5.1, §5.2).

#include <cstddef>
#include <string_view>

namespace cli::serve {

/// A head is shorter than this.
inline constexpr std::size_t max_head_bytes = std::size_t{64} * 1024;
inline constexpr std::size_t max_target_bytes = std::size_t{8} * 1024;
inline constexpr std::size_t max_fields = 100;

/// Of one request; make a new one for the next.
class HeadScanner {
 public:
  enum class Seen {
    part,          ///< no end yet, and nothing wrong so far
    whole,         ///< size() bytes are the head
    malformed,     ///< a bare CR or LF, a control character, a folded line, white space around a name: 400
    long_target,   ///< 414
    many_or_long,  ///< too many fields, or too many bytes: 431
  };
  /// Goes on where it stopped; `buffer` begins with the request and has grown since.
  [[nodiscard]] Seen scan(std::string_view buffer);
  /// Of a whole head, its empty line included.
  [[nodiscard]] std::size_t size() const noexcept { return at_; }

 private:
  [[nodiscard]] Seen end_of_line(std::string_view line);

  std::size_t at_ = 0;          // bytes that were looked at
  std::size_t line_begin_ = 0;  // of the line that at_ is in
  std::size_t lines_ = 0;       // whole ones
};

}  // namespace cli::serve
