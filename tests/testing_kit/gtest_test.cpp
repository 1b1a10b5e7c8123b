#include "momento_token/testing/gtest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "situation.hpp"

using namespace momento_token;
using namespace std::chrono_literals;

namespace kit = momento_token::testing;
using kit::Allows, kit::ExpiresIn, kit::RefusedAs;

class Door : public ::testing::Test {
 protected:
  const Verifier verifier = Verifier::create(kit::verifier_options()).value();
};

TEST_F(Door, OpensForASpeaker) {
  const auto speaker = scopes::topic_publish_only("chat", "room-7");
  const auto token = kit::make_token({.permissions = speaker});
  EXPECT_THAT(verifier.verify(token), Allows(topic_publish("chat", "room-7")));
}

using kit::Denies;

#define MATCHES(value, matcher) EXPECT_THAT(value, matcher)

TEST(Matchers, MatchWhatTheyShould) {
  const test::Situation s;
#include "must_hold.inl"
  EXPECT_THAT(s.accepted, ::testing::AllOf(ExpiresIn(1h), ::testing::Not(Allows(cache_read("media", "/movie2")))));
}

// These lines, and those of the namespace above, are the header's example; docs_test compares them.
TEST(Matchers, AreUsedAsTheHeaderSays) {
  const auto verifier = Verifier::create(kit::verifier_options()).value();
  const auto token = kit::make_token({.permissions = scopes::topic_publish_only("chat", "room-7")});
  const auto bad = kit::bad_tokens().front();
  EXPECT_THAT(verifier.verify(token), Allows(topic_publish("chat", "room-7")));
  EXPECT_THAT(verifier.verify(token), ExpiresIn(1h));
  EXPECT_THAT(verifier.verify(bad.token), RefusedAs(bad.refused_as));
}

// Run by failing.py, which wants every one to fail.
TEST(Matchers, DISABLED_EveryOneFails) {
  const test::Situation s;
#include "must_fail.inl"
}

// The gallery names the cases of a parameterised test, and no token is printed with them.
class BadTokens : public ::testing::TestWithParam<kit::BadToken> {};

TEST_P(BadTokens, AreRefused) {
  EXPECT_THAT(test::Situation().verify(GetParam().token), RefusedAs(GetParam().refused_as));
  EXPECT_EQ(::testing::PrintToString(GetParam()), GetParam().name);
}

INSTANTIATE_TEST_SUITE_P(OfTheGallery, BadTokens, ::testing::ValuesIn(kit::bad_tokens(test::Situation().setup)),
                         [](const auto& row) { return std::string(row.param.name); });
