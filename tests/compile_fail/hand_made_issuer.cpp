// An Issuer whose options nobody checked cannot be made.
// error: no matching|private
#include "momento_token/issuer.hpp"

using namespace momento_token;

Result<Issuer> checked(IssuerOptions options) { return Issuer::create(std::move(options)); }
#ifdef BAD_LINE
Issuer unchecked(IssuerOptions options) { return Issuer(std::move(options)); }
#endif
