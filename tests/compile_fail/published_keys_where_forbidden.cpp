// The published keys are public, and a program that is shipped can forbid them by MOMENTO_TOKEN_NO_TEST_KEYS.
// error: MOMENTO_TOKEN_NO_TEST_KEYS forbids them
#ifdef BAD_LINE
#define MOMENTO_TOKEN_NO_TEST_KEYS
#endif
#include "momento_token/testing.hpp"

int main() { return momento_token::testing::published_kid().empty() ? 1 : 0; }
