#pragma once
// Requests that AWS Lambda is handed as JSON events, and answers it takes back: API Gateway's payloads 1.0 and 2.0, and
// Function URLs (which use 2.0).

#include <memory>
#include <string>
#include <string_view>

#include "momento_token/config.hpp"
#include "momento_token/result.hpp"
#include "momento_token/vending/request.hpp"
#include "momento_token/vending/response.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace vending {

/// A request in an event, with what its views point into. Cheap to copy; safe to read from several threads.
class MOMENTO_TOKEN_API EventRequest {
 public:
  /// Strict JSON of at most 1 MiB (limit_exceeded). invalid_argument, with the member's path, for an event of another
  /// kind or a member of a wrong type. Members that nobody needs are ignored, and so is everything that an authorizer
  /// of AWS has added. Where 1.0 has multi-value fields, these count, so that doubled fields show.
  [[nodiscard]] static Result<EventRequest> read(std::string_view event);

  /// Lives as long as this object or a copy of it.
  [[nodiscard]] const Request& request() const& noexcept;
  const Request& request() const&& = delete;

 private:
  struct State;
  explicit EventRequest(std::shared_ptr<const State> state) noexcept;
  std::shared_ptr<const State> state_;
};

/// {"statusCode":200,"headers":{…},"body":"…","isBase64Encoded":false}, which both payload versions take.
[[nodiscard]] MOMENTO_TOKEN_API std::string event_response(const Response& response);

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/vending/event.ipp"
#endif
