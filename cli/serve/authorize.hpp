#pragma once
// /authorize, which a proxy asks about each request (nginx's auth_request, Traefik's forwardAuth): 204 the token allows
// it, 401 the token does not hold, 403 it holds and does not allow it.

#include <memory>
#include <string_view>

#include "momento_token/clock.hpp"
#include "momento_token/vending/request.hpp"
#include "momento_token/vending/response.hpp"
#include "momento_token/verifier.hpp"

namespace cli::serve {

namespace mt = momento_token;
namespace vending = momento_token::vending;

/// The headers the proxy sets. Whoever asks the proxy must not be able to: it overwrites them.
inline constexpr std::string_view action_header = "x-momento-action";      ///< such as cache.read
inline constexpr std::string_view cache_header = "x-momento-cache";        ///< a cache's name
inline constexpr std::string_view resource_header = "x-momento-resource";  ///< standard base64; none: all of the cache

struct Authorized {
  vending::Response reply;
  mt::StaticText detail = {};  // for the log
};
[[nodiscard]] Authorized authorize(const mt::Verifier& verifier, const mt::Clock& clock,
                                   const vending::Request& request);

}  // namespace cli::serve
