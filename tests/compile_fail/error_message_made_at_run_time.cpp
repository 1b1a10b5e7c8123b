// A message is a literal, so that no token, key or token_id can get into it.
// error: StaticText|constant expression|convert
#include "momento_token/error.hpp"

using namespace momento_token;

Error refuse(const std::string& input) {
#ifdef BAD_LINE
  return Error{Errc::invalid_argument, "name", input.c_str()};
#endif
  return Error{Errc::invalid_argument, "name", input.empty() ? StaticText("is empty") : StaticText("is not known")};
}
