// A token lives as long as its issuer says: leaving the lifetime out does not compile.
// error: Lifetime
#include "momento_token/issuer.hpp"

using namespace momento_token;

Result<DisposableToken> mint(const Issuer& issuer, const Permissions& permissions) {
#ifdef BAD_LINE
  return issuer.generate_disposable_token(DisposableTokenRequest{.permissions = permissions});
#endif
  return issuer.generate_disposable_token(
      DisposableTokenRequest{.permissions = permissions, .valid_for = std::chrono::hours(1)});
}
