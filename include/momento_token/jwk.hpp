#pragma once
// Keys as JSON: JWK and JWK Set (RFC 7517, RFC 7518 §6, RFC 8037 §2).

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "momento_token/config.hpp"
#include "momento_token/keys.hpp"
#include "momento_token/result.hpp"
#include "momento_token/secret.hpp"
#include "momento_token/signer.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

// A JWK names its algorithm with `alg`. Without it EC and OKP keys follow `crv`; RSA and oct keys need it from the caller,
// as `alg`. One that contradicts the caller's is refused. `use`, if present, must be "sig"; `key_ops`, if present, must
// hold "sign" for a signer and "verify" for a verification key. Private members never leave wiped memory. All errors are
// invalid_argument with the member's name as the field
// ("jwk" or "keys" when the text is no JWK or set at all). A JWK without `kid` has none: an empty kid.

/// A private or symmetric JWK.
[[nodiscard]] MOMENTO_TOKEN_API Result<KeyPair> key_pair_from_jwk(const SecretBytes& jwk, std::string_view alg = {});

/// The verifying half of one JWK; symmetric and private ones too (then keep the text in a SecretBytes yourself).
[[nodiscard]] MOMENTO_TOKEN_API Result<std::shared_ptr<const VerificationKey>> verification_key_from_jwk(
    std::string_view jwk, std::string_view alg = {});

/// A JWK Set, for VerifierOptions::keys. A key of unknown `kty`, `crv` or `alg`, or one that is not for verifying, is
/// skipped; an RSA key without `alg` means RS256. Refused: a malformed known key, an oct key without `alg`, a `kid` that is
/// empty or there twice, symmetric and public keys together, over 1000 keys or 1 MiB (limit_exceeded). A set in which
/// nothing is left is refused too: it would verify nothing.
[[nodiscard]] MOMENTO_TOKEN_API Result<std::vector<std::shared_ptr<const VerificationKey>>> verification_keys_from_jwks(
    std::string_view jwks);

/// True when the JWK or JWK Set text holds a member that only a private or symmetric key has (k d p q dp dq qi), or is
/// no strict JSON: treat it as a secret.
[[nodiscard]] MOMENTO_TOKEN_API bool holds_private_key(std::string_view jwk_or_set);

/// The public JWK Set of these keys, as JSON text to publish. invalid_argument for a symmetric key and for one that is not
/// built in; the field is its place.
[[nodiscard]] MOMENTO_TOKEN_API Result<std::string> public_jwks(
    std::span<const std::shared_ptr<const VerificationKey>> keys);

/// For generate_private_jwk().
struct GenerateOptions {
  std::optional<std::string> kid = {};  ///< default: the RFC 7638 thumbprint; 16 random bytes as base64url for HMAC
  unsigned rsa_bits = 3072;             ///< 2048–8192; RSA only
};

/// A new private JWK as JSON text, with `alg`, `kid` and `use`.
[[nodiscard]] MOMENTO_TOKEN_API Result<SecretBytes> generate_private_jwk(std::string_view alg,
                                                                         const GenerateOptions& options = {});

MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/jwk.ipp"
#endif
