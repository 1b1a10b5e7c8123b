// One JWK at a time; sets are in jwk_set_test.cpp.
#include "momento_token/jwk.hpp"

#include <doctest/doctest.h>
#include <openssl/evp.h>

#include <array>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "key_rows.hpp"
#include "support.hpp"

using namespace momento_token;
using Json = nlohmann::json;
namespace keys = test::keys;

namespace test {

inline std::string pair(std::string_view jwk, std::string_view alg = {}) {
  return outcome(key_pair_from_jwk(secret(jwk), alg));
}
inline std::string half(std::string_view jwk, std::string_view alg = {}) {
  return outcome(verification_key_from_jwk(jwk, alg));
}

inline std::string oct(std::size_t bytes, std::string_view members = R"("alg":"HS256")") {
  return R"({"kty":"oct",)" + std::string(members) + R"(,"k":")" + b64u(counting_bytes(bytes)) + R"("})";
}
inline std::string ed25519(std::string_view x_hex) {
  return R"({"kty":"OKP","crv":"Ed25519","x":")" + b64u(unhex(x_hex)) + R"("})";
}
/// A JWK with one of its members replaced.
inline std::string set(std::string_view jwk, std::string_view member, const Json& value) {
  Json json = Json::parse(jwk);
  json[std::string(member)] = value;
  return json.dump();
}
inline std::string without(std::string_view jwk, std::string_view member) {
  Json json = Json::parse(jwk);
  json.erase(std::string(member));
  return json.dump();
}
inline std::string member(std::string_view jwk, std::string_view name) {
  return Json::parse(jwk).at(std::string(name));
}

/// RFC 7638 §3.1, §3.2: SHA-256 of the required members in the order of their names, as nlohmann's objects have them.
inline std::string thumbprint(const Json& jwk) {
  Json required;
  for (const char* name : {"crv", "e", "kty", "n", "x", "y"}) {
    if (jwk.contains(name)) required[name] = jwk.at(name);
  }
  const std::string text = required.dump();
  unsigned char digest[32];
  std::size_t size = 0;
  EVP_Q_digest(nullptr, "SHA256", nullptr, text.data(), text.size(), digest, &size);
  return b64u({reinterpret_cast<const char*>(digest), size});
}

inline bool signs_and_verifies(const KeyPair& pair) {
  std::array<std::byte, max_signature_bytes> room{};
  const auto size = pair.signer()->sign(as_bytes("text"), room);
  return size && pair.verification_key()->verify(as_bytes("text"), ByteView(room).first(*size));
}

}  // namespace test

TEST_CASE("a private JWK of every algorithm signs, and its public half verifies that") {
  for (const auto& row : test::algorithms) {
    CAPTURE(row.alg);
    const std::string jwk = row.jwk.empty() ? test::oct(row.signature_bytes, R"("kid":"k")") : std::string(row.jwk);
    const std::string public_jwk = row.jwk.empty() ? jwk : std::string(row.public_jwk);
    const auto pair = key_pair_from_jwk(test::secret(jwk), row.alg);
    const auto half = verification_key_from_jwk(public_jwk, row.alg);
    REQUIRE(pair);
    REQUIRE(half);

    std::array<std::byte, max_signature_bytes> room{};
    const auto size = pair->signer()->sign(as_bytes("text"), room);
    REQUIRE(size);
    CHECK((*half)->verify(as_bytes("text"), ByteView(room).first(*size)));
    CHECK((*half)->alg() == row.alg);
    CHECK(test::signs_and_verifies(*pair));
  }
}

