#include <jwt/jwt.hpp>

#include "peers.hpp"

namespace bench {
namespace {

std::string mint_with_cpp_jwt(const PeerClaims& claims) {
  using namespace jwt::params;
  jwt::jwt_object token{algorithm("HS256"), secret(std::string(hmac_secret()))};
  token.header().add_header("kid", "k");
  token.add_claim("ver", 1).add_claim("p", claims.p).add_claim("iat", claims.iat).add_claim("exp", claims.exp);
  token.add_claim("jti", claims.jti).add_claim("tid", claims.tid);
  return token.signature();
}

}  // namespace

void add_cpp_jwt() {
  add_peer("cpp-jwt", mint_with_cpp_jwt, [key = std::string(hmac_secret())](const std::string& text) {
    using namespace jwt::params;
    const auto token = jwt::decode(text, algorithms({"HS256"}), secret(key), verify(true));
    peer_must(token.payload().get_claim_value<std::string>("p").size() == 68);
  });
}

}  // namespace bench
