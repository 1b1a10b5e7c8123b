// What a token merely claims decides nothing.
// error: no matching function
#include "momento_token/authorizer.hpp"

using namespace momento_token;

bool decide(const UnverifiedToken& claimed, const VerifiedToken& token) {
#ifdef BAD_LINE
  if (allows(claimed, cache_read("media"))) return true;
#endif
  static_cast<void>(claimed);
  return allows(token, cache_read("media"));
}
