#pragma once

#include "momento_token/detail/issue_rules.hpp"
#include "momento_token/detail/permissions_codec.hpp"
#include "momento_token/permissions_proto.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// What the bytes cannot say: an unset role, a name that is not UTF-8.
[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> check_encodable(const Permissions& permissions) {
  const auto items = permissions.items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const StatementView s = view_of(items[i]);
    const KindInfo& kind = *find_kind(s.kind);
    if (s.role == unset_role) return Error{Errc::invalid_argument, statement_path(i, "role"), "is not set"};
    if (!valid_utf8(s.cache.text)) return Error{Errc::invalid_argument, statement_path(i, "cache"), "is not UTF-8"};
    if (!kind.resource_is_bytes && !valid_utf8(s.resource.text)) {
      return Error{Errc::invalid_argument, statement_path(i, kind.noun), "is not UTF-8"};
    }
  }
  return {};
}

}  // namespace detail

MOMENTO_TOKEN_INLINE Result<Bytes> to_proto(const Permissions& permissions) {
  if (const auto encodable = detail::check_encodable(permissions); !encodable) return encodable.error();
  const std::size_t statements = detail::statements_size(permissions);
  Bytes bytes(detail::field_size(statements));
  detail::put_permissions(bytes.data(), permissions, statements);
  return bytes;
}

MOMENTO_TOKEN_INLINE Result<Permissions> from_proto(ByteView bytes) {
  Permissions permissions;
  const bool canonical = detail::read_permissions(bytes, [&](const detail::KindInfo&, const detail::StatementView& s) {
    permissions = std::move(permissions).with(detail::make_permission(s));
    return true;
  });
  if (!canonical) return Error{Errc::invalid_argument, {}, "is not the canonical encoding of explicit permissions"};
  return permissions;
}

MOMENTO_TOKEN_END_NAMESPACE
