#pragma once
// The life of a key in a server: loaded, used in every way, moved, gone. And the loads that fail half-way.

#include <chrono>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "../fixtures/encrypted_keys.hpp"
#include "../fixtures/keys.hpp"
#include "momento_token/issuer.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/key_ring.hpp"
#include "momento_token/scopes.hpp"
#include "momento_token/testing.hpp"
#include "momento_token/verifier.hpp"

namespace assurance {

namespace keys = test::keys;
using momento_token::KeyPair;
using momento_token::Result;
using momento_token::SecretBytes;

// Not inlined: g++ 12 else follows lengths it cannot know into warnings about memcpy.
__attribute__((noinline)) inline SecretBytes copy(std::string_view text) { return SecretBytes::copy_of(text); }

inline SecretBytes joined(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const auto part : parts) size += part.size();
  SecretBytes text(size);
  std::byte* out = text.expose_for_writing().data();
  for (const auto part : parts) {
    std::memcpy(out, part.data(), part.size());
    out += part.size();
  }
  return text;
}

/// `text` with another base64 letter `after` letters behind the first `mark`.
inline SecretBytes spoilt(std::string_view text, std::string_view mark, std::size_t after) {
  SecretBytes changed = copy(text);
  std::byte& letter = changed.expose_for_writing()[text.find(mark) + mark.size() + after];
  letter = letter == std::byte{'A'} ? std::byte{'B'} : std::byte{'A'};
  return changed;
}

inline momento_token::PassphraseCallback answering(std::string_view passphrase) {
  return [passphrase]() -> Result<SecretBytes> { return copy(passphrase); };
}

/// Signs with a real key and throws afterwards.
class ThrowingSigner final : public momento_token::Signer {
 public:
  explicit ThrowingSigner(std::shared_ptr<const Signer> inner) : inner_(std::move(inner)) {}
  [[nodiscard]] std::string_view alg() const noexcept override { return inner_->alg(); }
  [[nodiscard]] std::string_view kid() const noexcept override { return inner_->kid(); }
  [[nodiscard]] Result<std::size_t> sign(momento_token::ByteView input, std::span<std::byte> out) const override {
    const auto size = inner_->sign(input, out);
    throw std::runtime_error("thrown through the issuer");
  }

 private:
  std::shared_ptr<const Signer> inner_;
};

/// Everything that may hold a key.
struct Holders {
  SecretBytes text;
  std::optional<KeyPair> pair;
  std::optional<momento_token::Issuer> issuer;
  std::optional<momento_token::PreparedScope> scope;
  std::optional<momento_token::Verifier> verifier;
  std::shared_ptr<momento_token::KeyRing> ring;
  std::string tokens[2];  // of the prepared scope
};

inline void check(bool ok, const char* what) {
  if (!ok) throw std::logic_error(what);
}

inline void mint_and_verify(Holders& all) {
  using namespace std::chrono_literals;
  const auto permissions = momento_token::scopes::all_data_read_write();
  for (int i = 0; i < 20; ++i) {
    const auto token = all.issuer->generate_disposable_token({.permissions = permissions, .valid_for = 60s});
    check(token && all.verifier->verify(token->api_key), "a minted token does not verify");
    const auto prepared = all.scope->generate_disposable_token({.valid_for = 60s});
    check(prepared && all.verifier->verify(prepared->api_key), "a prepared token does not verify");
    all.tokens[i % 2] = prepared->api_key;
    std::string forged = prepared->api_key;
    forged[forged.size() - 10] = forged[forged.size() - 10] == 'A' ? 'B' : 'A';
    check(!all.verifier->verify(forged), "a forged token verifies");
  }
}

inline void use(Holders& all) {
  using namespace std::chrono_literals;
  using namespace momento_token;
  const auto clock = std::make_shared<testing::ManualClock>(std::chrono::sys_seconds(1893456000s));
  KeyPair moved = std::move(*all.pair);
  all.pair = moved;
  const auto permissions = scopes::all_data_read_write();
  Issuer issuer = Issuer::create({.signer = all.pair->signer(), .clock = clock}).value();
  PreparedScope scope = issuer.prepare(permissions).value();
  all.issuer = std::move(issuer);
  all.scope = std::move(scope);
  PreparedScope replaced = all.issuer->prepare(permissions).value();
  *all.scope = std::move(replaced);
  all.verifier = Verifier::create({.keys = {all.pair->verification_key()}, .clock = clock}).value();
  mint_and_verify(all);

  const auto throwing =
      Issuer::create({.signer = std::make_shared<ThrowingSigner>(all.pair->signer()), .clock = clock}).value();
  bool thrown = false;
  try {
    static_cast<void>(throwing.generate_disposable_token({.permissions = permissions, .valid_for = 60s}));
  } catch (const std::runtime_error&) {
    thrown = true;
  }
  check(thrown, "the signer did not throw");

  all.ring = KeyRing::create({.signing_key = all.pair, .clock = clock}).value();
  const auto of_ring = Issuer::create({.clock = clock, .key_ring = all.ring}).value();
  const auto scope_of_ring = of_ring.prepare(permissions).value();
  check(scope_of_ring.generate_disposable_token({.valid_for = 60s}).has_value(), "a ring does not mint");
  const auto next = KeyPair::generate(all.pair->signer()->alg() == "HS256" ? "HS256" : "HS512", "next").value();
  const bool symmetric = all.pair->signer()->alg().starts_with("HS");
  check(all.ring->publish(symmetric ? next : KeyPair::generate("EdDSA", "next").value()).has_value(), "publish");
  check(all.ring->sign_with("next") && all.ring->revoke(all.pair->signer()->kid()), "rotation");
  check(scope_of_ring.generate_disposable_token({.valid_for = 60s}).has_value(), "a ring does not mint after rotation");
}

