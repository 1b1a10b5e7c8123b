#pragma once
// The verifier's work in its order: length, shape, header, key, signature; claims, times, issuer, audience; permissions.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "momento_token/deny_list.hpp"
#include "momento_token/detail/base64.hpp"
#include "momento_token/detail/claims_reader.hpp"
#include "momento_token/detail/compact.hpp"
#include "momento_token/detail/issue_rules.hpp"
#include "momento_token/detail/key_table.hpp"
#include "momento_token/detail/permissions_codec.hpp"
#include "momento_token/detail/small_buffer.hpp"
#include "momento_token/detail/token_block.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// Holds one decoded segment at a time; on the stack for tokens up to the default limit.
using DecodeBuffer = SmallBuffer<char, std::size_t{12} * 1024>;

/// Room for the largest segment; none for a token that will be refused for its length.
[[nodiscard]] inline std::size_t decode_room(std::string_view compact, const Limits& limits) noexcept {
  return compact.size() > limits.max_token_bytes ? 0 : base64url_bytes(compact.size());
}

struct Expectations {
  std::string issuer;
  std::vector<std::string> audience;
  std::int64_t leeway = 0;
  Limits limits;
};

// ---- signature ----

[[nodiscard]] inline Refusal find_key(std::string_view segment, const KeyTable& keys, DecodeBuffer& buffer,
                                      const VerificationKey*& key) {
  key = keys.find_header(segment);
  if (key != nullptr) return {};
  Header header;
  if (!decode_base64url(segment, buffer.data())) return malformed("the header is not base64url");
  if (const Refusal refusal = read_header(buffer.data(), base64url_bytes(segment.size()), header)) return refusal;
  return keys.find(header, key);
}

/// On success the decoded payload lies at the front of the buffer.
[[nodiscard]] inline Refusal check_signature(std::string_view compact, const KeyTable& keys, const Limits& limits,
                                             DecodeBuffer& buffer, std::string_view& payload) {
  const Refusal mismatch{Errc::signature_mismatch, {}, "the signature is not that of the key"};
  if (compact.size() > limits.max_token_bytes) {
    return {Errc::limit_exceeded, {}, "the token is longer than Limits::max_token_bytes"};
  }
  Compact parts;
  if (!split_compact(compact, parts)) return malformed("the token is not three segments with dots between");
  const VerificationKey* key = nullptr;
  if (const Refusal refusal = find_key(parts.header, keys, buffer, key)) return refusal;

  std::byte signature[max_signature_bytes];
  const std::size_t size = base64url_bytes(parts.signature.size());
  if (size > sizeof signature) return mismatch;
  if (!decode_base64url(parts.signature, signature)) return malformed("the signature is not base64url");
  if (!key->verify(as_bytes(parts.signing_input), {signature, size})) return mismatch;

  if (!decode_base64url(parts.payload, buffer.data())) return malformed("the claims are not base64url");
  payload = {buffer.data(), base64url_bytes(parts.payload.size())};
  return {};
}

// ---- claims ----

enum class Strictness : std::uint8_t { disposable_token, any_jwt };

[[nodiscard]] inline Refusal check_times(const ClaimsView& claims, std::int64_t now, std::int64_t leeway) noexcept {
  // RFC 7519 §4.1.4: exp itself is already too late.
  if (now >= *claims.exp + leeway) return {Errc::expired, {}, "the token has expired"};
  if (claims.nbf && now < *claims.nbf - leeway) return {Errc::not_yet_valid, {}, "the token is not valid yet"};
  if (claims.iat && *claims.iat > now + leeway) return {Errc::not_yet_valid, {}, "the token was issued in the future"};
  return {};
}

[[nodiscard]] inline Refusal check_parties(const ClaimsView& claims, const Expectations& expected,
                                           Strictness strictness) noexcept {
  if (!expected.issuer.empty() && claims.iss != std::string_view(expected.issuer)) {
    return {Errc::not_accepted, "iss", "is not the issuer that is wanted"};
  }
  if (!expected.audience.empty() && !claims.aud_wanted) {
    return {Errc::not_accepted, "aud", "names none of the audiences that are wanted"};
  }
  // RFC 7519 §4.1.3: whoever does not find itself in aud must refuse.
  if (expected.audience.empty() && claims.has_aud && strictness == Strictness::disposable_token) {
    return {Errc::not_accepted, "aud", "is there, and this verifier is no audience"};
  }
  return {};
}

