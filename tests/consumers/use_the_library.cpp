// Mints, verifies, decides and prints once: enough to need every part of the library, and fmt, at link time.
#include <iostream>
#include <sstream>

#include "momento_token/format.hpp"
#include "momento_token/momento_token.hpp"

using namespace momento_token;

bool prints() {
  const Error error{Errc::expired};
  std::ostringstream stream;
  stream << error << " and " << topic_publish("chat", "a");
  return fmt::format("{} and {}", error, topic_publish("chat", "a")) == stream.str();
}

bool works() {
  const auto key = KeyPair::generate("EdDSA");
  if (!key) return false;
  const auto issuer = Issuer::create({.signer = key->signer()});
  if (!issuer) return false;
  const auto token =
      generate_disposable_token(*issuer, std::chrono::minutes(15), scopes::topic_publish_only("chat", "a"));
  if (!token) return false;
  const auto verifier = Verifier::create({.keys = {key->verification_key()}});
  if (!verifier) return false;
  const auto seen = verifier->verify(token->api_key);
  return seen && allows(*seen, topic_publish("chat", "a")) && !allows(*seen, topic_publish("chat", "b"));
}

int main() { std::cout << (works() && prints() ? "consumer works\n" : "consumer fails\n"); }
