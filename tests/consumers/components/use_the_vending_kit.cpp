// A server of somebody else, without its sockets.
#include <iostream>
#include <utility>

#include "momento_token/client.hpp"
#include "momento_token/momento_token.hpp"
#include "momento_token/vending.hpp"

using namespace momento_token;

int main() {
  const auto key = KeyPair::generate("ES256").value();
  auto policy = vending::policy_from_json(R"({"valid_for":"1m","token_id":"${user}",
      "scope":{"permissions":[{"role":"subscribeonly","cache":"chat","topic":"news"}]}})");
  auto auth = vending::bootstrap_auth({.credential = SecretBytes::copy_of("made-at-deployment-8Zq2")});
  const auto machine = vending::VendingMachine::create({.issuer = {.signer = key.signer(), .endpoint = "localhost"},
                                                        .auth = std::move(auth).value(),
                                                        .policy = std::move(policy).value()});
  const auto answer = machine.value().handle({.method = "POST",
                                              .target = "/vend",
                                              .headers = {{"authorization", "Bearer made-at-deployment-8Zq2"}},
                                              .body = "{}",
                                              .peer = "192.0.2.1"});
  std::cout << (answer.status == 200 ? "vending kit works\n" : "vending kit fails\n");
  return answer.status == 200 ? 0 : 1;
}
