// A minted token is a credential: no stream takes it, so none ends up in a log.
// error: no match for .operator<<|invalid operands to binary expression
#include <iostream>

#include "momento_token/issuer.hpp"

using namespace momento_token;

void log(const DisposableToken& token, const Permissions& permissions) {
#ifdef BAD_LINE
  std::cerr << token;
#endif
  std::cerr << permissions << " until " << token.valid_until.time_since_epoch().count();
}
