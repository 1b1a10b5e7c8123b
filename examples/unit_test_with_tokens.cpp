// A unit test of code that takes tokens, with the test kit and doctest (Catch2 and GoogleTest have the same matchers, in
// testing/catch2.hpp and testing/gtest.hpp). No key is made, no time passes, and every way to be refused is tried.

#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>

#include "momento_token/momento_token.hpp"
#include "momento_token/testing.hpp"
#include "momento_token/testing/doctest.hpp"

using namespace momento_token;
using namespace std::chrono_literals;
using testing::Allows, testing::Denies, testing::ExpiresIn, testing::RefusedAs;

// What is tested: publishing to a room.
int publish(const Verifier& verifier, std::string_view token, std::string_view room) {
  const auto verified = verifier.verify(token);
  if (!verified) return 401;
  return allows(*verified, topic_publish("chat", room)) ? 204 : 403;
}

// Trusts the kit's published key and its clock; a real service builds its verifier from its own.
struct ChatTest {
  std::shared_ptr<testing::ManualClock> clock = std::make_shared<testing::ManualClock>();
  Permissions scope = scopes::topic_publish_only("chat", "room-7");
  testing::VerifierSetup setup{.clock = clock, .permissions = scope};
  Verifier verifier = Verifier::create(testing::verifier_options(setup)).value();
  std::string token = testing::make_token({.permissions = scope, .valid_for = 15min, .clock = clock});
};

TEST_CASE_FIXTURE(ChatTest, "a guest publishes to the room of the token and to no other") {
  CHECK(publish(verifier, token, "room-7") == 204);
  CHECK(publish(verifier, token, "room-8") == 403);
}

TEST_CASE_FIXTURE(ChatTest, "a guest's token opens nothing else, and ends after 15 minutes") {
  CHECK(verifier.verify(token) == Allows(topic_publish("chat", "room-7")));
  CHECK(verifier.verify(token) == Denies(topic_subscribe("chat", "room-7")));
  CHECK(verifier.verify(token) == ExpiresIn(15min));
  clock->advance(15min);
  CHECK(verifier.verify(token) == RefusedAs(Errc::expired));
}

TEST_CASE_FIXTURE(ChatTest, "no bad token gets in, whatever it says it opens") {
  CHECK(publish(verifier, testing::good_token(setup), "room-7") == 204);
  for (const auto& bad : testing::bad_tokens(setup)) {
    CAPTURE(std::string(bad.fault));
    CHECK(publish(verifier, bad.token, "room-7") == 401);
    CHECK(verifier.verify(bad.token) == RefusedAs(bad.refused_as));
  }
}
