// A million levels of anything, through every function that reads text or bytes of a stranger, on a stack of 256 KiB: whoever
// recursed on what he reads would not come back.

#include <pthread.h>

#include <string>
#include <string_view>
#include <vector>

#include "../forge.hpp"
#include "checks.hpp"
#include "momento_token/credential.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/key_ring.hpp"
#include "momento_token/permissions_json.hpp"
#include "momento_token/permissions_proto.hpp"
#include "momento_token/token.hpp"
#include "momento_token/verifier.hpp"
#include "skips.hpp"

namespace {

using namespace assurance;
using namespace momento_token;

const std::size_t levels = under_valgrind() ? 50'000 : 1'000'000;
constexpr std::size_t longest_token = std::size_t{64} << 10;  // the largest limit there is

std::string repeated(std::string_view piece, std::size_t times) {
  std::string text;
  text.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) text += piece;
  return text;
}

std::vector<std::string> nested_texts() {
  return {repeated("[", levels),
          repeated("[", levels) + repeated("]", levels),
          repeated(R"({"a":)", levels),
          repeated(R"({"a":)", levels) + "1" + repeated("}", levels),
          repeated(R"([{"":)", levels),
          R"({"kty":"oct","x":)" + repeated("[", levels),
          R"({"keys":)" + repeated(R"([{"keys":)", levels),
          R"({"explicit":{"permissions":)" + repeated("[", levels),
          R"({"permissions":)" + repeated(R"([{"cache":)", levels)};
}

void json_of_a_million_levels() {
  const Verifier verifier = test::forge_verifier({.keys = {}, .limits = {.max_token_bytes = longest_token}});
  const auto ring = KeyRing::create({.verification_keys = {test::forge_key()}}).value();
  bool refused = true;
  for (const std::string& text : nested_texts()) {
    const SecretBytes secret = SecretBytes::copy_of(text);
    refused = refused && !check_json(text) && !from_functions_json(text) && !from_sdk_json(text) &&
              !key_pair_from_jwk(secret) && !verification_key_from_jwk(text) && !verification_keys_from_jwks(text) &&
              !ring->reload_jwks(text) && holds_private_key(text) && !unwrap(base64_encode(as_bytes(text)));
    const std::string_view as_long_as_may_be = std::string_view(text).substr(0, 45'000);
    const std::string as_claims = test::forge(as_long_as_may_be);
    const std::string as_header = test::forge(test::claims_with(), as_long_as_may_be);
    for (const std::string& token : {as_claims, as_header}) {
      refused = refused && test::outcome(verifier.verify(token)) == "malformed_token" && !verifier.verify_jwt(token) &&
                test::outcome(decode_unverified(token, longest_token)) == "malformed_token";
    }
    refused = refused && verifier.verify_jws(as_claims).has_value() && !verifier.verify_jws(as_header);
  }
  check(refused, "JSON of a million levels is refused by whoever reads it, and a JWS may carry it");
}

// Field 2, length-delimited, a million times one inside the other; each length is that of the rest.
void protobuf_of_a_million_levels() {
  std::string bytes;
  for (std::size_t i = 0; i < levels; ++i) {
    std::string head = "\x12";
    for (std::size_t length = i * 2;; length >>= 7) {
      head += static_cast<char>((length & 0x7F) | (length > 0x7F ? 0x80U : 0U));
      if (length <= 0x7F) break;
    }
    bytes += head;
    if (bytes.size() > 4'000'000) break;
  }
  check(!from_proto(as_bytes(bytes)) && !from_proto(as_bytes(std::string(levels, '\x12'))) &&
            !from_proto(as_bytes(std::string(levels, '\x0a'))),
        "so is a permission set in protobuf");
}

// SEQUENCE of indefinite length, and of the length of the rest.
void der_of_a_million_levels() {
  bool refused = true;
  for (const std::string_view head : {std::string_view("\x30\x80", 2), std::string_view("\x30\x83\x0F\xFF\xFF", 5)}) {
    const std::string base64 = base64_encode(as_bytes(repeated(head, levels)));
    for (const std::string_view label : {"PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PUBLIC KEY"}) {
      const std::string pem =
          "-----BEGIN " + std::string(label) + "-----\n" + base64 + "\n-----END " + std::string(label) + "-----\n";
      const SecretBytes secret = SecretBytes::copy_of(pem);
      const auto passphrase = [] { return Result<SecretBytes>(SecretBytes::copy_of("x")); };
      refused =
          refused && !KeyPair::from_pem("ES256", secret, {}, passphrase) && !verification_key_from_pem("ES256", pem);
    }
  }
  check(refused, "so is a key in DER");
}

}  // namespace

int main() {
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  // Sanitizers put more on it.
  pthread_attr_setstacksize(&attributes, (sanitized ? std::size_t{4} << 20 : std::size_t{256} << 10));
  const int started = pthread_create(
      &thread, &attributes,
      [](void*) -> void* {
        json_of_a_million_levels();
        protobuf_of_a_million_levels();
        der_of_a_million_levels();
        return nullptr;
      },
      nullptr);
  if (started != 0) return 2;
  pthread_join(thread, nullptr);
  return outcome();
}