/// None of these gives a key; each has had private bytes in its hands.
inline int failing_loads() {
  using namespace momento_token;
  int failed = 0;
  const auto refuse = [&](const auto& result) {
    check(!result, "a broken key was accepted");
    ++failed;
  };
  const auto pem = [&](std::string_view alg, const SecretBytes& text) { refuse(KeyPair::from_pem(alg, text)); };
  const auto jwk = [&](const SecretBytes& text, std::string_view alg = {}) { refuse(key_pair_from_jwk(text, alg)); };
  for (const auto& [alg, text] : {std::pair("ES256", keys::p256_pem), std::pair("ES384", keys::p384_pem),
                                  std::pair("EdDSA", keys::ed25519_pem), std::pair("RS256", keys::rsa2048_pem)}) {
    pem(alg, joined({text.substr(0, text.size() * 2 / 3), "\n-----END PRIVATE KEY-----\n"}));
    pem(alg, joined({text.substr(0, text.size() - 40), "!", text.substr(text.size() - 39)}));
    pem(alg, joined({text, text}));
    pem(text == keys::p384_pem ? "ES256" : "ES384", copy(text));
    refuse(KeyPair::from_secret("HS256", copy(text)));
  }
  pem("RS256", spoilt(keys::rsa2048_pem, "-----BEGIN PRIVATE KEY-----\n", keys::rsa2048_pem.size() - 120));
  pem("ES256", spoilt(keys::p256_pem, "-----BEGIN PRIVATE KEY-----\n", 70));
  for (const auto& [alg, text] :
       {std::pair("", keys::p256_jwk), std::pair("", keys::p384_jwk), std::pair("", keys::p521_jwk),
        std::pair("", keys::ed25519_jwk), std::pair("RS256", keys::rsa2048_jwk)}) {
    jwk(spoilt(text, "\"d\":\"", 4), alg);
    jwk(copy(text.substr(0, text.size() - 1)), alg);
    jwk(joined({text.substr(0, text.size() - 1), ",\"kid\":5}"}), alg);
    jwk(joined({text.substr(0, text.size() - 1), ",\"use\":\"enc\"}"}), alg);
    jwk(joined({text.substr(0, text.size() - 1), ",\"key_ops\":[\"verify\"]}"}), alg);
    jwk(joined({text.substr(0, text.size() - 1), ",\"d\":\"AAAA\"}"}), alg);
    jwk(copy(text), "HS256");
    const SecretBytes set = joined({"{\"keys\":[", text, ",", text, ",{}]}"});
    refuse(verification_keys_from_jwks(set.expose_text()));
    check(holds_private_key(set.expose_text()), "a private key was overlooked");
  }
  for (const char* mark : {"\"p\":\"", "\"q\":\"", "\"dp\":\"", "\"dq\":\"", "\"qi\":\""}) {
    jwk(spoilt(keys::rsa2048_jwk, mark, 9), "PS256");
  }
  // The right passphrase and a damaged, then a short ciphertext: all but its end comes out in the clear.
  for (const auto& [alg, text] : {std::pair("ES256", keys::p256_pbkdf2_sha512_aes128_pem),
                                  std::pair("EdDSA", keys::ed25519_pbkdf2_sha256_aes256_pem),
                                  std::pair("RS256", keys::rsa2048_pbkdf2_sha256_aes256_pem)}) {
    const std::size_t end = text.find("\n-----END");
    const SecretBytes damaged = spoilt(text, "\n", end - text.find('\n') - 8);
    refuse(KeyPair::from_pem(alg, damaged, {}, answering(keys::passphrase)));
    refuse(KeyPair::from_pem(alg, copy(text), {}, answering(keys::passphrase.substr(1))));
    refuse(KeyPair::from_pem("ES512", copy(text), {}, answering(keys::passphrase)));
  }
  return failed;
}

}  // namespace assurance
