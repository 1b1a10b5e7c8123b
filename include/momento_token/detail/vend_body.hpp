#pragma once
// What a request asks for: its body, and the query's name where the machine is open.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <nlohmann/json.hpp>

#include "momento_token/detail/json_place.hpp"
#include "momento_token/detail/json_writer.hpp"
#include "momento_token/detail/option_checks.hpp"
#include "momento_token/detail/scope_json.hpp"
#include "momento_token/detail/utf8.hpp"
#include "momento_token/detail/vend_failure.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/vending/request.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// Nothing narrower, a scope, or a topic of a cache.
struct WantedTopic {
  std::string cache, topic;
};
using Wanted = std::variant<std::monostate, Permissions, WantedTopic>;

/// Longer than any body of the size can be.
[[nodiscard]] inline bool is_too_long(const vending::Request& request, std::size_t most) noexcept {
  return request.body.size() > (request.body_is_base64 ? (most + 2) / 3 * 4 : most);
}

/// A member under either of its names; both at once are refused.
[[nodiscard]] inline std::optional<VendFailure> read_alias(const JsonPlace& root, std::string_view name,
                                                           std::string_view alias, std::string& text) {
  const auto first = root.member(name);
  const auto second = root.member(alias);
  if (first && second) return bad_request("is there under both of its names", std::string(name));
  if (!first && !second) return bad_request("is missing", std::string(name));
  const JsonPlace& place = first ? *first : *second;
  const auto* value = place.string();
  if (value == nullptr || value->empty()) return bad_request("must be a text that is not empty", place.path());
  text = *value;
  return {};
}

[[nodiscard]] inline std::optional<VendFailure> read_wanted(const JsonPlace& root, Wanted& wanted) {
  const auto known = root.check_members({"cacheName", "cache_name", "topicName", "topic_name", "scope"});
  if (!known) return bad_request("must be a JSON object with cacheName and topicName, or scope, or nothing in it");
  const auto* members = root.object();
  if (members->empty()) return {};
  if (const auto place = root.member("scope")) {
    if (members->size() != 1) return bad_request("stands beside cacheName or topicName; one of them decides", "scope");
    // In a request nothing may mean "all" by being left out.
    auto scope = read_scope_json(*place, MissingItem::keep_absent);
    if (!scope) return bad_request(scope.error().message, scope.error().field);
    wanted = std::move(scope).value();
    return {};
  }
  WantedTopic topic;
  if (auto failure = read_alias(root, "cacheName", "cache_name", topic.cache)) return failure;
  if (auto failure = read_alias(root, "topicName", "topic_name", topic.topic)) return failure;
  wanted = std::move(topic);
  return {};
}

[[nodiscard]] inline std::optional<VendFailure> read_body(const vending::Request& request, std::size_t most,
                                                          Wanted& wanted) {
  std::string_view text = request.body;
  Bytes decoded;
  if (request.body_is_base64) {
    auto bytes = base64_decode(text);
    if (!bytes) return bad_request("the body is not base64");
    decoded = std::move(bytes).value();
    text = as_text(decoded);
    if (text.size() > most)
      return VendFailure{.status = 413, .code = "body_too_large", .message = "the body is too long"};
  }
  if (text.empty() || text == "{}") return {};  // what almost everybody sends
  if (!check_json(text)) return bad_request("the body is not strict JSON");
  const auto document = nlohmann::json::parse(text, nullptr, false);
  return read_wanted(JsonPlace(document, {}), wanted);
}

// ---- ?name= ----

inline constexpr std::size_t max_unverified_name_bytes = 256;

[[nodiscard]] inline int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// application/x-www-form-urlencoded. Nothing for a stray percent sign.
[[nodiscard]] inline std::optional<std::string> url_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low < 0) return {};
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

/// The token_id of an open machine: JSON that says what it is worth, never the bare text.
[[nodiscard]] inline std::optional<VendFailure> read_unverified_name(std::string_view target,
                                                                     std::optional<std::string>& token_id) {
  const std::size_t mark = target.find('?');
  std::string_view query = mark == target.npos ? std::string_view() : target.substr(mark + 1);
  bool seen = false;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(pair.size() < query.size() ? pair.size() + 1 : pair.size());
    const std::size_t equals = pair.find('=');
    const auto key = url_decoded(pair.substr(0, equals));
    if (key != "name") continue;
    const auto name = equals == pair.npos ? std::string() : url_decoded(pair.substr(equals + 1));
    if (std::exchange(seen, true)) return bad_request("is there twice", "name");
    if (!name || name->empty() || name->size() > max_unverified_name_bytes || !valid_utf8(*name) ||
        has_control_character(*name)) {
      return bad_request("must be 1 to 256 bytes of UTF-8 text", "name");
    }
    token_id = "{\"unverified_name\":";
    append_json_string(*token_id, *name);
    *token_id += '}';
  }
  return {};
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
