// The body of both libraries; PARTY is the name of the one.
#include "momento_token/momento_token.hpp"
#include "party.hpp"

namespace PARTY {

using namespace momento_token;

std::string mint(const std::string& secret, const std::string& topic) {
  const auto key = KeyPair::from_secret("HS256", SecretBytes::copy_of(secret)).value();
  const auto issuer = Issuer::create({.signer = key.signer()}).value();
  const auto scope = issuer.prepare(scopes::topic_publish_only("chat", topic)).value();
  return scope.generate_disposable_token({.valid_for = std::chrono::hours(1), .token_id = topic}).value().api_key;
}

bool accepts(const std::string& secret, const std::string& token, const std::string& topic) {
  const auto key = KeyPair::from_secret("HS256", SecretBytes::copy_of(secret)).value();
  const auto verifier = Verifier::create({.keys = {key.verification_key()}}).value();
  const auto seen = verifier.verify(token);
  return seen && seen->token_metadata() == topic && seen->permissions() == scopes::topic_publish_only("chat", topic) &&
         allows(*seen, topic_publish("chat", topic)) && !allows(*seen, topic_publish("chat", topic + "0"));
}

}  // namespace PARTY
