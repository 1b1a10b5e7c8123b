#pragma once
// Matchers for GoogleTest (with GoogleMock, which has EXPECT_THAT):
//   EXPECT_THAT(verifier.verify(token), Allows(topic_publish("chat", "room-7")));
//   EXPECT_THAT(verifier.verify(token), ExpiresIn(1h));
//   EXPECT_THAT(verifier.verify(bad.token), RefusedAs(bad.refused_as));
// A failed check prints why. GoogleTest has a namespace `testing` too, so name ours in full or by an alias of your own:
//   namespace kit = momento_token::testing;
//   using kit::Allows, kit::ExpiresIn, kit::RefusedAs;
// Beside `using namespace momento_token` its own names begin at the root, as in `class Door : public ::testing::Test`,
// because `testing` alone is ambiguous.
// Includes <gmock/gmock.h>; not for a program you ship.

#include <gmock/gmock.h>

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include "momento_token/clock.hpp"
#include "momento_token/config.hpp"
#include "momento_token/error.hpp"
#include "momento_token/permissions/action.hpp"
#include "momento_token/testing/matching.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

/// Printed in words, never as a token.
template <testing::Described T>
void PrintTo(const T& value, std::ostream* out) {
  *out << testing::describe(value);
}

namespace testing {
using momento_token::PrintTo;  // for BadToken

inline namespace for_gtest {

/// What EXPECT_THAT takes; says why it did not match.
template <class Question>
class TokenMatcher {
 public:
  explicit TokenMatcher(Question question) : question_(std::move(question)) {}

  template <class T>
  bool MatchAndExplain(const T& value, ::testing::MatchResultListener* listener) const {
    // Not a constraint: the errors of EXPECT_THAT would not name the matcher.
    static_assert(AnsweredBy<T, Question>,
                  "Allows and Denies match Permissions or a VerifiedToken, ExpiresIn a DisposableToken or a "
                  "VerifiedToken, RefusedAs an Error; and a Result of these");
    if constexpr (AnsweredBy<T, Question>) {
      const Verdict verdict = question_(value);
      *listener << verdict.why;
      return verdict.matches;
    } else {
      return false;
    }
  }
  void DescribeTo(std::ostream* out) const { *out << question_.text(); }
  void DescribeNegationTo(std::ostream* out) const { *out << "not " << question_.text(); }

 private:
  Question question_;
};

/// The scope allows the action, whatever the time is; with a clock, and it has not expired.
[[nodiscard]] inline auto Allows(const Action& action, std::shared_ptr<const Clock> clock = {}) {
  return ::testing::MakePolymorphicMatcher(TokenMatcher(ActionQuestion(action, true, std::move(clock))));
}
/// The opposite, for what was accepted: Not(Allows(…)) would also hold for a token that was refused.
[[nodiscard]] inline auto Denies(const Action& action, std::shared_ptr<const Clock> clock = {}) {
  return ::testing::MakePolymorphicMatcher(TokenMatcher(ActionQuestion(action, false, std::move(clock))));
}
/// The lifetime it was issued for, whatever the time is; with a clock, what is left of it.
[[nodiscard]] inline auto ExpiresIn(Lifetime lifetime, std::shared_ptr<const Clock> clock = {}) {
  return ::testing::MakePolymorphicMatcher(TokenMatcher(LifetimeQuestion(lifetime, std::move(clock))));
}
/// A Result that is an error of this code, and about this field where one is named.
[[nodiscard]] inline auto RefusedAs(Errc code, std::optional<std::string> field = {}) {
  return ::testing::MakePolymorphicMatcher(TokenMatcher(RefusalQuestion(code, std::move(field))));
}

}  // namespace for_gtest
}  // namespace testing
MOMENTO_TOKEN_END_NAMESPACE
