// The heart of a token vending machine: who asks is known, what they may do is decided here, and the answer is the JSON
// of Momento's vending Function.
//   momento-token keygen --alg ES256 --out key.json
//   vend_token key.json ann room-7

#include <chrono>
#include <iostream>
#include <string>

#include "momento_token/momento_token.hpp"

using namespace momento_token;
using namespace std::chrono_literals;

// A private key that others can read is no secret any more.
Result<KeyPair> load_key(const std::string& path) {
  const auto file = read_key_file(path);
  if (!file) return file.error();
  if (!file->is_private) return Error{Errc::invalid_argument, "key", "is readable by others: chmod 600 mends it"};
  return key_pair_from_jwk(file->bytes);
}

// The scope is made from the room that the caller was let into, never from a scope that the caller sent.
Result<std::string> vend(const Issuer& issuer, const std::string& user, const std::string& room) {
  const auto scope = Permissions()
                         .with_topic(TopicPermissions::publish_only().with_cache("chat").with_topic(room))
                         .with_cache(CachePermissions::read_only().with_cache("media").with_key_prefix(room + "/"));
  const auto token = generate_disposable_token(issuer, 15min, scope, user);
  if (!token) return token.error();
  return response_body(*token, ResponseShape::functions);
}

int main(int argc, char** argv) {
  if (argc != 4) return std::cerr << "usage: vend_token KEYFILE USER ROOM\n", 2;
  const auto key = load_key(argv[1]);
  if (!key) return std::cerr << to_string(key.error()) << '\n', 2;
  const auto issuer = Issuer::create({.signer = key->signer(), .endpoint = "localhost"});
  if (!issuer) return std::cerr << to_string(issuer.error()) << '\n', 2;
  const auto body = vend(*issuer, argv[2], argv[3]);
  if (!body) return std::cerr << to_string(body.error()) << '\n', 1;
  std::cout << *body << '\n';
}
