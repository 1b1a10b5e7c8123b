#pragma once

#include "momento_token/detail/encrypted_pkcs8.hpp"
#include "momento_token/detail/key_making.hpp"
#include "momento_token/detail/os_fork.hpp"
#include "momento_token/detail/pem.hpp"
#include "momento_token/detail/pkcs8.hpp"
#include "momento_token/detail/traces.hpp"
#include "momento_token/keys.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

// KeyPair::generate is in jwk.ipp: a new key is a new JWK, loaded.

MOMENTO_TOKEN_INLINE Result<KeyPair> KeyPair::from_halves(std::shared_ptr<const Signer> signer,
                                                          std::shared_ptr<const VerificationKey> verification_key) {
  if (signer == nullptr) return detail::key_error("signer", "is null");
  if (verification_key == nullptr) return detail::key_error("verification_key", "is null");
  if (signer->alg() != verification_key->alg()) return detail::key_error("alg", "differs between the halves");
  if (signer->kid() != verification_key->kid()) return detail::key_error("kid", "differs between the halves");
  return KeyPair(std::move(signer), std::move(verification_key));
}

MOMENTO_TOKEN_INLINE Result<KeyPair> KeyPair::from_secret(std::string_view alg, const SecretBytes& secret,
                                                          std::string kid) {
  const detail::TraceGuard guard;
  const detail::Algorithm* const algorithm = detail::find_algorithm(alg);
  if (algorithm == nullptr) return detail::unknown_algorithm();
  if (algorithm->family != detail::Family::hmac)
    return detail::key_error("alg", "takes no secret; HS256, HS384, HS512 do");
  return detail::make_hmac_key(*algorithm, secret, std::move(kid));
}

MOMENTO_TOKEN_INLINE Result<KeyPair> KeyPair::from_pem(std::string_view alg, const SecretBytes& pem,
                                                       std::optional<std::string> kid,
                                                       const PassphraseCallback& passphrase) {
  const detail::TraceGuard guard;
  const detail::Algorithm* const algorithm = detail::find_algorithm(alg);
  if (algorithm == nullptr) return detail::unknown_algorithm();
  if (algorithm->family == detail::Family::hmac) return detail::key_error("alg", "a secret does not come as PEM");
  SecretBytes der = detail::pem_decode(pem.expose_text(), "PRIVATE KEY");
  const SecretBytes encrypted = detail::pem_decode(pem.expose_text(), "ENCRYPTED PRIVATE KEY");
  if (!encrypted.empty()) {
    auto decrypted = detail::decrypt_pkcs8(encrypted, passphrase);
    if (!decrypted) return decrypted.error();
    der = std::move(*decrypted);
  }
  const detail::NoForkHere no_fork;
  auto key = detail::pkey_from_pkcs8(der, *algorithm);
  if (!key && !encrypted.empty() && key.error().field == "pem") return detail::wrong_passphrase();
  if (!key) return key.error();
  return detail::make_key_pair(std::move(*key), *algorithm, std::move(kid));
}

MOMENTO_TOKEN_INLINE Result<std::shared_ptr<const VerificationKey>> verification_key_from_pem(
    std::string_view alg, std::string_view pem, std::optional<std::string> kid) {
  const detail::Algorithm* const algorithm = detail::find_algorithm(alg);
  if (algorithm == nullptr) return detail::unknown_algorithm();
  if (algorithm->family == detail::Family::hmac) return detail::key_error("alg", "a secret does not come as PEM");
  const detail::NoForkHere no_fork;
  const SecretBytes der = detail::pem_decode(pem, "PUBLIC KEY");
  detail::Pkey key = der.empty() ? nullptr : detail::public_pkey_from_der(der.expose());
  if (key == nullptr) return detail::key_error("pem", "is not one SPKI block (BEGIN PUBLIC KEY)");
  if (const auto checked = detail::check_pkey(*key, *algorithm); !checked) return checked.error();
  return detail::make_verification_key(std::move(key), *algorithm, std::move(kid));
}

MOMENTO_TOKEN_END_NAMESPACE
