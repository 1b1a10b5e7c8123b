// The compiled vending kit and client: every body, once.

// nlohmann's templates under a namespace of our own: a program that compiles the same templates with other switches (no
// exceptions, say) must not get its copies mixed with ours.
#define NLOHMANN_JSON_NAMESPACE nlohmann::momento_token_v1
#define NLOHMANN_JSON_NAMESPACE_BEGIN \
  namespace nlohmann {                \
  inline namespace momento_token_v1 {
#define NLOHMANN_JSON_NAMESPACE_END \
  }                                 \
  }

#include "momento_token/impl/client/refreshing_token_source.ipp"
#include "momento_token/impl/vending/caller_auth.ipp"
#include "momento_token/impl/vending/ceiling.ipp"
#include "momento_token/impl/vending/cors.ipp"
#include "momento_token/impl/vending/event.ipp"
#include "momento_token/impl/vending/key_source.ipp"
#include "momento_token/impl/vending/password_auth.ipp"
#include "momento_token/impl/vending/policy.ipp"
#include "momento_token/impl/vending/rate_limiter.ipp"
#include "momento_token/impl/vending/request.ipp"
#include "momento_token/impl/vending/vending_machine.ipp"
