// Requests out of a stream of bytes, as `momento-token serve` reads them: it does not matter in which pieces the stream came, a
// request has one body to all readers, and nothing that could be read in two ways gets through.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/serve/request_reader.hpp"
#include "fuzz.hpp"

namespace {

using cli::serve::RequestReader;
namespace vending = momento_token::vending;

bool is_letter_of_name(char c) {  // RFC 9110 §5.6.2
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}
bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; }

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::vector<std::string_view> values_of(const vending::Request& request, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto& header : request.headers) {
    if (same_name(header.name, name)) values.push_back(header.value);
  }
  return values;
}

void check_head(const vending::Request& request) {
  for (const auto& header : request.headers) {
    fuzz::law(!header.name.empty() && std::all_of(header.name.begin(), header.name.end(), is_letter_of_name),
              "a field's name is a token");
    fuzz::law(std::none_of(header.value.begin(), header.value.end(), is_control), "no control character in a value");
  }
  fuzz::law(std::none_of(request.target.begin(), request.target.end(),
                         [](char c) { return is_control(c) || c == ' ' || c == '\t'; }),
            "no white space in a target");
  fuzz::law(values_of(request, "host").size() <= 1, "one Host at most");
  fuzz::law(values_of(request, "content-length").size() + values_of(request, "transfer-encoding").size() <= 1,
            "one way to tell the length");
}

// RFC 9112 §7.1, without extensions and trailers; what is left of `stream` begins behind it.
std::optional<std::string> unchunked(std::string_view& stream) {
  std::string body;
  for (;;) {
    const std::size_t end = stream.find("\r\n");
    if (end == std::string_view::npos || end == 0 || end > 16) return {};
    std::size_t size = 0;
    for (const char c : stream.substr(0, end)) {
      const std::size_t digit = std::string_view("0123456789abcdef").find(lower(c));
      if (digit == std::string_view::npos) return {};
      size = size * 16 + digit;
    }
    stream.remove_prefix(end + 2);
    if (stream.size() < 2 || size > stream.size() - 2) return {};
    body.append(stream.substr(0, size));
    if (stream.substr(size, 2) != "\r\n") return {};
    stream.remove_prefix(size + 2);
    if (size == 0) return body;
  }
}

// A second reader of the same request: what it leaves of `stream` is where the next one begins.
void check_body(const vending::Request& request, std::string_view& stream) {
  const std::size_t head = stream.find("\r\n\r\n");
  fuzz::law(head != std::string_view::npos, "a request has an end of its head");
  stream.remove_prefix(head + 4);
  std::optional<std::string> body;
  if (!values_of(request, "transfer-encoding").empty()) {
    body = unchunked(stream);
  } else {
    const auto lengths = values_of(request, "content-length");
    const std::size_t length = lengths.empty() ? 0 : std::stoul(std::string(lengths.front()));
    if (length <= stream.size()) body = stream.substr(0, length);
    stream.remove_prefix(std::min(length, stream.size()));
  }
  fuzz::law(body && *body == request.body, "every reader finds the same body");
}

std::string written(const vending::Request& request) {
  std::string text(request.method);
  text.append(" ").append(request.target).append("\n");
  for (const auto& header : request.headers) text.append(header.name).append(": ").append(header.value).append("\n");
  return text.append("\n").append(request.body);
}

// What a reader says of the stream when it comes in pieces of these sizes. With `second_reader` that one looks, too.
std::vector<std::string> read(std::string_view stream, const std::vector<std::size_t>& pieces, bool second_reader) {
  std::vector<std::string> said;
  RequestReader reader;
  std::string_view left = stream;
  for (std::size_t piece = 0; !stream.empty(); ++piece) {
    const std::size_t size = piece < pieces.size() ? std::min(pieces[piece], stream.size()) : stream.size();
    reader.append(stream.substr(0, size));
    stream.remove_prefix(size);
    for (;;) {
      const RequestReader::Got got = reader.advance();
      if (got == RequestReader::Got::more_wanted) break;
      if (got == RequestReader::Got::wants_continue) continue;  // only where the body has not come yet
      if (got == RequestReader::Got::refused) {
        said.push_back(std::to_string(reader.refusal().status));
        return said;
      }
      const vending::Request request = reader.request();
      said.push_back(written(request) + (reader.keep_alive() ? " stays" : " goes"));
      if (second_reader) {
        check_head(request);
        check_body(request, left);
      }
      reader.next();
      if (reader.is_empty()) break;
    }
  }
  return said;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  std::vector<std::size_t> pieces(input.below(8));
  for (std::size_t& piece : pieces) piece = 1 + input.byte();
  const std::string_view stream = input.rest();

  const auto whole = read(stream, {}, true);
  fuzz::law(read(stream, pieces, false) == whole, "it does not matter in which pieces a stream comes");
  fuzz::law(read(stream, std::vector<std::size_t>(stream.size(), 1), false) == whole, "nor when it comes byte by byte");
  return 0;
}
