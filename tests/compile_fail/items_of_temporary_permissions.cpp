// The statements are a view into the Permissions; the loop would outlive a temporary.
// error: deleted
#include "momento_token/permissions.hpp"

using namespace momento_token;

Permissions make();

std::size_t count() {
#ifdef BAD_LINE
  for (const Permission& statement : make().items()) return statement.index();
#endif
  const Permissions permissions = make();
  return permissions.items().size();
}
