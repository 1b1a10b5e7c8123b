#pragma once
// Asymmetric keys: built from numbers or DER, checked before use, read back as numbers.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "momento_token/detail/base64.hpp"
#include "momento_token/detail/builtin_key.hpp"
#include "momento_token/detail/openssl.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/secret.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr int min_rsa_bits = 2048, max_rsa_bits = 8192;

// ---- building ----

/// An unsigned number in the byte order OSSL_PARAM wants: the machine's. Wiped, since it may be private.
[[nodiscard]] inline SecretBytes native_number(ByteView big_endian) {
  SecretBytes number = SecretBytes::copy_of(big_endian);
  if constexpr (std::endian::native == std::endian::little) {
    const auto bytes = number.expose_for_writing();
    std::reverse(bytes.begin(), bytes.end());
  }
  return number;
}

/// Collects the parameters of one key. Nothing is copied out of wiped memory by us.
class PkeyParams {
 public:
  void number(const char* name, ByteView big_endian) {
    numbers_.push_back(native_number(big_endian));
    const auto bytes = numbers_.back().expose_for_writing();
    params_.push_back(OSSL_PARAM_construct_BN(name, reinterpret_cast<unsigned char*>(bytes.data()), bytes.size()));
  }
  void octets(const char* name, ByteView bytes) {
    params_.push_back(OSSL_PARAM_construct_octet_string(name, const_cast<std::byte*>(bytes.data()), bytes.size()));
  }
  void text(const char* name, const char* value) {
    params_.push_back(OSSL_PARAM_construct_utf8_string(name, const_cast<char*>(value), 0));
  }
  /// Null when libcrypto refuses the numbers.
  [[nodiscard]] Pkey make(const char* type, int selection) {
    const ErrorQueueGuard guard;
    params_.push_back(OSSL_PARAM_construct_end());
    const PkeyCtx context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    if (context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, selection, params_.data()) != 1) {
      EVP_PKEY_free(key);
      return nullptr;
    }
    return Pkey(key);
  }

 private:
  std::vector<SecretBytes> numbers_;
  std::vector<OSSL_PARAM> params_;
};

[[nodiscard]] inline bool has_text(const EVP_PKEY& key, const char* param, std::string_view wanted) noexcept {
  char text[32] = {};
  std::size_t size = 0;
  return EVP_PKEY_get_utf8_string_param(&key, param, text, sizeof text, &size) == 1 &&
         std::string_view(text, size) == wanted;
}

/// RFC 5480 §2.1.1, §2.2: the curve is given by its name, and a point is uncompressed or compressed, never both at once.
[[nodiscard]] inline bool is_rfc5480(const EVP_PKEY& key) noexcept {
  return has_text(key, OSSL_PKEY_PARAM_EC_ENCODING, OSSL_PKEY_EC_ENCODING_GROUP) &&
         !has_text(key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, OSSL_PKEY_EC_POINT_CONVERSION_FORMAT_HYBRID);
}

/// The public half as SubjectPublicKeyInfo; empty when libcrypto fails.
[[nodiscard]] inline Bytes public_pkey_der(const EVP_PKEY& key) {
  const ErrorQueueGuard guard;
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(&key, &der);
  const auto* const first = reinterpret_cast<const std::byte*>(der);
  Bytes bytes(first, first + std::max(size, 0));
  OPENSSL_free(der);
  return bytes;
}

/// libcrypto's reader also takes BER, stray bits and curves in full; one key shall have one text.
[[nodiscard]] inline bool is_strict_spki(const EVP_PKEY& key, ByteView der) {
  return as_text(public_pkey_der(key)) == as_text(der) && (EVP_PKEY_is_a(&key, "EC") != 1 || is_rfc5480(key));
}

/// From exactly one DER SubjectPublicKeyInfo. Null when it is not that. (Private keys: pkcs8.hpp.)
[[nodiscard]] inline Pkey public_pkey_from_der(ByteView der) {
  const ErrorQueueGuard guard;
  EVP_PKEY* key = nullptr;
  const DecoderCtx context(OSSL_DECODER_CTX_new_for_pkey(&key, "DER", "SubjectPublicKeyInfo", nullptr,
                                                         EVP_PKEY_PUBLIC_KEY, nullptr, nullptr));
  const auto* p = reinterpret_cast<const unsigned char*>(der.data());
  std::size_t left = der.size();
  if (context == nullptr || OSSL_DECODER_from_data(context.get(), &p, &left) != 1 || left != 0) {
    EVP_PKEY_free(key);
    return nullptr;
  }
  Pkey read(key);
  return is_strict_spki(*read, der) ? std::move(read) : nullptr;
}

// ---- reading back ----

