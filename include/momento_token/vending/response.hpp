#pragma once
// The answer as any HTTP server can send it.

#include <string>
#include <string_view>
#include <vector>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace vending {

/// One field to send; names are lower-case, values hold no control characters.
struct ResponseHeader {
  std::string name;   ///< such as "cache-control"
  std::string value;  ///< as it goes onto the wire
};

/// Send it as it is: with its headers, and with a Content-Length but no further Content-Type. A body of status 200
/// holds a credential; never log it.
struct Response {
  int status = 500;                          ///< 200, 204, or an error
  std::vector<ResponseHeader> headers = {};  ///< each name once
  std::string body = {};                     ///< empty for 204

  /// The value of a field by its lower-case name; empty when there is none. A view into this response.
  [[nodiscard]] std::string_view header(std::string_view name) const& noexcept {
    for (const ResponseHeader& field : headers) {
      if (field.name == name) return field.value;
    }
    return {};
  }
  std::string_view header(std::string_view name) const&& = delete;
};

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE
