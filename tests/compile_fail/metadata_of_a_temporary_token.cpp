// The metadata is a view into the token; of a temporary one it would dangle.
// error: deleted
#include "momento_token/verifier.hpp"

using namespace momento_token;

bool is_ann(const Verifier& verifier, std::string_view text) {
#ifdef BAD_LINE
  return verifier.verify(text).value().token_metadata() == "ann";
#endif
  const auto token = verifier.verify(text);
  return token && token->token_metadata() == "ann";
}
