#pragma once
// Matchers for Catch2, versions 2 and 3:
//   CHECK_THAT(verifier.verify(token), Allows(topic_publish("chat", "room-7")));
//   CHECK_THAT(verifier.verify(token), ExpiresIn(1h));
//   CHECK_THAT(verifier.verify(bad.token), RefusedAs(bad.refused_as));
// A failed check prints why. Includes Catch2; not for a program you ship.

#if __has_include(<catch2/matchers/catch_matchers_templated.hpp>)
#include <catch2/catch_tostring.hpp>
#include <catch2/matchers/catch_matchers_templated.hpp>
#else
#include <catch2/catch.hpp>
#endif

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
inline namespace for_catch2 {

/// What a matcher derives from in Catch2 3, or 2.
#if __has_include(<catch2/matchers/catch_matchers_templated.hpp>)
using MatcherBase = Catch::Matchers::MatcherGenericBase;
#else
using MatcherBase = Catch::Matchers::Impl::MatcherUntypedBase;
#endif

/// What CHECK_THAT takes.
template <class Question>
class TokenMatcher final : public MatcherBase {
 public:
  explicit TokenMatcher(Question question) : question_(std::move(question)) {}

  template <class T>
  requires std::invocable < const RememberingQuestion<Question>
  &, const T& > [[nodiscard]] bool match(const T& value) const { return question_(value); }

 protected:
  [[nodiscard]] std::string describe() const override { return question_.text(); }

 private:
  RememberingQuestion<Question> question_;
};

/// The scope allows the action, whatever the time is; with a clock, and it has not expired.
[[nodiscard]] inline auto Allows(const Action& action, std::shared_ptr<const Clock> clock = {}) {
  return TokenMatcher(ActionQuestion(action, true, std::move(clock)));
}
/// The opposite, for what was accepted: !Allows(…) would also hold for a token that was refused.
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

}  // namespace for_catch2
}  // namespace testing
MOMENTO_TOKEN_END_NAMESPACE

/// Printed in words, never as a token.
template <momento_token::testing::Described T>
struct Catch::StringMaker<T> {
  static std::string convert(const T& value) { return momento_token::testing::describe(value); }
};
