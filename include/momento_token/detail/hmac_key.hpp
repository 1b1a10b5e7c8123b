#pragma once
// HS256, HS384, HS512 (RFC 7518 §3.2).

#include <memory>
#include <string>
#include <utility>

#include "momento_token/detail/builtin_key.hpp"
#include "momento_token/detail/hmac.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

class HmacSigner final : public Signer {
 public:
  HmacSigner(const Algorithm& algorithm, std::string kid, std::shared_ptr<const HmacState> state)
      : algorithm_(algorithm), kid_(std::move(kid)), state_(std::move(state)) {}
  [[nodiscard]] std::string_view alg() const noexcept override { return algorithm_.name; }
  [[nodiscard]] std::string_view kid() const noexcept override { return kid_; }
  [[nodiscard]] Result<std::size_t> sign(ByteView signing_input, std::span<std::byte> signature) const override {
    if (!state_->mac(signing_input, signature.data())) return Error{Errc::internal_error, "signer", "libcrypto failed"};
    return mac_bytes();
  }
  [[nodiscard]] const HmacState& state() const noexcept { return *state_; }
  [[nodiscard]] std::size_t mac_bytes() const noexcept { return algorithm_.digest_bytes; }

 private:
  [[nodiscard]] const HmacSigner* as_hmac_signer() const noexcept override { return this; }

  const Algorithm& algorithm_;
  std::string kid_;
  std::shared_ptr<const HmacState> state_;
};

class HmacVerificationKey final : public BuiltinVerificationKey {
 public:
  HmacVerificationKey(const Algorithm& algorithm, std::string kid, std::shared_ptr<const HmacState> state)
      : BuiltinVerificationKey(algorithm, std::move(kid)), state_(std::move(state)) {}
  [[nodiscard]] bool verify(ByteView signing_input, ByteView signature) const noexcept override {
    std::byte expected[max_digest_bytes];
    if (signature.size() != algorithm().digest_bytes || !state_->mac(signing_input, expected)) return false;
    const bool equal = CRYPTO_memcmp(signature.data(), expected, signature.size()) == 0;
    wipe(expected, sizeof expected);  // the right signature of a forged token must not lie about
    return equal;
  }
  [[nodiscard]] std::string required_members() const override { return {}; }

 private:
  std::shared_ptr<const HmacState> state_;
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
