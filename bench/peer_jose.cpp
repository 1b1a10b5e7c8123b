#include <jansson.h>
extern "C" {  // which these headers do not say themselves
#include <jose/b64.h>
#include <jose/jose.h>
}

#include "peers.hpp"

namespace bench {
namespace {

json_t* jose_key() {
  const std::string k = mt::base64url_encode(mt::as_bytes(hmac_secret()));
  return json_pack("{s:s,s:s,s:s}", "kty", "oct", "alg", "HS256", "k", k.c_str());
}

std::string mint_with_jose(const PeerClaims& c, json_t* key) {
  json_t* const claims = json_pack("{s:i,s:s,s:I,s:I,s:s,s:s}", "ver", 1, "p", c.p.c_str(), "iat", json_int_t{c.iat},
                                   "exp", json_int_t{c.exp}, "jti", c.jti.c_str(), "tid", c.tid.c_str());
  json_t* const jws = json_pack("{s:o}", "payload", jose_b64_enc_dump(claims));
  json_t* const signature = json_pack("{s:{s:s,s:s}}", "protected", "alg", "HS256", "kid", "k");
  peer_must(jose_jws_sig(nullptr, jws, signature, key));
  const auto part = [jws](const char* name) { return std::string(json_string_value(json_object_get(jws, name))); };
  const std::string token = part("protected") + "." + part("payload") + "." + part("signature");
  json_decref(signature);
  json_decref(jws);
  json_decref(claims);
  return token;
}
void verify_with_jose(const std::string& token, json_t* key) {
  const std::size_t first = token.find('.'), last = token.rfind('.');
  json_t* const jws = json_pack("{s:s%,s:s%,s:s}", "protected", token.data(), first, "payload",
                                token.data() + first + 1, last - first - 1, "signature", token.c_str() + last + 1);
  peer_must(jose_jws_ver(nullptr, jws, nullptr, key, false));
  json_t* const claims = jose_b64_dec_load(json_object_get(jws, "payload"));
  peer_must(json_integer_value(json_object_get(claims, "exp")) > 0 && json_is_string(json_object_get(claims, "p")));
  json_decref(claims);
  json_decref(jws);
}

}  // namespace

void add_jose() {
  json_t* const key = jose_key();
  add_peer(
      "jose", [key](const PeerClaims& claims) { return mint_with_jose(claims, key); },
      [key](const std::string& token) { verify_with_jose(token, key); });
}

}  // namespace bench