/// Big-endian, at least `width` bytes long; empty when the key has no such number.
[[nodiscard]] inline SecretBytes pkey_number(const EVP_PKEY& key, const char* name, std::size_t width = 0) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(&key, name, &raw) != 1) return {};
  const SecretBn number(raw);
  SecretBytes bytes(std::max(width, static_cast<std::size_t>(BN_num_bytes(number.get()))));
  const auto out = bytes.expose_for_writing();
  if (BN_bn2binpad(number.get(), reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size())) < 0)
    return {};
  return bytes;
}

[[nodiscard]] inline Bytes pkey_raw_public(const EVP_PKEY& key) {
  std::size_t size = 0;
  if (EVP_PKEY_get_raw_public_key(&key, nullptr, &size) != 1) return {};
  Bytes bytes(size);
  if (EVP_PKEY_get_raw_public_key(&key, reinterpret_cast<unsigned char*>(bytes.data()), &size) != 1) return {};
  return bytes;
}

/// RFC 7638 §3.2: the required members in the order of their names, no white space.
[[nodiscard]] inline std::string public_jwk_members(const EVP_PKEY& key, const Algorithm& algorithm) {
  const auto number = [&](const char* name, std::size_t width = 0) {
    const SecretBytes bytes = pkey_number(key, name, width);
    return base64url_encode(bytes.expose());
  };
  std::string members;
  const auto add = [&](std::string_view name, std::string_view value) {
    members.append(members.empty() ? "\"" : ",\"").append(name).append("\":\"").append(value).append("\"");
  };
  if (algorithm.family == Family::rsa_pkcs1 || algorithm.family == Family::rsa_pss) {
    add("e", number(OSSL_PKEY_PARAM_RSA_E));
    add("kty", algorithm.kty);
    add("n", number(OSSL_PKEY_PARAM_RSA_N));
    return members;
  }
  add("crv", algorithm.crv);
  add("kty", algorithm.kty);
  if (algorithm.family == Family::ecdsa) {
    add("x", number(OSSL_PKEY_PARAM_EC_PUB_X, algorithm.coordinate_bytes));
    add("y", number(OSSL_PKEY_PARAM_EC_PUB_Y, algorithm.coordinate_bytes));
  } else {
    add("x", base64url_encode(pkey_raw_public(key)));
  }
  return members;
}

/// RFC 7638 §3.1 with SHA-256.
[[nodiscard]] inline std::string thumbprint(const std::string& required_members) {
  const std::string text = "{" + required_members + "}";
  std::array<std::byte, 32> digest{};
  EVP_Q_digest(nullptr, "SHA256", nullptr, text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()),
               nullptr);
  return base64url_encode(digest);
}

// ---- checking ----

