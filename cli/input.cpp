#include "input.hpp"

#include <algorithm>
#include <cstring>
#include <span>

#include "momento_token/encoding.hpp"
#include "os.hpp"
#include "output.hpp"

namespace cli {

namespace {

std::size_t read_or_fail(std::span<std::byte> buffer) {
  const long n = os::read_input(buffer);
  if (n < 0) throw UsageError("standard input cannot be read");
  return static_cast<std::size_t>(n);
}

std::string read_input(std::size_t most) {
  std::string text;
  std::byte buffer[4096];
  while (text.size() < most) {
    const std::size_t n = read_or_fail(std::span(buffer).first(std::min(sizeof buffer, most - text.size())));
    if (n == 0) break;
    text += mt::as_text({buffer, n});
  }
  return text;
}

void drop_line_end(std::string& text) {
  if (text.ends_with('\n'))
    text.pop_back();
  else
    return;
  if (text.ends_with('\r')) text.pop_back();
}

}  // namespace

std::string argument_or_input(const std::string* argument, std::string_view what, std::size_t cap) {
  if (argument != nullptr && *argument != "-") return *argument;
  if (os::input_is_terminal()) {
    os::write_error("momento-token: reading " + std::string(what) + " from standard input, end with Ctrl-D\n");
  }
  // One byte tells that there is too much, two more are the line end.
  std::string text = read_input(cap + 3);
  drop_line_end(text);
  return text;
}

LineReader::Got LineReader::next() {
  momento_token::wipe(line_.expose_for_writing().data(), size_);
  size_ = 0;
  bool too_long = false;
  bool something = false;
  while (at_ < filled_ || refill()) {
    something = true;
    const std::string_view rest = chunk_.expose_text().substr(at_, filled_ - at_);
    const std::size_t end = rest.find('\n');
    const std::string_view piece = rest.substr(0, end);
    too_long = too_long || size_ + piece.size() > max_line_bytes;
    if (!too_long) append(piece);
    at_ += piece.size() + (end == std::string_view::npos ? 0 : 1);
    if (end != std::string_view::npos) return too_long ? Got::too_long : Got::line;
  }
  if (!something) return Got::end;
  return too_long ? Got::too_long : Got::line;
}

bool LineReader::refill() {
  at_ = 0;
  filled_ = read_or_fail(chunk_.expose_for_writing());
  return filled_ > 0;
}

void LineReader::append(std::string_view piece) {
  if (size_ + piece.size() > line_.size()) {
    momento_token::SecretBytes larger(std::max({size_ + piece.size(), 2 * line_.size(), std::size_t{4096}}));
    if (size_ != 0) std::memcpy(larger.expose_for_writing().data(), line_.expose().data(), size_);
    line_ = std::move(larger);
  }
  if (!piece.empty()) std::memcpy(line_.expose_for_writing().data() + size_, piece.data(), piece.size());
  size_ += piece.size();
}

}  // namespace cli
