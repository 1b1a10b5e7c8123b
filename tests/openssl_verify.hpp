#pragma once
// Checks a JWS signature with OpenSSL's EVP alone, as another implementation would, whatever the library did.

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>
#include <string_view>

namespace test {

/// RFC 7518 §3.4 to the DER that OpenSSL wants; empty when it has not the size of two coordinates.
inline std::string der_of(std::string_view raw, std::size_t coordinate) {
  if (raw.size() != 2 * coordinate) return {};
  const auto* bytes = reinterpret_cast<const unsigned char*>(raw.data());
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> signature(ECDSA_SIG_new(), ECDSA_SIG_free);
  ECDSA_SIG_set0(signature.get(), BN_bin2bn(bytes, static_cast<int>(coordinate), nullptr),
                 BN_bin2bn(bytes + coordinate, static_cast<int>(coordinate), nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text;
}

inline bool openssl_verifies(std::string_view alg, std::string_view public_pem, std::string_view input,
                             std::string_view signature) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(public_pem.data(), static_cast<int>(public_pem.size())), BIO_free);
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  const EVP_MD* digest = alg.ends_with("256")   ? EVP_sha256()
                         : alg.ends_with("384") ? EVP_sha384()
                         : alg.ends_with("512") ? EVP_sha512()
                                                : nullptr;
  EVP_PKEY_CTX* options = nullptr;
  if (!key || EVP_DigestVerifyInit(context.get(), &options, digest, nullptr, key.get()) != 1) return false;
  if (alg.starts_with("PS")) {  // RFC 7518 §3.5: the salt is as long as the digest
    EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
  }
  const std::string der = alg == "ES256"   ? der_of(signature, 32)
                          : alg == "ES384" ? der_of(signature, 48)
                                           : der_of(signature, 66);
  const std::string_view form = alg.starts_with("ES") ? std::string_view(der) : signature;
  return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(form.data()), form.size(),
                          reinterpret_cast<const unsigned char*>(input.data()), input.size()) == 1;
}

}  // namespace test
