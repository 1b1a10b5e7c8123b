// The compiled library: every body, once.

// nlohmann's templates under a namespace of our own: a program that compiles the same templates with other switches (no
// exceptions, say) must not get its copies mixed with ours.
#define NLOHMANN_JSON_NAMESPACE nlohmann::momento_token_v1
#define NLOHMANN_JSON_NAMESPACE_BEGIN \
  namespace nlohmann {                \
  inline namespace momento_token_v1 {
#define NLOHMANN_JSON_NAMESPACE_END \
  }                                 \
  }

#include "momento_token/impl/authorizer.ipp"
#include "momento_token/impl/clock.ipp"
#include "momento_token/impl/credential.ipp"
#include "momento_token/impl/deny_list.ipp"
#include "momento_token/impl/encoding.ipp"
#include "momento_token/impl/error.ipp"
#include "momento_token/impl/issuer.ipp"
#include "momento_token/impl/jwk.ipp"
#include "momento_token/impl/key_ring.ipp"
#include "momento_token/impl/keys.ipp"
#include "momento_token/impl/permissions.ipp"
#include "momento_token/impl/permissions_json.ipp"
#include "momento_token/impl/permissions_proto.ipp"
#include "momento_token/impl/result.ipp"
#include "momento_token/impl/scopes.ipp"
#include "momento_token/impl/secret.ipp"
#include "momento_token/impl/token.ipp"
#include "momento_token/impl/verifier.ipp"
