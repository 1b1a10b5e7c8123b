#include "momento_token/testing/doctest.hpp"

#include <doctest/doctest.h>

#include "situation.hpp"

using namespace momento_token;
using namespace momento_token::testing;
using namespace std::chrono_literals;

#define MATCHES(value, matcher) CHECK((value) == matcher)

TEST_CASE("the matchers match what they should, in doctest") {
  const test::Situation s;
#include "must_hold.inl"
  CHECK_FALSE(s.accepted == Allows(cache_read("media", "/movie2")));
  CHECK(s.accepted != RefusedAs(Errc::expired));
  CHECK_EQ(s.accepted, ExpiresIn(1h));
}

// Run by failing.py, which wants every one to fail.
TEST_CASE("every one of these fails, in doctest" * doctest::skip()) {
  const test::Situation s;
#include "must_fail.inl"
}
