// A minted token is a credential: there is no formatter that would put it into a log.
// error: [Cc]annot format|formatter|unformattable
#include "momento_token/format.hpp"
#include "momento_token/issuer.hpp"

using namespace momento_token;

std::string log(const DisposableToken& token, const Permissions& permissions) {
#ifdef BAD_LINE
  return fmt::format("{}", token);
#endif
  return fmt::format("{} until {}", permissions, token.valid_until.time_since_epoch().count());
}
