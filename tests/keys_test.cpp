#include "momento_token/keys.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <string_view>

#include "der.hpp"
#include "key_rows.hpp"
#include "openssl_verify.hpp"
#include "support.hpp"

using namespace momento_token;
using namespace std::string_literals;
namespace keys = test::keys;

namespace test {

inline std::string sign(const Signer& signer, std::string_view text) {
  std::array<std::byte, max_signature_bytes> room{};
  const auto size = signer.sign(as_bytes(text), room);
  REQUIRE(size);
  return std::string(as_text(ByteView(room).first(*size)));
}

inline bool verifies(const VerificationKey& key, std::string_view text, std::string_view signature) {
  return key.verify(as_bytes(text), as_bytes(signature));
}

inline std::string from_secret(std::string_view alg, std::string_view bytes) {
  return outcome(KeyPair::from_secret(alg, secret(bytes)));
}
inline std::string from_pem(std::string_view alg, std::string_view pem) {
  return outcome(KeyPair::from_pem(alg, secret(pem)));
}

}  // namespace test

TEST_CASE("what each algorithm signs it verifies, and nothing else") {
  for (const auto& row : test::algorithms) {
    CAPTURE(row.alg);
    const KeyPair pair = test::key_pair(row, "k");
    const std::string text = "header.payload";
    const std::string signature = test::sign(*pair.signer(), text);

    CHECK(pair.signer()->alg() == row.alg);
    CHECK(pair.verification_key()->alg() == row.alg);
    CHECK(pair.signer()->kid() == "k");
    CHECK(pair.verification_key()->kid() == "k");
    CHECK(signature.size() == row.signature_bytes);
    CHECK(test::verifies(*pair.verification_key(), text, signature));
    CHECK_FALSE(test::verifies(*pair.verification_key(), "header.payloae", signature));
    CHECK_FALSE(test::verifies(*pair.verification_key(), "", signature));
    CHECK_FALSE(test::verifies(*pair.verification_key(), text, ""));
    CHECK_FALSE(test::verifies(*pair.verification_key(), text, signature.substr(1)));
    CHECK_FALSE(test::verifies(*pair.verification_key(), text, signature.substr(0, signature.size() - 1)));
    CHECK_FALSE(test::verifies(*pair.verification_key(), text, signature + '\0'));
    CHECK_FALSE(test::verifies(*pair.verification_key(), text, signature + signature));
    CHECK_FALSE(test::verifies(*pair.verification_key(), text, std::string(signature.size(), '\0')));
    for (std::size_t at = 0; at < signature.size(); at += 7) {
      std::string changed = signature;
      changed[at] = static_cast<char>(changed[at] ^ 1);
      CHECK_FALSE(test::verifies(*pair.verification_key(), text, changed));
    }
  }
}

TEST_CASE("OpenSSL alone verifies what each public-key algorithm signed") {
  for (const auto& row : test::algorithms) {
    if (row.pem.empty()) continue;
    CAPTURE(row.alg);
    const std::string signature = test::sign(*test::key_pair(row, "").signer(), "text");
    CHECK(test::openssl_verifies(row.alg, row.public_pem, "text", signature));
    CHECK_FALSE(test::openssl_verifies(row.alg, row.public_pem, "texu", signature));
  }
}

// A raw signature whose r or s begins with a zero byte must keep it (RFC 7518 §3.4); about one in 128 does.
TEST_CASE("an ECDSA signature always has the length of two coordinates") {
  for (const auto& row : {test::algorithms[3], test::algorithms[4], test::algorithms[5]}) {
    CAPTURE(row.alg);
    const KeyPair pair = test::key_pair(row, "");
    int short_ones = 0;
    for (int i = 0; i < 300; ++i) {
      const std::string text = std::to_string(i);
      const std::string signature = test::sign(*pair.signer(), text);
      REQUIRE(signature.size() == row.signature_bytes);
      REQUIRE(test::verifies(*pair.verification_key(), text, signature));
      short_ones += signature[0] == '\0' || signature[row.signature_bytes / 2] == '\0';
    }
    MESSAGE(row.alg << ": coordinates that began with a zero byte: " << short_ones);
  }
}

TEST_CASE("an ECDSA signature in DER is no JWS signature") {
  const KeyPair pair = KeyPair::from_pem("ES256", test::secret(keys::p256_pem)).value();
  const std::string signature = test::sign(*pair.signer(), "text");

  CHECK_FALSE(test::verifies(*pair.verification_key(), "text", test::der_of(signature, 32)));
}

