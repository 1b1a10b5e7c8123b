#pragma once
// Matchers for doctest, which compares with them:
//   CHECK(verifier.verify(token) == Allows(topic_publish("chat", "room-7")));
//   CHECK(verifier.verify(token) == ExpiresIn(1h));
//   CHECK(verifier.verify(bad.token) == RefusedAs(bad.refused_as));
// A failed check prints why. Includes <doctest/doctest.h>; not for a program you ship.

#include <doctest/doctest.h>

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "momento_token/clock.hpp"
#include "momento_token/config.hpp"
#include "momento_token/error.hpp"
#include "momento_token/permissions/action.hpp"
#include "momento_token/testing/matching.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace testing {
inline namespace for_doctest {

/// What a checked value is compared with.
template <class Question>
class TokenMatcher {
 public:
  explicit TokenMatcher(Question question) : question_(std::move(question)) {}

  template <class T>
  requires std::invocable < const RememberingQuestion<Question>
  &, const T& > friend bool operator==(const T& value, const TokenMatcher& matcher) { return matcher.question_(value); }
  [[nodiscard]] std::string text() const { return question_.text(); }

 private:
  RememberingQuestion<Question> question_;
};

/// The scope allows the action, whatever the time is; with a clock, and it has not expired.
[[nodiscard]] inline auto Allows(const Action& action, std::shared_ptr<const Clock> clock = {}) {
  return TokenMatcher(ActionQuestion(action, true, std::move(clock)));
}
/// The opposite, for what was accepted: != Allows(…) would also hold for a token that was refused.
[[nodiscard]] inline auto Denies(const Action& action, std::shared_ptr<const Clock> clock = {}) {
  return TokenMatcher(ActionQuestion(action, false, std::move(clock)));
}
/// The lifetime it was issued for, whatever the time is; with a clock, what is left of it.
[[nodiscard]] inline auto ExpiresIn(Lifetime lifetime, std::shared_ptr<const Clock> clock = {}) {
  return TokenMatcher(LifetimeQuestion(lifetime, std::move(clock)));
}
/// A Result that is an error of this code, and about this field where one is named.
[[nodiscard]] inline auto RefusedAs(Errc code, std::optional<std::string> field = {}) {
  return TokenMatcher(RefusalQuestion(code, std::move(field)));
}

}  // namespace for_doctest
}  // namespace testing
MOMENTO_TOKEN_END_NAMESPACE

/// Printed in words, never as a token.
template <momento_token::testing::Described T>
struct doctest::StringMaker<T> {
  static String convert(const T& value) { return momento_token::testing::describe(value).c_str(); }
};
template <class Question>
struct doctest::StringMaker<momento_token::testing::for_doctest::TokenMatcher<Question>> {
  static String convert(const momento_token::testing::for_doctest::TokenMatcher<Question>& matcher) {
    return matcher.text().c_str();
  }
};
