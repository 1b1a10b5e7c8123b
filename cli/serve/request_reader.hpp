#pragma once
// Requests out of a stream of bytes: framing that is not beyond doubt is refused (RFC 9112 §6.3, §11.2).

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "app.hpp"
#include "chunk_scanner.hpp"
#include "head_scanner.hpp"

namespace cli::serve {

class RequestReader {
 public:
  enum class Got {
    more_wanted,
    wants_continue,  ///< the client waits for 100 before it sends the body; told once
    request,         ///< request() until next()
    refused,         ///< refusal(); nothing after it is to be read
  };
  void append(std::string_view bytes) { buffer_.append(bytes); }
  /// Looks at what has come.
  [[nodiscard]] Got advance();
  /// Begins with what is left behind the request.
  void next();

  /// Nothing of a request has come.
  [[nodiscard]] bool is_empty() const noexcept { return buffer_.empty() && !parser_; }
  /// The head is whole, its body is not.
  [[nodiscard]] bool in_body() const noexcept { return parser_.has_value(); }
  /// Views into this object, `id` and `peer` left empty.
  [[nodiscard]] vending::Request request() const;
  [[nodiscard]] bool keep_alive() const { return parser_->get().version() == 11 && parser_->keep_alive(); }
  [[nodiscard]] bool is_head() const { return parser_->get().method_string() == "HEAD"; }
  [[nodiscard]] const Refused& refusal() const noexcept { return refusal_; }
  /// The Origin of what was refused or is too slow, as far as it has come; empty when there is none, or two.
  [[nodiscard]] std::string_view origin() const;

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Error = boost::beast::error_code;

  [[nodiscard]] Got refuse(int status, mt::StaticText code, mt::StaticText message);
  [[nodiscard]] Got malformed(mt::StaticText message) { return refuse(400, "invalid_request", message); }
  [[nodiscard]] Got read_head();
  [[nodiscard]] Got check_head();
  [[nodiscard]] bool has_sure_framing() const;
  [[nodiscard]] Got read_body();
  [[nodiscard]] Got read_chunks();
  [[nodiscard]] Got parse_body(std::size_t size);

  std::string buffer_;
  HeadScanner scanner_;
  std::optional<Parser> parser_;
  std::optional<ChunkScanner> chunks_;  // of a chunked body
  bool body_began_ = false;
  bool told_to_continue_ = false;
  Refused refusal_{400, {}, {}};
};

}  // namespace cli::serve
