#pragma once

#include <algorithm>
#include <optional>

#include "momento_token/credential.hpp"
#include "momento_token/detail/base64.hpp"
#include "momento_token/detail/json_reader.hpp"
#include "momento_token/detail/json_writer.hpp"
#include "momento_token/detail/option_checks.hpp"
#include "momento_token/detail/utf8.hpp"
#include "momento_token/encoding.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::size_t max_wrapper_bytes = std::size_t{64} * 1024;

[[nodiscard]] MOMENTO_TOKEN_INLINE Error not_a_wrapper() {
  return {Errc::malformed_token, {}, "is not base64 of a JSON object with the texts endpoint and api_key"};
}

/// {"name":"value" or ,"name":"value"
MOMENTO_TOKEN_INLINE void append_json_member(std::string& json, std::string_view name, std::string_view value) {
  json.append(json.empty() ? "{\"" : ",\"").append(name).append("\":");
  append_json_string(json, value);
}

/// What a URL is made of by putting "cache." in front: host[:port], the host perhaps an address in brackets.
[[nodiscard]] MOMENTO_TOKEN_INLINE bool is_host(std::string_view endpoint) noexcept {
  constexpr std::string_view digits = "0123456789", forbidden = "/\\?#@:\"*<>|^`{}[] ";
  const bool address = endpoint.starts_with('[');
  const std::size_t colon = endpoint.find(':', address ? endpoint.find(']') : 0);
  if (colon != endpoint.npos) {
    const std::string_view port = endpoint.substr(colon + 1);
    if (port.empty() || port.size() > 5 || port.find_first_not_of(digits) != port.npos) return false;
  }
  const std::string_view host = endpoint.substr(0, colon);
  if (host.empty() || has_control_character(host)) return false;
  if (address) {
    const std::string_view inside = host.substr(1, host.size() - 2);
    return host.size() > 2 && host.ends_with(']') && inside.find_first_not_of("0123456789abcdefABCDEF:.") == host.npos;
  }
  return host.find_first_of(forbidden) == host.npos;
}

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<std::string> wrapped_response(const DisposableToken& token,
                                                                        std::string_view token_name,
                                                                        std::string_view expiry_name) {
  if (!is_host(token.endpoint)) {
    return Error{Errc::invalid_argument, "endpoint", "must be a host with an optional port: this shape wraps it"};
  }
  auto wrapper = wrap({.api_key = token.api_key, .endpoint = token.endpoint});
  if (!wrapper || token_name.empty()) return wrapper;
  std::string json;
  append_json_member(json, token_name, *wrapper);
  json.append(",\"").append(expiry_name).append("\":");
  json.append(std::to_string(token.valid_until.time_since_epoch().count())).append("}");
  return json;
}

}  // namespace detail

MOMENTO_TOKEN_INLINE Result<std::string> wrap(const Credential& credential) {
  if (credential.endpoint.empty() || !detail::valid_utf8(credential.endpoint)) {
    return Error{Errc::invalid_argument, "endpoint", "is empty or not UTF-8"};
  }
  if (credential.api_key.empty() || !detail::valid_utf8(credential.api_key)) {
    return Error{Errc::invalid_argument, "api_key", "is empty or not UTF-8"};
  }
  std::string json;
  detail::append_json_member(json, "endpoint", credential.endpoint);
  detail::append_json_member(json, "api_key", credential.api_key);
  json.append("}");
  return base64_encode(as_bytes(json));
}

MOMENTO_TOKEN_INLINE Result<Credential> unwrap(std::string_view wrapper) {
  using Event = detail::JsonReader::Event;
  if (wrapper.size() > detail::max_wrapper_bytes) return Error{Errc::limit_exceeded, {}, "is longer than 64 KiB"};
  auto bytes = base64_decode(wrapper);
  if (!bytes) return detail::not_a_wrapper();
  detail::JsonReader reader(reinterpret_cast<char*>(bytes->data()), bytes->size());
  std::optional<std::string_view> endpoint, api_key;
  if (reader.next() != Event::begin_object) return detail::not_a_wrapper();
  for (auto event = reader.next(); event != Event::end_object; event = reader.next()) {
    if (event != Event::name) return detail::not_a_wrapper();
    auto* const member = reader.text() == "endpoint" ? &endpoint : reader.text() == "api_key" ? &api_key : nullptr;
    if (member == nullptr) {
      if (!reader.skip(event)) return detail::not_a_wrapper();
    } else {
      if (reader.next() != Event::string || reader.text().empty()) return detail::not_a_wrapper();
      *member = reader.text();
    }
  }
  if (reader.next() != Event::end || !endpoint || !api_key) return detail::not_a_wrapper();
  return Credential{.api_key = std::string(*api_key), .endpoint = std::string(*endpoint)};
}

MOMENTO_TOKEN_INLINE Result<std::string> response_body(const DisposableToken& token, ResponseShape shape) {
  switch (shape) {
    case ResponseShape::node: return detail::wrapped_response(token, "authToken", "expiresAt");
    case ResponseShape::rust: return detail::wrapped_response(token, "auth_token", "expires_at");
    case ResponseShape::envelope: return detail::wrapped_response(token, {}, {});
    case ResponseShape::jwt: return token.api_key;
    case ResponseShape::functions: break;
  }
  if (!detail::valid_utf8(token.endpoint)) return Error{Errc::invalid_argument, "endpoint", "is not UTF-8"};
  std::string json;
  detail::append_json_member(json, "api_key", token.api_key);
  detail::append_json_member(json, "endpoint", token.endpoint);
  json.append(",\"valid_until\":").append(std::to_string(token.valid_until.time_since_epoch().count())).append("}");
  return json;
}

MOMENTO_TOKEN_END_NAMESPACE
