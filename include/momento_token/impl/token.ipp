#pragma once

#include <cstring>

#include "momento_token/detail/base64.hpp"
#include "momento_token/detail/claims_reader.hpp"
#include "momento_token/detail/owned_claims.hpp"
#include "momento_token/detail/permissions_codec.hpp"
#include "momento_token/detail/token_block.hpp"
#include "momento_token/permissions_proto.hpp"
#include "momento_token/token.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

// ---- VerifiedToken ----

MOMENTO_TOKEN_INLINE VerifiedToken::VerifiedToken() noexcept {}  // inline_ stays unset until it is filled
MOMENTO_TOKEN_INLINE VerifiedToken::~VerifiedToken() = default;

MOMENTO_TOKEN_INLINE void VerifiedToken::copy_from(const VerifiedToken& other) noexcept {
  expires_at_ = other.expires_at_;
  refused_from_ = other.refused_from_;
  issued_at_ = other.issued_at_;
  block_size_ = other.block_size_;
  statements_ = other.statements_;
  p_offset_ = other.p_offset_;
  p_size_ = other.p_size_;
  jti_size_ = other.jti_size_;
  tid_size_ = other.tid_size_;
  has_jti_ = other.has_jti_;
  has_tid_ = other.has_tid_;
  has_iat_ = other.has_iat_;
  if (block_size_ <= inline_capacity) std::memcpy(inline_, other.inline_, block_size_);
}

MOMENTO_TOKEN_INLINE VerifiedToken::VerifiedToken(const VerifiedToken& other) {
  copy_from(other);
  if (other.heap_) {
    heap_.reset(new std::byte[block_size_]);
    std::memcpy(heap_.get(), other.heap_.get(), block_size_);
  }
}
MOMENTO_TOKEN_INLINE VerifiedToken::VerifiedToken(VerifiedToken&& other) noexcept : heap_(std::move(other.heap_)) {
  copy_from(other);
}
MOMENTO_TOKEN_INLINE VerifiedToken& VerifiedToken::operator=(VerifiedToken&& other) noexcept {
  if (this != &other) {
    heap_ = std::move(other.heap_);
    copy_from(other);
  }
  return *this;
}
MOMENTO_TOKEN_INLINE VerifiedToken& VerifiedToken::operator=(const VerifiedToken& other) {
  return *this = VerifiedToken(other);
}

MOMENTO_TOKEN_INLINE std::optional<std::string_view> VerifiedToken::jti() const& noexcept {
  if (!has_jti_) return std::nullopt;
  return std::string_view(reinterpret_cast<const char*>(block()) + p_offset_ + p_size_, jti_size_);
}
MOMENTO_TOKEN_INLINE std::optional<std::string_view> VerifiedToken::token_metadata() const& noexcept {
  if (!has_tid_) return std::nullopt;
  return std::string_view(reinterpret_cast<const char*>(block()) + p_offset_ + p_size_ + jti_size_, tid_size_);
}
MOMENTO_TOKEN_INLINE std::optional<std::chrono::sys_seconds> VerifiedToken::issued_at() const noexcept {
  if (!has_iat_) return std::nullopt;
  return issued_at_;
}

MOMENTO_TOKEN_INLINE Permissions VerifiedToken::permissions() const {
  Permissions permissions;
  for (std::size_t i = 0; i < statements_; ++i) {
    permissions = std::move(permissions).with(detail::make_permission(detail::TokenAccess::statement(*this, i)));
  }
  return permissions;
}