// RFC 7518 §3.2: a key at least as long as the digest.
TEST_CASE("an HMAC key is as long as its digest or longer") {
  struct Row {
    const char* alg;
    std::size_t bytes;
    bool valid;
  };
  for (const Row& row :
       {Row{"HS256", 0, false}, Row{"HS256", 31, false}, Row{"HS256", 32, true}, Row{"HS256", 65, true},
        Row{"HS384", 47, false}, Row{"HS384", 48, true}, Row{"HS512", 63, false}, Row{"HS512", 64, true},
        Row{"HS512", 129, true}, Row{"HS512", 1000, true}}) {
    CAPTURE(row.alg);
    CAPTURE(row.bytes);
    const std::string outcome = test::from_secret(row.alg, std::string(row.bytes, '\x81'));
    CHECK((outcome == "ok") == row.valid);
    if (!row.valid) CHECK(outcome.starts_with("invalid_argument"));
  }
}

// CVE-2016-10555 and its kin: a public key taken for an HMAC secret.
TEST_CASE("an HMAC secret that is another key's text is refused") {
  for (const std::string& text : std::vector<std::string>{
           std::string(keys::p256_public_pem), std::string(keys::p256_pem), std::string(keys::p256_public_jwk),
           std::string(keys::rsa2048_public_jwk), "-----BEGIN " + std::string(100, 'x'),
           "\n\t -----BEGIN PUBLIC KEY-----" + std::string(40, 'x'),
           "\xEF\xBB\xBF-----BEGIN PUBLIC KEY-----" + std::string(40, 'x'),
           "{\"keys\":[" + std::string(keys::rsa2048_public_jwk) + "]}",
           std::string(R"({"kty":"EC","kid":7,"x":"AAAAAAAAAAAAAAAAAAA"})"),
           R"({"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"})"}) {
    CAPTURE(text.substr(0, 20));
    CHECK(test::from_secret("HS256", text).starts_with("invalid_argument"));
  }
  CHECK(test::from_secret("HS256", "----BEGIN is no PEM, it lacks one of its dashes") == "ok");
  CHECK(test::from_secret("HS256", R"({"passphrase":"an object of other members","in":{"kty":"EC"}})") == "ok");
  CHECK(test::from_secret("HS256", "{this begins like JSON but is a pass phrase}") == "ok");
}

TEST_CASE("a key goes with its own algorithms and with no other") {
  for (const auto& key : test::algorithms) {
    if (key.pem.empty()) continue;
    for (const auto& alg : test::algorithms) {
      CAPTURE(key.alg);
      CAPTURE(alg.alg);
      const bool fits = alg.pem == key.pem;
      const std::string pair = test::from_pem(alg.alg, key.pem);
      const std::string half = test::outcome(verification_key_from_pem(alg.alg, key.public_pem));
      CHECK((pair == "ok") == fits);
      CHECK((half == "ok") == fits);
      if (!fits) CHECK(pair.starts_with("invalid_argument"));
      if (!fits) CHECK(half.starts_with("invalid_argument"));
    }
  }
}

TEST_CASE("an algorithm that is not built in is refused wherever one is named") {
  for (const char* alg : {"", "none", "NONE", "hs256", "HS256 ", "HS1", "ES256K", "Ed25519", "RS1", "A128KW", "dir"}) {
    CAPTURE(alg);
    CHECK(test::from_secret(alg, std::string(64, 'x')).starts_with("invalid_argument"));
    CHECK(test::from_pem(alg, keys::p256_pem).starts_with("invalid_argument"));
    CHECK(test::outcome(verification_key_from_pem(alg, keys::p256_public_pem)).starts_with("invalid_argument"));
    CHECK(test::outcome(KeyPair::generate(alg)).starts_with("invalid_argument"));
  }
  CHECK(test::from_secret("ES256", std::string(64, 'x')).starts_with("invalid_argument"));
}

TEST_CASE("a PEM that is no plain PKCS#8 private key of a known kind is refused") {
  const std::string cut(keys::p256_pem.substr(0, keys::p256_pem.size() / 2));
  const std::string spoilt = test::replaced(std::string(keys::p256_pem), "MI", "!!");

  for (const std::string_view pem :
       {std::string_view(), std::string_view("text"), keys::p256_public_pem, keys::p256_sec1_pem,
        keys::p256_encrypted_pem, keys::secp256k1_pem, std::string_view(cut), std::string_view(spoilt)}) {
    CAPTURE(pem.substr(0, 40));
    CHECK(test::from_pem("ES256", pem).starts_with("invalid_argument"));
  }
  CHECK(test::from_pem("RS256", keys::rsa2048_pkcs1_pem).starts_with("invalid_argument"));
  CHECK(test::from_pem("EdDSA", keys::x25519_pem).starts_with("invalid_argument"));
  CHECK(test::from_pem("EdDSA", keys::ed448_pem).starts_with("invalid_argument"));
  CHECK(test::outcome(verification_key_from_pem("ES256", keys::p256_pem)).starts_with("invalid_argument"));
  CHECK(test::outcome(verification_key_from_pem("ES256", "")).starts_with("invalid_argument"));
}

