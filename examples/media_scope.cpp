// A token per piece of content: whoever bought a film may read its segments, and nothing beside it.

#include <iostream>
#include <string>
#include <vector>

#include "momento_token/momento_token.hpp"

using namespace momento_token;
using namespace std::chrono_literals;

// Segments are kept under "<content>/<number>". The separator ends the prefix: "film-1" would
// open "film-10" as well.
Permissions watching(const std::vector<std::string>& contents) {
  const auto in_media = CachePermissions::read_only().with_cache("media");
  Permissions scope;
  for (const auto& content : contents) {
    scope = std::move(scope).with_cache(in_media.with_key_prefix(content + "/"));
  }
  return scope;
}

void ask(const VerifiedToken& token, const char* what, const Action& action) {
  std::cout << what << ": " << (allows(token, action) ? "yes" : "no") << '\n';
}

int main() {
  const auto key = KeyPair::generate("ES256").value();
  const auto issuer = Issuer::create({.signer = key.signer()}).value();
  const auto verifier = Verifier::create({.keys = {key.verification_key()}}).value();  // on each edge server

  // Two hours, for a film and its trailer; the edge server sees who watches in token_metadata().
  const auto minted = generate_disposable_token(issuer, 2h, watching({"film-1", "trailer-1"}), "viewer-7");
  if (!minted) return std::cerr << to_string(minted.error()) << '\n', 1;

  const auto token = verifier.verify(minted->api_key);
  if (!token) return std::cerr << to_string(token.error()) << '\n', 1;
  ask(*token, "a segment of the film", cache_read("media", "film-1/0042"));
  ask(*token, "the trailer", cache_read("media", "trailer-1/0001"));
  ask(*token, "another film", cache_read("media", "film-10/0042"));
  ask(*token, "another cache", cache_read("accounts", "film-1/0042"));
  ask(*token, "overwriting a segment", cache_write("media", "film-1/0042"));
  std::cout << explain(*token, cache_read("media", "film-10/0042")).reason << '\n';

  // What a careful reviewer would say about a scope, before it is used.
  for (const auto& finding : lint(scopes::cache_key_prefix_read_only("media", "film-1"), 2h))
    std::cout << to_string(finding.lint) << ": " << finding.message << '\n';
}
