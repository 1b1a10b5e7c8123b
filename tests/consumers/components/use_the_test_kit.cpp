// A unit test of somebody else: time stands still until told to move.
#include <iostream>

#include "momento_token/momento_token.hpp"
#include "momento_token/testing.hpp"

using namespace momento_token;

int main() {
  const auto clock =
      std::make_shared<testing::ManualClock>(std::chrono::sys_seconds(std::chrono::seconds(1'700'000'000)));
  const auto key = KeyPair::generate("ES256").value();
  const auto issuer = Issuer::create({.signer = key.signer(), .clock = clock}).value();
  const auto minted =
      generate_disposable_token(issuer, std::chrono::minutes(1), scopes::topic_publish_only("chat", "a"));
  const auto verifier = Verifier::create({.keys = {key.verification_key()}, .clock = clock}).value();

  const bool before = verifier.verify(minted.value().api_key).has_value();
  clock->advance(std::chrono::minutes(1));
  const bool after = verifier.verify(minted.value().api_key).has_value();
  std::cout << (before && !after ? "test kit works\n" : "test kit fails\n");
  return before && !after ? 0 : 1;
}
