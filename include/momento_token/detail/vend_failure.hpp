#pragma once
// What a vending machine answers when it does not vend.

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "momento_token/detail/json_writer.hpp"
#include "momento_token/error.hpp"
#include "momento_token/vending/response.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// Literals of ours, a path of our own names, a number: no echo of input.
struct VendFailure {
  int status = 500;
  StaticText code = "internal_error";
  StaticText message = "something failed here; the request id finds it in the log";
  std::string field = {};
  std::chrono::seconds retry_after{0};  // 0: no such header
  StaticText detail = {};               // for the operator
};

[[nodiscard]] inline VendFailure bad_request(StaticText message, std::string field = {}) {
  return {.status = 400, .code = "invalid_request", .message = message, .field = std::move(field)};
}
/// Alike for every credential that does not hold, and for none.
[[nodiscard]] inline VendFailure invalid_token(StaticText detail) {
  return {
      .status = 401, .code = "invalid_token", .message = "the credential is missing or not accepted", .detail = detail};
}
[[nodiscard]] inline VendFailure not_permitted(StaticText detail) {
  return {.status = 403, .code = "permission_denied", .message = "this caller may not have that", .detail = detail};
}
[[nodiscard]] inline VendFailure too_many(std::chrono::seconds retry_after, StaticText detail) {
  return {.status = 429,
          .code = "too_many_requests",
          .message = "too many requests; try again later",
          .retry_after = retry_after,
          .detail = detail};
}
[[nodiscard]] inline VendFailure unavailable(std::chrono::seconds retry_after, StaticText detail) {
  return {.status = 503,
          .code = "unavailable",
          .message = "cannot decide at the moment; try again later",
          .retry_after = retry_after,
          .detail = detail};
}
[[nodiscard]] inline VendFailure failed_here(StaticText detail) { return {.detail = detail}; }

[[nodiscard]] inline vending::Response to_response(const VendFailure& failure, std::string_view request_id) {
  vending::Response response{.status = failure.status};
  response.headers.push_back({"content-type", "application/json"});
  // RFC 6750 §3. Never Basic: a browser would ask its user for a password.
  if (failure.status == 401) response.headers.push_back({"www-authenticate", "Bearer"});
  if (failure.retry_after.count() > 0) {
    response.headers.push_back({"retry-after", std::to_string(failure.retry_after.count())});
  }
  const auto add = [&response](std::string_view name, std::string_view value) {
    response.body.append(response.body.empty() ? "{\"" : ",\"").append(name).append("\":");
    append_json_string(response.body, value);
  };
  add("code", failure.code);
  add("message", failure.message);
  if (!failure.field.empty()) add("field", failure.field);
  add("request_id", request_id);
  response.body += '}';
  return response;
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
