// JWK Sets: what is skipped, what refuses the whole set (design.md §3, "Algorithms").
#include "momento_token/jwk.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "key_rows.hpp"
#include "support.hpp"

using namespace momento_token;
using Json = nlohmann::json;
namespace keys = test::keys;

namespace test {

inline std::string jwks(const std::vector<std::string>& keys) {
  std::string text = R"({"keys":[)";
  for (std::size_t i = 0; i < keys.size(); ++i) text += (i == 0 ? "" : ",") + keys[i];
  return text + "]}";
}
/// The number of keys that are read, or the error.
inline std::string read(const std::vector<std::string>& keys) {
  const auto set = verification_keys_from_jwks(jwks(keys));
  return set ? std::to_string(set->size()) : std::string(to_string(set.error().code));
}

inline const std::string ec = with(keys::p256_public_jwk, R"("kid":"ec")");
inline const std::string okp = with(keys::ed25519_public_jwk, R"("kid":"okp")");
inline const std::string rsa = with(keys::rsa2048_public_jwk, R"("kid":"rsa")");
inline std::string oct(const std::string& kid, std::string_view more = R"("alg":"HS256",)") {
  return R"({"kty":"oct","kid":")" + kid + R"(",)" + std::string(more) + R"("k":")" + b64u(counting_bytes(32)) +
         R"("})";
}
inline std::string okp_with(std::string_view members) { return with(keys::ed25519_other_jwk, members); }

}  // namespace test

TEST_CASE("a set gives its keys in their order, an RSA key without alg as RS256") {
  const auto set = verification_keys_from_jwks(test::jwks({test::ec, test::rsa, test::okp}));

  REQUIRE(set);
  REQUIRE(set->size() == 3);
  CHECK((*set)[0]->kid() == "ec");
  CHECK((*set)[0]->alg() == "ES256");
  CHECK((*set)[1]->alg() == "RS256");
  CHECK((*set)[2]->alg() == "EdDSA");
  CHECK(test::read({test::with(test::rsa, R"("alg":"PS256")")}) == "1");
  CHECK(test::read({test::oct("a"), test::oct("b")}) == "2");
}

TEST_CASE("a key that is unknown or not for verifying is skipped") {
  for (const std::string_view skipped :
       {R"({"kty":"AKP","alg":"ML-DSA-44","pub":"AAAA","kid":"s"})",
        R"({"kty":"AKP","pub":"AAAA","k":[1],"x":{"y":null}})",
        R"({"kty":"XX","n":5,"alg":1,"kid":7,"key_ops":{"a":[]}})",
        R"({"kty":"EC","crv":"secp256k1","x":"AA","y":"AA","kid":"s"})",
        R"({"kty":"OKP","crv":"X25519","x":"AA","kid":"s"})", R"({"kty":"OKP","crv":"Ed448","x":"AA","kid":"s"})"}) {
    CAPTURE(skipped);
    CHECK(test::read({test::ec, std::string(skipped)}) == "1");
    CHECK(test::read({std::string(skipped), test::ec}) == "1");
  }
  for (const std::string_view members : {R"("use":"enc")", R"("key_ops":["sign"])", R"("key_ops":["encrypt"])",
                                         R"("alg":"EdDSA-next")", R"("key_ops":["deriveKey"],"use":"enc")"}) {
    CAPTURE(members);
    CHECK(test::read({test::ec, test::okp_with(members)}) == "1");
  }
  CHECK(test::read({test::ec, test::with(keys::rsa2048_public_jwk, R"("alg":"RSA-OAEP-256","use":"enc")")}) == "1");
  CHECK(test::read({test::ec, test::with(keys::rsa2048_public_jwk, R"("alg":"RSA-OAEP-256")")}) == "1");
  CHECK(test::read({test::ec, test::oct("s", R"("alg":"A128KW",)")}) == "1");
  // What is skipped is in nobody's way: its kid, its kind and its numbers do not matter.
  CHECK(test::read({test::ec, test::okp_with(R"("kid":"ec","use":"enc")")}) == "1");
  CHECK(test::read({test::ec, test::oct("s", R"("alg":"HS256","use":"enc",)")}) == "1");
  CHECK(test::read({test::ec, R"({"kty":"OKP","crv":"Ed25519","x":"AA","key_ops":["deriveKey"]})"}) == "1");
}

