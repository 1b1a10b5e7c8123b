#pragma once
// The built-in algorithms (RFC 7518 §3.1, RFC 8037 §3.1) with a key of fixtures/keys.hpp for each.

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "fixtures/keys.hpp"
#include "momento_token/keys.hpp"
#include "support.hpp"

namespace test {

struct AlgorithmRow {
  std::string_view alg;
  std::size_t signature_bytes;
  std::string_view pem, public_pem, jwk, public_jwk, thumbprint;  // empty for HMAC
};

inline constexpr std::array<AlgorithmRow, 13> algorithms = {{
    {"HS256", 32, {}, {}, {}, {}, {}},
    {"HS384", 48, {}, {}, {}, {}, {}},
    {"HS512", 64, {}, {}, {}, {}, {}},
    {"ES256", 64, keys::p256_pem, keys::p256_public_pem, keys::p256_jwk, keys::p256_public_jwk, keys::p256_thumbprint},
    {"ES384", 96, keys::p384_pem, keys::p384_public_pem, keys::p384_jwk, keys::p384_public_jwk, keys::p384_thumbprint},
    {"ES512", 132, keys::p521_pem, keys::p521_public_pem, keys::p521_jwk, keys::p521_public_jwk, keys::p521_thumbprint},
    {"RS256", 256, keys::rsa2048_pem, keys::rsa2048_public_pem, keys::rsa2048_jwk, keys::rsa2048_public_jwk,
     keys::rsa2048_thumbprint},
    {"RS384", 256, keys::rsa2048_pem, keys::rsa2048_public_pem, keys::rsa2048_jwk, keys::rsa2048_public_jwk,
     keys::rsa2048_thumbprint},
    {"RS512", 256, keys::rsa2048_pem, keys::rsa2048_public_pem, keys::rsa2048_jwk, keys::rsa2048_public_jwk,
     keys::rsa2048_thumbprint},
    {"PS256", 256, keys::rsa2048_pem, keys::rsa2048_public_pem, keys::rsa2048_jwk, keys::rsa2048_public_jwk,
     keys::rsa2048_thumbprint},
    {"PS384", 256, keys::rsa2048_pem, keys::rsa2048_public_pem, keys::rsa2048_jwk, keys::rsa2048_public_jwk,
     keys::rsa2048_thumbprint},
    {"PS512", 256, keys::rsa2048_pem, keys::rsa2048_public_pem, keys::rsa2048_jwk, keys::rsa2048_public_jwk,
     keys::rsa2048_thumbprint},
    {"EdDSA", 64, keys::ed25519_pem, keys::ed25519_public_pem, keys::ed25519_jwk, keys::ed25519_public_jwk,
     keys::ed25519_thumbprint},
}};

/// The key of a row; HMAC keys are the bytes 0, 1, 2 … as many as the digest has.
[[nodiscard]] inline momento_token::KeyPair key_pair(const AlgorithmRow& row, std::string kid) {
  using momento_token::KeyPair;
  if (row.pem.empty())
    return KeyPair::from_secret(row.alg, secret(counting_bytes(row.signature_bytes)), std::move(kid)).value();
  return KeyPair::from_pem(row.alg, secret(row.pem), std::move(kid)).value();
}

/// A JWK or JWK Set member with one more member in front: with(jwk, R"("use":"sig")").
[[nodiscard]] inline std::string with(std::string_view jwk, std::string_view members) {
  return "{" + std::string(members) + "," + std::string(jwk.substr(1));
}

}  // namespace test