/// The points of order 1, 2, 4 and 8 of edwards25519 and every y that is not below the field's prime: with these a signature
/// may hold for any message. The sign bit of x does not count.
[[nodiscard]] inline bool is_weak_ed25519_point(ByteView point) noexcept {
  static constexpr std::uint8_t order_8[2][32] = {
      {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
       0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
      {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
       0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a}};
  std::uint8_t y[32];
  if (point.size() != sizeof y) return true;
  std::memcpy(y, point.data(), sizeof y);
  y[31] &= 0x7F;
  for (const auto& bad : order_8) {
    if (std::memcmp(y, bad, sizeof y) == 0) return true;
  }
  const bool rest_zero = std::all_of(y + 1, y + 32, [](std::uint8_t b) { return b == 0; });
  if (rest_zero && y[0] <= 1) return true;  // y = 0: order 4; y = 1: order 1
  const bool rest_ones = y[31] == 0x7F && std::all_of(y + 1, y + 31, [](std::uint8_t b) { return b == 0xFF; });
  return rest_ones && y[0] >= 0xEC;  // y = p - 1: order 2; y >= p: not canonical
}

[[nodiscard]] inline Result<void> check_rsa(const EVP_PKEY& key) {
  const int bits = EVP_PKEY_get_bits(&key);
  if (bits < min_rsa_bits || bits > max_rsa_bits) return key_error("n", "must be an RSA modulus of 2048 to 8192 bits");
  const SecretBytes modulus = pkey_number(key, OSSL_PKEY_PARAM_RSA_N);
  const SecretBytes exponent = pkey_number(key, OSSL_PKEY_PARAM_RSA_E);
  const auto is_odd = [](const SecretBytes& n) {
    return !n.empty() && (n.expose().back() & std::byte{1}) != std::byte{0};
  };
  if (!is_odd(modulus)) return key_error("n", "is even, which no RSA modulus is");
  const bool at_least_3 = exponent.size() > 1 || (exponent.size() == 1 && exponent.expose()[0] >= std::byte{3});
  if (!is_odd(exponent) || !at_least_3 || exponent.size() > 8) {
    return key_error("e", "must be odd, at least 3 and below 2^64");
  }
  return {};
}

/// a * b == 1 modulo m - 1.
[[nodiscard]] inline bool are_inverse(const BIGNUM* a, const BIGNUM* b, const BIGNUM* m, BN_CTX* context) noexcept {
  const SecretBn less(BN_dup(m)), product(BN_new());
  return less != nullptr && product != nullptr && BN_sub_word(less.get(), 1) == 1 &&
         BN_mod_mul(product.get(), a, b, less.get(), context) == 1 && BN_is_one(product.get()) == 1;
}

/// The numbers of a private RSA key agree, and none is larger than it need be (RFC 8017 §3.2): libcrypto signs with
/// what it finds, and checks only the result. A key of n, e and d alone has little to compare.
[[nodiscard]] inline bool rsa_numbers_agree(const EVP_PKEY& key) {
  const auto number = [&](const char* name) {
    BIGNUM* value = nullptr;
    static_cast<void>(EVP_PKEY_get_bn_param(&key, name, &value));
    return SecretBn(value);
  };
  const SecretBn n = number(OSSL_PKEY_PARAM_RSA_N), e = number(OSSL_PKEY_PARAM_RSA_E),
                 d = number(OSSL_PKEY_PARAM_RSA_D);
  const SecretBn p = number(OSSL_PKEY_PARAM_RSA_FACTOR1), q = number(OSSL_PKEY_PARAM_RSA_FACTOR2);
  const SecretBn dp = number(OSSL_PKEY_PARAM_RSA_EXPONENT1), dq = number(OSSL_PKEY_PARAM_RSA_EXPONENT2);
  const SecretBn qi = number(OSSL_PKEY_PARAM_RSA_COEFFICIENT1);
  const auto is_below = [](const SecretBn& a, const SecretBn& b) { return BN_cmp(a.get(), b.get()) < 0; };
  if (!n || !e || !d || !is_below(d, n)) return false;
  if (!p && !q && !dp && !dq && !qi) return true;
  if (!p || !q || !dp || !dq || !qi) return false;
  if (!is_below(dp, p) || !is_below(dq, q) || !is_below(qi, p)) return false;
  const BnCtx context(BN_CTX_new());
  const SecretBn product(BN_new()), one(BN_new());
  if (!context || !product || !one || BN_cmp(p.get(), BN_value_one()) <= 0 || BN_cmp(q.get(), BN_value_one()) <= 0)
    return false;
  return BN_mul(product.get(), p.get(), q.get(), context.get()) == 1 && BN_cmp(product.get(), n.get()) == 0 &&
         are_inverse(e.get(), d.get(), p.get(), context.get()) &&
         are_inverse(e.get(), d.get(), q.get(), context.get()) &&
         are_inverse(e.get(), dp.get(), p.get(), context.get()) &&
         are_inverse(e.get(), dq.get(), q.get(), context.get()) &&
         BN_mod_mul(one.get(), qi.get(), q.get(), p.get(), context.get()) == 1 && BN_is_one(one.get()) == 1;
}

/// SEC 1 §3.2.1: a private number is above zero and below the order of its curve. A public key has none.
[[nodiscard]] inline Result<void> check_ec_private(const EVP_PKEY& key) {
  BIGNUM* value = nullptr;
  if (EVP_PKEY_get_bn_param(&key, OSSL_PKEY_PARAM_PRIV_KEY, &value) != 1) return {};
  const SecretBn d(value);
  value = nullptr;
  static_cast<void>(EVP_PKEY_get_bn_param(&key, OSSL_PKEY_PARAM_EC_ORDER, &value));
  const SecretBn order(value);
  if (!order || BN_is_zero(d.get()) == 1 || BN_cmp(d.get(), order.get()) >= 0)
    return key_error("d", "is not above zero and below the order of the curve");
  return {};
}

/// The key is of the algorithm's type, size and curve.
[[nodiscard]] inline Result<void> check_pkey(const EVP_PKEY& key, const Algorithm& algorithm) {
  const ErrorQueueGuard guard;
  const Error other_type = key_error("alg", "the key is of another type than the algorithm's");
  switch (algorithm.family) {
    case Family::rsa_pkcs1:
    case Family::rsa_pss:
      if (EVP_PKEY_is_a(&key, "RSA") != 1) return other_type;
      return check_rsa(key);
    case Family::ecdsa: {
      if (EVP_PKEY_is_a(&key, "EC") != 1) return other_type;
      if (!has_text(key, OSSL_PKEY_PARAM_GROUP_NAME, algorithm.group)) {
        return key_error("alg", "the key is on another curve than the algorithm's");
      }
      return check_ec_private(key);
    }
    case Family::eddsa:
      if (EVP_PKEY_is_a(&key, algorithm.group) != 1) return other_type;
      if (is_weak_ed25519_point(pkey_raw_public(key)))
        return key_error("x", "is a point of small order or not canonical");
      return {};
    case Family::hmac: break;
  }
  return other_type;
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
