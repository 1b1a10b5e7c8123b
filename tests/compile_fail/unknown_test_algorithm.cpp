// The test kit has keys of the built-in algorithms: another name is a typing error, found where it stands.
// error: the_test_kit_has_no_such_algorithm|'momento_token::testing::Algorithm::Algorithm<6UL>' is not a constant expr
#include "momento_token/testing/published_keys.hpp"

using namespace momento_token;

int main() {
#ifdef BAD_LINE
  const KeyPair wrong = testing::published_key("ES257");
#endif
  const KeyPair key = testing::published_key("ES256");
  return key.signer() == nullptr ? 1 : 0;
}