TEST_CASE("a set in which nothing is left to verify with is refused") {
  CHECK(test::read({}) == "invalid_argument");
  CHECK(test::read({test::okp_with(R"("use":"enc")")}) == "invalid_argument");
  CHECK(test::read({R"({"kty":"AKP","pub":"AAAA"})"}) == "invalid_argument");
}

TEST_CASE("one malformed key of a known kind refuses the set") {
  const std::string bad_y = test::replaced(test::ec, R"("y":")", R"("y":"A)");
  for (const std::string& bad : std::vector<std::string>{bad_y,
                                                         R"({"kty":"EC","crv":"P-256","kid":"b"})",
                                                         R"({"kty":"OKP","crv":"Ed25519","x":"AA","kid":"b"})",
                                                         R"({"kty":"RSA","n":"AQAB","e":"AQAB","kid":"b"})",
                                                         std::string(keys::rsa1024_jwk),
                                                         std::string(keys::rsa8193_public_jwk),
                                                         test::okp_with(R"("alg":"RS256")"),
                                                         test::okp_with(R"("alg":"HS256")"),
                                                         test::okp_with(R"("alg":"ES256")"),
                                                         test::okp_with(R"("kid":1)"),
                                                         test::okp_with(R"("kid":"")"),
                                                         test::okp_with(R"("kid":"","use":"enc")"),
                                                         test::okp_with(R"("use":1)"),
                                                         test::okp_with(R"("key_ops":"verify")"),
                                                         test::okp_with(R"("key_ops":["verify",1])"),
                                                         test::with(test::ec, R"("alg":"ES384")"),
                                                         R"({"kty":"EC","kid":"b","x":"AA","y":"AA"})",
                                                         "1",
                                                         "null",
                                                         "[]",
                                                         "{}"}) {
    CAPTURE(bad.substr(0, 60));
    CHECK(test::read({test::okp, bad}) == "invalid_argument");
    CHECK(test::read({bad, test::okp}) == "invalid_argument");
  }
}

TEST_CASE("a kid that is there twice refuses the set") {
  CHECK(test::read({test::ec, test::okp_with(R"("kid":"ec")")}) == "invalid_argument");
  CHECK(test::read({test::ec, test::okp_with(R"("kid":"\u0065c")")}) == "invalid_argument");
  CHECK(test::read({test::ec, test::okp_with(R"("kid":"EC")")}) == "2");
  CHECK(test::read({std::string(keys::p256_public_jwk), std::string(keys::ed25519_public_jwk)}) == "2");
}

TEST_CASE("symmetric and public keys do not go together, and a symmetric one names its algorithm") {
  CHECK(test::read({test::ec, test::oct("a")}) == "invalid_argument");
  CHECK(test::read({test::oct("a"), test::ec}) == "invalid_argument");
  CHECK(test::read({test::oct("a", "")}) == "invalid_argument");
  CHECK(test::read({test::oct("a", R"("alg":"HS384",)")}) == "invalid_argument");  // 32 bytes are too few
  CHECK(test::read({test::oct("a", R"("alg":"ES256",)")}) == "invalid_argument");
}

TEST_CASE("a thousand keys are read and one more is not") {
  std::vector<std::string> keys;
  for (int i = 0; i < 1000; ++i) keys.push_back(test::oct(std::to_string(i)));
  CHECK(test::read(keys) == "1000");

  keys.push_back(test::oct("1000"));

  CHECK(test::read(keys) == "limit_exceeded");
  keys.assign(1000, R"({"kty":"XX"})");  // what is skipped counts, too: it costs as much
  keys.front() = test::ec;
  CHECK(test::read(keys) == "1");
  keys.push_back(R"({"kty":"XX"})");
  CHECK(test::read(keys) == "limit_exceeded");
}

TEST_CASE("a set of 1 MiB is read and one more byte is not") {
  const std::string set = test::jwks({test::ec});
  const std::string fits = set + std::string((std::size_t{1} << 20) - set.size(), ' ');

  CHECK(test::outcome(verification_keys_from_jwks(fits)) == "ok");
  CHECK(test::outcome(verification_keys_from_jwks(fits + " ")).starts_with("limit_exceeded"));
}

