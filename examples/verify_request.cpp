// What a server does with the token of a request: verify it, ask whether it allows the action, answer 200, 401 or 403.
// It holds public keys only, so it cannot mint.
//   momento-token jwks key.json > jwks.json
//   verify_request jwks.json "$TOKEN" topic.publish chat room-7

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

#include "momento_token/momento_token.hpp"

using namespace momento_token;

Result<Verifier> load_verifier(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string jwks{std::istreambuf_iterator<char>(file), {}};
  auto keys = verification_keys_from_jwks(jwks);
  if (!keys) return keys.error();
  return Verifier::create({.keys = std::move(keys).value()});
}

// Every refused token gets the same 401: a stranger learns nothing from the difference. The log gets the reason.
int answer(const Verifier& verifier, std::string_view bearer, const Action& action) {
  const auto token = verifier.verify(bearer);
  if (!token) {
    std::clog << "refused: " << to_string(token.error()) << '\n';
    return 401;
  }
  const auto decision = explain(*token, action);
  std::clog << decision.reason << '\n';
  return decision ? 200 : 403;
}

int main(int argc, char** argv) {
  if (argc != 6) return std::cerr << "usage: verify_request JWKS TOKEN ACTION CACHE RESOURCE\n", 2;
  const auto verifier = load_verifier(argv[1]);
  if (!verifier) return std::cerr << to_string(verifier.error()) << '\n', 2;
  const auto action = action_from_name(argv[3], argv[4], argv[5]);
  if (!action) return std::cerr << to_string(action.error()) << '\n', 2;
  const int status = answer(*verifier, argv[2], *action);
  std::cout << status << '\n';
  return status == 200 ? 0 : 1;
}
