#pragma once
// From JWK members to keys (RFC 7518 §6, RFC 8037 §2), and from new keys to JWK text.

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "momento_token/detail/base64.hpp"
#include "momento_token/detail/jwk_reader.hpp"
#include "momento_token/detail/key_making.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// A member's number: strict base64url, not empty.
[[nodiscard]] inline Result<SecretBytes> jwk_octets(const Jwk& jwk, JwkMember member) {
  const std::string_view name = jwk_member_names[static_cast<std::size_t>(member)];
  const auto text = jwk.get(member);
  if (!text) return key_error(name, "is missing");
  SecretBytes bytes(base64url_bytes(text->size()));
  if (bytes.empty() || !decode_base64(base64url_values, *text, bytes.expose_for_writing().data())) {
    return key_error(name, "is not base64url without padding");
  }
  return bytes;
}

/// Base64urlUInt (RFC 7518 §2): no leading zero bytes.
[[nodiscard]] inline Result<SecretBytes> jwk_number(const Jwk& jwk, JwkMember member, std::size_t most = SIZE_MAX) {
  auto bytes = jwk_octets(jwk, member);
  const std::string_view name = jwk_member_names[static_cast<std::size_t>(member)];
  if (bytes && bytes->expose()[0] == std::byte{0}) return key_error(name, "has leading zero bytes");
  if (bytes && bytes->size() > most) return key_error(name, "is longer than n");
  return bytes;
}

/// A coordinate or private number at the curve's full width (RFC 7518 §6.2).
[[nodiscard]] inline Result<SecretBytes> jwk_coordinate(const Jwk& jwk, JwkMember member, const Algorithm& algorithm) {
  auto bytes = jwk_octets(jwk, member);
  if (bytes && bytes->size() != algorithm.coordinate_bytes) {
    return key_error(jwk_member_names[static_cast<std::size_t>(member)], "is not as long as the curve wants it");
  }
  return bytes;
}

/// What an algorithm name, the caller's wish and the curve come to.
struct JwkAlgorithm {
  const Algorithm* algorithm = nullptr;
  bool unknown = false;  // kty, crv or alg is none of ours: skipped in a set
  Error error = {};      // otherwise, when there is no algorithm
};

[[nodiscard]] inline JwkAlgorithm unknown_in_jwk(std::string_view field, StaticText message) {
  return {nullptr, true, key_error(field, message)};
}

[[nodiscard]] inline JwkAlgorithm jwk_algorithm(const Jwk& jwk, std::string_view wanted) {
  const std::string_view kty = *jwk.get(JwkMember::kty);
  if (!is_known_kty(kty)) return unknown_in_jwk("kty", "is not built in; EC, OKP, RSA and oct are");
  const auto alg = jwk.get(JwkMember::alg);
  if (alg && !wanted.empty() && *alg != wanted) return {nullptr, false, key_error("alg", "contradicts the caller's")};
  const Algorithm* const named = find_algorithm(alg ? *alg : wanted);
  if ((alg || !wanted.empty()) && named == nullptr) return {nullptr, true, unknown_algorithm()};
  if (named != nullptr && named->kty != kty) return {nullptr, false, key_error("alg", "contradicts kty")};
  if (kty != "EC" && kty != "OKP") {
    if (named == nullptr) return {nullptr, false, key_error("alg", "is missing, and the caller names none")};
    return {named, false, {}};
  }
  const auto crv = jwk.get(JwkMember::crv);
  if (!crv) return {nullptr, false, key_error("crv", "is missing")};
  const Algorithm* const curve = find_curve(kty, *crv);
  if (curve == nullptr) return unknown_in_jwk("crv", "is not built in; P-256, P-384, P-521 and Ed25519 are");
  if (named != nullptr && named != curve) return {nullptr, false, key_error("alg", "contradicts crv")};
  return {curve, false, {}};
}

[[nodiscard]] inline std::optional<std::string> jwk_kid(const Jwk& jwk) {
  const auto kid = jwk.get(JwkMember::kid);
  return std::string(kid.value_or(std::string_view()));
}

[[nodiscard]] inline Result<Pkey> make_pkey(PkeyParams& params, const char* type, bool private_key) {
  Pkey key = params.make(type, private_key ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY);
  if (key == nullptr) return key_error("jwk", "its numbers are not a key of its kind");
  return key;
}

[[nodiscard]] inline Result<Pkey> ec_pkey(const Jwk& jwk, const Algorithm& algorithm, bool private_key) {
  const auto x = jwk_coordinate(jwk, JwkMember::x, algorithm);
  if (!x) return x.error();
  const auto y = jwk_coordinate(jwk, JwkMember::y, algorithm);
  if (!y) return y.error();
  Bytes point{std::byte{4}};  // uncompressed (SEC 1 §2.3.3)
  point.insert(point.end(), x->expose().begin(), x->expose().end());
  point.insert(point.end(), y->expose().begin(), y->expose().end());
  PkeyParams params;
  params.text(OSSL_PKEY_PARAM_GROUP_NAME, algorithm.group);
  params.octets(OSSL_PKEY_PARAM_PUB_KEY, point);
  if (private_key) {
    const auto d = jwk_coordinate(jwk, JwkMember::d, algorithm);
    if (!d) return d.error();
    params.number(OSSL_PKEY_PARAM_PRIV_KEY, d->expose());
  }
  return make_pkey(params, "EC", private_key);
}

