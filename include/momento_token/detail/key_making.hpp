#pragma once
// From key material to the objects that sign and verify.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "momento_token/detail/asymmetric_key.hpp"
#include "momento_token/detail/hmac_key.hpp"
#include "momento_token/detail/jwk_reader.hpp"
#include "momento_token/detail/pem.hpp"
#include "momento_token/keys.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

using VerificationKeyPtr = std::shared_ptr<const VerificationKey>;

[[nodiscard]] inline Error crypto_failed() {
  return {Errc::internal_error, {}, "libcrypto failed or is out of memory"};
}

/// A key file's text in place of a secret: somebody called the wrong function, and everybody knows public keys.
[[nodiscard]] inline bool looks_like_key_file(const SecretBytes& secret) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  std::string_view text = secret.expose_text();
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  text = trim(text);
  if (text.starts_with("-----BEGIN")) return true;
  // Any JSON object with one of these members, whatever is in them: a JWK or a set, perhaps a faulty one.
  SecretBytes copy = SecretBytes::copy_of(text);
  JsonReader reader(reinterpret_cast<char*>(copy.expose_for_writing().data()), copy.size());
  bool found = false;
  for (auto event = reader.next(); event != JsonReader::Event::end; event = reader.next()) {
    if (event == JsonReader::Event::error) return false;
    const bool outermost = event == JsonReader::Event::name && reader.depth() == 1;
    found = found || (outermost && (reader.text() == "kty" || reader.text() == "keys"));
  }
  return found;
}

[[nodiscard]] inline Result<KeyPair> make_hmac_key(const Algorithm& algorithm, const SecretBytes& secret,
                                                   std::string kid) {
  if (!is_valid_kid(kid)) return bad_kid();
  if (secret.size() < algorithm.digest_bytes) {
    return key_error("secret", "must be at least as long as the digest: 32, 48 or 64 bytes (RFC 7518 §3.2)");
  }
  if (looks_like_key_file(secret))
    return key_error("secret", "is PEM or JWK text, not a secret; load it as what it is");
  const std::shared_ptr<const HmacState> state = make_hmac_state(algorithm, secret.expose());
  if (state == nullptr) return crypto_failed();
  auto signer = std::make_shared<HmacSigner>(algorithm, kid, state);
  return KeyPair::from_halves(std::move(signer),
                              std::make_shared<HmacVerificationKey>(algorithm, std::move(kid), state));
}

[[nodiscard]] inline Pkey public_half(const EVP_PKEY& key) {
  const Bytes der = public_pkey_der(key);
  return der.empty() ? nullptr : public_pkey_from_der(der);
}

/// A public key that has passed check_pkey(). Without a kid it gets its thumbprint.
[[nodiscard]] inline Result<VerificationKeyPtr> make_verification_key(Pkey key, const Algorithm& algorithm,
                                                                      std::optional<std::string> kid) {
  if (kid && !is_valid_kid(*kid)) return bad_kid();
  std::string id = kid ? std::move(*kid) : thumbprint(public_jwk_members(*key, algorithm));
  std::shared_ptr<const PkeyOperations> operations = PkeyOperations::create(std::move(key), algorithm);
  if (operations == nullptr) return crypto_failed();
  return VerificationKeyPtr(
      std::make_shared<AsymmetricVerificationKey>(algorithm, std::move(id), std::move(operations)));
}

/// Without it no ECDSA or PSS signature can be made, and the key is not to blame.
[[nodiscard]] inline bool libcrypto_has_randomness() noexcept {
  const NoForkHere no_fork;
  const ErrorQueueGuard guard;
  unsigned char byte = 0;
  return RAND_bytes(&byte, 1) == 1;
}

/// A private key of any origin: checks it, splits it, and sees that the halves belong together by using them once.
[[nodiscard]] inline Result<KeyPair> make_key_pair(Pkey key, const Algorithm& algorithm,
                                                   std::optional<std::string> kid) {
  if (const auto checked = check_pkey(*key, algorithm); !checked) return checked.error();
  if (algorithm.kty == "RSA" && !rsa_numbers_agree(*key)) return key_error("d", "the private numbers do not agree");
  Pkey half = public_half(*key);
  if (half == nullptr) return crypto_failed();
  auto verification_key = make_verification_key(std::move(half), algorithm, std::move(kid));
  if (!verification_key) return verification_key.error();
  std::shared_ptr<const PkeyOperations> operations = PkeyOperations::create(std::move(key), algorithm);
  if (operations == nullptr) return crypto_failed();

  std::byte signature[max_signature_bytes];
  const ByteView message = as_bytes("momento_token: do the halves belong together?");
  const std::size_t size = operations->sign(message, signature);
  if (size == 0 && !libcrypto_has_randomness()) return crypto_failed();
  if (size == 0 || !(*verification_key)->verify(message, {signature, size})) {
    return key_error("d", "does not belong to the public half");
  }
  std::string id((*verification_key)->kid());
  return KeyPair::from_halves(std::make_shared<AsymmetricSigner>(algorithm, std::move(id), std::move(operations)),
                              *verification_key);
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
