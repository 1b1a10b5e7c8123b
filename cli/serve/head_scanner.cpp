#include "head_scanner.hpp"

#include <algorithm>

namespace cli::serve {

namespace {

// RFC 9110 §5.6.2.
bool is_token_letter(char c) {
  const bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  return alphanumeric || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_token_letter); }

bool is_visible(char c) { return c > 0x20 && c < 0x7F; }

// METHOD SP TARGET SP VERSION, with single spaces (RFC 9112 §3).
bool is_request_line(std::string_view line) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last || !is_token(line.substr(0, first))) return false;
  const std::string_view target = line.substr(first + 1, last - first - 1);
  return !target.empty() && std::all_of(target.begin(), target.end(), is_visible) &&
         line.substr(last + 1).starts_with("HTTP/");
}

std::size_t target_size(std::string_view line) {
  const std::size_t first = line.find(' ');
  if (first == std::string_view::npos) return line.size();
  return std::min(line.find(' ', first + 1), line.size()) - first - 1;
}

// A name and its colon; the line does not begin with white space, which would continue the one before.
bool is_field_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  return colon != std::string_view::npos && is_token(line.substr(0, colon));
}

}  // namespace

HeadScanner::Seen HeadScanner::end_of_line(std::string_view line) {
  ++lines_;
  if (lines_ == 1) {
    if (target_size(line) > max_target_bytes) return Seen::long_target;
    return is_request_line(line) ? Seen::part : Seen::malformed;
  }
  if (line.empty()) return Seen::whole;
  if (lines_ - 1 > max_fields) return Seen::many_or_long;
  return is_field_line(line) ? Seen::part : Seen::malformed;
}

HeadScanner::Seen HeadScanner::scan(std::string_view buffer) {
  for (; at_ < buffer.size(); ++at_) {
    if (at_ + 1 >= max_head_bytes) return lines_ == 0 ? Seen::long_target : Seen::many_or_long;
    const auto byte = static_cast<unsigned char>(buffer[at_]);
    const bool after_cr = at_ > line_begin_ && buffer[at_ - 1] == '\r';
    if (after_cr != (byte == '\n')) return Seen::malformed;
    if ((byte < 0x20 && byte != '\t' && byte != '\r' && byte != '\n') || byte == 0x7F) return Seen::malformed;
    if (byte != '\n') continue;
    const Seen seen = end_of_line(buffer.substr(line_begin_, at_ - 1 - line_begin_));
    line_begin_ = at_ + 1;
    if (seen == Seen::part) continue;
    if (seen == Seen::whole) ++at_;
    return seen;
  }
  return Seen::part;
}

}  // namespace cli::serve
