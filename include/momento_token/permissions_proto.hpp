#pragma once
// Permission sets as the protobuf bytes that travel in a token: permission_messages.Permissions of Momento's
// permissionmessages.proto, in one canonical form.

#include <string>

#include "momento_token/config.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/permissions.hpp"
#include "momento_token/result.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

/// The canonical bytes: fields in number order, an enum 0 not written, an empty text in a oneof written with length 0.
/// Applies no issue limits. invalid_argument for an unset role (the bytes could not tell it from permit_none) and for a
/// name that is not UTF-8; the field is its path, such as "permissions[2].cache".
[[nodiscard]] MOMENTO_TOKEN_API Result<Bytes> to_proto(const Permissions& permissions);

/// Takes exactly what to_proto writes: from_proto(to_proto(p)) == p, and bytes that do not encode to themselves again
/// (unknown fields, doubled members, over-long varints, another order, trailing bytes) are invalid_argument. So are no
/// kind, super_user, a statement or selector without a case, a role number without a name, a name that is not UTF-8.
[[nodiscard]] MOMENTO_TOKEN_API Result<Permissions> from_proto(ByteView bytes);

MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/permissions_proto.ipp"
#endif
