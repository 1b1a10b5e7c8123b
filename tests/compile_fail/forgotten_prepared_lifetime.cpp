// A prepared scope does not know how long its tokens live: each mint says it.
// error: Lifetime
#include "momento_token/issuer.hpp"

using namespace momento_token;

Result<DisposableToken> mint(const PreparedScope& scope) {
#ifdef BAD_LINE
  return scope.generate_disposable_token(PreparedTokenRequest{.token_id = "ann"});
#endif
  return scope.generate_disposable_token(PreparedTokenRequest{.valid_for = std::chrono::hours(1), .token_id = "ann"});
}