MOMENTO_TOKEN_INLINE VerifiedToken detail::TokenAccess::make(const Parts& parts) {
  VerifiedToken token;
  const std::size_t count = parts.statements.size();
  const bool columns = count > statements_without_columns;
  const std::string_view jti = parts.jti.value_or(std::string_view());
  const std::string_view tid = parts.tid.value_or(std::string_view());
  const std::size_t records = count * sizeof(StatementRecord);
  const std::size_t before_p = records + (columns ? 2 * count : 0);
  token.expires_at_ = parts.expires_at;
  token.refused_from_ = parts.refused_from;
  token.issued_at_ = parts.issued_at.value_or(std::chrono::sys_seconds());
  token.has_iat_ = parts.issued_at.has_value();
  token.has_jti_ = parts.jti.has_value();
  token.has_tid_ = parts.tid.has_value();
  // A token is at most 64 KiB of base64url, so the length of everything in it fits 16 bits.
  token.statements_ = static_cast<std::uint16_t>(count);
  token.p_offset_ = static_cast<std::uint32_t>(before_p);
  token.p_size_ = static_cast<std::uint16_t>(parts.p.size());
  token.jti_size_ = static_cast<std::uint16_t>(jti.size());
  token.tid_size_ = static_cast<std::uint16_t>(tid.size());
  token.block_size_ = static_cast<std::uint32_t>(before_p + parts.p.size() + jti.size() + tid.size());

  std::byte* out = token.inline_;
  if (token.block_size_ > VerifiedToken::inline_capacity) {
    token.heap_.reset(new std::byte[token.block_size_]);
    out = token.heap_.get();
  }
  const auto put = [&out](const void* data, std::size_t size) {
    if (size != 0) std::memcpy(out, data, size);
    out += size;
  };
  put(parts.statements.data(), records);
  if (columns) {
    for (const StatementRecord& r : parts.statements) {
      *out++ = static_cast<std::byte>((r.kind_and_role & 0xF0) | r.operations_and_selectors >> 4);
    }
    for (const StatementRecord& r : parts.statements) {
      const bool all = static_cast<Select>((r.operations_and_selectors >> 2) & 3) == Select::all;
      *out++ = static_cast<std::byte>(all ? 0 : cache_tag(as_text(parts.p).substr(r.cache_offset, r.cache_size)));
    }
  }
  put(parts.p.data(), parts.p.size());
  put(jti.data(), jti.size());
  put(tid.data(), tid.size());
  return token;
}

// ---- UnverifiedToken ----

namespace detail {

/// Decodes a segment as text, or leaves `out` alone.
[[nodiscard]] MOMENTO_TOKEN_INLINE bool decode_segment(std::string_view segment, std::string& out) {
  std::string text(base64url_bytes(segment.size()), '\0');
  if (!decode_base64url(segment, text.data())) return false;
  out = std::move(text);
  return true;
}

}  // namespace detail

MOMENTO_TOKEN_INLINE Result<Permissions> UnverifiedToken::claimed_permissions() const {
  if (!p_) return Error{Errc::malformed_token, "p", "is missing or no text"};
  const auto bytes = base64url_decode(*p_);
  if (!bytes) return Error{Errc::malformed_token, "p", "is not base64url"};
  auto permissions = from_proto(*bytes);
  if (!permissions) return Error{Errc::malformed_token, "p", permissions.error().message};
  return permissions;
}

MOMENTO_TOKEN_INLINE Result<UnverifiedToken> decode_unverified(std::string_view compact, std::size_t max_bytes) {
  if (compact.size() > max_bytes) return Error{Errc::limit_exceeded, {}, "the token is longer than a token may be"};
  detail::Compact parts;
  if (!detail::split_compact(compact, parts))
    return detail::malformed("is not three segments with dots between").error();
  std::string header, payload, signature;
  if (!detail::decode_segment(parts.header, header) || !detail::decode_segment(parts.payload, payload) ||
      !detail::decode_segment(parts.signature, signature)) {
    return detail::malformed("a segment is not base64url").error();
  }
  std::string header_copy = header, payload_copy = payload;  // the readers un-escape in place
  detail::Header fields;
  if (const auto refusal = detail::read_header(header_copy.data(), header_copy.size(), fields)) return refusal.error();
  detail::ClaimsView view;
  std::vector<std::string> audience;
  const auto refusal = detail::read_claims(payload_copy.data(), payload_copy.size(), {.copy = &audience}, view);
  if (refusal) return refusal.error();

  UnverifiedToken token = detail::TokenAccess::make_unverified();
  detail::TokenAccess::fill(token, [&](auto& h, auto& body, auto& alg, auto& kid, auto& claims, auto& p) {
    h = std::move(header);
    body = std::move(payload);
    alg = fields.alg;
    kid = fields.kid.value_or(std::string_view());
    claims = detail::owned_claims(view, std::move(audience));
    p = detail::owned(view.p);
  });
  return token;
}

MOMENTO_TOKEN_END_NAMESPACE
