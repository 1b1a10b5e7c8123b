#pragma once
// New private keys as JWK text that never leaves wiped memory.

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

#include "momento_token/detail/base64.hpp"
#include "momento_token/detail/json_writer.hpp"
#include "momento_token/detail/key_making.hpp"
#include "momento_token/detail/os_fork.hpp"
#include "momento_token/detail/os_random.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// Text that grows inside wiped memory of a fixed size.
class SecretText {
 public:
  // An 8192-bit RSA key takes about 6.3 KiB, the largest kid 1.5 KiB.
  SecretText() : bytes_(std::size_t{16} * 1024), end_(reinterpret_cast<char*>(bytes_.expose_for_writing().data())) {}
  void put(std::string_view text) noexcept { end_ = detail::put(end_, text); }
  void put_string(std::string_view text) noexcept { end_ = put_json_string(end_, text); }
  void put_base64url(ByteView bytes) noexcept {
    end_ = encode_base64(base64url_pairs, bytes.data(), bytes.size(), end_);
  }
  /// ,"name":"base64url"
  void put_member(std::string_view name, ByteView bytes) noexcept {
    put(",\"");
    put(name);
    put("\":\"");
    put_base64url(bytes);
    put("\"");
  }
  [[nodiscard]] SecretBytes take() && {
    bytes_.truncate(static_cast<std::size_t>(end_ - reinterpret_cast<char*>(bytes_.expose_for_writing().data())));
    return std::move(bytes_);
  }

 private:
  SecretBytes bytes_;
  char* end_;
};

[[nodiscard]] inline Error no_randomness() { return {Errc::internal_error, {}, "the random source failed"}; }

[[nodiscard]] inline Pkey generate_pkey(const Algorithm& algorithm, unsigned rsa_bits) {
  const NoForkHere no_fork;
  const ErrorQueueGuard guard;
  switch (algorithm.family) {
    case Family::ecdsa: return Pkey(EVP_EC_gen(algorithm.group));
    case Family::eddsa: return Pkey(EVP_PKEY_Q_keygen(nullptr, nullptr, algorithm.group));
    case Family::rsa_pkcs1:
    case Family::rsa_pss: return Pkey(EVP_RSA_gen(rsa_bits));
    case Family::hmac: break;
  }
  return nullptr;
}

inline void put_private_members(SecretText& text, const EVP_PKEY& key, const Algorithm& algorithm) {
  const auto put_number = [&](std::string_view name, const char* param, std::size_t width = 0) {
    const SecretBytes number = pkey_number(key, param, width);
    text.put_member(name, number.expose());
  };
  if (algorithm.family == Family::ecdsa) {
    put_number("d", OSSL_PKEY_PARAM_PRIV_KEY, algorithm.coordinate_bytes);
  } else if (algorithm.family == Family::eddsa) {
    SecretBytes d(algorithm.coordinate_bytes);
    std::size_t size = d.size();
    EVP_PKEY_get_raw_private_key(&key, reinterpret_cast<unsigned char*>(d.expose_for_writing().data()), &size);
    text.put_member("d", d.expose());
  } else {
    put_number("d", OSSL_PKEY_PARAM_RSA_D);
    put_number("p", OSSL_PKEY_PARAM_RSA_FACTOR1);
    put_number("q", OSSL_PKEY_PARAM_RSA_FACTOR2);
    put_number("dp", OSSL_PKEY_PARAM_RSA_EXPONENT1);
    put_number("dq", OSSL_PKEY_PARAM_RSA_EXPONENT2);
    put_number("qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1);
  }
}

inline void put_common_members(SecretText& text, const Algorithm& algorithm, std::string_view kid) {
  text.put(",\"alg\":\"");
  text.put(algorithm.name);
  text.put("\",\"use\":\"sig\",\"kid\":");
  text.put_string(kid);
  text.put("}");
}

[[nodiscard]] inline Result<SecretBytes> generate_symmetric_jwk(const Algorithm& algorithm, std::string_view kid) {
  SecretBytes secret(algorithm.digest_bytes);
  std::byte id[16];
  if (!fill_random(secret.expose_for_writing().data(), secret.size()) || !fill_random(id, sizeof id)) {
    return no_randomness();
  }
  const std::string random_kid = base64url_encode(id);
  SecretText text;
  text.put("{\"kty\":\"oct\"");
  text.put_member("k", secret.expose());
  put_common_members(text, algorithm, kid.empty() ? std::string_view(random_kid) : kid);
  return std::move(text).take();
}

[[nodiscard]] inline Result<SecretBytes> generate_asymmetric_jwk(const Algorithm& algorithm, std::string_view kid,
                                                                 unsigned rsa_bits) {
  const Pkey key = generate_pkey(algorithm, rsa_bits);
  if (key == nullptr) return crypto_failed();
  const std::string members = public_jwk_members(*key, algorithm);
  const std::string print = thumbprint(members);
  SecretText text;
  text.put("{");
  text.put(members);
  put_private_members(text, *key, algorithm);
  put_common_members(text, algorithm, kid.empty() ? std::string_view(print) : kid);
  return std::move(text).take();
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
