#pragma once
// Encrypted PKCS#8 (RFC 5958 §3, RFC 8018 §6.2), decrypted straight into wiped memory: PBES2 with PBKDF2 or scrypt and
// AES-CBC or 3DES-CBC, as `openssl pkcs8 -topk8` writes it. PBES1 and the PKCS#12 schemes are refused: they hang on MD5,
// SHA-1, DES and RC2.

#include <cstddef>
#include <cstdint>
#include <memory>

#include "momento_token/detail/builtin_key.hpp"
#include "momento_token/detail/openssl.hpp"
#include "momento_token/detail/os_fork.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/keys.hpp"
#include "momento_token/result.hpp"
#include "momento_token/secret.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

using X509Sig = std::unique_ptr<X509_SIG, OpensslFree<X509_SIG_free>>;
using Pbe2Param = std::unique_ptr<PBE2PARAM, OpensslFree<PBE2PARAM_free>>;
using Pbkdf2Param = std::unique_ptr<PBKDF2PARAM, OpensslFree<PBKDF2PARAM_free>>;
using ScryptParam = std::unique_ptr<SCRYPT_PARAMS, OpensslFree<SCRYPT_PARAMS_free>>;
using CipherCtx = std::unique_ptr<EVP_CIPHER_CTX, OpensslFree<EVP_CIPHER_CTX_free>>;

// What working the key out of the passphrase may cost. OpenSSL writes 2048 iterations of PBKDF2, OWASP asks for up to
// 1.3 million; of scrypt OpenSSL writes N = 16384, r = 8, p = 1 and 8 to 16 bytes of salt, and refuses more than 32 MiB
// by itself. Each 32 of 128 r p bytes are made by hashing the whole salt.
inline constexpr std::uint64_t max_pbkdf2_iterations = 2'000'000;
inline constexpr std::uint64_t max_scrypt_work = std::uint64_t{1} << 20;  // N r p
inline constexpr std::uint64_t max_scrypt_blocks = 1024;                  // r p
inline constexpr std::uint64_t max_scrypt_memory = std::uint64_t{1} << 25;
inline constexpr int max_scrypt_salt = 64;
inline constexpr std::size_t max_passphrase_bytes = 1024;

[[nodiscard]] inline Error bad_encryption() {
  return key_error("pem", "is not encrypted by PBES2 with PBKDF2 or scrypt and AES-CBC or 3DES-CBC");
}
[[nodiscard]] inline Error costly_encryption() {
  return key_error("pem",
                   "asks for too much work: at most 2 million PBKDF2 iterations, or scrypt with N r p of 2^20, r p of "
                   "1024, 32 MiB and 64 bytes of salt");
}

[[nodiscard]] inline int nid_of(const X509_ALGOR& algorithm) noexcept {
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, &algorithm);
  return OBJ_obj2nid(object);
}
[[nodiscard]] inline void* parameters_of(const X509_ALGOR& algorithm, const ASN1_ITEM* item) noexcept {
  return ASN1_TYPE_unpack_sequence(item, algorithm.parameter);
}
/// 0 for a number that is absent, negative or too large.
[[nodiscard]] inline std::uint64_t positive(const ASN1_INTEGER* number) noexcept {
  std::uint64_t value = 0;
  return number != nullptr && ASN1_INTEGER_get_uint64(&value, number) == 1 ? value : 0;
}

[[nodiscard]] inline Result<void> check_pbkdf2(const X509_ALGOR& algorithm) {
  const Pbkdf2Param kdf(static_cast<PBKDF2PARAM*>(parameters_of(algorithm, ASN1_ITEM_rptr(PBKDF2PARAM))));
  if (kdf == nullptr) return bad_encryption();
  switch (kdf->prf == nullptr ? NID_hmacWithSHA1 : nid_of(*kdf->prf)) {  // RFC 8018 §A.2: SHA-1 is the default
    case NID_hmacWithSHA1:
    case NID_hmacWithSHA224:
    case NID_hmacWithSHA256:
    case NID_hmacWithSHA384:
    case NID_hmacWithSHA512: break;
    default: return bad_encryption();
  }
  const std::uint64_t iterations = positive(kdf->iter);
  if (iterations == 0) return bad_encryption();
  if (iterations > max_pbkdf2_iterations) return costly_encryption();
  return {};
}

struct ScryptCost {
  std::uint64_t n, r, p;

  /// RFC 7914 §2: N is a power of two above 1, and below 2^(16 r), which from r = 2 on is_bounded() sees to.
  [[nodiscard]] bool is_scrypt() const noexcept {
    return n > 1 && (n & (n - 1)) == 0 && r != 0 && p != 0 && (r > 1 || n >> 16 == 0);
  }
  [[nodiscard]] bool is_bounded() const noexcept {
    if (n > max_scrypt_work || r > max_scrypt_blocks || p > max_scrypt_blocks / r) return false;
    return n * r * p <= max_scrypt_work && 128 * r * (n + p + 2) <= max_scrypt_memory;
  }
};

