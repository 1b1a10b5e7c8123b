#pragma once
// The permission claims of testing/bad_tokens.hpp: protobuf bytes put together by hand, so that they can be wrong.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "momento_token/config.hpp"
#include "momento_token/detail/joined.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/permissions.hpp"
#include "momento_token/permissions_proto.hpp"
#include "momento_token/scopes.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace testing::detail {

// The encoding of protobuf: a length is a varint, a field of wire type 2 its number, its length and its bytes.

[[nodiscard]] inline std::string varint(std::size_t value) {
  std::string bytes;
  for (; value > 0x7f; value >>= 7) bytes += static_cast<char>((value & 0x7f) | 0x80);
  return bytes += static_cast<char>(value);
}
[[nodiscard]] inline std::string proto_field(int number, std::string_view bytes) {
  return joined({std::string(1, static_cast<char>(number << 3 | 2)), varint(bytes.size()), bytes});
}
[[nodiscard]] inline std::string explicit_set(std::string_view statements) { return proto_field(2, statements); }

/// A statement about caches: its role, cache selector and item selector.
[[nodiscard]] inline std::string cache_statement(std::string_view role, std::string_view cache,
                                                 std::string_view items) {
  return proto_field(1, proto_field(1, joined({role, cache, items})));
}

/// The statements of a set, at most so many of them.
[[nodiscard]] inline std::string statements_of(const Permissions& permissions, std::size_t most) {
  Permissions some;
  for (const Permission& item : permissions.items()) {
    if (some.size() < most) some = std::move(some).with(item);
  }
  const Bytes bytes = to_proto(some).value();
  const std::string_view text = as_text(bytes);
  std::size_t head = 1;
  while ((text[head] & 0x80) != 0) ++head;  // the length ends with the first byte below 0x80
  return std::string(text.substr(head + 1));
}

/// The length of the set in one byte more than it takes.
[[nodiscard]] inline std::string overlong_set(std::string_view statements) {
  std::string length = varint(statements.size());
  length.back() = static_cast<char>(length.back() | 0x80);
  return joined({"\x12", length, std::string(1, '\0'), statements});
}

/// One statement more than `most`, the right ones in front.
[[nodiscard]] inline std::string too_many(const Permissions& permissions, std::size_t most) {
  std::string statements = statements_of(permissions, most);
  for (std::size_t i = permissions.size(); i <= most; ++i) {
    statements.append(statements_of(scopes::cache_read_only("test-cache"), 1));
  }
  return explicit_set(statements);
}

struct PermissionFault {
  std::string_view name, fault;
  std::string p;
};

/// What is wrong stands behind what is right, so that a reader who skips the one would grant the other.
[[nodiscard]] inline std::vector<PermissionFault> permission_faults(const Permissions& permissions, std::size_t most) {
  const std::string all = statements_of(permissions, most);
  const std::string some = statements_of(permissions, most - 1);
  const std::string good = explicit_set(all);
  const std::string cache = proto_field(3, proto_field(1, "test-cache"));
  const std::string items = proto_field(4, "");
  const auto and_a = [&](const std::string& statement) { return explicit_set(joined({some, statement})); };
  const auto and_in = [&](std::string_view name) {
    return and_a(cache_statement("\x08\x02", proto_field(3, proto_field(1, name)), items));
  };
  return {
      {"empty_permissions", "p is there and holds nothing", ""},
      {"super_user", "p names the super user", std::string("\x08\x00", 2)},
      {"overlong_permissions", "p has a length in more bytes than it takes: not canonical", overlong_set(all)},
      {"unknown_field_in_permissions", "p has a field that its schema does not know", joined({good, "\x18\x01"})},
      {"trailing_byte_in_permissions", "p has a byte too many", joined({good, "\x7f"})},
      {"truncated_permissions", "p lacks its last byte", good.substr(0, good.size() - 1)},
      {"unknown_statement_kind", "a statement of p is of no known kind", and_a(proto_field(1, proto_field(7, "")))},
      {"unknown_role", "a role of p has no name", and_a(cache_statement("\x08\x09", cache, items))},
      {"missing_item_selector", "a statement of p has no item selector", and_a(cache_statement("\x08\x02", cache, ""))},
      {"missing_cache_selector", "a statement of p has no cache selector",
       and_a(cache_statement("\x08\x02", "", items))},
      {"empty_cache_name", "a cache of p has an empty name", and_in("")},
      {"cache_name_not_utf8", "a cache of p has a name that is not UTF-8", and_in("\xff")},
  };
}

}  // namespace testing::detail
MOMENTO_TOKEN_END_NAMESPACE