// design.md §3: EC and OKP follow crv; RSA and oct need it from the caller.
TEST_CASE("the algorithm comes from alg, else from crv, else from the caller") {
  CHECK(verification_key_from_jwk(keys::p256_public_jwk).value()->alg() == "ES256");
  CHECK(verification_key_from_jwk(keys::p384_public_jwk).value()->alg() == "ES384");
  CHECK(verification_key_from_jwk(keys::p521_public_jwk).value()->alg() == "ES512");
  CHECK(verification_key_from_jwk(keys::ed25519_public_jwk).value()->alg() == "EdDSA");
  CHECK(verification_key_from_jwk(keys::rsa2048_public_jwk, "PS384").value()->alg() == "PS384");
  CHECK(verification_key_from_jwk(test::with(keys::rsa2048_public_jwk, R"("alg":"PS512")")).value()->alg() == "PS512");
  CHECK(verification_key_from_jwk(test::with(keys::rsa2048_public_jwk, R"("alg":"RS384")"), "RS384").value()->alg() ==
        "RS384");
  CHECK(key_pair_from_jwk(test::secret(test::oct(64, R"("kid":"k")")), "HS512").value().signer()->alg() == "HS512");
  CHECK(test::half(keys::rsa2048_public_jwk) == "invalid_argument alg");
  CHECK(test::pair(test::oct(32, R"("kid":"k")")) == "invalid_argument alg");
}

TEST_CASE("an algorithm that contradicts the key or the caller is refused") {
  CHECK(test::half(keys::p256_public_jwk, "ES384") == "invalid_argument alg");
  CHECK(test::half(keys::p256_public_jwk, "RS256") == "invalid_argument alg");
  CHECK(test::half(test::with(keys::p256_public_jwk, R"("alg":"ES384")")) == "invalid_argument alg");
  CHECK(test::half(test::with(keys::p256_public_jwk, R"("alg":"ES256")"), "ES384") == "invalid_argument alg");
  CHECK(test::half(test::with(keys::rsa2048_public_jwk, R"("alg":"RS256")"), "PS256") == "invalid_argument alg");
  CHECK(test::half(test::with(keys::rsa2048_public_jwk, R"("alg":"HS256")")) == "invalid_argument alg");
  CHECK(test::half(test::with(keys::ed25519_public_jwk, R"("alg":"ES256")")) == "invalid_argument alg");
  CHECK(test::pair(test::oct(64), "HS512") == "invalid_argument alg");
  CHECK(test::pair(test::oct(64, R"("alg":"ES256")")) == "invalid_argument alg");
  for (const std::string_view alg :
       {R"("alg":"none")", R"("alg":"ES256K")", R"("alg":"")", R"("alg":1)", R"("alg":null)"}) {
    CAPTURE(alg);
    CHECK(test::half(test::with(keys::p256_public_jwk, alg)) == "invalid_argument alg");
  }
}

// design.md §3: use, if present, is "sig"; key_ops, if present, holds "verify" ("sign" for a signer).
TEST_CASE("a key that is for something else is refused") {
  struct Row {
    std::string_view members;
    std::string_view as_verifier;
    std::string_view as_signer;
  };
  for (const Row& row :
       {Row{R"("use":"sig")", "ok", "ok"}, Row{R"("use":"enc")", "invalid_argument use", "invalid_argument use"},
        Row{R"("use":"")", "invalid_argument use", "invalid_argument use"},
        Row{R"("use":1)", "invalid_argument use", "invalid_argument use"},
        Row{R"("key_ops":["verify"])", "ok", "invalid_argument key_ops"},
        Row{R"("key_ops":["sign"])", "invalid_argument key_ops", "ok"},
        Row{R"("key_ops":["sign","verify"])", "ok", "ok"},
        Row{R"("key_ops":["verify","sign","x"],"use":"sig")", "ok", "ok"},
        Row{R"("key_ops":["verify"],"use":"enc")", "invalid_argument use", "invalid_argument use"},
        Row{R"("key_ops":[])", "invalid_argument key_ops", "invalid_argument key_ops"},
        Row{R"("key_ops":"verify")", "invalid_argument key_ops", "invalid_argument key_ops"},
        Row{R"("key_ops":["encrypt"])", "invalid_argument key_ops", "invalid_argument key_ops"},
        Row{R"("key_ops":[1])", "invalid_argument key_ops", "invalid_argument key_ops"}}) {
    CAPTURE(row.members);
    CHECK(test::half(test::with(keys::p256_public_jwk, row.members)) == row.as_verifier);
    CHECK(test::pair(test::with(keys::p256_jwk, row.members)) == row.as_signer);
  }
}

