#pragma once
// The two JSON forms, read: everything that is not exactly one of them is an error with the path of the member.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "momento_token/detail/json_place.hpp"
#include "momento_token/detail/kind.hpp"
#include "momento_token/detail/statement.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/permissions_json.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::size_t max_scope_json_bytes = std::size_t{1} << 20;

/// The members with which the Rust crate's form writes one selector.
struct SelectorWords {
  std::string_view all, select, name, prefix;  // no prefix: there are no prefixes of caches
  bool is_bytes;
};

inline constexpr SelectorWords cache_words = {"all_caches", "cache_selector", "cacheName", {}, false};

[[nodiscard]] inline SelectorWords resource_words(const KindInfo& kind) noexcept {
  return {kind.json_all, kind.json_select, kind.json_name, kind.json_prefix, kind.resource_is_bytes};
}

/// A selector that owns its text.
struct ReadSelector {
  Select select = Select::unset;
  std::string text = {};
  [[nodiscard]] SelectorView view() const noexcept { return {select, text}; }
};

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<std::string> read_json_text(const JsonPlace& place) {
  if (const auto* text = place.string()) return *text;
  return place.wrong("must be a text");
}

/// A Vec<u8> as serde writes it.
[[nodiscard]] MOMENTO_TOKEN_INLINE Result<std::string> read_json_bytes(const JsonPlace& place) {
  const auto* array = place.array();
  if (array == nullptr) return place.wrong("must be an array of bytes");
  std::string bytes;
  bytes.reserve(array->size());
  for (const auto& element : *array) {
    const auto* number = element.get_ptr<const nlohmann::json::number_unsigned_t*>();
    if (number == nullptr || *number > 255) {
      return place.element(element, bytes.size()).wrong("must be a whole number from 0 to 255");
    }
    bytes.push_back(static_cast<char>(static_cast<unsigned char>(*number)));
  }
  return bytes;
}

/// {"name":…} or {"prefix":…}, never both. Caches have no prefix.
[[nodiscard]] MOMENTO_TOKEN_INLINE Result<ReadSelector> read_one_selected(const JsonPlace& place, std::string_view name,
                                                                          std::string_view prefix, bool is_bytes) {
  const auto known = prefix.empty() ? place.check_members({name}) : place.check_members({name, prefix});
  if (!known) return known.error();
  const auto by_name = place.member(name);
  const auto by_prefix = prefix.empty() ? std::nullopt : place.member(prefix);
  if (by_name && by_prefix) return place.wrong("must hold a name or a prefix, not both");
  if (!by_name && !by_prefix) return place.wrong("is empty; it must say what it selects");
  const JsonPlace& chosen = by_name ? *by_name : *by_prefix;
  auto text = is_bytes ? read_json_bytes(chosen) : read_json_text(chosen);
  if (!text) return text.error();
  return ReadSelector{by_name ? Select::name : Select::prefix, std::move(text).value()};
}

[[nodiscard]] MOMENTO_TOKEN_INLINE Permission permission_from(const KindInfo& kind, std::size_t role,
                                                              const ReadSelector& cache, const ReadSelector& resource) {
  return make_permission({kind.proto_field, static_cast<std::int8_t>(role), cache.view(), resource.view()});
}

// The Rust crate's form.

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<ReadSelector> read_functions_selector(const JsonPlace& body,
                                                                                const SelectorWords& words,
                                                                                AmbiguousSelectors ambiguous) {
  const auto all = body.member(words.all);
  const auto one = body.member(words.select);
  if (all && !all->value().is_null()) return all->wrong("must be null");
  if (all && one && ambiguous == AmbiguousSelectors::refuse) {
    return one->wrong("stands beside the one for all; leave one of them out", Errc::ambiguous_scope);
  }
  if (one) return read_one_selected(*one, words.name, words.prefix, words.is_bytes);
  return ReadSelector{all ? Select::all : Select::unset};
}

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<std::size_t> read_functions_role(const JsonPlace& body,
                                                                           const KindInfo& kind) {
  const auto place = body.member("role");
  if (!place) return body.missing("role");
  const auto* name = place->string();
  for (std::size_t role = 0; name != nullptr && role < kind.roles.size(); ++role) {
    if (kind.roles[role].name == *name) return role;
  }
  return place->wrong("must be the name of a role of this kind, such as CacheReadOnly for caches");
}

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<Permission> read_functions_body(const JsonPlace& body, const KindInfo& kind,
                                                                          AmbiguousSelectors ambiguous) {
  const SelectorWords words = resource_words(kind);
  const auto known = body.check_members({"role", cache_words.all, cache_words.select, words.all, words.select});
  if (!known) return known.error();
  const auto role = read_functions_role(body, kind);
  if (!role) return role.error();
  const auto cache = read_functions_selector(body, cache_words, ambiguous);
  if (!cache) return cache.error();
  const auto resource = read_functions_selector(body, words, ambiguous);
  if (!resource) return resource.error();
  return permission_from(kind, *role, *cache, *resource);
}

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<Permission> read_functions_statement(const JsonPlace& place,
                                                                               AmbiguousSelectors ambiguous) {
  const auto* members = place.object();
  if (members == nullptr) return place.wrong("must be an object");
  if (members->size() != 1) return place.wrong("must have exactly one member, the kind of permission");
  for (const KindInfo* kind : kinds) {
    if (const auto body = place.member(kind->json_member)) return read_functions_body(*body, *kind, ambiguous);
  }
  return place.wrong("has an unknown member");
}

