#pragma once
// ECDSA, RSA and Ed25519 keys with their reusable contexts.

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <utility>

#include "momento_token/detail/builtin_key.hpp"
#include "momento_token/detail/ecdsa_signature.hpp"
#include "momento_token/detail/openssl.hpp"
#include "momento_token/detail/os_fork.hpp"
#include "momento_token/detail/pkey.hpp"
#include "momento_token/detail/slots.hpp"
#include "momento_token/detail/traces.hpp"
#include "momento_token/signer.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// What one operation at a time works with.
struct PkeyContext {
  PkeyCtx key;   // ECDSA, RSA: ready to sign or verify a digest, any number of times
  MdCtx digest;  // the digest; for Ed25519, which hashes itself, the whole operation
};

/// A key, its digest and its idle contexts. Const functions are thread-safe.
class PkeyOperations {
 public:
  /// Null when libcrypto cannot fetch the digest.
  [[nodiscard]] static std::unique_ptr<PkeyOperations> create(Pkey key, const Algorithm& algorithm) {
    Md md;
    if (algorithm.digest != nullptr) {
      md.reset(EVP_MD_fetch(nullptr, algorithm.digest, nullptr));
      if (md == nullptr) return nullptr;
    }
    return std::unique_ptr<PkeyOperations>(new PkeyOperations(std::move(key), std::move(md), algorithm));
  }

  PkeyOperations(const PkeyOperations&) = delete;
  PkeyOperations& operator=(const PkeyOperations&) = delete;
  ~PkeyOperations() {
    const NoForkHere no_fork;
    signing_.clear();
    verifying_.clear();
    md_.reset();
    key_.reset();
  }

  /// Writes the JOSE form and returns its size; 0 when libcrypto fails.
  [[nodiscard]] std::size_t sign(ByteView message, std::span<std::byte> out) const {
    const NoForkHere no_fork;  // nonces, salts and blinding are drawn from libcrypto's generator
    const ErrorQueueGuard guard;
    auto context = lease(true);
    if (context == nullptr) return 0;
    const std::size_t size = sign_with(*context, message, out);
    forget_copies();
    forget_vector_registers();
    if (size != 0)
      signing_.give_back(std::move(context));  // after a failure it is freed: who knows what state it is in
    return size;
  }

  [[nodiscard]] bool verify(ByteView message, ByteView signature) const {
    if (signature.size() != signature_bytes_) return false;
    const NoForkHere no_fork;  // a key's first use computes tables under a lock
    const ErrorQueueGuard guard;
    auto context = lease(false);
    if (context == nullptr || !verify_with(*context, message, signature)) return false;
    verifying_.give_back(std::move(context));
    return true;
  }

  [[nodiscard]] const EVP_PKEY& key() const noexcept { return *key_; }

 private:
  PkeyOperations(Pkey key, Md md, const Algorithm& algorithm) noexcept
      : key_(std::move(key)), md_(std::move(md)), algorithm_(algorithm) {
    signature_bytes_ = algorithm.family == Family::rsa_pkcs1 || algorithm.family == Family::rsa_pss
                           ? static_cast<std::size_t>(EVP_PKEY_get_size(key_.get()))
                           : std::size_t{2} * algorithm.coordinate_bytes;
  }

  [[nodiscard]] bool is_eddsa() const noexcept { return algorithm_.family == Family::eddsa; }

  /// An idle context made ready again, or a new one. Null when libcrypto fails.
  [[nodiscard]] std::unique_ptr<PkeyContext> lease(bool signing) const {
    auto context = (signing ? signing_ : verifying_).take();
    if (context != nullptr && (!is_eddsa() || start_eddsa(*context, signing, nullptr))) return context;
    return make_context(signing);
  }