// design.md §5: RSA 2048–8192 bits. The 8192-bit signature is what max_signature_bytes is made for.
TEST_CASE("an RSA key has 2048 to 8192 bits") {
  CHECK(test::from_pem("RS256", keys::rsa1024_pem).starts_with("invalid_argument"));
  CHECK(test::outcome(verification_key_from_pem("PS256", keys::rsa1024_public_pem)).starts_with("invalid_argument"));
  CHECK(test::from_pem("RS256", keys::rsa2048_pem) == "ok");

  const auto large = KeyPair::from_pem("RS256", test::secret(keys::rsa8192_pem));
  REQUIRE(large);
  const std::string signature = test::sign(*large->signer(), "text");
  CHECK(signature.size() == max_signature_bytes);
  CHECK(test::verifies(*large->verification_key(), "text", signature));
}

// A public key brings its numbers as they are: what the reader of JWKs refuses early has to be refused here, too.
TEST_CASE("a public PEM whose numbers are no good key is refused") {
  using namespace test::der;
  const auto rsa = [](const std::string& n, const std::string& e) {
    const std::string pem = pem_of(spki(rsa_object + null, seq(number(n) + number(e))), "PUBLIC KEY");
    return test::outcome(verification_key_from_pem("RS256", pem));
  };
  const std::string n = member(keys::rsa2048_jwk, "n"), e = "\1\0\1"s, large = member(keys::rsa8193_public_jwk, "n");
  CHECK(rsa(n, e) == "ok");
  CHECK(rsa("\xff" + large.substr(2), e) == "ok");  // 8192 bits
  CHECK(rsa(large, e) == "invalid_argument n");
  CHECK(rsa(large + large, e) == "invalid_argument n");
  CHECK(rsa(member(keys::rsa2047_jwk, "n"), e) == "invalid_argument n");
  CHECK(rsa(n.substr(0, 255) + '\2', e) == "invalid_argument n");  // even
  CHECK(rsa(n, "\3") == "ok");
  CHECK(rsa(n, std::string(8, '\xff')) == "ok");  // 2^64 - 1
  CHECK(rsa(n, "\1" + std::string(7, '\0') + '\1') == "invalid_argument e");
  CHECK(rsa(n, "\1") == "invalid_argument e");
  CHECK(rsa(n, "\2") == "invalid_argument e");
  CHECK(rsa(n, "\1\0"s) == "invalid_argument e");

  const auto ed25519 = [](const std::string& point) {
    return test::outcome(verification_key_from_pem("EdDSA", pem_of(spki(ed25519_object, point), "PUBLIC KEY")));
  };
  CHECK(ed25519(member(keys::ed25519_jwk, "x")) == "ok");
  CHECK(ed25519("\1" + std::string(31, '\0')) == "invalid_argument x");  // of order 1
  CHECK(ed25519(member(keys::ed25519_jwk, "x").substr(1)) == "invalid_argument pem");

  const auto p256 = [](const std::string& x, const std::string& y) {
    const std::string pem = pem_of(spki(ec_object + p256_object, "\4" + x + y), "PUBLIC KEY");
    return test::outcome(verification_key_from_pem("ES256", pem));
  };
  const std::string x = member(keys::p256_jwk, "x"), y = member(keys::p256_jwk, "y");
  CHECK(p256(x, y) == "ok");
  CHECK(p256(y, x) == "invalid_argument pem");
  CHECK(p256(x, y.substr(1)) == "invalid_argument pem");
}

TEST_CASE("a PEM is one block with its own label and nothing but base64 in it") {
  const std::string pem(keys::p256_public_pem);
  const auto half = [](const std::string& text) { return test::outcome(verification_key_from_pem("ES256", text)); };
  const std::string letters = pem.substr(27, pem.size() - 27 - 26);

  CHECK(half(pem) == "ok");
  CHECK(half(" \t\r\n" + pem + " \t\r\n") == "ok");
  CHECK(half(test::replaced(pem, "MFkw", "MF kw\r\n")) == "ok");
  for (const std::string& text :
       {pem + pem, pem + "x", "x" + pem, letters, test::replaced(pem, "MFkw", "MF-w"),
        test::replaced(pem, "MFkw", "MFkw="), test::replaced(pem, "BEGIN PUBLIC", "BEGIN RSA PUBLIC"),
        test::replaced(pem, "END PUBLIC", "END PRIVATE"), test::replaced(pem, "-----\n", "-----\nProc-Type: 4\n\n"),
        std::string("-----BEGIN PUBLIC KEY----------END PUBLIC KEY-----"), test::replaced(pem, "==\n-", "=\n-"),
        test::replaced(pem, "==\n-", "===\n-"), test::replaced(pem, "==\n-", "\n-")}) {
    CAPTURE(text);
    CHECK(half(text) == "invalid_argument pem");
  }
}

