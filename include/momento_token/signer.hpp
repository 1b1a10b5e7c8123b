#pragma once
// Who signs and who vouches: the two interfaces to derive from for a KMS, an HSM or a key of another kind.

#include <cstddef>
#include <span>
#include <string_view>

#include "momento_token/config.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/result.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

namespace detail {
class HmacSigner;
class BuiltinVerificationKey;
struct SigningKey;
}  // namespace detail

/// The room a Signer is given: the signature of an 8192-bit RSA key.
inline constexpr std::size_t max_signature_bytes = 1024;

/// Makes the JWS signature (RFC 7515 §5.1). The key decides `alg` and `kid`; the token never does. Both are read when
/// an Issuer is created and must not change. Must be thread-safe. A sign() that throws passes through and leaves the issuer usable.
class MOMENTO_TOKEN_API Signer {
 public:
  Signer() = default;
  Signer(const Signer&) = delete;
  Signer& operator=(const Signer&) = delete;
  virtual ~Signer() = default;
  /// A JOSE name, [A-Za-z0-9-]{1,16}, never "none": "ES256".
  [[nodiscard]] virtual std::string_view alg() const noexcept = 0;
  /// UTF-8, at most 256 bytes; "" puts no kid in the header.
  [[nodiscard]] virtual std::string_view kid() const noexcept = 0;
  /// Writes the signature in its JOSE form (raw r||s for ECDSA) to the front of `signature`, which has room for
  /// max_signature_bytes, and returns how many bytes it wrote.
  [[nodiscard]] virtual Result<std::size_t> sign(ByteView signing_input, std::span<std::byte> signature) const = 0;

 private:
  friend struct detail::SigningKey;
  /// Itself, where it is one of ours. No dynamic_cast: a signer that is compiled with -fno-rtti has no type to be asked for.
  [[nodiscard]] virtual const detail::HmacSigner* as_hmac_signer() const noexcept { return nullptr; }
};

/// Checks JWS signatures. Must be thread-safe.
class MOMENTO_TOKEN_API VerificationKey {
 public:
  VerificationKey() = default;
  VerificationKey(const VerificationKey&) = delete;
  VerificationKey& operator=(const VerificationKey&) = delete;
  virtual ~VerificationKey() = default;
  /// The one algorithm of this key, as Signer::alg.
  [[nodiscard]] virtual std::string_view alg() const noexcept = 0;
  /// The kid it answers to; a key without one never answers a token that has one.
  [[nodiscard]] virtual std::string_view kid() const noexcept = 0;
  /// False for a wrong signature, whatever is wrong with it.
  [[nodiscard]] virtual bool verify(ByteView signing_input, ByteView signature) const noexcept = 0;

 private:
  friend class detail::BuiltinVerificationKey;
  /// As Signer's.
  [[nodiscard]] virtual const detail::BuiltinVerificationKey* as_builtin() const noexcept { return nullptr; }
};

MOMENTO_TOKEN_END_NAMESPACE
