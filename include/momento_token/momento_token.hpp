#pragma once
// momento_token: short-lived, scoped tokens, minted and verified where your program runs.
//
//   using namespace momento_token;
//   auto key = KeyPair::generate("ES256").value();
//   auto issuer = Issuer::create({.signer = key.signer()}).value();
//   auto token = issuer.generate_disposable_token({
//       .permissions = scopes::topic_publish_only("chat", "room-7"), .valid_for = std::chrono::minutes(15), .token_id = "ann"});
//   auto verifier = Verifier::create({.keys = {key.verification_key()}}).value();
//   auto seen = verifier.verify(token->api_key);
//   if (seen && allows(*seen, topic_publish("chat", "room-7"))) publish_as(*seen->token_metadata());
//
// What may fail returns a Result: test it, then `*` and `->` give the value, error() says why not; value() throws.
// Build scopes in permissions.hpp and scopes.hpp, load keys with keys.hpp and jwk.hpp, mint with issuer.hpp, check with
// verifier.hpp, decide with authorizer.hpp, hand over with credential.hpp. Not included: testing.hpp, format.hpp,
// vending.hpp, client.hpp.

#include "momento_token/authorizer.hpp"
#include "momento_token/claims.hpp"
#include "momento_token/clock.hpp"
#include "momento_token/config.hpp"
#include "momento_token/credential.hpp"
#include "momento_token/deny_list.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/error.hpp"
#include "momento_token/issuer.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/key_ring.hpp"
#include "momento_token/keys.hpp"
#include "momento_token/permissions.hpp"
#include "momento_token/permissions_json.hpp"
#include "momento_token/permissions_proto.hpp"
#include "momento_token/result.hpp"
#include "momento_token/scopes.hpp"
#include "momento_token/secret.hpp"
#include "momento_token/signer.hpp"
#include "momento_token/token.hpp"
#include "momento_token/verifier.hpp"
#include "momento_token/version.hpp"
