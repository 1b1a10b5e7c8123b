#pragma once

#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "momento_token/detail/json_place.hpp"
#include "momento_token/detail/json_writer.hpp"
#include "momento_token/detail/text_template.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/vending/event.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

struct vending::EventRequest::State {
  nlohmann::json event;
  std::string target;
  Request request;
};

namespace detail {

inline constexpr std::size_t max_event_bytes = std::size_t{1} << 20;

/// The text of a member. Empty when it is absent or null; `wrong` when it is something else.
[[nodiscard]] MOMENTO_TOKEN_INLINE std::string_view event_text(const JsonPlace& place, std::string_view name,
                                                               std::optional<Error>& wrong) {
  const auto member = place.member(name);
  if (!member || member->value().is_null()) return {};
  if (const auto* text = member->string()) return *text;
  if (!wrong) wrong = member->wrong("must be a text");
  return {};
}

/// Each name with its text, or with each text of its array. Null stands for nothing.
template <class Take>
[[nodiscard]] std::optional<Error> for_each_event_field(const JsonPlace& fields, const Take& take) {
  if (fields.value().is_null()) return {};
  const auto* members = fields.object();
  if (members == nullptr) return fields.wrong("must be an object");
  for (const auto& [name, value] : *members) {
    if (const auto* text = value.template get_ptr<const JsonPlace::Json::string_t*>()) {
      take(name, *text);
      continue;
    }
    const auto* texts = value.template get_ptr<const JsonPlace::Json::array_t*>();
    if (texts == nullptr) return fields.wrong("must hold texts, or arrays of texts");
    for (const auto& one : *texts) {
      const auto* text = one.template get_ptr<const JsonPlace::Json::string_t*>();
      if (text == nullptr) return fields.wrong("must hold texts, or arrays of texts");
      take(name, *text);
    }
  }
  return {};
}

/// Of the two spellings of payload 1.0 the one that shows doubled fields.
[[nodiscard]] MOMENTO_TOKEN_INLINE std::optional<JsonPlace> event_fields(const JsonPlace& root,
                                                                         std::string_view multi_value,
                                                                         std::string_view single) {
  const auto all = root.member(multi_value);
  return all && !all->value().is_null() ? all : root.member(single);
}

[[nodiscard]] MOMENTO_TOKEN_INLINE std::optional<Error> read_event_headers(const JsonPlace& root,
                                                                           vending::Request& request) {
  const auto fields = event_fields(root, "multiValueHeaders", "headers");
  if (!fields) return {};
  return for_each_event_field(*fields, [&request](const std::string& name, const std::string& value) {
    request.headers.push_back({name, value});
  });
}

/// API Gateway has decoded the query; it is encoded again.
[[nodiscard]] MOMENTO_TOKEN_INLINE std::optional<Error> read_event_query(const JsonPlace& root, std::string& target) {
  const auto fields = event_fields(root, "multiValueQueryStringParameters", "queryStringParameters");
  if (!fields) return {};
  char before = '?';
  return for_each_event_field(*fields, [&](const std::string& name, const std::string& value) {
    target += std::exchange(before, '&');
    append_encoded(target, name);
    target += '=';
    append_encoded(target, value);
  });
}

[[nodiscard]] MOMENTO_TOKEN_INLINE std::optional<Error> read_event_body(const JsonPlace& root,
                                                                        vending::Request& request) {
  std::optional<Error> wrong;
  request.body = event_text(root, "body", wrong);
  if (const auto encoded = root.member("isBase64Encoded")) {
    const auto* flag = encoded->value().get_ptr<const nlohmann::json::boolean_t*>();
    if (flag == nullptr) return encoded->wrong("must be true or false");
    request.body_is_base64 = *flag;
  }
  return wrong;
}

/// Payload 2.0: everything about the request line is in requestContext.http.
[[nodiscard]] MOMENTO_TOKEN_INLINE std::optional<Error> read_event_2(const JsonPlace& root, const JsonPlace& http,
                                                                     std::string& target, vending::Request& request) {
  std::optional<Error> wrong;
  request.method = event_text(http, "method", wrong);
  request.peer = event_text(http, "sourceIp", wrong);
  target = event_text(root, "rawPath", wrong);
  const std::string_view query = event_text(root, "rawQueryString", wrong);
  if (!query.empty()) target.append("?").append(query);
  return wrong;
}

[[nodiscard]] MOMENTO_TOKEN_INLINE std::optional<Error> read_event_1(const JsonPlace& root,
                                                                     const std::optional<JsonPlace>& context,
                                                                     std::string& target, vending::Request& request) {
  std::optional<Error> wrong;
  request.method = event_text(root, "httpMethod", wrong);
  target = event_text(root, "path", wrong);
  const auto identity = context ? context->member("identity") : std::nullopt;
  if (identity) request.peer = event_text(*identity, "sourceIp", wrong);
  if (wrong) return wrong;
  return read_event_query(root, target);
}

[[nodiscard]] MOMENTO_TOKEN_INLINE std::optional<Error> read_event(const JsonPlace& root, std::string& target,
                                                                   vending::Request& request) {
  if (root.object() == nullptr) return root.wrong("must be an object");
  const auto context = root.member("requestContext");
  const auto http = context ? context->member("http") : std::nullopt;
  std::optional<Error> wrong =
      http ? read_event_2(root, *http, target, request) : read_event_1(root, context, target, request);
  if (wrong) return wrong;
  if (request.method.empty()) return root.missing(http ? "requestContext.http.method" : "httpMethod");
  if (context) request.id = event_text(*context, "requestId", wrong);
  if (wrong) return wrong;
  if ((wrong = read_event_headers(root, request))) return wrong;
  return read_event_body(root, request);
}

}  // namespace detail
namespace vending {

MOMENTO_TOKEN_INLINE EventRequest::EventRequest(std::shared_ptr<const State> state) noexcept
    : state_(std::move(state)) {}

MOMENTO_TOKEN_INLINE Result<EventRequest> EventRequest::read(std::string_view event) {
  if (event.size() > detail::max_event_bytes) return Error{Errc::limit_exceeded, {}, "is longer than 1 MiB"};
  if (const auto checked = check_json(event); !checked) return checked.error();
  auto state = std::make_shared<State>();
  state->event = nlohmann::json::parse(event, nullptr, false);
  const auto wrong = detail::read_event(detail::JsonPlace(state->event, {}), state->target, state->request);
  if (wrong) return *wrong;
  state->request.target = state->target;
  return EventRequest(std::move(state));
}

MOMENTO_TOKEN_INLINE const Request& EventRequest::request() const& noexcept { return state_->request; }

MOMENTO_TOKEN_INLINE std::string event_response(const Response& response) {
  std::string json = "{\"statusCode\":" + std::to_string(response.status) + ",\"headers\":{";
  char before = '\0';
  for (const ResponseHeader& header : response.headers) {
    if (std::exchange(before, ',') != '\0') json += ',';
    detail::append_json_string(json, header.name);
    json += ':';
    detail::append_json_string(json, header.value);
  }
  json += "},\"body\":";
  detail::append_json_string(json, response.body);
  return json += ",\"isBase64Encoded\":false}";
}

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE
