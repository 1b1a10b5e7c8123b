#pragma once
// The parts of the CORS protocol (Fetch §3.2) that a vending machine speaks.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "momento_token/detail/vend_failure.hpp"
#include "momento_token/detail/vending_text.hpp"
#include "momento_token/vending/cors.hpp"
#include "momento_token/vending/request.hpp"
#include "momento_token/vending/response.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

[[nodiscard]] inline VendFailure foreign_origin(StaticText detail) {
  return {.status = 403, .code = "origin_not_allowed", .message = "pages of this origin may not ask", .detail = detail};
}

/// "content-type, traceparent, authorization": what a page may set.
[[nodiscard]] inline std::vector<std::string> allowed_headers(const vending::CorsPolicy& cors,
                                                              std::vector<std::string> of_auth) {
  std::vector<std::string> names = {"content-type", "traceparent"};
  names.insert(names.end(), of_auth.begin(), of_auth.end());
  names.insert(names.end(), cors.options().more_headers.begin(), cors.options().more_headers.end());
  return names;
}

[[nodiscard]] inline std::string comma_separated(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

[[nodiscard]] inline bool are_all_allowed(std::string_view wanted, const std::vector<std::string>& allowed) noexcept {
  while (!wanted.empty()) {
    const std::string_view one = wanted.substr(0, wanted.find(','));
    wanted.remove_prefix(one.size() < wanted.size() ? one.size() + 1 : one.size());
    const std::string_view name = trimmed(one);
    const auto same = [name](const std::string& other) { return equal_ignoring_case(name, other); };
    if (!name.empty() && std::none_of(allowed.begin(), allowed.end(), same)) return false;
  }
  return true;
}

/// A preflight is a question; the answer to a page, method or header that is not allowed is a plain 403.
[[nodiscard]] inline std::optional<VendFailure> answer_preflight(const vending::CorsPolicy& cors,
                                                                 const std::vector<std::string>& allowed,
                                                                 const vending::Request& request,
                                                                 vending::Response& response) {
  const std::string_view origin = vending::find_field(request, "origin").value;
  const std::string_view method = vending::find_field(request, "access-control-request-method").value;
  const std::string_view headers = vending::find_field(request, "access-control-request-headers").value;
  if (!cors.allows_origin(origin)) return foreign_origin("a preflight of a foreign origin");
  if (method != "POST" && method != "GET") return foreign_origin("a preflight of another method");
  if (!are_all_allowed(headers, allowed)) return foreign_origin("a preflight of another header");
  response.status = 204;
  response.headers.push_back({"access-control-allow-methods", "GET, POST"});
  response.headers.push_back({"access-control-allow-headers", comma_separated(allowed)});
  response.headers.push_back({"access-control-max-age", std::to_string(cors.options().max_age.count())});
  return {};
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
