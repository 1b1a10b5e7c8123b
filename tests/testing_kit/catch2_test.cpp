#include "momento_token/testing/catch2.hpp"

#if __has_include(<catch2/catch_test_macros.hpp>)
#include <catch2/catch_test_macros.hpp>
#endif

#include "situation.hpp"

using namespace momento_token;
using namespace momento_token::testing;
using namespace std::chrono_literals;

#define MATCHES(value, matcher) CHECK_THAT(value, matcher)

TEST_CASE("the matchers match what they should, in Catch2") {
  const test::Situation s;
#include "must_hold.inl"
#if __has_include(<catch2/catch_test_macros.hpp>)
  CHECK_THAT(s.accepted, !Allows(cache_read("media", "/movie2")) && ExpiresIn(1h));
#endif
}

// The last three lines are the header's example; docs_test compares them.
TEST_CASE("the matchers are used as the header says, in Catch2") {
  const auto verifier = Verifier::create(verifier_options()).value();
  const auto token = make_token({.permissions = scopes::topic_publish_only("chat", "room-7")});
  const auto bad = bad_tokens().front();
  CHECK_THAT(verifier.verify(token), Allows(topic_publish("chat", "room-7")));
  CHECK_THAT(verifier.verify(token), ExpiresIn(1h));
  CHECK_THAT(verifier.verify(bad.token), RefusedAs(bad.refused_as));
}

// Run by failing.py, which wants every one to fail.
TEST_CASE("every one of these fails, in Catch2", "[.][failing]") {
  const test::Situation s;
#include "must_fail.inl"
}
