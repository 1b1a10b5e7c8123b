#pragma once
// The built-in algorithms: one row each, and nothing else to touch when one is added.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

enum class Family : std::uint8_t { hmac, ecdsa, rsa_pkcs1, rsa_pss, eddsa };

struct Algorithm {
  std::string_view name;  // RFC 7518 §3.1, RFC 8037 §3.1
  Family family;
  std::string_view kty;            // RFC 7518 §6.1
  const char* digest = nullptr;    // libcrypto's name
  std::uint16_t digest_bytes = 0;  // of HMAC alone
  std::string_view crv = {};       // RFC 7518 §6.2.1.1, RFC 8037 §2
  const char* group = nullptr;     // libcrypto's name of the curve or key type
  std::uint16_t coordinate_bytes = 0;
};

inline constexpr Algorithm algorithms[] = {
    {.name = "HS256", .family = Family::hmac, .kty = "oct", .digest = "SHA256", .digest_bytes = 32},
    {.name = "HS384", .family = Family::hmac, .kty = "oct", .digest = "SHA384", .digest_bytes = 48},
    {.name = "HS512", .family = Family::hmac, .kty = "oct", .digest = "SHA512", .digest_bytes = 64},
    {.name = "ES256",
     .family = Family::ecdsa,
     .kty = "EC",
     .digest = "SHA256",
     .crv = "P-256",
     .group = "prime256v1",
     .coordinate_bytes = 32},
    {.name = "ES384",
     .family = Family::ecdsa,
     .kty = "EC",
     .digest = "SHA384",
     .crv = "P-384",
     .group = "secp384r1",
     .coordinate_bytes = 48},
    {.name = "ES512",
     .family = Family::ecdsa,
     .kty = "EC",
     .digest = "SHA512",
     .crv = "P-521",
     .group = "secp521r1",
     .coordinate_bytes = 66},
    {.name = "RS256", .family = Family::rsa_pkcs1, .kty = "RSA", .digest = "SHA256"},
    {.name = "RS384", .family = Family::rsa_pkcs1, .kty = "RSA", .digest = "SHA384"},
    {.name = "RS512", .family = Family::rsa_pkcs1, .kty = "RSA", .digest = "SHA512"},
    {.name = "PS256", .family = Family::rsa_pss, .kty = "RSA", .digest = "SHA256"},
    {.name = "PS384", .family = Family::rsa_pss, .kty = "RSA", .digest = "SHA384"},
    {.name = "PS512", .family = Family::rsa_pss, .kty = "RSA", .digest = "SHA512"},
    {.name = "EdDSA",
     .family = Family::eddsa,
     .kty = "OKP",
     .crv = "Ed25519",
     .group = "ED25519",
     .coordinate_bytes = 32},
};

/// Null for a name that is not built in.
[[nodiscard]] inline const Algorithm* find_algorithm(std::string_view name) noexcept {
  for (const Algorithm& algorithm : algorithms) {
    if (algorithm.name == name) return &algorithm;
  }
  return nullptr;
}

/// The algorithm that a curve stands for; null for an unknown one.
[[nodiscard]] inline const Algorithm* find_curve(std::string_view kty, std::string_view crv) noexcept {
  for (const Algorithm& algorithm : algorithms) {
    if (!crv.empty() && algorithm.kty == kty && algorithm.crv == crv) return &algorithm;
  }
  return nullptr;
}

[[nodiscard]] inline bool is_known_kty(std::string_view kty) noexcept {
  for (const Algorithm& algorithm : algorithms) {
    if (algorithm.kty == kty) return true;
  }
  return false;
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
