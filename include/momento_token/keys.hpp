#pragma once
// Keys of the algorithms that are built in: HS256/384/512, ES256/384/512, RS256/384/512, PS256/384/512, EdDSA (Ed25519).

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "momento_token/config.hpp"
#include "momento_token/result.hpp"
#include "momento_token/secret.hpp"
#include "momento_token/signer.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

/// Where the passphrase of an encrypted key comes from: a prompt, a file, a secret store. The bytes are taken as they are, at
/// most 1024 of them; no line end is dropped.
using PassphraseCallback = std::function<Result<SecretBytes>()>;

/// A private (or symmetric) key, loaded once: the half that signs and the half that verifies. Copies share the key; all
/// of it is safe to share between threads, and across fork.
///
/// Refused with invalid_argument: an algorithm that is not built in, a key of another type than the algorithm's, an HMAC
/// secret shorter than its digest (32, 48, 64 bytes), RSA outside 2048–8192 bits or with an exponent that is even or
/// below 3 or above 2^64, an EC point that is not on its curve, an Ed25519 point of small order, a private half
/// that does not belong to its public half, a private number that is not below its modulus or order, a kid that is
/// longer than 256 bytes or not UTF-8.
class MOMENTO_TOKEN_API KeyPair {
 public:
  /// A new random key; `rsa_bits` is for RSA only. Its kid is the RFC 7638 thumbprint, or 16 random bytes as base64url for
  /// HMAC, unless given. To keep the key, make it with generate_private_jwk() (jwk.hpp) instead.
  [[nodiscard]] static Result<KeyPair> generate(std::string_view alg, std::optional<std::string> kid = {},
                                                unsigned rsa_bits = 3072);
  /// HS256, HS384 or HS512 from raw bytes. A secret that is PEM or JWK text is refused: it was meant for another function.
  [[nodiscard]] static Result<KeyPair> from_secret(std::string_view alg, const SecretBytes& secret,
                                                   std::string kid = {});
  /// A PKCS#8 private key ("BEGIN PRIVATE KEY" or "BEGIN ENCRYPTED PRIVATE KEY"). Its kid is the RFC 7638 thumbprint
  /// unless given. `passphrase` is asked once, and only for an encrypted key; an error of it comes back as it is. Encrypted
  /// means PBES2 with PBKDF2 (at most 2 million iterations) or scrypt (N r p at most 2^20, r p 1024, 32 MiB, 64 bytes of
  /// salt); the field of a wrong or missing passphrase is "passphrase".
  [[nodiscard]] static Result<KeyPair> from_pem(std::string_view alg, const SecretBytes& pem,
                                                std::optional<std::string> kid = {},
                                                const PassphraseCallback& passphrase = {});

  /// The half for an Issuer, and the half for a Verifier.
  [[nodiscard]] const std::shared_ptr<const Signer>& signer() const& noexcept { return signer_; }
  [[nodiscard]] std::shared_ptr<const Signer> signer() && noexcept { return std::move(signer_); }
  [[nodiscard]] const std::shared_ptr<const VerificationKey>& verification_key() const& noexcept {
    return verification_key_;
  }
  [[nodiscard]] std::shared_ptr<const VerificationKey> verification_key() && noexcept {
    return std::move(verification_key_);
  }

  /// From two halves that belong together, such as a KMS signer and its public key. invalid_argument when one is null or
  /// their alg or kid differ.
  [[nodiscard]] static Result<KeyPair> from_halves(std::shared_ptr<const Signer> signer,
                                                   std::shared_ptr<const VerificationKey> verification_key);

 private:
  KeyPair(std::shared_ptr<const Signer> signer, std::shared_ptr<const VerificationKey> key) noexcept
      : signer_(std::move(signer)), verification_key_(std::move(key)) {}
  std::shared_ptr<const Signer> signer_;
  std::shared_ptr<const VerificationKey> verification_key_;
};

/// A public key from SPKI PEM text ("BEGIN PUBLIC KEY"). Its kid is the RFC 7638 thumbprint unless given. Refuses what
/// KeyPair refuses.
[[nodiscard]] MOMENTO_TOKEN_API Result<std::shared_ptr<const VerificationKey>> verification_key_from_pem(
    std::string_view alg, std::string_view pem, std::optional<std::string> kid = {});

MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/keys.ipp"
#endif
