#pragma once
// What a kind of permission (cache, topic, function) is called on the wire, in JSON, in words and in actions. Each
// kind's header fills one KindInfo; the codec, the JSON readers and the authorizer know nothing else about kinds.

#include <cstdint>
#include <span>
#include <string_view>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// A role: its place in the table is its number in permissionmessages.proto.
struct RoleInfo {
  std::string_view name;      // "CacheReadOnly": the enum value in the proto and in the Rust crate's JSON
  std::string_view sdk_name;  // "readonly" in the JavaScript SDK's scope; empty where the SDK cannot say it
  std::string_view verb;      // "read": in sentences
  std::uint8_t operations;    // bits of OperationInfo
};

struct OperationInfo {
  std::string_view name;  // "cache.read"
  std::uint8_t bit;
};

struct KindInfo {
  std::uint8_t proto_field;      // the case of PermissionsType; also identifies the kind in memory
  std::string_view noun;         // "item": the resource in sentences, and its name in an error's field path
  std::string_view json_member;  // "cache_permissions"
  std::string_view json_all;     // "all_items"
  std::string_view json_select;  // "item_selector"
  std::string_view json_name;    // "key"
  std::string_view json_prefix;  // "key_prefix"
  bool resource_is_bytes;        // keys are bytes (an array of numbers in JSON), names are UTF-8 text
  bool absent_resource_is_all;   // in a bare scope, as Momento's service reads it
  std::string_view sdk_member;   // "item"
  std::string_view sdk_name;     // "key"
  std::string_view sdk_prefix;   // "keyPrefix"
  std::span<const RoleInfo> roles;
  std::span<const OperationInfo> operations;
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
