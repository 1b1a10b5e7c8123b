#pragma once
// PKCS#8 private keys (RFC 5958) of the built-in kinds: RSAPrivateKey (RFC 8017 §A.1.2), ECPrivateKey (RFC 5915),
// CurvePrivateKey (RFC 8410 §7). Read by ourselves because OSSL_DECODER leaves an unwiped copy of the whole DER on the heap.

#include <cstddef>
#include <iterator>
#include <optional>

#include "momento_token/detail/der.hpp"
#include "momento_token/detail/pkey.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

using EcGroup = std::unique_ptr<EC_GROUP, OpensslFree<EC_GROUP_free>>;
using EcPoint = std::unique_ptr<EC_POINT, OpensslFree<EC_POINT_clear_free>>;

[[nodiscard]] inline Error bad_pkcs8() { return key_error("pem", "is not one PKCS#8 block (BEGIN PRIVATE KEY)"); }
[[nodiscard]] inline Error other_key_type() {
  return key_error("alg", "the key is of another type than the algorithm's");
}
[[nodiscard]] inline Error other_curve() {
  return key_error("alg", "the key is on another curve than the algorithm's");
}

/// Whether these are the contents of the OBJECT IDENTIFIER that libcrypto has under this number.
[[nodiscard]] inline bool is_object(ByteView contents, int nid) noexcept {
  const ASN1_OBJECT* const object = OBJ_nid2obj(nid);
  if (object == nullptr || OBJ_length(object) != contents.size()) return false;
  return as_text(contents) == std::string_view(reinterpret_cast<const char*>(OBJ_get0_data(object)), contents.size());
}

/// PrivateKeyInfo, or OneAsymmetricKey: the algorithm's name, its parameters, the key of that kind, its public half.
struct Pkcs8 {
  ByteView object;
  DerReader parameters{ByteView()};
  ByteView key;
  std::optional<ByteView> public_half;
};

[[nodiscard]] inline std::optional<Pkcs8> read_pkcs8(ByteView der) noexcept {
  DerReader whole(der);
  const auto contents = whole.take(der_tag::sequence);
  if (!contents || !whole.done()) return {};
  DerReader info(*contents);
  const auto version = info.take_version();
  const auto algorithm = info.take(der_tag::sequence);
  const auto key = info.take(der_tag::octet_string);
  if (version.value_or(2) > 1 || !algorithm || !key) return {};
  info.skip(der_tag::context(0));  // attributes
  const auto public_half = info.take(der_tag::implicit(1));
  if (public_half && version != 1U) return {};
  DerReader parameters(*algorithm);
  const auto object = parameters.take(der_tag::object);
  if (!info.done() || !object) return {};
  return Pkcs8{*object, parameters, *key, public_half};
}

// ---- RSA ----

[[nodiscard]] inline Result<Pkey> rsa_from_pkcs8(Pkcs8 info) {
  if (!is_object(info.object, NID_rsaEncryption)) return other_key_type();
  const auto null = info.parameters.take(der_tag::null);  // RFC 8017 §A.1
  if (!null || !null->empty() || !info.parameters.done()) return bad_pkcs8();
  static constexpr const char* names[] = {OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
                                          OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
                                          OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
                                          OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1};
  DerReader outer(info.key);
  const auto contents = outer.take(der_tag::sequence);
  if (!contents || !outer.done()) return bad_pkcs8();
  DerReader numbers(*contents);
  if (numbers.take_version() != 0U) return bad_pkcs8();  // 1: more than two primes
  PkeyParams params;
  for (const char* const name : names) {
    const auto number = numbers.take_positive();
    if (!number) return bad_pkcs8();
    if (number->size() > max_rsa_bits / 8) return key_error("n", "must be an RSA modulus of 2048 to 8192 bits");
    params.number(name, *number);
  }
  if (!numbers.done()) return bad_pkcs8();
  Pkey key = params.make("RSA", EVP_PKEY_KEYPAIR);
  if (key == nullptr) return bad_pkcs8();
  return key;
}

// ---- EC ----

/// The public point of a private number: not every key file brings it.
[[nodiscard]] inline Bytes ec_public_point(ByteView d, int nid) {
  const EcGroup group(EC_GROUP_new_by_curve_name(nid));
  const SecretBn number(BN_secure_new());
  if (group == nullptr || number == nullptr ||
      BN_bin2bn(reinterpret_cast<const unsigned char*>(d.data()), static_cast<int>(d.size()), number.get()) ==
          nullptr) {
    return {};
  }
  const EcPoint point(EC_POINT_new(group.get()));
  unsigned char bytes[1 + 2 * 66];
  if (point == nullptr || EC_POINT_mul(group.get(), point.get(), number.get(), nullptr, nullptr, nullptr) != 1)
    return {};
  const std::size_t size =
      EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, bytes, sizeof bytes, nullptr);
  const auto* const first = reinterpret_cast<const std::byte*>(bytes);
  return Bytes(first, first + size);
}

struct EcPrivateKey {
  ByteView d;
  std::optional<ByteView> curve, point;
};

