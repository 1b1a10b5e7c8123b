// Only a Verifier makes a VerifiedToken: a function that takes one cannot be given anything unchecked.
// error: VerifiedToken.*private|private.*VerifiedToken
#include "momento_token/token.hpp"

using namespace momento_token;

std::size_t count(const VerifiedToken& token) { return token.statement_count(); }
#ifdef BAD_LINE
const VerifiedToken forged;
#endif