// The SDK's form.

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<ReadSelector> read_sdk_selector(const JsonPlace& place, std::string_view name,
                                                                          std::string_view prefix) {
  if (const auto* text = place.string()) {
    return *text == "*" ? ReadSelector{Select::all} : ReadSelector{Select::name, *text};
  }
  if (place.object() == nullptr) return place.wrong("must be a text or an object");
  return read_one_selected(place, name, prefix, false);
}

/// A missing member is an unset selector where the kind lets it mean all.
[[nodiscard]] MOMENTO_TOKEN_INLINE Result<ReadSelector> read_sdk_resource(const JsonPlace& statement,
                                                                          const KindInfo& kind, MissingItem missing) {
  const auto place = statement.member(kind.sdk_member);
  if (place) return read_sdk_selector(*place, kind.sdk_name, kind.sdk_prefix);
  if (!kind.absent_resource_is_all) return statement.missing(kind.sdk_member);
  return ReadSelector{missing == MissingItem::all_items ? Select::all : Select::unset};
}

struct SdkRole {
  const KindInfo* kind;
  std::size_t role;
};

/// In this form the role decides the kind.
[[nodiscard]] MOMENTO_TOKEN_INLINE Result<SdkRole> read_sdk_role(const JsonPlace& statement) {
  const auto place = statement.member("role");
  if (!place) return statement.missing("role");
  const auto* name = place->string();
  if (name == nullptr || name->empty()) return place->wrong("must be the name of a role");
  for (const KindInfo* kind : kinds) {
    for (std::size_t role = 0; role < kind->roles.size(); ++role) {
      if (kind->roles[role].sdk_name == *name) return SdkRole{kind, role};
    }
  }
  return place->wrong("must be the name of a role, such as readonly or publishonly");
}

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<Permission> read_sdk_statement(const JsonPlace& place, MissingItem missing) {
  if (place.object() == nullptr) return place.wrong("must be an object");
  const auto role = read_sdk_role(place);
  if (!role) return role.error();
  const KindInfo& kind = *role->kind;
  if (const auto known = place.check_members({"role", "cache", kind.sdk_member}); !known) return known.error();
  const auto cache_place = place.member("cache");
  if (!cache_place) return place.missing("cache");
  const auto cache = read_sdk_selector(*cache_place, "name", {});
  if (!cache) return cache.error();
  const auto resource = read_sdk_resource(place, kind, missing);
  if (!resource) return resource.error();
  return permission_from(kind, role->role, *cache, *resource);
}

// Both.

/// Refuses what nlohmann would take: it keeps the last of two equal names and knows no limits.
[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> check_scope_text(std::string_view text) {
  if (text.size() > max_scope_json_bytes) return Error{Errc::limit_exceeded, {}, "is longer than 1 MiB"};
  return check_json(text);
}

/// {"permissions":[…]}, each read by `read_statement`.
template <class ReadStatement>
[[nodiscard]] Result<Permissions> read_statements(const JsonPlace& place, const ReadStatement& read_statement) {
  if (const auto known = place.check_members({"permissions"}); !known) return known.error();
  const auto list = place.member("permissions");
  if (!list) return place.missing("permissions");
  const auto* statements = list->array();
  if (statements == nullptr) return list->wrong("must be an array");
  Permissions permissions;
  for (std::size_t i = 0; i < statements->size(); ++i) {
    auto permission = read_statement(list->element((*statements)[i], i));
    if (!permission) return permission.error();
    permissions = std::move(permissions).with(std::move(permission).value());
  }
  return permissions;
}

}  // namespace detail

MOMENTO_TOKEN_INLINE Result<Permissions> from_functions_json(std::string_view text, AmbiguousSelectors ambiguous) {
  if (const auto checked = detail::check_scope_text(text); !checked) return checked.error();
  const auto document = nlohmann::json::parse(text, nullptr, false);
  const detail::JsonPlace root(document, {});
  if (const auto super_user = root.member("super_user")) return super_user->wrong("cannot be in a disposable token");
  if (const auto known = root.check_members({"explicit"}); !known) return known.error();
  const auto body = root.member("explicit");
  if (!body) return root.missing("explicit");
  return detail::read_statements(*body, [ambiguous](const detail::JsonPlace& place) {
    return detail::read_functions_statement(place, ambiguous);
  });
}

MOMENTO_TOKEN_INLINE Result<Permissions> from_sdk_json(std::string_view text, MissingItem missing) {
  if (const auto checked = detail::check_scope_text(text); !checked) return checked.error();
  const auto document = nlohmann::json::parse(text, nullptr, false);
  return detail::read_statements(detail::JsonPlace(document, {}), [missing](const detail::JsonPlace& place) {
    return detail::read_sdk_statement(place, missing);
  });
}

MOMENTO_TOKEN_END_NAMESPACE
