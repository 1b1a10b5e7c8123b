#include <jwt.h>

#include "peers.hpp"

namespace bench {
namespace {

const unsigned char* key_bytes() { return reinterpret_cast<const unsigned char*>(hmac_secret().data()); }

std::string mint_with_libjwt(const PeerClaims& claims) {
  jwt_t* token = nullptr;
  peer_must(jwt_new(&token) == 0 && jwt_add_header(token, "kid", "k") == 0 && jwt_add_grant_int(token, "ver", 1) == 0 &&
            jwt_add_grant(token, "p", claims.p.c_str()) == 0 && jwt_add_grant_int(token, "iat", claims.iat) == 0 &&
            jwt_add_grant_int(token, "exp", claims.exp) == 0 && jwt_add_grant(token, "jti", claims.jti.c_str()) == 0 &&
            jwt_add_grant(token, "tid", claims.tid.c_str()) == 0 &&
            jwt_set_alg(token, JWT_ALG_HS256, key_bytes(), 32) == 0);
  char* const text = jwt_encode_str(token);
  std::string copy(text);
  std::free(text);
  jwt_free(token);
  return copy;
}

}  // namespace

void add_libjwt() {
  add_peer("libjwt", mint_with_libjwt, [](const std::string& text) {
    jwt_t* token = nullptr;
    peer_must(jwt_decode(&token, text.c_str(), key_bytes(), 32) == 0 && jwt_get_grant_int(token, "exp") > 0 &&
              jwt_get_grant(token, "p") != nullptr);
    jwt_free(token);
  });
}

}  // namespace bench