TEST_CASE("text that is no strict JWK Set is refused") {
  const std::string set = test::jwks({test::ec});
  for (const std::string& text : std::vector<std::string>{
           "", "null", "[]", "{}", test::ec, "[" + test::ec + "]", R"({"keys":null})", R"({"keys":{}})",
           R"({"keys":)" + test::ec + "}", R"({"keys":[],"keys":[]})", set + "x", set.substr(0, set.size() - 1),
           R"({"Keys":[]})", test::replaced(set, R"("kty")", R"("x":1,"x":2,"kty")")}) {
    CAPTURE(text.substr(0, 40));
    CHECK(test::outcome(verification_keys_from_jwks(text)).starts_with("invalid_argument"));
  }
  CHECK(test::outcome(verification_keys_from_jwks(test::with(set, R"("more":[1,{"kty":2}])"))) == "ok");
}

TEST_CASE("a text with a private or symmetric member, or one that cannot be read, is treated as a secret") {
  CHECK_FALSE(holds_private_key(keys::p256_public_jwk));
  CHECK_FALSE(holds_private_key(keys::rsa2048_public_jwk));
  CHECK_FALSE(holds_private_key(test::jwks({test::ec, test::rsa, test::okp})));
  CHECK(holds_private_key(keys::p256_jwk));
  CHECK(holds_private_key(keys::rsa2048_jwk));
  CHECK(holds_private_key(keys::ed25519_jwk));
  CHECK(holds_private_key(test::oct("a")));
  CHECK(holds_private_key(test::jwks({test::ec, std::string(keys::ed25519_jwk)})));
  for (const std::string_view member : {"k", "d", "p", "q", "dp", "dq", "qi"}) {
    CAPTURE(member);
    CHECK(holds_private_key(R"({"kty":"RSA",")" + std::string(member) + R"(":"AA"})"));
    CHECK(holds_private_key(R"({"keys":[{"kty":"RSA"},{"kty":"RSA",")" + std::string(member) + R"(":"AA"}]})"));
  }
  CHECK(holds_private_key(R"({"kty":"EC","\u0064":"AA"})"));
  CHECK(holds_private_key(""));
  CHECK(holds_private_key("text"));
  CHECK(holds_private_key(R"({"kty":"EC","x":1,"x":2})"));
}

TEST_CASE("a public set holds the public members of its keys and is read back as the same keys") {
  std::vector<std::shared_ptr<const VerificationKey>> published;
  for (const auto& row : test::algorithms) {
    if (!row.pem.empty()) published.push_back(test::key_pair(row, "kid \"" + std::string(row.alg)).verification_key());
  }

  const std::string text = public_jwks(published).value();

  CHECK_FALSE(holds_private_key(text));
  const Json set = Json::parse(text);
  REQUIRE(set.at("keys").size() == published.size());
  for (std::size_t i = 0; i < published.size(); ++i) {
    const Json& jwk = set.at("keys")[i];
    const auto& row = test::algorithms[i + 3];
    CAPTURE(row.alg);
    CHECK(jwk.at("alg") == row.alg);
    CHECK(jwk.at("kid") == "kid \"" + std::string(row.alg));
    const Json expected = Json::parse(row.public_jwk);
    for (const auto& [name, value] : expected.items()) CHECK(jwk.at(name) == value);
  }
  const auto read = verification_keys_from_jwks(text);
  REQUIRE(read);
  REQUIRE(read->size() == published.size());
  for (std::size_t i = 0; i < published.size(); ++i) CHECK((*read)[i]->alg() == published[i]->alg());
}

TEST_CASE("a symmetric key or a key of somebody else's making is not published") {
  struct Foreign final : VerificationKey {
    [[nodiscard]] std::string_view alg() const noexcept override { return "ES256"; }
    [[nodiscard]] std::string_view kid() const noexcept override { return "f"; }
    [[nodiscard]] bool verify(ByteView, ByteView) const noexcept override { return false; }
  };
  const auto fine = test::key_pair(test::algorithms[3], "a").verification_key();
  const auto symmetric = test::key_pair(test::algorithms[0], "b").verification_key();
  const auto published = [](std::vector<std::shared_ptr<const VerificationKey>> keys) {
    return test::outcome(public_jwks(keys));
  };

  CHECK(published({fine}) == "ok");
  CHECK(published({symmetric}).starts_with("invalid_argument"));
  CHECK(published({fine, symmetric}).find('1') != std::string::npos);
  CHECK(published({fine, std::make_shared<Foreign>()}).starts_with("invalid_argument"));
  CHECK(published({nullptr}).starts_with("invalid_argument"));
}
