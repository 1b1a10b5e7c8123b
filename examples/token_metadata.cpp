// Who is calling? The token says: token_id is signed, so a service or proxy behind it needs no session to look up and no
// header of the caller to believe.

#include <iostream>
#include <map>
#include <string>

#include "momento_token/momento_token.hpp"

using namespace momento_token;
using namespace std::chrono_literals;

using Headers = std::map<std::string, std::string>;

struct Answer {
  int status;
  Headers upstream;  // what is sent on when the status is 200
};

// Never the caller's own x-user-id: it is dropped, and the signed one put in its place.
Answer proxy(const Verifier& verifier, Headers headers) {
  const auto token = verifier.verify(headers["authorization"]);
  if (!token || !token->token_metadata()) return {401, {}};
  if (!allows(*token, function_invoke("shop", "orders"))) return {403, {}};
  headers.erase("authorization");  // the token opens our door, not the one behind
  headers["x-user-id"] = *token->token_metadata();
  return {200, std::move(headers)};
}

void show(const char* what, const Answer& answer) {
  const auto user = answer.upstream.find("x-user-id");
  std::cout << what << ": " << answer.status << (user == answer.upstream.end() ? "" : " as " + user->second) << '\n';
}

int main() {
  const auto key = KeyPair::generate("ES256").value();
  const auto issuer = Issuer::create({.signer = key.signer()}).value();
  const auto verifier = Verifier::create({.keys = {key.verification_key()}}).value();
  const auto mint = [&](const Permissions& scope, std::optional<std::string> token_id) {
    return generate_disposable_token(issuer, 10min, scope, std::move(token_id)).value().api_key;
  };
  const auto orders = scopes::function_invoke("shop", "orders");
  const auto ann = mint(orders, "ann");

  show("a user", proxy(verifier, {{"authorization", ann}}));
  show("a user who claims to be another", proxy(verifier, {{"authorization", ann}, {"x-user-id", "root"}}));
  show("a token without an identity", proxy(verifier, {{"authorization", mint(orders, {})}}));
  show("a token for something else",
       proxy(verifier, {{"authorization", mint(scopes::topic_subscribe_only("shop", "news"), "ann")}}));
  show("no token", proxy(verifier, {}));

  // Without the key anybody can read a token, and nobody should decide by it: this type is accepted by no allows().
  const auto read = decode_unverified(ann).value();
  std::cout << "it claims to be for " << *read.claims().token_id << '\n';
}
