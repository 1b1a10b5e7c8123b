#pragma once
// A chunked body (RFC 9112 §7.1), looked at byte by byte before anything parses it, without what nobody needs and readers
// differ in: extensions, trailer fields, bare line ends. A parser then gets the whole of it at once; Beast's asserts that the
// last chunk does not come in pieces.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cli::serve {

/// Of one body; make a new one for the next.
class ChunkScanner {
 public:
  enum class Seen {
    part,       ///< no end yet, and nothing wrong so far
    whole,      ///< size() bytes are the body
    malformed,  ///< 400
    too_long,   ///< 413
  };
  /// `most_bytes` of content, `most_raw_bytes` with the chunks' sizes and line ends.
  ChunkScanner(std::size_t most_bytes, std::size_t most_raw_bytes) noexcept
      : most_bytes_(most_bytes), most_raw_bytes_(most_raw_bytes) {}
  /// Goes on where it stopped; `buffer` begins with the body and has grown since.
  [[nodiscard]] Seen scan(std::string_view buffer);
  /// Of a whole body, its last line end included.
  [[nodiscard]] std::size_t size() const noexcept { return at_; }

 private:
  enum class Next { size, size_lf, content, content_cr, content_lf, last_cr, last_lf };

  [[nodiscard]] Seen digit(char c);
  [[nodiscard]] Seen step(char c);
  void expect(Next next) noexcept { next_ = next; }

  std::size_t most_bytes_, most_raw_bytes_;
  std::size_t at_ = 0;      // bytes that were looked at
  std::size_t bytes_ = 0;   // of content, that of the present chunk included
  std::size_t digits_ = 0;  // of the present chunk's size
  std::uint64_t left_ = 0;  // of the present chunk: its size, then what is still to come
  Next next_ = Next::size;
};

}  // namespace cli::serve