TEST_CASE("a key of an unknown type or curve is refused when it is alone") {
  CHECK(test::half(R"({"kty":"AKP","pub":"AAAA"})") == "invalid_argument kty");
  CHECK(test::half(R"({"crv":"P-256"})") == "invalid_argument kty");
  CHECK(test::half(R"({"crv":"P-256","x":1})") == "invalid_argument x");  // nobody can say more of it
  CHECK(test::half(R"({"kty":1})") == "invalid_argument kty");
  CHECK(test::half(R"({"kty":"ec"})") == "invalid_argument kty");
  for (const std::string_view crv : {"secp256k1", "P-192", "Ed25519", "p-256", ""}) {
    CAPTURE(crv);
    CHECK(test::half(test::set(keys::p256_public_jwk, "crv", crv)) == "invalid_argument crv");
  }
  for (const std::string_view crv : {"Ed448", "X25519", "P-256", "ed25519"}) {
    CAPTURE(crv);
    CHECK(test::half(test::set(keys::ed25519_public_jwk, "crv", crv)) == "invalid_argument crv");
  }
  CHECK(test::half(test::without(keys::p256_public_jwk, "crv")) == "invalid_argument crv");
  CHECK(test::half(test::with(keys::rsa2048_public_jwk, R"("alg":"RSA-OAEP")")) == "invalid_argument alg");
  CHECK(test::pair(test::oct(32, R"("alg":"A128KW")")) == "invalid_argument alg");
}

// RFC 7518 §6.2.1.2: a coordinate has the full size of its curve.
TEST_CASE("an EC key whose point is not exactly one of its curve is refused") {
  const std::string x = test::unb64(test::member(keys::p256_public_jwk, "x"));
  const auto with_x = [&](const std::string& bytes) {
    return test::set(keys::p256_public_jwk, "x", test::b64u(bytes));
  };

  CHECK(test::half(with_x(x)) == "ok");
  CHECK(test::half(with_x(std::string(1, '\0') + x)) == "invalid_argument x");
  CHECK(test::half(with_x(x.substr(1))) == "invalid_argument x");
  CHECK(test::half(with_x("")) == "invalid_argument x");
  CHECK(test::half(test::set(keys::p256_public_jwk, "x", test::member(keys::p256_public_jwk, "x") + "=")) ==
        "invalid_argument x");
  CHECK(test::half(test::set(keys::p256_public_jwk, "x", 1)) == "invalid_argument x");
  CHECK(test::half(test::without(keys::p256_public_jwk, "x")) == "invalid_argument x");
  CHECK(test::half(test::without(keys::p256_public_jwk, "y")) == "invalid_argument y");
  CHECK(test::half(test::set(keys::p256_public_jwk, "y", nullptr)) == "invalid_argument y");

  std::string off = x;
  off.back() = static_cast<char>(off.back() ^ 1);
  CHECK(test::half(with_x(off)).starts_with("invalid_argument"));
  CHECK(test::half(with_x(std::string(32, '\0'))).starts_with("invalid_argument"));
  CHECK(test::half(with_x(std::string(32, '\xff'))).starts_with("invalid_argument"));
}

