// A Result that nobody looks at hides a failure.
// error: unused-result
#include "momento_token/encoding.hpp"

using namespace momento_token;

void check(std::string_view text) {
#ifdef BAD_LINE
  check_json(text);
#endif
  if (!check_json(text)) return;
}