[[nodiscard]] inline std::optional<EcPrivateKey> read_ec_private_key(ByteView der) noexcept {
  DerReader outer(der);
  const auto contents = outer.take(der_tag::sequence);
  if (!contents || !outer.done()) return {};
  DerReader parts(*contents);
  EcPrivateKey key;
  const auto version = parts.take_version();
  const auto d = parts.take(der_tag::octet_string);
  if (version != 1U || !d || d->empty()) return {};
  key.d = *d;
  if (const auto parameters = parts.take(der_tag::context(0))) {
    DerReader inside(*parameters);
    key.curve = inside.take(der_tag::object);
    if (!key.curve || !inside.done()) return {};
  }
  if (const auto public_key = parts.take(der_tag::context(1))) {
    DerReader inside(*public_key);
    const auto bits = inside.take(der_tag::bit_string);
    // One byte alone would be the point at infinity (SEC 1 §2.3.3).
    if (!bits || bits->size() < 3 || (*bits)[0] != std::byte{0} || !inside.done()) return {};
    key.point = bits->subspan(1);
    if (key.point->front() > std::byte{4}) return {};  // hybrid: RFC 5480 §2.2
  }
  if (!parts.done()) return {};
  return key;
}

[[nodiscard]] inline Result<Pkey> ec_from_pkcs8(Pkcs8 info, const Algorithm& algorithm) {
  if (!is_object(info.object, NID_X9_62_id_ecPublicKey)) return other_key_type();
  const int nid = OBJ_sn2nid(algorithm.group);
  const auto curve = info.parameters.take(der_tag::object);  // RFC 5480 §2.1.1: named, never spelled out
  if (!curve || !info.parameters.done() || !is_object(*curve, nid)) return other_curve();
  const auto read = read_ec_private_key(info.key);
  if (!read || read->d.size() > algorithm.coordinate_bytes) return bad_pkcs8();
  if (read->curve && !is_object(*read->curve, nid)) return other_curve();
  Bytes computed;
  if (!read->point) computed = ec_public_point(read->d, nid);
  PkeyParams params;
  params.text(OSSL_PKEY_PARAM_GROUP_NAME, algorithm.group);
  params.octets(OSSL_PKEY_PARAM_PUB_KEY, read->point.value_or(ByteView(computed)));
  params.number(OSSL_PKEY_PARAM_PRIV_KEY, read->d);
  Pkey key = params.make("EC", EVP_PKEY_KEYPAIR);
  if (key == nullptr) return bad_pkcs8();
  return key;
}

// ---- Ed25519 ----

[[nodiscard]] inline Result<Pkey> okp_from_pkcs8(const Pkcs8& info, const Algorithm& algorithm) {
  if (!is_object(info.object, OBJ_sn2nid(algorithm.group))) return other_key_type();
  DerReader outer(info.key);
  const auto seed = outer.take(der_tag::octet_string);
  if (!seed || !outer.done() || seed->size() != algorithm.coordinate_bytes || !info.parameters.done())
    return bad_pkcs8();
  const ErrorQueueGuard guard;
  Pkey key(EVP_PKEY_new_raw_private_key_ex(nullptr, algorithm.group, nullptr,
                                           reinterpret_cast<const unsigned char*>(seed->data()), seed->size()));
  if (key == nullptr) return bad_pkcs8();
  return key;
}

// ---- any of them ----

/// Of an EC point in a BIT STRING, 00 04 X Y, its other form (SEC 1 §2.3.3): 00 02 X or, when Y is odd, 00 03 X.
[[nodiscard]] inline std::string compressed_point(ByteView bits) {
  const std::size_t coordinate = (bits.size() - 2) / 2;
  std::string point(as_text(bits.first(2 + coordinate)));
  point[1] = (bits.back() & std::byte{1}) == std::byte{0} ? '\2' : '\3';
  return point;
}

/// RFC 5958 §2: it is the BIT STRING that SubjectPublicKeyInfo has, whatever the kind.
[[nodiscard]] inline bool is_public_half(const EVP_PKEY& key, Family family, ByteView bits) {
  const Bytes der = public_pkey_der(key);
  DerReader outer(der);
  const auto contents = outer.take(der_tag::sequence);
  if (!contents) return false;
  DerReader info(*contents);
  info.skip(der_tag::sequence);
  const auto own = info.take(der_tag::bit_string);
  if (!own || own->size() < 2) return false;
  return as_text(*own) == as_text(bits) || (family == Family::ecdsa && compressed_point(*own) == as_text(bits));
}

[[nodiscard]] inline Result<Pkey> pkey_of_pkcs8(const Pkcs8& info, const Algorithm& algorithm) {
  switch (algorithm.family) {
    case Family::ecdsa: return ec_from_pkcs8(info, algorithm);
    case Family::eddsa: return okp_from_pkcs8(info, algorithm);
    case Family::rsa_pkcs1:
    case Family::rsa_pss: return rsa_from_pkcs8(info);
    case Family::hmac: break;
  }
  return other_key_type();
}

/// The key in exactly one DER PrivateKeyInfo, when it is one for this algorithm.
[[nodiscard]] inline Result<Pkey> pkey_from_pkcs8(const SecretBytes& der, const Algorithm& algorithm) {
  const auto info = read_pkcs8(der.expose());
  if (!info) return bad_pkcs8();
  auto key = pkey_of_pkcs8(*info, algorithm);
  if (key && info->public_half && !is_public_half(**key, algorithm.family, *info->public_half)) {
    return key_error("d", "does not belong to the public half");
  }
  return key;
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
