// Mints a token, verifies it, asks what it allows, and prints that with fmt.
#include <chrono>
#include <iostream>

#include <momento_token/format.hpp>
#include <momento_token/momento_token.hpp>

using namespace momento_token;

int main() {
  const auto key = KeyPair::generate("ES256").value();
  const auto issuer = Issuer::create({.signer = key.signer()}).value();
  const auto minted =
      generate_disposable_token(issuer, std::chrono::minutes(15), scopes::topic_publish_only("chat", "room-7")).value();

  const auto verifier = Verifier::create({.keys = {key.verification_key()}}).value();
  const auto token = verifier.verify(minted.api_key).value();
  const bool right = allows(token, topic_publish("chat", "room-7")) && !allows(token, topic_publish("chat", "room-8"));
  const bool printed = fmt::format("{}", topic_publish("chat", "room-7")) == to_string(topic_publish("chat", "room-7"));
  std::cout << "momento_token " << MOMENTO_TOKEN_VERSION << (right && printed ? " works\n" : " does not work\n");
  return right && printed ? 0 : 1;
}
