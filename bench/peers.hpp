#pragma once
// The JWT libraries that Debian packages, with the claims of the usual tokens, each used as its own documentation does. One
// that is not installed is not compiled and has no rows.

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "material.hpp"
#include "row.hpp"

namespace bench {

inline void peer_must(bool good) {
  if (good) return;
  std::fputs("a peer's row failed\n", stderr);
  std::exit(1);
}

struct PeerClaims {
  std::string p, jti, tid;
  long iat = 0, exp = 0;
};

/// What is in the usual tokens.
[[nodiscard]] const std::vector<PeerClaims>& peer_claims();

/// A library's two rows: mint(claims) gives a token, verify(token) checks it.
template <class Mint, class Verify>
void add_peer(const std::string& name, Mint mint, Verify verify) {
  row("peer/" + name + "/mint", "hmac",
      [mint] { return [mint, &all = peer_claims()](std::size_t i) { benchmark::DoNotOptimize(mint(all[i])); }; });
  row("peer/" + name + "/verify", "hmac", [mint, verify] {
    std::vector<std::string> tokens;
    for (const PeerClaims& claims : peer_claims()) tokens.push_back(mint(claims));
    return [verify, tokens](std::size_t i) { verify(tokens[i]); };
  });
}

void add_cpp_jwt();
void add_libjwt();
void add_jose();

}  // namespace bench