// RFC 7638, computed by Python's hashlib in the fixtures.
TEST_CASE("a PEM key's kid is its thumbprint unless one is given") {
  for (const auto& row : test::algorithms) {
    if (row.pem.empty()) continue;
    CAPTURE(row.alg);
    CHECK(KeyPair::from_pem(row.alg, test::secret(row.pem)).value().signer()->kid() == row.thumbprint);
    CHECK(verification_key_from_pem(row.alg, row.public_pem).value()->kid() == row.thumbprint);
    CHECK(verification_key_from_pem(row.alg, row.public_pem, "mine").value()->kid() == "mine");
    CHECK(KeyPair::from_pem(row.alg, test::secret(row.pem), "").value().verification_key()->kid() == "");
  }
}

TEST_CASE("a kid is at most 256 bytes of UTF-8") {
  const std::string longest(256, 'k');
  const std::string too_long(257, 'k');
  for (const auto& kid : {too_long, std::string("\xff")}) {
    CHECK(test::outcome(KeyPair::from_secret("HS256", test::secret(test::counting_bytes(32)), kid))
              .starts_with("invalid_argument"));
    CHECK(test::outcome(KeyPair::from_pem("ES256", test::secret(keys::p256_pem), kid)).starts_with("invalid_argument"));
    CHECK(
        test::outcome(verification_key_from_pem("ES256", keys::p256_public_pem, kid)).starts_with("invalid_argument"));
    CHECK(test::outcome(KeyPair::generate("EdDSA", kid)).starts_with("invalid_argument"));
  }
  CHECK(KeyPair::from_pem("ES256", test::secret(keys::p256_pem), longest).value().signer()->kid() == longest);
}

TEST_CASE("a generated key signs, verifies and has a kid of its own") {
  for (const auto& row : test::algorithms) {
    CAPTURE(row.alg);
    const KeyPair one = KeyPair::generate(row.alg, {}, 2048).value();
    const std::string signature = test::sign(*one.signer(), "text");
    CHECK(signature.size() == row.signature_bytes);
    CHECK(test::verifies(*one.verification_key(), "text", signature));
    CHECK(one.signer()->kid().size() == (row.pem.empty() ? 22U : 43U));
    CHECK(one.signer()->kid() == one.verification_key()->kid());
    if (row.alg.starts_with("RS") || row.alg.starts_with("PS")) continue;  // half a second each

    const KeyPair other = KeyPair::generate(row.alg).value();
    CHECK(other.signer()->kid() != one.signer()->kid());
    CHECK_FALSE(test::verifies(*other.verification_key(), "text", signature));
  }
  CHECK(KeyPair::generate("ES256", "mine").value().signer()->kid() == "mine");
}

TEST_CASE("an RSA key is not generated outside 2048 to 8192 bits") {
  CHECK(test::outcome(KeyPair::generate("RS256", {}, 2047)).starts_with("invalid_argument"));
  CHECK(test::outcome(KeyPair::generate("PS256", {}, 0)).starts_with("invalid_argument"));
  CHECK(test::outcome(KeyPair::generate("RS256", {}, 8193)).starts_with("invalid_argument"));
}

TEST_CASE("two halves make a pair when both are there and their names agree") {
  const KeyPair es = KeyPair::from_pem("ES256", test::secret(keys::p256_pem), "a").value();
  const KeyPair other_kid = KeyPair::from_pem("ES256", test::secret(keys::p256_pem), "b").value();
  const KeyPair other_alg = KeyPair::from_pem("EdDSA", test::secret(keys::ed25519_pem), "a").value();

  CHECK(test::outcome(KeyPair::from_halves(es.signer(), es.verification_key())) == "ok");
  CHECK(test::outcome(KeyPair::from_halves(nullptr, es.verification_key())).starts_with("invalid_argument"));
  CHECK(test::outcome(KeyPair::from_halves(es.signer(), nullptr)).starts_with("invalid_argument"));
  CHECK(test::outcome(KeyPair::from_halves(es.signer(), other_kid.verification_key())).starts_with("invalid_argument"));
  CHECK(test::outcome(KeyPair::from_halves(es.signer(), other_alg.verification_key())).starts_with("invalid_argument"));
}

TEST_CASE("the halves of a pair outlive it and its copies") {
  std::shared_ptr<const Signer> signer;
  std::shared_ptr<const VerificationKey> key;
  {
    const KeyPair pair = KeyPair::generate("EdDSA").value();
    const KeyPair copy = pair;
    signer = copy.signer();
    key = KeyPair(pair).verification_key();
  }

  CHECK(test::verifies(*key, "text", test::sign(*signer, "text")));
}