// The points of order 1, 2, 4 and 8 and their encodings that are not reduced ("Taming the many EdDSAs", table 1).
TEST_CASE("an Ed25519 point of small order or no point at all is refused") {
  for (const std::string_view x : {"0000000000000000000000000000000000000000000000000000000000000000",
                                   "0000000000000000000000000000000000000000000000000000000000000080",
                                   "0100000000000000000000000000000000000000000000000000000000000000",
                                   "0100000000000000000000000000000000000000000000000000000000000080",
                                   "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                                   "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                                   "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                                   "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                                   "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                                   "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                                   "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                                   "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                                   "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                                   "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"}) {
    CAPTURE(x);
    CHECK(test::half(test::ed25519(x)) == "invalid_argument x");
  }
  const std::string x = test::unb64(test::member(keys::ed25519_public_jwk, "x"));
  CHECK(test::half(test::set(keys::ed25519_public_jwk, "x", test::b64u(x.substr(1)))) == "invalid_argument x");
  CHECK(test::half(test::set(keys::ed25519_public_jwk, "x", test::b64u(x + '\0'))) == "invalid_argument x");
  CHECK(test::half(test::without(keys::ed25519_public_jwk, "x")) == "invalid_argument x");
}

TEST_CASE("a private half that does not belong to its public half is refused") {
  const auto other = [](std::string_view from, std::string_view jwk) {
    return test::set(jwk, "d", test::member(from, "d"));
  };

  CHECK(test::pair(other(keys::p256_other_jwk, keys::p256_jwk)).starts_with("invalid_argument"));
  CHECK(test::pair(other(keys::ed25519_other_jwk, keys::ed25519_jwk)).starts_with("invalid_argument"));
  CHECK(test::pair(keys::p256_other_jwk) == "ok");
  CHECK(test::pair(keys::ed25519_other_jwk) == "ok");
  for (const std::string_view member : {"d", "p", "q", "dp", "dq", "qi"}) {
    CAPTURE(member);
    std::string bytes = test::unb64(test::member(keys::rsa2048_jwk, member));
    bytes.back() = static_cast<char>(bytes.back() ^ 2);
    CHECK(test::pair(test::set(keys::rsa2048_jwk, member, test::b64u(bytes)), "RS256").starts_with("invalid_argument"));
    CHECK(test::pair(test::without(keys::rsa2048_jwk, member), "RS256").starts_with("invalid_argument"));
  }
  CHECK(test::pair(test::set(keys::p256_jwk, "d", "AQ")).starts_with("invalid_argument"));
  CHECK(test::pair(test::set(keys::p256_jwk, "d", test::b64u(std::string(32, '\0')))).starts_with("invalid_argument"));
  CHECK(
      test::pair(test::set(keys::p256_jwk, "d", test::b64u(std::string(32, '\xff')))).starts_with("invalid_argument"));
}

// RFC 7518 §6.3.2: d, and either all of the other numbers or none; §6.3.2.7: oth only with more than two primes.
TEST_CASE("a private RSA key has d alone or all of its numbers, and two primes") {
  std::string d_alone(keys::rsa2048_jwk);
  for (const std::string_view member : {"p", "q", "dp", "dq", "qi"}) d_alone = test::without(d_alone, member);

  CHECK(test::pair(keys::rsa2048_jwk, "RS256") == "ok");
  CHECK(test::pair(d_alone, "RS256") == "ok");
  CHECK(test::pair(test::set(d_alone, "p", test::member(keys::rsa2048_jwk, "p")), "RS256") == "invalid_argument q");
  CHECK(test::pair(test::set(d_alone, "qi", test::member(keys::rsa2048_jwk, "qi")), "RS256") == "invalid_argument p");
  CHECK(test::pair(test::set(keys::rsa2048_jwk, "oth", Json::array()), "RS256") == "invalid_argument oth");
  for (const std::string_view member : {"n", "e", "d", "p", "q", "dp", "dq", "qi"}) {
    CAPTURE(member);
    // RFC 7518 §2, Base64urlUInt: the minimum number of octets.
    const std::string longer = '\0' + test::unb64(test::member(keys::rsa2048_jwk, member));
    CHECK(test::pair(test::set(keys::rsa2048_jwk, member, test::b64u(longer)), "RS256") ==
          "invalid_argument " + std::string(member));
  }
}

TEST_CASE("a public key alone does not sign") {
  CHECK(test::pair(keys::p256_public_jwk) == "invalid_argument d");
  CHECK(test::pair(keys::ed25519_public_jwk) == "invalid_argument d");
  CHECK(test::pair(keys::rsa2048_public_jwk, "RS256") == "invalid_argument d");
}

// keys.hpp: RSA of 2048–8192 bits with an exponent that is odd, at least 3 and at most 2^64.
TEST_CASE("an RSA key outside its sizes or with a strange exponent is refused") {
  const auto with_e = [](const char* e) { return test::half(test::set(keys::rsa2048_public_jwk, "e", e), "RS256"); };

  CHECK(test::half(keys::rsa1024_jwk, "RS256").starts_with("invalid_argument"));
  CHECK(test::half(keys::rsa2047_jwk, "RS256").starts_with("invalid_argument"));
  CHECK(test::half(keys::rsa8193_public_jwk, "RS256").starts_with("invalid_argument"));
  const auto with_n = [](const std::string& n) {
    return test::half(test::set(keys::rsa2048_public_jwk, "n", test::b64u(n)), "RS256");
  };
  const std::string n = test::unb64(test::member(keys::rsa2048_public_jwk, "n"));
  CHECK(with_n(n) == "ok");
  CHECK(with_n(n.substr(0, 255) + '\2') == "invalid_argument n");  // even
  CHECK(with_n(std::string(1024, '\xff')) == "ok");                // 8192 bits
  CHECK(with_n(std::string(2048, '\xff')) == "invalid_argument n");
  CHECK(with_e("AQAB") == "ok");
  CHECK(with_e("Aw") == "ok");
  CHECK(with_e("__________8") == "ok");                           // 2^64 - 1
  CHECK(with_e("AQAAAAAAAAAB").starts_with("invalid_argument"));  // 2^64 + 1
  CHECK(with_e("AQ").starts_with("invalid_argument"));            // 1
  CHECK(with_e("Ag").starts_with("invalid_argument"));            // 2
  CHECK(with_e("AQAA").starts_with("invalid_argument"));          // 65536
  CHECK(with_e("").starts_with("invalid_argument"));
  CHECK(with_e("AQAB=").starts_with("invalid_argument"));
  CHECK(test::half(test::without(keys::rsa2048_public_jwk, "n"), "RS256") == "invalid_argument n");
  CHECK(test::half(test::without(keys::rsa2048_public_jwk, "e"), "RS256") == "invalid_argument e");
}

TEST_CASE("a symmetric JWK is as long as its digest and strict base64url") {
  CHECK(test::pair(test::oct(32)) == "ok");
  CHECK(test::half(test::oct(32)) == "ok");
  CHECK(test::pair(test::oct(31)) == "invalid_argument k");
  CHECK(test::pair(test::oct(0)) == "invalid_argument k");
  CHECK(test::pair(test::oct(47, R"("alg":"HS384")")) == "invalid_argument k");
  CHECK(test::pair(test::oct(48, R"("alg":"HS384")")) == "ok");
  CHECK(test::pair(test::oct(63, R"("alg":"HS512")")) == "invalid_argument k");
  CHECK(test::pair(test::oct(64, R"("alg":"HS512")")) == "ok");
  CHECK(test::pair(test::without(test::oct(32), "k")) == "invalid_argument k");
  CHECK(test::pair(test::set(test::oct(32), "k", test::member(test::oct(32), "k") + "=")) == "invalid_argument k");
  CHECK(test::pair(test::set(test::oct(32), "k", 7)) == "invalid_argument k");
  CHECK(test::pair(test::set(test::oct(32), "k", test::b64u(keys::p256_public_pem))) == "invalid_argument k");
  CHECK(test::half(test::set(test::oct(32), "k", test::b64u(keys::p256_public_jwk))) == "invalid_argument k");
}

TEST_CASE("text that is no strict JSON object is refused") {
  for (const std::string& text :
       {std::string(), std::string("null"), std::string("[]"), "[" + std::string(keys::p256_jwk) + "]",
        std::string(keys::p256_jwk) + "x", test::with(keys::p256_jwk, R"("crv":"P-256")"),
        test::with(keys::p256_jwk, R"("x1":1,"x1":2)"), std::string(keys::p256_jwk.substr(0, 60)),
        std::string(keys::p256_pem)}) {
    CAPTURE(text.substr(0, 30));
    CHECK(test::pair(text).starts_with("invalid_argument"));
    CHECK(test::half(text).starts_with("invalid_argument"));
  }
  CHECK(test::pair(" " + test::with(keys::p256_jwk, R"("x5t":"a","future":{"member":[1]})") + "\n") == "ok");
}

TEST_CASE("a kid is a text of at most 256 bytes and comes out as it went in") {
  const std::string longest(256, 'k');
  const auto kid = [](const std::string& json) {
    return test::half(test::with(keys::p256_public_jwk, R"("kid":)" + json));
  };

  CHECK(verification_key_from_jwk(test::with(keys::p256_public_jwk, R"("kid":"a\"\u00e9")")).value()->kid() ==
        "a\"\xc3\xa9");
  CHECK(kid('"' + longest + '"') == "ok");
  CHECK(kid('"' + longest + "k\"") == "invalid_argument kid");
  CHECK(kid("1") == "invalid_argument kid");
  CHECK(kid("null") == "invalid_argument kid");
}

TEST_CASE("a generated JWK names its algorithm, its kid and its use, and can be loaded") {
  for (const auto& row : test::algorithms) {
    CAPTURE(row.alg);
    const SecretBytes text = generate_private_jwk(row.alg, {.rsa_bits = 2048}).value();
    const Json jwk = Json::parse(text.expose_text());
    CHECK(jwk.at("alg") == row.alg);
    CHECK(jwk.at("use") == "sig");
    CHECK(jwk.at("kid") == (row.jwk.empty() ? jwk.at("kid") : Json(test::thumbprint(jwk))));
    CHECK(jwk.at("kid").get<std::string>().size() == (row.jwk.empty() ? 22U : 43U));
    if (row.jwk.empty()) CHECK(test::unb64(jwk.at("k").get<std::string>()).size() >= row.signature_bytes);

    const auto pair = key_pair_from_jwk(text);
    REQUIRE(pair);
    CHECK(pair->signer()->kid() == jwk.at("kid").get<std::string>());
    CHECK(test::signs_and_verifies(*pair));
  }
}

TEST_CASE("a generated JWK has the kid it was given and a secret of its own") {
  const SecretBytes named = generate_private_jwk("ES256", {.kid = "a\"b"}).value();
  const SecretBytes one = generate_private_jwk("EdDSA").value();
  const SecretBytes other = generate_private_jwk("EdDSA").value();

  CHECK(Json::parse(named.expose_text()).at("kid") == "a\"b");
  CHECK(test::member(one.expose_text(), "d") != test::member(other.expose_text(), "d"));
}

TEST_CASE("a JWK is not generated for an unknown algorithm, a bad kid or a bad RSA size") {
  CHECK(test::outcome(generate_private_jwk("none")).starts_with("invalid_argument"));
  CHECK(test::outcome(generate_private_jwk("")).starts_with("invalid_argument"));
  CHECK(test::outcome(generate_private_jwk("ES256", {.kid = "\xff"})).starts_with("invalid_argument"));
  CHECK(test::outcome(generate_private_jwk("ES256", {.kid = std::string(257, 'k')})).starts_with("invalid_argument"));
  CHECK(test::outcome(generate_private_jwk("RS256", {.rsa_bits = 2047})).starts_with("invalid_argument"));
  CHECK(test::outcome(generate_private_jwk("RS256", {.rsa_bits = 8193})).starts_with("invalid_argument"));
  // The edge itself with an algorithm that does not take a minute.
  CHECK(test::outcome(generate_private_jwk("ES256", {.rsa_bits = 8192})) == "ok");
}
