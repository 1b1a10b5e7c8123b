#include "request_reader.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>

#include "session.hpp"

namespace cli::serve {

namespace {

namespace http = boost::beast::http;
using boost::beast::iequals;
using Message = http::request<http::string_body>;

// With chunk sizes and line ends; one-byte chunks come to six times their content.
constexpr std::size_t max_raw_body_bytes = 4 * max_body_bytes;

std::string_view view_of(boost::beast::string_view text) { return {text.data(), text.size()}; }

// Among the whole lines of a head that is not whole, or that is too long to be parsed.
std::string_view origin_in(std::string_view head) {
  constexpr std::string_view name = "origin:";
  std::string_view found;
  for (std::size_t end = head.find("\r\n"); end != std::string_view::npos; end = head.find("\r\n")) {
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + 2);
    if (line.empty()) break;
    if (line.size() < name.size() || !iequals({line.data(), name.size()}, {name.data(), name.size()})) continue;
    if (!found.empty()) return {};
    const std::string_view value = line.substr(name.size());
    const std::size_t first = std::min(value.find_first_not_of(" \t"), value.size());
    found = value.substr(first, value.find_last_not_of(" \t") + 1 - first);
  }
  return found;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 19 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

RequestReader::Got RequestReader::refuse(int status, mt::StaticText code, mt::StaticText message) {
  refusal_ = {status, code, message};
  return Got::refused;
}

RequestReader::Got RequestReader::advance() { return parser_ ? read_body() : read_head(); }

RequestReader::Got RequestReader::read_head() {
  switch (scanner_.scan(buffer_)) {
    case HeadScanner::Seen::part: return Got::more_wanted;
    case HeadScanner::Seen::malformed: return malformed("the request is not well-formed");
    case HeadScanner::Seen::long_target: return refuse(414, "target_too_long", "the path and query are too long");
    case HeadScanner::Seen::many_or_long:
      return refuse(431, "headers_too_large", "the headers are too many or too long");
    case HeadScanner::Seen::whole: break;
  }
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(max_head_bytes));
  parser_->body_limit(max_body_bytes);
  Error error;
  const std::size_t used = parser_->put(boost::asio::buffer(buffer_.data(), scanner_.size()), error);
  if (error == http::error::body_limit) return refuse(413, "body_too_large", "the body is too long");
  if (error == http::error::bad_version) return refuse(505, "version_not_supported", "speak HTTP/1.1");
  if (error || used != scanner_.size() || !parser_->is_header_done())
    return malformed("the request is not well-formed");
  buffer_.erase(0, used);
  return check_head();
}

RequestReader::Got RequestReader::check_head() {
  const Message& message = parser_->get();
  if (message.version() != 11 && message.version() != 10) {
    return refuse(505, "version_not_supported", "speak HTTP/1.1");
  }
  // RFC 9112 §3.2: exactly one, but for HTTP/1.0.
  const std::size_t hosts = message.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && message.version() == 11)) return malformed("one Host header is needed");
  if (view_of(message[http::field::host]).find_first_of(" \t,/") != std::string_view::npos) {
    return malformed("the Host header is no host");
  }
  if (!message.target().starts_with('/') && message.target() != "*") return malformed("the path begins with no slash");
  if (!has_sure_framing()) return malformed("the body's length is in doubt");
  parser_->eager(true);
  if (parser_->chunked()) chunks_.emplace(max_body_bytes, max_raw_body_bytes);
  const Got got = read_body();
  // RFC 9110 §10.1.1: not with HTTP/1.0.
  const bool waits =
      got == Got::more_wanted && message.version() == 11 && iequals(message[http::field::expect], "100-continue");
  if (!waits || body_began_ || told_to_continue_) return got;
  told_to_continue_ = true;
  return Got::wants_continue;
}

// One plain length, or one transfer coding that is `chunked`, never both.
bool RequestReader::has_sure_framing() const {
  const Message& message = parser_->get();
  const std::size_t lengths = message.count(http::field::content_length);
  const std::size_t codings = message.count(http::field::transfer_encoding);
  if (lengths + codings > 1) return false;
  if (lengths == 1) return is_number(view_of(message[http::field::content_length]));
  if (codings == 0) return true;
  return message.version() == 11 && iequals(message[http::field::transfer_encoding], "chunked");
}

RequestReader::Got RequestReader::read_body() {
  body_began_ = body_began_ || !buffer_.empty();
  return chunks_ ? read_chunks() : parse_body(buffer_.size());
}

RequestReader::Got RequestReader::read_chunks() {
  switch (chunks_->scan(buffer_)) {
    case ChunkScanner::Seen::part: return Got::more_wanted;
    case ChunkScanner::Seen::malformed: return malformed("the body is not well-formed");
    case ChunkScanner::Seen::too_long: return refuse(413, "body_too_large", "the body is too long");
    case ChunkScanner::Seen::whole: break;
  }
  return parse_body(chunks_->size());
}

RequestReader::Got RequestReader::parse_body(std::size_t size) {
  Error error;
  while (!parser_->is_done() && size != 0) {
    const std::size_t used = parser_->put(boost::asio::buffer(buffer_.data(), size), error);
    buffer_.erase(0, used);
    size -= used;
    if (error) break;
  }
  if (error == http::error::body_limit) return refuse(413, "body_too_large", "the body is too long");
  if (error && error != http::error::need_more) return malformed("the body is not well-formed");
  if (parser_->is_done()) return Got::request;
  return chunks_ ? malformed("the body is not well-formed") : Got::more_wanted;
}

void RequestReader::next() {
  parser_.reset();
  scanner_ = HeadScanner();
  chunks_.reset();
  body_began_ = false;
  told_to_continue_ = false;
  if (buffer_.empty()) std::string().swap(buffer_);  // an idle connection holds nothing
}

std::string_view RequestReader::origin() const {
  if (!parser_) return origin_in(buffer_);
  const Message& message = parser_->get();
  return message.count(http::field::origin) == 1 ? view_of(message[http::field::origin]) : std::string_view();
}

vending::Request RequestReader::request() const {
  const Message& message = parser_->get();
  vending::Request request{.method = view_of(message.method_string()), .target = view_of(message.target())};
  for (const auto& field : message) request.headers.push_back({view_of(field.name_string()), view_of(field.value())});
  request.body = message.body();
  return request;
}

}  // namespace cli::serve
