#pragma once

#include <algorithm>
#include <utility>

#include "momento_token/detail/option_checks.hpp"
#include "momento_token/detail/vending_text.hpp"
#include "momento_token/vending/cors.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// A serialized tuple origin as browsers write it: lower case, no path, no user, no default port to guess.
[[nodiscard]] MOMENTO_TOKEN_INLINE bool is_origin(std::string_view text) noexcept {
  const std::size_t scheme = text.find("://");
  if (scheme == text.npos || scheme == 0) return false;
  if (text.substr(0, scheme).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+-.") != text.npos) return false;
  const std::string_view host = text.substr(scheme + 3);
  return !host.empty() && host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-_:[]") == host.npos &&
         !host.ends_with(':');
}

}  // namespace detail
namespace vending {

MOMENTO_TOKEN_INLINE CorsPolicy::CorsPolicy(CorsOptions options) noexcept : options_(std::move(options)) {}

MOMENTO_TOKEN_INLINE Result<CorsPolicy> CorsPolicy::create(CorsOptions options) {
  using detail::bad_option;
  const auto& origins = options.origins;
  if (origins.empty()) return bad_option("origins", "is empty; leave CORS out instead");
  const bool any = std::find(origins.begin(), origins.end(), "*") != origins.end();
  if (any && origins.size() > 1) return bad_option("origins", "names * beside others; * stands alone");
  if (any && options.credentials) return bad_option("credentials", "cannot go with the origin *");
  for (const std::string& origin : origins) {
    if (!any && !detail::is_origin(origin)) {
      return bad_option("origins", "must be scheme://host or scheme://host:port in lower case, without a slash behind");
    }
  }
  for (const std::string& header : options.more_headers) {
    if (header == "*" || !detail::is_http_token(header)) return bad_option("more_headers", "must be names of headers");
  }
  if (options.max_age < std::chrono::seconds(0) || options.max_age > std::chrono::hours(24)) {
    return bad_option("max_age", "must be 0 s to 24 h");
  }
  return CorsPolicy(std::move(options));
}

MOMENTO_TOKEN_INLINE bool CorsPolicy::allows_origin(std::string_view origin) const noexcept {
  if (!detail::is_origin(origin)) return false;
  if (options_.origins.front() == "*") return true;
  return std::find(options_.origins.begin(), options_.origins.end(), origin) != options_.origins.end();
}

MOMENTO_TOKEN_INLINE std::string_view CorsPolicy::allow_origin_value(std::string_view origin) const noexcept {
  return options_.origins.front() == "*" ? std::string_view("*") : origin;
}

MOMENTO_TOKEN_INLINE void CorsPolicy::add_headers(Response& response, std::string_view origin) const {
  response.headers.push_back({"vary", "Origin"});
  if (!allows_origin(origin)) return;
  response.headers.push_back({"access-control-allow-origin", std::string(allow_origin_value(origin))});
  response.headers.push_back({"access-control-expose-headers", "retry-after, x-request-id"});
  if (options_.credentials) response.headers.push_back({"access-control-allow-credentials", "true"});
}

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE
