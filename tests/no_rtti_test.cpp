// Compiled with -fno-rtti: a signer and a key without a type that anybody could ask for.
#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "momento_token/issuer.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/keys.hpp"
#include "momento_token/scopes.hpp"
#include "momento_token/verifier.hpp"

using namespace momento_token;

namespace {

class DelegatingSigner final : public Signer {
 public:
  explicit DelegatingSigner(std::shared_ptr<const Signer> signer) : signer_(std::move(signer)) {}
  [[nodiscard]] std::string_view alg() const noexcept override { return signer_->alg(); }
  [[nodiscard]] std::string_view kid() const noexcept override { return signer_->kid(); }
  [[nodiscard]] Result<std::size_t> sign(ByteView input, std::span<std::byte> signature) const override {
    return signer_->sign(input, signature);
  }

 private:
  std::shared_ptr<const Signer> signer_;
};

class DelegatingKey final : public VerificationKey {
 public:
  explicit DelegatingKey(std::shared_ptr<const VerificationKey> key) : key_(std::move(key)) {}
  [[nodiscard]] std::string_view alg() const noexcept override { return key_->alg(); }
  [[nodiscard]] std::string_view kid() const noexcept override { return key_->kid(); }
  [[nodiscard]] bool verify(ByteView input, ByteView signature) const noexcept override {
    return key_->verify(input, signature);
  }

 private:
  std::shared_ptr<const VerificationKey> key_;
};

}  // namespace

TEST_CASE("a signer and a key of another make, compiled without RTTI, mint and verify") {
  for (const char* alg : {"HS256", "ES256"}) {
    const KeyPair pair = KeyPair::generate(alg).value();
    const auto key = std::make_shared<DelegatingKey>(pair.verification_key());
    const auto issuer = Issuer::create({.signer = std::make_shared<DelegatingSigner>(pair.signer())}).value();
    const auto verifier = Verifier::create({.keys = {key}}).value();
    const auto token =
        generate_disposable_token(issuer, std::chrono::minutes(1), scopes::topic_publish_only("chat", "a"));
    REQUIRE(token);
    CHECK(verifier.verify(token->api_key).has_value());
  }
}

TEST_CASE("such a key is not published, and one of ours is") {
  const KeyPair pair = KeyPair::generate("ES256").value();
  const std::vector<std::shared_ptr<const VerificationKey>> ours{pair.verification_key()};
  const std::vector<std::shared_ptr<const VerificationKey>> theirs{std::make_shared<DelegatingKey>(ours.front())};
  CHECK(public_jwks(ours).has_value());
  const auto refused = public_jwks(theirs);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().field == "keys[0]");
}
