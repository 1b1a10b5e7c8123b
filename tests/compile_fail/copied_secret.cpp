// A key is in one place; a copy of it is asked for by name.
// error: deleted
#include "momento_token/secret.hpp"

using namespace momento_token;

SecretBytes twice(const SecretBytes& secret) {
#ifdef BAD_LINE
  return secret;
#endif
  return SecretBytes::copy_of(secret.expose());
}