[[nodiscard]] inline Result<Pkey> okp_pkey(const Jwk& jwk, const Algorithm& algorithm, bool private_key) {
  const auto x = jwk_coordinate(jwk, JwkMember::x, algorithm);
  if (!x) return x.error();
  PkeyParams params;
  params.octets(OSSL_PKEY_PARAM_PUB_KEY, x->expose());
  if (!private_key) return make_pkey(params, algorithm.group, false);
  const auto d = jwk_coordinate(jwk, JwkMember::d, algorithm);
  if (!d) return d.error();
  params.octets(OSSL_PKEY_PARAM_PRIV_KEY, d->expose());
  auto key = make_pkey(params, algorithm.group, true);
  // libcrypto may work the public half out of d and forget x.
  if (key && as_text(pkey_raw_public(**key)) != as_text(x->expose())) {
    return key_error("d", "does not belong to the public half");
  }
  return key;
}

struct RsaPart {
  JwkMember member;
  const char* param;
};
inline constexpr RsaPart rsa_factors[] = {{JwkMember::p, OSSL_PKEY_PARAM_RSA_FACTOR1},
                                          {JwkMember::q, OSSL_PKEY_PARAM_RSA_FACTOR2},
                                          {JwkMember::dp, OSSL_PKEY_PARAM_RSA_EXPONENT1},
                                          {JwkMember::dq, OSSL_PKEY_PARAM_RSA_EXPONENT2},
                                          {JwkMember::qi, OSSL_PKEY_PARAM_RSA_COEFFICIENT1}};

/// d, and either all of p q dp dq qi or none (RFC 7518 §6.3.2). Whoever uses the key pays for their length.
[[nodiscard]] inline Result<void> add_rsa_private(PkeyParams& params, const Jwk& jwk, std::size_t modulus_bytes) {
  if (jwk.more_primes) return key_error("oth", "more than two primes are not supported");
  const auto d = jwk_number(jwk, JwkMember::d, modulus_bytes);
  if (!d) return d.error();
  params.number(OSSL_PKEY_PARAM_RSA_D, d->expose());
  bool any = false;
  for (const RsaPart& part : rsa_factors) any = any || jwk.get(part.member).has_value();
  if (!any) return {};
  for (const RsaPart& part : rsa_factors) {
    const auto number = jwk_number(jwk, part.member, modulus_bytes);
    if (!number) return number.error();
    params.number(part.param, number->expose());
  }
  return {};
}

[[nodiscard]] inline Result<Pkey> rsa_pkey(const Jwk& jwk, bool private_key) {
  const auto n = jwk_number(jwk, JwkMember::n);
  if (!n) return n.error();
  const auto e = jwk_number(jwk, JwkMember::e);
  if (!e) return e.error();
  if (n->size() > max_rsa_bits / 8) return key_error("n", "must be an RSA modulus of 2048 to 8192 bits");
  PkeyParams params;
  params.number(OSSL_PKEY_PARAM_RSA_N, n->expose());
  params.number(OSSL_PKEY_PARAM_RSA_E, e->expose());
  if (private_key) {
    if (const auto added = add_rsa_private(params, jwk, n->size()); !added) return added.error();
  }
  return make_pkey(params, "RSA", private_key);
}

[[nodiscard]] inline Result<Pkey> jwk_pkey(const Jwk& jwk, const Algorithm& algorithm, bool private_key) {
  switch (algorithm.family) {
    case Family::ecdsa: return ec_pkey(jwk, algorithm, private_key);
    case Family::eddsa: return okp_pkey(jwk, algorithm, private_key);
    case Family::rsa_pkcs1:
    case Family::rsa_pss: return rsa_pkey(jwk, private_key);
    case Family::hmac: break;
  }
  return key_error("kty", "is symmetric");
}

[[nodiscard]] inline Result<KeyPair> symmetric_key(const Jwk& jwk, const Algorithm& algorithm) {
  const auto secret = jwk_octets(jwk, JwkMember::k);
  if (!secret) return secret.error();
  auto pair = make_hmac_key(algorithm, *secret, *jwk_kid(jwk));
  if (!pair && pair.error().field == "secret") return key_error("k", pair.error().message);
  return pair;
}

/// The verifying half of a JWK whose algorithm is known.
[[nodiscard]] inline Result<VerificationKeyPtr> jwk_verification_key(const Jwk& jwk, const Algorithm& algorithm) {
  if (algorithm.family == Family::hmac) {
    auto pair = symmetric_key(jwk, algorithm);
    if (!pair) return pair.error();
    return pair->verification_key();
  }
  auto key = jwk_pkey(jwk, algorithm, false);
  if (!key) return key.error();
  if (const auto checked = check_pkey(**key, algorithm); !checked) return checked.error();
  return make_verification_key(std::move(*key), algorithm, jwk_kid(jwk));
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
