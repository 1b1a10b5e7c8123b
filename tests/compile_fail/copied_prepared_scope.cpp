// A prepared scope holds the state of a keyed hash, which is in one place.
// error: deleted
#include "momento_token/issuer.hpp"

using namespace momento_token;

PreparedScope keep(PreparedScope scope) {
#ifdef BAD_LINE
  const PreparedScope copy = scope;
#endif
  return scope;
}
