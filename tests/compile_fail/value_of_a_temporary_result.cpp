// Looking into a Result that is gone at the end of the line, untested.
// error: deleted
#include "momento_token/verifier.hpp"

using namespace momento_token;

std::size_t statements(const Verifier& verifier, std::string_view text) {
#ifdef BAD_LINE
  return verifier.verify(text)->statement_count();
#endif
  const auto token = verifier.verify(text);
  return token ? token->statement_count() : 0;
}
