// 300 of what? A lifetime has a unit, so a bare number does not compile.
// error: Lifetime
#include "momento_token/issuer.hpp"

using namespace momento_token;

Result<DisposableToken> mint(const Issuer& issuer, const Permissions& permissions) {
#ifdef BAD_LINE
  return issuer.generate_disposable_token(DisposableTokenRequest{.permissions = permissions, .valid_for = 300});
#endif
  return issuer.generate_disposable_token(
      DisposableTokenRequest{.permissions = permissions, .valid_for = std::chrono::seconds(300)});
}
