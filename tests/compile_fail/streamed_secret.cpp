// Key bytes go nowhere but through expose(): no stream takes them.
// error: no match for .operator<<|invalid operands to binary expression
#include <iostream>

#include "momento_token/secret.hpp"

using namespace momento_token;

void log(const SecretBytes& secret, const Error& error) {
#ifdef BAD_LINE
  std::cerr << secret;
#endif
  std::cerr << error << " after " << secret.size() << " bytes";
}
