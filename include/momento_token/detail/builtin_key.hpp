#pragma once
// What a built-in verification key tells of itself beyond VerificationKey, and the rules every built-in key keeps.

#include <cstddef>
#include <string>
#include <string_view>

#include "momento_token/detail/algorithms.hpp"
#include "momento_token/detail/utf8.hpp"
#include "momento_token/result.hpp"
#include "momento_token/signer.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::size_t max_kid_bytes = 256;

[[nodiscard]] inline Error key_error(std::string_view field, StaticText message) {
  return {Errc::invalid_argument, std::string(field), message};
}

[[nodiscard]] inline bool is_valid_kid(std::string_view kid) noexcept {
  return kid.size() <= max_kid_bytes && valid_utf8(kid);
}
[[nodiscard]] inline Error bad_kid() { return key_error("kid", "must be UTF-8 of at most 256 bytes"); }
[[nodiscard]] inline Error unknown_algorithm() {
  return key_error("alg", "is not built in; HS, ES, RS and PS with 256, 384 or 512, and EdDSA are");
}

class BuiltinVerificationKey : public VerificationKey {
 public:
  BuiltinVerificationKey(const Algorithm& algorithm, std::string kid) : algorithm_(algorithm), kid_(std::move(kid)) {}
  /// The key as one of ours; null for null and for others.
  [[nodiscard]] static const BuiltinVerificationKey* of(const VerificationKey* key) noexcept {
    return key == nullptr ? nullptr : key->as_builtin();
  }
  [[nodiscard]] std::string_view alg() const noexcept final { return algorithm_.name; }
  [[nodiscard]] std::string_view kid() const noexcept final { return kid_; }
  [[nodiscard]] const Algorithm& algorithm() const noexcept { return algorithm_; }
  [[nodiscard]] bool is_symmetric() const noexcept { return algorithm_.family == Family::hmac; }
  /// The members of the public JWK that RFC 7638 §3.2 asks for, in its order; empty for a symmetric key.
  [[nodiscard]] virtual std::string required_members() const = 0;

 private:
  [[nodiscard]] const BuiltinVerificationKey* as_builtin() const noexcept final { return this; }

  const Algorithm& algorithm_;
  std::string kid_;
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
