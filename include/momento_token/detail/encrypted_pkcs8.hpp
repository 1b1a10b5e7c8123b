#pragma once
// Encrypted PKCS#8 (RFC 5958 §3, RFC 8018): decrypted straight into wiped memory. PBES2 with PBKDF2 or scrypt and AES-CBC
// or 3DES-CBC, which is what `openssl pkcs8 -topk8` has written since 2016; the older PBES1 and PKCS#12 schemes are refused.

#include <openssl/asn1t.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "momento_token/detail/builtin_key.hpp"
#include "momento_token/detail/openssl.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/keys.hpp"
#include "momento_token/secret.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

using X509Sig = std::unique_ptr<X509_SIG, OpensslFree<X509_SIG_free>>;
using Pbe2Param = std::unique_ptr<PBE2PARAM, OpensslFree<PBE2PARAM_free>>;
using Pbkdf2Param = std::unique_ptr<PBKDF2PARAM, OpensslFree<PBKDF2PARAM_free>>;
using ScryptParams = std::unique_ptr<SCRYPT_PARAMS, OpensslFree<SCRYPT_PARAMS_free>>;
using CipherCtx = std::unique_ptr<EVP_CIPHER_CTX, OpensslFree<EVP_CIPHER_CTX_free>>;

/// What deriving the key from the passphrase may cost: about a second of PBKDF2, 32 MiB (libcrypto's own bound) and half a
/// second of scrypt.
inline constexpr std::uint64_t max_pbkdf2_iterations = 2'000'000;
inline constexpr std::uint64_t max_scrypt_work = std::uint64_t{1} << 20;  // N r p; OpenSSL's default is 2^17

[[nodiscard]] inline int nid_of(const X509_ALGOR& algorithm) noexcept {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, &algorithm);
  return OBJ_obj2nid(object);
}

/// The SEQUENCE of an algorithm's parameters as `item`; null when it is none.
template <class T>
[[nodiscard]] std::unique_ptr<T, OpensslFree<T>> algorithm_parameters(const X509_ALGOR& algorithm,
                                                                      const ASN1_ITEM* item) noexcept;

[[nodiscard]] inline void* unpack_parameters(const X509_ALGOR& algorithm, const ASN1_ITEM* item) noexcept {
  return ASN1_TYPE_unpack_sequence(item, algorithm.parameter);
}
