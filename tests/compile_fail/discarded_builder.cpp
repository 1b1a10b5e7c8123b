// Builders return a new value; calling one for its effect changes nothing, so ignoring it is an error.
// error: unused-result
#include "momento_token/permissions.hpp"

using namespace momento_token;

Permissions build() {
  Permissions permissions;
#ifdef BAD_LINE
  permissions.with_topic(TopicPermissions::publish_only().with_cache("chat"));
#endif
  return permissions;
}
