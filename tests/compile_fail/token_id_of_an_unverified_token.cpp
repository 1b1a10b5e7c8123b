// token_metadata() is the signed token_id, so only the verified type has it.
// error: token_metadata
#include "momento_token/token.hpp"

using namespace momento_token;

std::optional<std::string> who(const UnverifiedToken& claimed) {
#ifdef BAD_LINE
  return std::string(*claimed.token_metadata());
#endif
  return claimed.claims().token_id;
}
