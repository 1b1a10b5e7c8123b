// A selector is a reference into its permission.
// error: deleted
#include "momento_token/permissions.hpp"

using namespace momento_token;

const auto permission = CachePermissions::read_only();
const CacheSelector& good = permission.cache();
#ifdef BAD_LINE
const CacheSelector& bad = CachePermissions::read_only().cache();
#endif
