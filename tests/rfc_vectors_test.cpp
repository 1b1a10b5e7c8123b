// Examples that the standards print: RFC 7515 A.1–A.4, RFC 8037 A.4, RFC 7520 §4.1–4.4, RFC 7638 §3.1. RFC 4648 §10 is
// in encoding_test.cpp.
#include "momento_token/verifier.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include "fixtures/rfc.hpp"
#include "momento_token/jwk.hpp"
#include "support.hpp"

using namespace momento_token;
using namespace std::chrono_literals;
namespace rfc = test::rfc;

namespace test {

struct Example {
  const char* name;
  std::string_view alg, jwk, compact;
  bool deterministic;  // signing gives the very signature that the standard prints
};

inline constexpr std::array<Example, 9> examples = {{
    {"RFC 7515 A.1", "HS256", rfc::jws_a1_key, rfc::jws_a1, true},
    {"RFC 7515 A.2", "RS256", rfc::jws_a2_key, rfc::jws_a2, true},
    {"RFC 7515 A.3", "ES256", rfc::jws_a3_key, rfc::jws_a3, false},
    {"RFC 7515 A.4", "ES512", rfc::jws_a4_key, rfc::jws_a4, false},
    {"RFC 8037 A.4", "EdDSA", rfc::okp_a1_key, rfc::okp_a4, true},
    {"RFC 7520 4.1", "RS256", rfc::cookbook_rsa_key, rfc::cookbook_4_1, true},
    {"RFC 7520 4.2", "PS384", rfc::cookbook_rsa_key, rfc::cookbook_4_2, false},
    {"RFC 7520 4.3", "ES512", rfc::cookbook_ec_key, rfc::cookbook_4_3, false},
    {"RFC 7520 4.4", "HS256", rfc::cookbook_hmac_key, rfc::cookbook_4_4, true},
}};

inline Verifier verifier_of(const Example& example, std::chrono::sys_seconds now = new_year_2030) {
  const auto key = verification_key_from_jwk(example.jwk, example.alg).value();
  return Verifier::create({.keys = {key}, .clock = clock_at(now)}).value();
}

}  // namespace test

TEST_CASE("every example verifies and its payload is the one that its text holds") {
  for (const auto& example : test::examples) {
    CAPTURE(example.name);
    const auto payload = test::verifier_of(example).verify_jws(example.compact);

    REQUIRE(payload);
    CHECK(as_text(*payload) == test::split(example.compact).payload);
  }
}

TEST_CASE("no example verifies with a bit of its signature or a letter of its payload changed") {
  for (const auto& example : test::examples) {
    CAPTURE(example.name);
    const auto jws = test::split(example.compact);
    std::string signature = jws.signature;
    signature[signature.size() / 2] = static_cast<char>(signature[signature.size() / 2] ^ 1);
    std::string payload = jws.payload;
    payload.back() = static_cast<char>(payload.back() ^ 1);
    const std::string header(example.compact.substr(0, example.compact.find('.')));
    const Verifier verifier = test::verifier_of(example);

    CHECK(test::outcome(verifier.verify_jws(jws.signing_input + "." + test::b64u(signature))) == "signature_mismatch");
    CHECK(test::outcome(verifier.verify_jws(header + "." + test::b64u(payload) + "." + test::b64u(jws.signature))) ==
          "signature_mismatch");
  }
}

TEST_CASE("signing an example's text gives the signature that the standard prints, where there is but one") {
  for (const auto& example : test::examples) {
    CAPTURE(example.name);
    const auto jws = test::split(example.compact);
    const KeyPair pair = key_pair_from_jwk(test::secret(example.jwk), example.alg).value();
    std::array<std::byte, max_signature_bytes> room{};
    const auto size = pair.signer()->sign(as_bytes(jws.signing_input), room);

    REQUIRE(size);
    const ByteView signature = ByteView(room).first(*size);
    if (example.deterministic) CHECK(base64url_encode(signature) == test::b64u(jws.signature));
    CHECK(pair.verification_key()->verify(as_bytes(jws.signing_input), signature));
  }
}

// RFC 7515 A.1.1: the claims are iss "joe", exp 1300819380 and http://example.com/is_root.
TEST_CASE("the claims of RFC 7515 A.1 are valid until the second before their exp") {
  const std::chrono::sys_seconds exp(1300819380s);

  const auto before = test::verifier_of(test::examples[0], exp - 1s).verify_jwt(rfc::jws_a1);
  const auto after = test::verifier_of(test::examples[0], exp).verify_jwt(rfc::jws_a1);

  REQUIRE(before);
  CHECK(before->claims == Claims{.issuer = "joe", .expires_at = exp});
  CHECK(before->payload == "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
  CHECK(test::outcome(after) == "expired");
}

// RFC 7638 §3.1 and RFC 8037 A.3. The default kid of a public key is its thumbprint (keys.hpp).
TEST_CASE("the thumbprints are the ones that the standards print") {
  CHECK(verification_key_from_pem("RS256", rfc::thumbprint_key_pem).value()->kid() == rfc::thumbprint);
  CHECK(verification_key_from_pem("EdDSA", rfc::okp_a1_key_pem).value()->kid() == rfc::okp_a3_thumbprint);
}
