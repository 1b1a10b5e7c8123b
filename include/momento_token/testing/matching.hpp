#pragma once
// What the matchers of testing/{doctest,catch2,gtest}.hpp ask and say, without any framework; for one of your own wrap
// these. No sentence here ever holds a token, a key or a token_id.

#include <chrono>
#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "momento_token/authorizer.hpp"
#include "momento_token/clock.hpp"
#include "momento_token/config.hpp"
#include "momento_token/detail/joined.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/error.hpp"
#include "momento_token/permissions.hpp"
#include "momento_token/result.hpp"
#include "momento_token/testing/bad_tokens.hpp"
#include "momento_token/testing/stand_ins.hpp"
#include "momento_token/token.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace testing {

/// Whether a matcher matches, and why, in one sentence.
struct Verdict {
  bool matches = false;  ///< whether it does
  std::string why = {};  ///< the sentence, either way
};

// ---- values in words ----

namespace detail {
[[nodiscard]] inline std::string refused_as(const Error& error) {
  const std::string about = error.field.empty() ? "" : joined({" (", printable(error.field), ")"});
  return joined({"it was refused as ", to_string(error.code), about});
}
[[nodiscard]] inline std::string seconds_text(std::chrono::seconds duration) {
  return joined({std::to_string(duration.count()), " s"});
}
}  // namespace detail
/// In words, as the matchers print them: never a token.
[[nodiscard]] inline std::string describe(const Permissions& permissions) {
  return detail::joined({"permissions to ", to_string(permissions)});
}
[[nodiscard]] inline std::string describe(const VerifiedToken& token) {
  return detail::joined({"a verified token with ", describe(token.permissions())});
}
[[nodiscard]] inline std::string describe(const DisposableToken& token) {
  return detail::joined({"a minted token that expires in ", detail::seconds_text(token.expires_in())});
}
[[nodiscard]] inline std::string describe(const Error& error) {
  return detail::joined({"refused: ", to_string(error)});
}
[[nodiscard]] inline std::string describe(const BadToken& token) { return std::string(token.name); }
/// What was accepted, if it has words, or why nothing was.
template <class T>
[[nodiscard]] std::string describe(const Result<T>& result) {
  if (!result) return describe(result.error());
  if constexpr (requires { testing::describe(*result); }) {
    return detail::joined({"accepted: ", describe(*result)});
  } else {
    return "accepted";
  }
}

/// What the matchers print instead of an object's bytes. By our functions alone: a project may have a describe() too.
template <class T>
concept Described = requires(const T& value) {
  { testing::describe(value) } -> std::same_as<std::string>;
};

// ---- the questions ----

/// What a question has an answer for; a matcher that is asked of something else does not compile, and says so itself.
template <class T, class Question>
concept AnsweredBy = std::invocable<const Question&, const T&>;

/// Is the action allowed, or is it denied? Asked of Permissions, a VerifiedToken, or a Result of one, which has to hold
/// a value either way. Without a clock only the scope is asked, whatever the time is; with one a token that has expired
/// allows nothing. Owns the action's names.
class ActionQuestion {
 public:
  ActionQuestion(const Action& action, bool wanted, std::shared_ptr<const Clock> clock)
      : name_(action.name()), cache_(action.cache()), wanted_(wanted), clock_(std::move(clock)) {
    if (action.resource()) resource_.emplace(*action.resource());
  }

  [[nodiscard]] Verdict operator()(const Permissions& permissions) const {
    return verdict(explain(permissions, action()));
  }
  [[nodiscard]] Verdict operator()(const VerifiedToken& token) const {
    const ManualClock before_the_end(token.refused_from() - std::chrono::seconds(1));
    return verdict(explain(token, action(), clock_ != nullptr ? *clock_ : before_the_end));
  }
  template <AnsweredBy<ActionQuestion> T>
  [[nodiscard]] Verdict operator()(const Result<T>& result) const {
    return result ? (*this)(*result) : Verdict{false, detail::refused_as(result.error())};
  }