  [[nodiscard]] std::unique_ptr<PkeyContext> make_context(bool signing) const {
    std::unique_ptr<PkeyContext> context(new (std::nothrow) PkeyContext);
    if (context == nullptr) return nullptr;
    context->digest.reset(EVP_MD_CTX_new());
    if (context->digest == nullptr) return nullptr;
    if (is_eddsa()) return start_eddsa(*context, signing, key_.get()) ? std::move(context) : nullptr;
    context->key.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, key_.get(), nullptr));
    EVP_PKEY_CTX* const key = context->key.get();
    if (key == nullptr || (signing ? EVP_PKEY_sign_init(key) : EVP_PKEY_verify_init(key)) != 1 || !set_padding(key) ||
        EVP_PKEY_CTX_set_signature_md(key, md_.get()) != 1) {
      return nullptr;
    }
    return context;
  }

  // Without a key: the same one again, which needs no look-up.
  [[nodiscard]] static bool start_eddsa(PkeyContext& context, bool signing, EVP_PKEY* key) noexcept {
    EVP_MD_CTX* const c = context.digest.get();
    return (signing ? EVP_DigestSignInit(c, nullptr, nullptr, nullptr, key)
                    : EVP_DigestVerifyInit(c, nullptr, nullptr, nullptr, key)) == 1;
  }

  // RFC 7518 §3.5: MGF1 with the same hash, a salt as long as the digest.
  [[nodiscard]] bool set_padding(EVP_PKEY_CTX* context) const noexcept {
    if (algorithm_.family == Family::rsa_pkcs1) return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
    if (algorithm_.family != Family::rsa_pss) return true;
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
  }

  struct Digest {
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;
  };
  [[nodiscard]] bool digest(EVP_MD_CTX* context, ByteView message, Digest& out) const noexcept {
    return EVP_DigestInit_ex2(context, md_.get(), nullptr) == 1 &&
           EVP_DigestUpdate(context, message.data(), message.size()) == 1 &&
           EVP_DigestFinal_ex(context, out.bytes, &out.size) == 1;
  }

  [[nodiscard]] std::size_t sign_with(PkeyContext& context, ByteView message, std::span<std::byte> out) const noexcept {
    const auto* const in = reinterpret_cast<const unsigned char*>(message.data());
    auto* const raw = reinterpret_cast<unsigned char*>(out.data());
    std::size_t size = out.size();
    if (is_eddsa()) {
      return EVP_DigestSign(context.digest.get(), raw, &size, in, message.size()) == 1 ? size : 0;
    }
    Digest d;
    if (!digest(context.digest.get(), message, d)) return 0;
    if (algorithm_.family != Family::ecdsa) {
      return EVP_PKEY_sign(context.key.get(), raw, &size, d.bytes, d.size) == 1 ? size : 0;
    }
    std::uint8_t der[max_ecdsa_der_bytes];
    size = sizeof der;
    if (EVP_PKEY_sign(context.key.get(), der, &size, d.bytes, d.size) != 1 ||
        !ecdsa_from_der(der, size, out.data(), algorithm_.coordinate_bytes)) {
      return 0;
    }
    return signature_bytes_;
  }

  [[nodiscard]] bool verify_with(PkeyContext& context, ByteView message, ByteView signature) const noexcept {
    const auto* const raw = reinterpret_cast<const unsigned char*>(signature.data());
    if (is_eddsa()) {
      return EVP_DigestVerify(context.digest.get(), raw, signature.size(),
                              reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
    }
    Digest d;
    if (!digest(context.digest.get(), message, d)) return false;
    if (algorithm_.family != Family::ecdsa) {
      return EVP_PKEY_verify(context.key.get(), raw, signature.size(), d.bytes, d.size) == 1;
    }
    std::uint8_t der[max_ecdsa_der_bytes];
    const std::size_t size = ecdsa_to_der(signature.data(), algorithm_.coordinate_bytes, der);
    return EVP_PKEY_verify(context.key.get(), der, size, d.bytes, d.size) == 1;
  }

  Pkey key_;
  Md md_;
  const Algorithm& algorithm_;
  std::size_t signature_bytes_ = 0;
  Slots<PkeyContext> signing_;
  Slots<PkeyContext> verifying_;
};

class AsymmetricSigner final : public Signer {
 public:
  AsymmetricSigner(const Algorithm& algorithm, std::string kid, std::shared_ptr<const PkeyOperations> operations)
      : algorithm_(algorithm), kid_(std::move(kid)), operations_(std::move(operations)) {}
  [[nodiscard]] std::string_view alg() const noexcept override { return algorithm_.name; }
  [[nodiscard]] std::string_view kid() const noexcept override { return kid_; }
  [[nodiscard]] Result<std::size_t> sign(ByteView signing_input, std::span<std::byte> signature) const override {
    const std::size_t size = operations_->sign(signing_input, signature);
    if (size == 0) return Error{Errc::internal_error, "signer", "libcrypto failed to sign"};
    return size;
  }

 private:
  const Algorithm& algorithm_;
  std::string kid_;
  std::shared_ptr<const PkeyOperations> operations_;
};

/// Holds the public half only, even when it was made from a private key: what verifies cannot sign.
class AsymmetricVerificationKey final : public BuiltinVerificationKey {
 public:
  AsymmetricVerificationKey(const Algorithm& algorithm, std::string kid,
                            std::shared_ptr<const PkeyOperations> operations)
      : BuiltinVerificationKey(algorithm, std::move(kid)), operations_(std::move(operations)) {}
  [[nodiscard]] bool verify(ByteView signing_input, ByteView signature) const noexcept override {
    return operations_->verify(signing_input, signature);
  }
  [[nodiscard]] std::string required_members() const override {
    return public_jwk_members(operations_->key(), algorithm());
  }

 private:
  std::shared_ptr<const PkeyOperations> operations_;
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
