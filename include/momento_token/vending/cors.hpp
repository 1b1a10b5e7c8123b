#pragma once
// Which pages of other origins may ask for tokens (the Fetch standard's CORS protocol).

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "momento_token/config.hpp"
#include "momento_token/result.hpp"
#include "momento_token/vending/response.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace vending {

/// Set them by name.
struct CorsOptions {
  /// Exactly as browsers send them: "https://chat.example", "http://localhost:5173"; your own origin too, when its
  /// pages ask. Or "*" alone, for any, which excludes `credentials`. "null" is never allowed.
  std::vector<std::string> origins = {};
  /// Whether a page may send cookies and client certificates along. The kit itself looks at neither.
  bool credentials = false;
  /// Request headers a page may set, besides content-type, traceparent and what the caller's authentication needs.
  std::vector<std::string> more_headers = {};
  std::chrono::seconds max_age = std::chrono::minutes(10);  ///< how long a browser may keep a preflight; 0 s … 24 h
};

/// Checked options. Immutable, safe to share between threads.
class MOMENTO_TOKEN_API CorsPolicy {
 public:
  /// invalid_argument, naming the field: an origin that is none (a path, upper case, a trailing slash), "null", "*"
  /// beside others or with credentials, a header that is no token (RFC 9110 §5.6.2), a max_age out of range.
  [[nodiscard]] static Result<CorsPolicy> create(CorsOptions options);

  /// Whether a page of this origin may read answers. Compared byte by byte.
  [[nodiscard]] bool allows_origin(std::string_view origin) const noexcept;
  /// The value of Access-Control-Allow-Origin for an origin that is allowed: "*" or the origin.
  [[nodiscard]] std::string_view allow_origin_value(std::string_view origin) const noexcept;
  /// Says on an answer, errors included, whether a page of this origin may read it, its Retry-After and its X-Request-Id;
  /// for answers that a server makes itself, beside a VendingMachine's. An origin that is empty or foreign may not.
  void add_headers(Response& response, std::string_view origin) const;
  /// What it was made from.
  [[nodiscard]] const CorsOptions& options() const& noexcept { return options_; }
  const CorsOptions& options() const&& = delete;

 private:
  explicit CorsPolicy(CorsOptions options) noexcept;
  CorsOptions options_;
};

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/vending/cors.ipp"
#endif
