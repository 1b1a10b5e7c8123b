// A secret wipes its bytes when it goes; a view of a temporary one sees zeros at best.
// error: deleted
#include "momento_token/secret.hpp"

using namespace momento_token;

const SecretBytes secret = SecretBytes::copy_of("key");
const std::string_view good = secret.expose_text();
#ifdef BAD_LINE
const std::string_view bad = SecretBytes::copy_of("key").expose_text();
#endif