  /// Allows(cache.read, "media", "/movie1")
  [[nodiscard]] std::string text() const {
    const std::string resource = resource_ ? detail::joined({", \"", printable(*resource_), "\""}) : "";
    return detail::joined({wanted_ ? "Allows(" : "Denies(", name_, ", \"", printable(cache_), "\"", resource, ")"});
  }

 private:
  [[nodiscard]] Action action() const {
    return action_from_name(name_, cache_, resource_ ? std::optional<std::string_view>(*resource_) : std::nullopt)
        .value();
  }
  [[nodiscard]] Verdict verdict(const Decision& decision) const {
    return {decision.allowed == wanted_, decision.reason};
  }

  std::string name_, cache_;
  std::optional<std::string> resource_;
  bool wanted_;
  std::shared_ptr<const Clock> clock_;
};

/// Is its lifetime this long? Asked of a DisposableToken, a VerifiedToken, or a Result of one. Without a clock it
/// counts from the issue, whatever the time is; with one from now.
class LifetimeQuestion {
 public:
  LifetimeQuestion(Lifetime wanted, std::shared_ptr<const Clock> clock)
      : wanted_(wanted.seconds()), clock_(std::move(clock)) {}

  [[nodiscard]] Verdict operator()(const DisposableToken& token) const {
    return verdict(token.valid_until, token.issued_at);
  }
  [[nodiscard]] Verdict operator()(const VerifiedToken& token) const {
    return verdict(token.expires_at(), token.issued_at());
  }
  template <AnsweredBy<LifetimeQuestion> T>
  [[nodiscard]] Verdict operator()(const Result<T>& result) const {
    return result ? (*this)(*result) : Verdict{false, detail::refused_as(result.error())};
  }

  [[nodiscard]] std::string text() const { return detail::joined({"ExpiresIn(", detail::seconds_text(wanted_), ")"}); }

 private:
  [[nodiscard]] Verdict verdict(std::chrono::sys_seconds end, std::optional<std::chrono::sys_seconds> start) const {
    if (clock_ != nullptr) start = clock_->now();
    if (!start) return {false, "it does not say when it was issued: give ExpiresIn a clock"};
    const std::chrono::seconds left = end - *start;
    const char* const from = clock_ != nullptr ? " from now" : " from its issue";
    return {left == wanted_, detail::joined({"it expires in ", detail::seconds_text(left), from})};
  }

  std::chrono::seconds wanted_;
  std::shared_ptr<const Clock> clock_;
};

/// Was it refused with this code (and about this field, if one is named)? Asked of an Error or a Result of anything.
class RefusalQuestion {
 public:
  RefusalQuestion(Errc code, std::optional<std::string> field) : code_(code), field_(std::move(field)) {}

  [[nodiscard]] Verdict operator()(const Error& error) const {
    return {error.code == code_ && (!field_ || error.field == *field_), detail::refused_as(error)};
  }
  template <class T>
  [[nodiscard]] Verdict operator()(const Result<T>& result) const {
    return result ? Verdict{false, "it was accepted"} : (*this)(result.error());
  }

  [[nodiscard]] std::string text() const {
    const std::string field = field_ ? detail::joined({", \"", printable(*field_), "\""}) : "";
    return detail::joined({"RefusedAs(", to_string(code_), field, ")"});
  }

 private:
  Errc code_;
  std::optional<std::string> field_;
};

// ---- for the matchers ----

/// A question that remembers why it was answered so, for a framework that asks first and prints afterwards: for one
/// check, in one thread.
template <class Question>
class RememberingQuestion {
 public:
  explicit RememberingQuestion(Question question) : question_(std::move(question)) {}

  template <AnsweredBy<Question> T>
  [[nodiscard]] bool operator()(const T& value) const {
    Verdict verdict = question_(value);
    why_ = std::move(verdict.why);
    return verdict.matches;
  }
  /// The question's text, and the reason of the last answer.
  [[nodiscard]] std::string text() const { return detail::joined({question_.text(), why_.empty() ? "" : ": ", why_}); }

 private:
  Question question_;
  mutable std::string why_;
};

}  // namespace testing
MOMENTO_TOKEN_END_NAMESPACE