[[nodiscard]] inline Refusal check_claims(const ClaimsView& claims, const Expectations& expected,
                                          std::chrono::sys_seconds now, Strictness strictness) noexcept {
  if (!claims.exp) return malformed("exp is missing");
  if (strictness == Strictness::disposable_token) {
    if (!claims.ver_is_1) return malformed("ver is not the number 1");
    if (!claims.p || !claims.p_is_text) return malformed("p is missing or no text");
  }
  if (const Refusal refusal = check_times(claims, sane_seconds(now), expected.leeway)) return refusal;
  return check_parties(claims, expected, strictness);
}

/// Refuses what is on the list, what cannot be looked up there, and everything when the list cannot tell.
[[nodiscard]] inline Refusal check_deny_list(const ClaimsView& claims, const DenyList* list) {
  if (list == nullptr) return {};
  if (!claims.jti || !claims.iat) return {Errc::revoked, {}, "the token has no jti or iat, so nobody could revoke it"};
  const auto denied = list->is_denied({.issuer = claims.iss.value_or(std::string_view()),
                                       .jti = *claims.jti,
                                       .token_id = claims.tid,
                                       .issued_at = std::chrono::sys_seconds(std::chrono::seconds(*claims.iat))});
  if (!denied) return {Errc::internal_error, "deny_list", "the deny-list could not answer"};
  if (*denied) return {Errc::revoked, {}, "the token has been revoked"};
  return {};
}

// ---- permissions ----

/// The records of the statements, and whether each may be in a token.
class StatementCollector {
 public:
  StatementCollector(std::string_view p, std::size_t most)
      : p_(p.data()), most_(most), records_(room(p.size(), most)) {}

  [[nodiscard]] bool operator()(const KindInfo& kind, const StatementView& s) noexcept {
    if (count_ == most_) {
      too_many_ = true;
      return false;
    }
    const std::uint8_t operations = kind.roles[static_cast<std::size_t>(s.role)].operations;
    // What grants nothing does no harm; what grants something must be as an issuer writes it.
    if (operations != 0 && statement_problem(kind, s)) return false;
    records_.data()[count_++] = {
        static_cast<std::uint8_t>(s.kind << 4 | s.role),
        static_cast<std::uint8_t>(static_cast<unsigned>(operations) << 4 | static_cast<unsigned>(s.cache.select) << 2 |
                                  static_cast<unsigned>(s.resource.select)),
        offset(s.cache),
        static_cast<std::uint16_t>(s.cache.text.size()),
        offset(s.resource),
        static_cast<std::uint16_t>(s.resource.text.size())};
    return true;
  }
  [[nodiscard]] bool too_many() const noexcept { return too_many_; }
  [[nodiscard]] std::span<const StatementRecord> records() noexcept { return {records_.data(), count_}; }

 private:
  // The shortest statement takes four bytes of p.
  [[nodiscard]] static std::size_t room(std::size_t p_size, std::size_t most) noexcept {
    return std::min(most, p_size / 4);
  }
  [[nodiscard]] std::uint16_t offset(const SelectorView& selector) const noexcept {
    return selector.text.empty() ? std::uint16_t{0} : static_cast<std::uint16_t>(selector.text.data() - p_);
  }

  const char* p_;
  std::size_t most_;
  std::size_t count_ = 0;
  bool too_many_ = false;
  SmallBuffer<StatementRecord, 20> records_;
};

/// `p` still lies in base64url in the decode buffer, and is decoded where it lies.
[[nodiscard]] inline Result<VerifiedToken> make_verified(const ClaimsView& claims, const Expectations& expected) {
  const Refusal bad_p = malformed("p is not what an issuer writes");
  char* const text = const_cast<char*>(claims.p->data());
  const std::size_t size = base64url_bytes(claims.p->size());
  if (!decode_base64url(*claims.p, text)) return bad_p.error();
  const std::string_view p(text, size);
  StatementCollector collect(p, expected.limits.max_statements);
  if (!read_permissions(as_bytes(p), collect)) {
    if (collect.too_many())
      return Error{Errc::limit_exceeded, {}, "the token has more statements than Limits::max_statements"};
    return bad_p.error();
  }
  const auto at = [](std::int64_t seconds) { return std::chrono::sys_seconds(std::chrono::seconds(seconds)); };
  return TokenAccess::Parts{.expires_at = at(*claims.exp),
                            .refused_from = at(*claims.exp + expected.leeway),
                            .issued_at = claims.iat ? std::optional(at(*claims.iat)) : std::nullopt,
                            .p = as_bytes(p),
                            .statements = collect.records(),
                            .jti = claims.jti,
                            .tid = claims.tid};
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
