#include "peers.hpp"

namespace bench {

const std::vector<PeerClaims>& peer_claims() {
  static const std::vector<PeerClaims> all = [] {
    std::vector<PeerClaims> claims;
    for (std::size_t i = 0; i < token_count; ++i) {
      const mt::Bytes p = mt::to_proto(usual_scope(i)).value();
      const long iat = now.time_since_epoch().count();
      claims.push_back(
          {mt::base64url_encode(p), "jti-of-22-letters-" + std::to_string(1000 + i), token_id_of(i), iat, iat + 3600});
    }
    return claims;
  }();
  return all;
}

void add_peers() {
#if defined(MOMENTO_TOKEN_BENCH_CPP_JWT)
  add_cpp_jwt();
#endif
#if defined(MOMENTO_TOKEN_BENCH_LIBJWT)
  add_libjwt();
#endif
#if defined(MOMENTO_TOKEN_BENCH_JOSE)
  add_jose();
#endif
}

}  // namespace bench
