#pragma once
// PUBLISHED KEYS for unit tests, two of every algorithm. Their private halves stand in detail/test_key_material.hpp for
// the whole world to read: whoever trusts one of them trusts everybody. NEVER IN PRODUCTION.
//
// What keeps them out: no library of ours contains them, only programs that include this header do. Every kid begins
// with "test-", so that a log shows where a token comes from, and a verifier that trusts none of them says unknown_key.
// Define MOMENTO_TOKEN_NO_TEST_KEYS for what you ship, and including this header is a compile error.

#if defined(MOMENTO_TOKEN_NO_TEST_KEYS)
#error "the keys of momento_token/testing.hpp are public, and MOMENTO_TOKEN_NO_TEST_KEYS forbids them in this program"
#endif

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "momento_token/config.hpp"
#include "momento_token/detail/joined.hpp"
#include "momento_token/detail/test_key_material.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/keys.hpp"
#include "momento_token/secret.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace testing {

namespace detail {
struct TestAlgorithm {
  std::string_view name;
  const TestKeyMaterial* material;  // null for HMAC
};
inline constexpr std::array<TestAlgorithm, 13> test_algorithms = {{{"HS256", nullptr},
                                                                   {"HS384", nullptr},
                                                                   {"HS512", nullptr},
                                                                   {"ES256", &p256},
                                                                   {"ES384", &p384},
                                                                   {"ES512", &p521},
                                                                   {"RS256", &rsa2048},
                                                                   {"RS384", &rsa2048},
                                                                   {"RS512", &rsa2048},
                                                                   {"PS256", &rsa2048},
                                                                   {"PS384", &rsa2048},
                                                                   {"PS512", &rsa2048},
                                                                   {"EdDSA", &ed25519}}};
// Never defined: a call in a constant expression makes a compile error that says so.
void the_test_kit_has_no_such_algorithm();
}  // namespace detail

/// One of the 13 built-in algorithms, written as its name: "ES256". Any other text does not compile.
class Algorithm {
 public:
  template <std::size_t N>
  consteval Algorithm(const char (&name)[N]) : place_(place_of({name, N - 1})) {}
  [[nodiscard]] constexpr std::string_view name() const noexcept { return detail::test_algorithms[place_].name; }
  /// Its place in `algorithms`.
  [[nodiscard]] constexpr std::size_t place() const noexcept { return place_; }
  [[nodiscard]] constexpr bool is_hmac() const noexcept { return material() == nullptr; }
  [[nodiscard]] constexpr const detail::TestKeyMaterial* material() const noexcept {
    return detail::test_algorithms[place_].material;
  }
  friend constexpr bool operator==(Algorithm, Algorithm) = default;

 private:
  static consteval std::uint8_t place_of(std::string_view name) {
    for (std::size_t place = 0; place < detail::test_algorithms.size(); ++place) {
      if (detail::test_algorithms[place].name == name) return static_cast<std::uint8_t>(place);
    }
    detail::the_test_kit_has_no_such_algorithm();
    return 0;
  }
  std::uint8_t place_;
};

/// What the kit uses where no algorithm is named.
inline constexpr Algorithm default_algorithm = "ES256";

/// All of them, to loop over.
inline constexpr std::array<Algorithm, 13> algorithms = {"HS256", "HS384", "HS512", "ES256", "ES384", "ES512", "RS256",
                                                         "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA"};

/// The kid of published_key(): "test-" and the algorithm.
[[nodiscard]] inline std::string published_kid(Algorithm algorithm = default_algorithm) {
  return detail::joined({"test-", algorithm.name()});
}

namespace detail {
[[nodiscard]] inline std::string private_jwk(Algorithm algorithm, std::string_view members, std::string_view kid) {
  return joined({R"({"alg":")", algorithm.name(), R"(","kid":")", kid, R"(","use":"sig",)", members, "}"});
}
[[nodiscard]] inline std::string oct_members(std::string_view secret) {
  return joined({R"("kty":"oct","k":")", base64url_encode(as_bytes(secret)), R"(")"});
}
}  // namespace detail

/// The private JWK, public as it is: a key file for a program under test.
[[nodiscard]] inline std::string published_jwk(Algorithm algorithm = default_algorithm) {
  const std::string members =
      algorithm.is_hmac() ? detail::oct_members(detail::hmac_secret) : std::string(algorithm.material()->jwk_members);
  return detail::private_jwk(algorithm, members, published_kid(algorithm));
}
/// A second one, for rotation and for keys that nobody trusts. Its kid is "test-other-" and the algorithm.
[[nodiscard]] inline std::string other_published_jwk(Algorithm algorithm = default_algorithm) {
  const std::string members = algorithm.is_hmac() ? detail::oct_members(detail::other_hmac_secret)
                                                  : std::string(algorithm.material()->other_jwk_members);
  return detail::private_jwk(algorithm, members, detail::joined({"test-other-", algorithm.name()}));
}

namespace detail {
/// Keys that are read once: reading one costs about a millisecond, signing with it some 20 µs.
class KeyShelf {
 public:
  template <class JwkOf>
  [[nodiscard]] KeyPair take(Algorithm algorithm, const JwkOf& jwk_of) {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::optional<KeyPair>& key = keys_[algorithm.place()];
    if (!key) key = key_pair_from_jwk(SecretBytes::copy_of(jwk_of(algorithm))).value();
    return *key;
  }

 private:
  std::mutex mutex_;
  std::array<std::optional<KeyPair>, test_algorithms.size()> keys_;
};
}  // namespace detail

/// The same as a key pair: the signer of an issuer, the verification key of a verifier. All RS and PS algorithms share
/// one RSA key of 2048 bits, all HS ones one secret. Thread-safe.
[[nodiscard]] inline KeyPair published_key(Algorithm algorithm = default_algorithm) {
  static auto* const shelf = new detail::KeyShelf;  // never destroyed: a static object's destructor may still mint
  return shelf->take(algorithm, published_jwk);
}
[[nodiscard]] inline KeyPair other_published_key(Algorithm algorithm = default_algorithm) {
  static auto* const shelf = new detail::KeyShelf;
  return shelf->take(algorithm, other_published_jwk);
}

/// The public half of published_key() as SPKI PEM text; empty for HS256, HS384 and HS512, which have none.
[[nodiscard]] inline std::string_view published_public_pem(Algorithm algorithm = default_algorithm) {
  return algorithm.is_hmac() ? std::string_view() : algorithm.material()->public_pem;
}

}  // namespace testing
MOMENTO_TOKEN_END_NAMESPACE
