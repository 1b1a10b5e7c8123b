#include "momento_token/testing/published_keys.hpp"

#include <doctest/doctest.h>
#include <openssl/evp.h>

#include <array>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "momento_token/signer.hpp"
#include "support.hpp"

using namespace momento_token;

namespace test {

/// The JOSE signature of "text".
inline Bytes signature_of_text(const KeyPair& key) {
  std::array<std::byte, max_signature_bytes> room{};
  const std::size_t size = key.signer()->sign(as_bytes("text"), room).value();
  return {room.begin(), room.begin() + static_cast<std::ptrdiff_t>(size)};
}
inline bool verifies(const KeyPair& key, const Bytes& signature) {
  return key.verification_key()->verify(as_bytes("text"), signature);
}

}  // namespace test

// RFC 7518 §3.1 and RFC 8037 §3.1 name the algorithms.
TEST_CASE("there are two published keys of each algorithm, and neither verifies for the other") {
  std::set<std::string> names;
  for (const testing::Algorithm algorithm : testing::algorithms) {
    CAPTURE(std::string(algorithm.name()));
    names.emplace(algorithm.name());
    const KeyPair key = testing::published_key(algorithm);
    const KeyPair other = testing::other_published_key(algorithm);

    CHECK(key.signer()->alg() == algorithm.name());
    CHECK(other.signer()->alg() == algorithm.name());
    CHECK(test::verifies(key, test::signature_of_text(key)));
    CHECK(test::verifies(other, test::signature_of_text(other)));
    CHECK_FALSE(test::verifies(key, test::signature_of_text(other)));
    CHECK_FALSE(test::verifies(other, test::signature_of_text(key)));
  }
  CHECK(names == std::set<std::string>{"HS256", "HS384", "HS512", "ES256", "ES384", "ES512", "RS256", "RS384", "RS512",
                                       "PS256", "PS384", "PS512", "EdDSA"});
}

TEST_CASE("every published kid begins with test- and says the algorithm") {
  for (const testing::Algorithm algorithm : testing::algorithms) {
    const std::string name(algorithm.name());
    CHECK(testing::published_key(algorithm).verification_key()->kid() == "test-" + name);
    CHECK(testing::other_published_key(algorithm).verification_key()->kid() == "test-other-" + name);
    CHECK(testing::published_kid(algorithm) == "test-" + name);
  }
  CHECK(testing::published_kid() == "test-ES256");
}

// The PEM texts are what Python's cryptography wrote for the keys.
TEST_CASE("the public PEM is that of the published key") {
  for (const testing::Algorithm algorithm : testing::algorithms) {
    CAPTURE(std::string(algorithm.name()));
    const std::string_view pem = testing::published_public_pem(algorithm);
    CHECK(pem.empty() == algorithm.is_hmac());
    if (pem.empty()) continue;
    const auto key = verification_key_from_pem(algorithm.name(), pem).value();
    CHECK(key->verify(as_bytes("text"), test::signature_of_text(testing::published_key(algorithm))));
    CHECK_FALSE(key->verify(as_bytes("text"), test::signature_of_text(testing::other_published_key(algorithm))));
  }
}

TEST_CASE("the hash that stands in for a PEM text as an HMAC secret is OpenSSL's SHA-256 of it") {
  for (const testing::Algorithm algorithm : testing::algorithms) {
    if (algorithm.is_hmac()) continue;
    const std::string_view pem = algorithm.material()->public_pem;
    std::string hash(32, '\0');
    EVP_Digest(pem.data(), pem.size(), reinterpret_cast<unsigned char*>(hash.data()), nullptr, EVP_sha256(), nullptr);
    CHECK(algorithm.material()->public_pem_sha256 == test::b64u(hash));
  }
}

TEST_CASE("an HMAC secret says to whoever looks at it that it is public") {
  CHECK(testing::published_jwk("HS256").find(test::b64u("First test key of momento_token: PUBLIC, never use in "
                                                        "production")) != std::string::npos);
  CHECK(testing::other_published_jwk("HS512").find(test::b64u("Other test key of momento_token: PUBLIC, never use in "
                                                              "production")) != std::string::npos);
}

TEST_CASE("a published JWK is the private key of that kid, and is known for one") {
  for (const testing::Algorithm algorithm : testing::algorithms) {
    CAPTURE(std::string(algorithm.name()));
    const std::string jwk = testing::published_jwk(algorithm);
    const KeyPair read = key_pair_from_jwk(SecretBytes::copy_of(jwk)).value();

    CHECK(holds_private_key(jwk));
    CHECK(read.signer()->kid() == testing::published_kid(algorithm));
    CHECK(test::verifies(testing::published_key(algorithm), test::signature_of_text(read)));
    CHECK(holds_private_key(testing::other_published_jwk(algorithm)));
  }
}

TEST_CASE("a published key is read once, whichever thread asks first") {
  std::vector<std::vector<const Signer*>> seen(4);
  std::vector<std::thread> threads;
  for (auto& mine : seen) {
    threads.emplace_back([&mine] {
      for (const auto algorithm : testing::algorithms) mine.push_back(testing::published_key(algorithm).signer().get());
    });
  }
  for (std::thread& thread : threads) thread.join();

  for (const auto& mine : seen) CHECK(mine == seen.front());
  CHECK(std::set<const Signer*>(seen.front().begin(), seen.front().end()).size() == testing::algorithms.size());
}
