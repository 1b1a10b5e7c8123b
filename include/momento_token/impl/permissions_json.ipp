#pragma once
// The two JSON forms: how they are written here, how they are read in permissions_json_reader.ipp.

#include "momento_token/permissions_json.hpp"

#include <cstddef>
#include <string>
#include <string_view>

#include "momento_token/detail/issue_rules.hpp"
#include "momento_token/detail/json_writer.hpp"
#include "momento_token/detail/kind.hpp"
#include "momento_token/detail/statement.hpp"
#include "momento_token/detail/utf8.hpp"
#include "momento_token/impl/permissions_json_reader.ipp"
#include "momento_token/impl/permissions_proto.ipp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// serde writes a Vec<u8> as an array of numbers.
MOMENTO_TOKEN_INLINE void append_json_bytes(std::string& out, std::string_view bytes) {
  out += '[';
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0) out += ',';
    out += std::to_string(static_cast<unsigned char>(bytes[i]));
  }
  out += ']';
}

/// {"name":
MOMENTO_TOKEN_INLINE void append_json_member(std::string& out, char before, std::string_view name) {
  out += before;
  append_json_string(out, name);
  out += ':';
}

/// ,"all_items":null or ,"item_selector":{"key":[97]} or, for an unset selector, nothing.
MOMENTO_TOKEN_INLINE void append_functions_selector(std::string& out, const SelectorWords& words,
                                                    const SelectorView& selector) {
  if (selector.select == Select::unset) return;
  if (selector.select == Select::all) {
    append_json_member(out, ',', words.all);
    out += "null";
    return;
  }
  append_json_member(out, ',', words.select);
  append_json_member(out, '{', selector.select == Select::name ? words.name : words.prefix);
  words.is_bytes ? append_json_bytes(out, selector.text) : append_json_string(out, selector.text);
  out += '}';
}

MOMENTO_TOKEN_INLINE void append_functions_statement(std::string& out, const StatementView& statement) {
  const KindInfo& kind = *find_kind(statement.kind);
  append_json_member(out, '{', kind.json_member);
  append_json_member(out, '{', "role");
  append_json_string(out, kind.roles[static_cast<std::size_t>(statement.role)].name);
  append_functions_selector(out, cache_words, statement.cache);
  append_functions_selector(out, resource_words(kind), statement.resource);
  out += "}}";
}

/// "*", "chat" or {"namePrefix":"room-"}. A name that is itself "*" needs the long form.
MOMENTO_TOKEN_INLINE void append_sdk_selector(std::string& out, std::string_view name, std::string_view prefix,
                                              const SelectorView& selector) {
  if (selector.select == Select::all) {
    out += R"("*")";
  } else if (selector.select == Select::name && selector.text != "*") {
    append_json_string(out, selector.text);
  } else {
    append_json_member(out, '{', selector.select == Select::name ? name : prefix);
    append_json_string(out, selector.text);
    out += '}';
  }
}

MOMENTO_TOKEN_INLINE void append_sdk_statement(std::string& out, const StatementView& statement) {
  const KindInfo& kind = *find_kind(statement.kind);
  append_json_member(out, '{', "role");
  append_json_string(out, kind.roles[static_cast<std::size_t>(statement.role)].sdk_name);
  append_json_member(out, ',', "cache");
  append_sdk_selector(out, "name", {}, statement.cache);
  if (statement.resource.select != Select::unset) {
    append_json_member(out, ',', kind.sdk_member);
    append_sdk_selector(out, kind.sdk_name, kind.sdk_prefix, statement.resource);
  }
  out += '}';
}

/// What the SDK's form cannot say and check_encodable lets through.
[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> check_sdk_can_say(const StatementView& statement, std::size_t index) {
  const KindInfo& kind = *find_kind(statement.kind);
  const auto cannot = [index](std::string_view part, StaticText why) {
    return Error{Errc::invalid_argument, statement_path(index, part), why};
  };
  if (kind.roles[static_cast<std::size_t>(statement.role)].sdk_name.empty()) {
    return cannot("role", "has no name in the SDK's form");
  }
  if (statement.cache.select == Select::unset) return cannot("cache", "is not set, which the SDK's form cannot say");
  if (statement.resource.select == Select::unset && !kind.absent_resource_is_all) {
    return cannot(kind.noun, "is not set, which the SDK's form cannot say");
  }
  if (!valid_utf8(statement.resource.text)) {
    return cannot(kind.noun, "is not UTF-8, which the SDK's form cannot say");
  }
  return {};
}

}  // namespace detail

MOMENTO_TOKEN_INLINE Result<std::string> to_functions_json(const Permissions& permissions) {
  if (const auto encodable = detail::check_encodable(permissions); !encodable) return encodable.error();
  std::string out = R"({"explicit":{"permissions":[)";
  for (std::size_t i = 0; i < permissions.size(); ++i) {
    if (i > 0) out += ',';
    detail::append_functions_statement(out, detail::view_of(permissions.items()[i]));
  }
  return out + "]}}";
}

MOMENTO_TOKEN_INLINE Result<std::string> to_sdk_json(const Permissions& permissions) {
  if (const auto encodable = detail::check_encodable(permissions); !encodable) return encodable.error();
  std::string out = R"({"permissions":[)";
  for (std::size_t i = 0; i < permissions.size(); ++i) {
    const detail::StatementView statement = detail::view_of(permissions.items()[i]);
    if (const auto sayable = detail::check_sdk_can_say(statement, i); !sayable) return sayable.error();
    if (i > 0) out += ',';
    detail::append_sdk_statement(out, statement);
  }
  return out + "]}";
}

MOMENTO_TOKEN_END_NAMESPACE
