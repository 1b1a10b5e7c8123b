// A key pair signs: there is no formatter for it; its kid is what a log may name.
// error: [Cc]annot format|formatter|unformattable
#include "momento_token/format.hpp"
#include "momento_token/keys.hpp"

using namespace momento_token;

std::string log(const KeyPair& key) {
#ifdef BAD_LINE
  return fmt::format("{}", key);
#endif
  return fmt::format("{} with {}", Errc::unknown_key, key.signer()->kid());
}
