// What was minted says nothing that was checked: a matcher says itself what it can be asked of, before GoogleTest's insides do.
// error: Allows and Denies match Permissions or a VerifiedToken
#include "momento_token/testing/gtest.hpp"

#include "momento_token/momento_token.hpp"

using namespace momento_token;
namespace kit = momento_token::testing;

void check(const Result<DisposableToken>& minted, const Result<VerifiedToken>& verified) {
#ifdef BAD_LINE
  EXPECT_THAT(minted, kit::Allows(topic_publish("chat", "room-7")));
#endif
  EXPECT_THAT(verified, kit::Allows(topic_publish("chat", "room-7")));
  EXPECT_THAT(minted, kit::ExpiresIn(std::chrono::hours(1)));
  EXPECT_THAT(minted, kit::RefusedAs(Errc::invalid_argument));
}
