// The private numbers of a key, however it was written down: in a JWK and in PKCS#8.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "der.hpp"
#include "key_rows.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/keys.hpp"
#include "support.hpp"

using namespace momento_token;
using namespace test::der;
namespace keys = test::keys;

namespace {

std::string load_der(std::string_view alg, const std::string& der) {
  return test::outcome(KeyPair::from_pem(alg, test::secret(pem_of(der, "PRIVATE KEY"))));
}
std::string load_jwk(std::string_view alg, const std::string& jwk) {
  return test::outcome(key_pair_from_jwk(test::secret(jwk), alg));
}
std::string message_of(const std::string& jwk) {
  const auto key = key_pair_from_jwk(test::secret(jwk), "RS256");
  return key ? "ok" : std::string(key.error().message);
}
std::string quoted_b64u(const std::string& bytes) { return '"' + test::b64u(bytes) + '"'; }

// NIST SP 800-186 §3.2.1.3: the base point of P-256.
const std::string base_x = test::unhex("6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
const std::string base_y = test::unhex("4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");

// P-256 with the base point as its public half, unless another one is given; nothing for none at all.
std::string ec_der(const std::string& d, const std::string& point) {
  return pkcs8(ec_object + p256_object, seq(integer("01") + tlv(4, d) + point));
}
std::string point(const std::string& bytes) { return tlv(0xa1, tlv(3, '\0' + bytes)); }
std::string ec_jwk(const std::string& d) {
  return R"({"kty":"EC","crv":"P-256","x":)" + quoted_b64u(base_x) + R"(,"y":)" + quoted_b64u(base_y) + R"(,"d":)" +
         quoted_b64u(d) + "}";
}

// An RSA key of these members, the text of each to be changed by `change`.
template <class Change>
std::string rsa_jwk(const std::vector<const char*>& members, Change&& change) {
  std::string jwk = R"({"kty":"RSA")";
  for (const char* name : members) {
    jwk += R"(,")" + std::string(name) + R"(":)" +
           quoted_b64u(change(std::string_view(name), member(keys::rsa2048_jwk, name)));
  }
  return jwk + "}";
}

// a + sign * b for big-endian numbers, the result above zero.
std::string add(std::string a, std::string b, int sign = 1) {
  const std::size_t size = std::max(a.size(), b.size()) + 1;
  a.insert(0, size - a.size(), '\0');
  b.insert(0, size - b.size(), '\0');
  int carry = 0;
  for (std::size_t i = size; i-- > 0;) {
    const int digit = static_cast<unsigned char>(a[i]) + sign * static_cast<unsigned char>(b[i]) + carry;
    a[i] = static_cast<char>(digit & 255);
    carry = digit < 0 ? -1 : digit / 256;
  }
  return a.substr(a.find_first_not_of('\0'));
}

}  // namespace

// SEC 1 §3.2.1: d is in [1, n - 1]. With d = 1 the public half is the base point, and so it would be with n + 1.
TEST_CASE("a private EC number is above zero and below the order of its curve") {
  const std::string base = point('\4' + base_x + base_y);
  const auto d = [](const char* last) {
    return test::unhex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc6325") + test::unhex(last);
  };
  const std::string zero(32, '\0'), one = std::string(31, '\0') + '\1';
  CHECK(load_der("ES256", ec_der(one, base)) == "ok");
  CHECK(load_der("ES256", ec_der(one, "")) == "ok");
  CHECK(load_der("ES256", ec_der("\1", base)) == "ok");
  CHECK(load_der("ES256", ec_der(d("50"), "")) == "ok");  // n - 1
  CHECK(load_jwk("ES256", ec_jwk(one)) == "ok");
  for (const std::string& wrong : {zero, std::string(1, '\0'), d("51"), d("52"), std::string(32, '\xff')}) {
    CAPTURE(test::b64u(wrong));
    CHECK(load_der("ES256", ec_der(wrong, base)) == "invalid_argument d");
    CHECK(load_der("ES256", ec_der(wrong, "")).starts_with("invalid_argument"));
    if (wrong.size() == 32) CHECK(load_jwk("ES256", ec_jwk(wrong)) == "invalid_argument d");
  }
}

// SEC 1 §2.3.3: one zero byte is the point at infinity, which is nobody's public half (§3.2.2.1).
TEST_CASE("the point at infinity is no public half") {
  const std::string d = member(keys::p256_jwk, "d");
  for (const std::string& wrong : {std::string(), std::string(1, '\0'), std::string(1, '\2'), std::string(1, '\4')}) {
    CAPTURE(test::b64u(wrong));
    CHECK(load_der("ES256", ec_der(d, point(wrong))) == "invalid_argument pem");
  }
}

// RFC 5958 §2: a public half goes with version 1, and is what SubjectPublicKeyInfo has.
TEST_CASE("a public half beside a private key is that of the key") {
  const std::string seed = tlv(4, member(keys::ed25519_jwk, "d")), x = member(keys::ed25519_jwk, "x");
  const std::string ec_public = '\4' + member(keys::p256_jwk, "x") + member(keys::p256_jwk, "y");
  const std::string ec_key = seq(integer("01") + tlv(4, member(keys::p256_jwk, "d")));
  const auto load = [](std::string_view alg, const std::string& algorithm, const std::string& key,
                       const std::string& half, const char* version = "01") {
    return load_der(alg, seq(integer(version) + seq(algorithm) + tlv(4, key) + tlv(0x81, half)));
  };
  CHECK(load("EdDSA", ed25519_object, seed, '\0' + x) == "ok");
  CHECK(load("ES256", ec_object + p256_object, ec_key, '\0' + ec_public) == "ok");
  // RFC 5480 §2.2: a point may be compressed (02 or 03, by the last bit of Y), and nothing else.
  const std::string ec_x = member(keys::p256_jwk, "x");
  const bool odd = (member(keys::p256_jwk, "y").back() & 1) != 0;
  CHECK(load("ES256", ec_object + p256_object, ec_key, '\0' + std::string(1, odd ? '\3' : '\2') + ec_x) == "ok");
  for (const char form : {odd ? '\2' : '\3', '\4', '\6', '\7'}) {
    CHECK(load("ES256", ec_object + p256_object, ec_key, '\0' + std::string(1, form) + ec_x) == "invalid_argument d");
  }
  CHECK(load("EdDSA", ed25519_object, seed, '\0' + x, "00") == "invalid_argument pem");
  for (const std::string& wrong : {std::string(), std::string(1, '\0'), x, '\1' + x, '\0' + x + '\0',
                                   '\0' + member(keys::ed25519_other_jwk, "x")}) {
    CAPTURE(test::b64u(wrong));
    CHECK(load("EdDSA", ed25519_object, seed, wrong) == "invalid_argument d");
  }
  CHECK(load("ES256", ec_object + p256_object, ec_key, '\0' + member(keys::p256_other_jwk, "x")) ==
        "invalid_argument d");
}

// RFC 8017 §3.2: d is below n, dP below p, dQ below q, qInv below p. Larger ones that are the same modulo these would
// sign as well, each time at a higher price.
TEST_CASE("a private RSA number is below the one that it is taken modulo") {
  const auto number = [](const char* name) { return member(keys::rsa2048_jwk, name); };
  const std::string one(1, '\1'), p = number("p"), q = number("q");
  const std::string phi = add(add(add(number("n"), p, -1), q, -1), one);  // (p - 1)(q - 1)
  const auto with = [&](std::string_view changed, const std::string& added, int times = 1) {
    return load_jwk("RS256",
                    rsa_jwk({"n", "e", "d", "p", "q", "dp", "dq", "qi"}, [&](std::string_view name, std::string value) {
                      for (int i = 0; name == changed && i < times; ++i) value = add(value, added);
                      return value;
                    }));
  };
  CHECK(with("d", phi, 0) == "ok");
  CHECK(with("d", phi, 2) == "invalid_argument d");
  CHECK(with("dp", add(p, one, -1)) == "invalid_argument d");
  CHECK(with("dq", add(q, one, -1)) == "invalid_argument d");
  CHECK(with("qi", p) == "invalid_argument d");
  const auto d_alone = [&](int times) {
    return load_jwk("RS256", rsa_jwk({"n", "e", "d"}, [&](std::string_view name, std::string value) {
                      for (int i = 0; name == "d" && i < times; ++i) value = add(value, phi);
                      return value;
                    }));
  };
  CHECK(d_alone(0) == "ok");
  CHECK(d_alone(2) == "invalid_argument d");
}

TEST_CASE("a private RSA number of more bytes than n is refused before anything is worked out with it") {
  for (const char* changed : {"d", "p", "q", "dp", "dq", "qi"}) {
    CAPTURE(changed);
    const auto outcome = [&](std::size_t bytes) {
      return load_jwk("RS256", rsa_jwk({"n", "e", "d", "p", "q", "dp", "dq", "qi"},
                                       [&](std::string_view name, const std::string& value) {
                                         return name == changed ? std::string(bytes, '\x7f') : value;
                                       }));
    };
    CHECK(outcome(257) == "invalid_argument " + std::string(changed));
    CHECK(outcome(256) == "invalid_argument d");  // no larger than n, and wrong
  }
  const auto with_d = [](std::size_t bytes) {
    return rsa_jwk({"n", "e", "d"}, [bytes](std::string_view name, const std::string& value) {
      return name == "d" ? std::string(bytes, '\x7f') : value;
    });
  };
  CHECK(load_jwk("RS256", with_d(20'000)) == "invalid_argument d");
  CHECK(message_of(with_d(257)) == "is longer than n");
  CHECK(message_of(with_d(256)) != "is longer than n");
}
