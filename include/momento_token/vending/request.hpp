#pragma once
// A request for a token as any HTTP server can state it: views into what the server holds, no socket.

#include <cstddef>
#include <string_view>
#include <vector>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace vending {

/// One field as it came; names are compared without regard to case (RFC 9110 §5.1).
struct Header {
  std::string_view name;   ///< such as "authorization"
  std::string_view value;  ///< without the white space around it
};

/// Holds views, so that no credential is copied: use it for one call, while the server's own request lives. The server
/// has done the framing, and refused over-long heads. Conflicting lengths and control characters in fields are refused
/// here, too: but only the server can close the connection they came on, as it should.
struct Request {
  std::string_view method = {};      ///< "POST" or "GET"; compared with regard to case
  std::string_view target = {};      ///< path and query as they came: "/vend?name=ann"
  std::vector<Header> headers = {};  ///< all of them, doubled ones too: these are refused where they matter
  std::string_view body = {};        ///< whole, without transfer coding; empty when there is none
  bool body_is_base64 = false;       ///< API Gateway's isBase64Encoded
  std::string_view peer = {};  ///< the address that is connected, without port: limits count by it, of IPv6 by /64
  std::string_view id = {};    ///< 1–64 letters of A-Za-z0-9._- to go by in logs and errors; else one is made
};

/// How often a field is there, and the first one's value.
struct FieldLookup {
  std::size_t count = 0;        ///< more than 1: whoever decides by it must refuse
  std::string_view value = {};  ///< empty when there is none
};
/// Looks a field up by its name in any case.
[[nodiscard]] MOMENTO_TOKEN_API FieldLookup find_field(const Request& request, std::string_view name) noexcept;

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/vending/request.ipp"
#endif
