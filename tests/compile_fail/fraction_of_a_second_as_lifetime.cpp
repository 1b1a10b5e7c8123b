// `exp` is written in whole seconds, so a lifetime in milliseconds does not compile.
// error: Lifetime|constraint|no matching|no viable
#include "momento_token/clock.hpp"

using namespace momento_token;

const Lifetime good = std::chrono::minutes(1);
#ifdef BAD_LINE
const Lifetime bad = std::chrono::milliseconds(1500);
#endif
