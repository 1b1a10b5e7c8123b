#pragma once
// Permission sets as JSON, in the two forms people already have: the Rust crate's and the JavaScript SDK's scope.

#include <cstdint>
#include <string>
#include <string_view>

#include "momento_token/config.hpp"
#include "momento_token/permissions.hpp"
#include "momento_token/result.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

/// What to make of the Rust crate's JSON that names both "all" and one, as its presets followed by with_* write it.
enum class AmbiguousSelectors : std::uint8_t {
  refuse,    ///< ambiguous_scope
  narrower,  ///< the one
};

/// What a cache statement of the SDK's form without `item` means.
enum class MissingItem : std::uint8_t {
  keep_absent,  ///< stays unset, as the SDK sends it
  all_items,    ///< written out, so that it can be issued
};

// All four read strictly: strict JSON, every member known, every value of its type; otherwise invalid_argument with the path
// of the member as the field, such as "explicit.permissions[0].cache_permissions.role". They apply no issue limits.

/// {"explicit":{"permissions":[{"cache_permissions":{"role":"CacheReadOnly","all_caches":null,"item_selector":{"key":[97]}}}]}}:
/// what serde writes for the types of momento-functions-token. "All" is a member with the value null.
[[nodiscard]] MOMENTO_TOKEN_API Result<Permissions> from_functions_json(
    std::string_view text, AmbiguousSelectors ambiguous = AmbiguousSelectors::refuse);
/// invalid_argument for an unset role and for a name that is not UTF-8.
[[nodiscard]] MOMENTO_TOKEN_API Result<std::string> to_functions_json(const Permissions& permissions);

/// {"permissions":[{"role":"publishonly","cache":"chat","topic":{"namePrefix":"room-"}}]}: the scope of the JavaScript
/// SDK. "*" is all.
[[nodiscard]] MOMENTO_TOKEN_API Result<Permissions> from_sdk_json(std::string_view text,
                                                                  MissingItem missing = MissingItem::keep_absent);
/// invalid_argument for what this form cannot say: an unset role, cache, topic or function, permit_none of a cache or topic,
/// a key that is not UTF-8.
[[nodiscard]] MOMENTO_TOKEN_API Result<std::string> to_sdk_json(const Permissions& permissions);

MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/permissions_json.ipp"
#endif