[[nodiscard]] inline Result<void> check_scrypt(const X509_ALGOR& algorithm) {
  const ScryptParam kdf(static_cast<SCRYPT_PARAMS*>(parameters_of(algorithm, ASN1_ITEM_rptr(SCRYPT_PARAMS))));
  if (kdf == nullptr) return bad_encryption();
  const ScryptCost cost{positive(kdf->costParameter), positive(kdf->blockSize),
                        positive(kdf->parallelizationParameter)};
  if (!cost.is_scrypt()) return bad_encryption();
  if (!cost.is_bounded() || ASN1_STRING_length(kdf->salt) > max_scrypt_salt) return costly_encryption();
  return {};
}

/// Only what we know, and only at a bounded price: before anybody is asked for a passphrase.
[[nodiscard]] inline Result<void> check_encryption(const X509_ALGOR& algorithm) {
  if (nid_of(algorithm) != NID_pbes2) return bad_encryption();
  const Pbe2Param pbes2(static_cast<PBE2PARAM*>(parameters_of(algorithm, ASN1_ITEM_rptr(PBE2PARAM))));
  if (pbes2 == nullptr) return bad_encryption();
  switch (nid_of(*pbes2->encryption)) {
    case NID_aes_128_cbc:
    case NID_aes_192_cbc:
    case NID_aes_256_cbc:
    case NID_des_ede3_cbc: break;
    default: return bad_encryption();
  }
  switch (nid_of(*pbes2->keyfunc)) {
    case NID_id_pbkdf2: return check_pbkdf2(*pbes2->keyfunc);
    case NID_id_scrypt: return check_scrypt(*pbes2->keyfunc);
    default: return bad_encryption();
  }
}

[[nodiscard]] inline Error wrong_passphrase() {
  return key_error("passphrase", "is wrong, or the key is damaged or of an unknown kind");
}

/// What PKCS8_decrypt() does, without its buffer: that one stays behind unwiped when the padding is wrong.
[[nodiscard]] inline Result<SecretBytes> decrypt(const X509_ALGOR& algorithm, ByteView ciphertext,
                                                 const SecretBytes& passphrase) {
  const NoForkHere no_fork;
  const CipherCtx cipher(EVP_CIPHER_CTX_new());
  // An empty passphrase is one, too; a null pointer would be none.
  const char* const text = passphrase.empty() ? "" : passphrase.expose_text().data();
  if (cipher == nullptr || EVP_PBE_CipherInit(algorithm.algorithm, text, static_cast<int>(passphrase.size()),
                                              algorithm.parameter, cipher.get(), 0) != 1) {
    return bad_encryption();
  }
  SecretBytes plain(ciphertext.size() + EVP_MAX_BLOCK_LENGTH);
  auto* const out = reinterpret_cast<unsigned char*>(plain.expose_for_writing().data());
  int written = 0, rest = 0;
  if (EVP_CipherUpdate(cipher.get(), out, &written, reinterpret_cast<const unsigned char*>(ciphertext.data()),
                       static_cast<int>(ciphertext.size())) != 1 ||
      EVP_CipherFinal_ex(cipher.get(), out + written, &rest) != 1) {
    return wrong_passphrase();
  }
  plain.truncate(static_cast<std::size_t>(written) + static_cast<std::size_t>(rest));
  return plain;
}

/// The PrivateKeyInfo in an EncryptedPrivateKeyInfo. `passphrase` is called once, after everything else has been checked.
[[nodiscard]] inline Result<SecretBytes> decrypt_pkcs8(const SecretBytes& der, const PassphraseCallback& passphrase) {
  if (passphrase == nullptr) return key_error("passphrase", "the key is encrypted, and nobody is there to ask");
  const ErrorQueueGuard guard;
  const auto* const first = reinterpret_cast<const unsigned char*>(der.expose().data());
  const unsigned char* p = first;
  const X509Sig block(d2i_X509_SIG(nullptr, &p, static_cast<long>(der.size())));
  if (block == nullptr || p != first + der.size()) return key_error("pem", "is not one encrypted PKCS#8 block");
  const X509_ALGOR* algorithm = nullptr;
  const ASN1_OCTET_STRING* ciphertext = nullptr;
  X509_SIG_get0(block.get(), &algorithm, &ciphertext);
  if (const auto checked = check_encryption(*algorithm); !checked) return checked.error();
  const auto secret = passphrase();
  if (!secret) return secret.error();
  if (secret->size() > max_passphrase_bytes) return key_error("passphrase", "is longer than 1024 bytes");
  const auto* const bytes = reinterpret_cast<const std::byte*>(ASN1_STRING_get0_data(ciphertext));
  return decrypt(*algorithm, {bytes, static_cast<std::size_t>(ASN1_STRING_length(ciphertext))}, *secret);
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
