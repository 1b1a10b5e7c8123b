// The claims are a reference into the token.
// error: deleted
#include "momento_token/token.hpp"

using namespace momento_token;

UnverifiedToken look();

Claims seen() {
#ifdef BAD_LINE
  return look().claims();
#endif
  const UnverifiedToken token = look();
  return token.claims();
}
