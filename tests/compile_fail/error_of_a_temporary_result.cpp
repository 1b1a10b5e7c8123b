// A reference to the error of a Result that is gone at the end of the line.
// error: deleted
#include "momento_token/encoding.hpp"

using namespace momento_token;

Errc code(std::string_view text) {
#ifdef BAD_LINE
  return check_json(text).error().code;
#endif
  const auto checked = check_json(text);
  return checked ? Errc::internal_error : checked.error().code;
}
