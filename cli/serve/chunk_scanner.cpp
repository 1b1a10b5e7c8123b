#include "chunk_scanner.hpp"

#include <algorithm>

namespace cli::serve {

namespace {

constexpr std::size_t most_digits = 16;

int value_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

// 1*HEXDIG, then CR.
ChunkScanner::Seen ChunkScanner::digit(char c) {
  if (c == '\r' && digits_ > 0) {
    expect(Next::size_lf);
    return Seen::part;
  }
  const int value = value_of(c);
  if (value < 0 || ++digits_ > most_digits) return Seen::malformed;
  left_ = left_ << 4 | static_cast<std::uint64_t>(value);
  return Seen::part;
}

ChunkScanner::Seen ChunkScanner::step(char c) {
  const auto take = [&](char wanted, Next next) {
    expect(next);
    return c == wanted ? Seen::part : Seen::malformed;
  };
  switch (next_) {
    case Next::size: return digit(c);
    case Next::size_lf:
      if (left_ > most_bytes_ - bytes_) return c == '\n' ? Seen::too_long : Seen::malformed;
      bytes_ += static_cast<std::size_t>(left_);
      return take('\n', left_ == 0 ? Next::last_cr : Next::content);
    case Next::content:
      if (--left_ == 0) expect(Next::content_cr);
      return Seen::part;
    case Next::content_cr: return take('\r', Next::content_lf);
    case Next::content_lf: digits_ = 0; return take('\n', Next::size);
    case Next::last_cr: return take('\r', Next::last_lf);
    case Next::last_lf: return c == '\n' ? Seen::whole : Seen::malformed;
  }
  return Seen::malformed;
}

ChunkScanner::Seen ChunkScanner::scan(std::string_view buffer) {
  while (at_ < buffer.size()) {
    if (at_ >= most_raw_bytes_) return Seen::too_long;
    const Seen seen = step(buffer[at_]);
    ++at_;
    if (seen != Seen::part) return seen;
    // The rest of a chunk's content needs no look.
    if (next_ != Next::content || left_ <= 1) continue;
    const std::size_t skipped =
        std::min({static_cast<std::size_t>(left_ - 1), buffer.size() - at_, most_raw_bytes_ - at_});
    left_ -= skipped;
    at_ += skipped;
  }
  return Seen::part;
}

}  // namespace cli::serve
