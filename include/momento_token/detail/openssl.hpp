#pragma once
// libcrypto's objects as values that free themselves.

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/decoder.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <memory>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

template <auto Free>
struct OpensslFree {
  template <class T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};
using Pkey = std::unique_ptr<EVP_PKEY, OpensslFree<EVP_PKEY_free>>;
using PkeyCtx = std::unique_ptr<EVP_PKEY_CTX, OpensslFree<EVP_PKEY_CTX_free>>;
using MdCtx = std::unique_ptr<EVP_MD_CTX, OpensslFree<EVP_MD_CTX_free>>;
using Cipher = std::unique_ptr<EVP_CIPHER, OpensslFree<EVP_CIPHER_free>>;
using CipherCtx = std::unique_ptr<EVP_CIPHER_CTX, OpensslFree<EVP_CIPHER_CTX_free>>;
using Md = std::unique_ptr<EVP_MD, OpensslFree<EVP_MD_free>>;
using DecoderCtx = std::unique_ptr<OSSL_DECODER_CTX, OpensslFree<OSSL_DECODER_CTX_free>>;
using BnCtx = std::unique_ptr<BN_CTX, OpensslFree<BN_CTX_free>>;
using SecretBn = std::unique_ptr<BIGNUM, OpensslFree<BN_clear_free>>;

/// Leaves the thread's error queue as it was: our failures are told by Result, and a queue that only grows is read by
/// whoever asks OpenSSL next.
class ErrorQueueGuard {
 public:
  ErrorQueueGuard() noexcept { ERR_set_mark(); }
  ErrorQueueGuard(const ErrorQueueGuard&) = delete;
  ErrorQueueGuard& operator=(const ErrorQueueGuard&) = delete;
  ~ErrorQueueGuard() { ERR_pop_to_mark(); }
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
