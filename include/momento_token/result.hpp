#pragma once
// A value or an Error: what every function returns that input can make fail.

#include <exception>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "momento_token/config.hpp"
#include "momento_token/error.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

/// What value() throws when there is no value.
class MOMENTO_TOKEN_API BadResultAccess final : public std::exception {
 public:
  explicit BadResultAccess(Error error);
  BadResultAccess(const BadResultAccess&) noexcept = default;
  BadResultAccess& operator=(const BadResultAccess&) noexcept = default;
  ~BadResultAccess() override;
  [[nodiscard]] const char* what() const noexcept override;
  [[nodiscard]] const Error& error() const noexcept;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

namespace detail {
/// Throws BadResultAccess; aborts, with the error on stderr, where the library was built without exceptions.
[[noreturn]] MOMENTO_TOKEN_API void throw_bad_result_access(const Error& error);
}  // namespace detail

/// A T or an Error, spelled like std::expected. Our own type in every language mode, so that a C++20 build of the
/// library links with a C++23 program. Asking for what is not there: value() throws, `*`, `->` and error() are
/// undefined. Views into a temporary do not compile.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  /// From anything T converts from without a doubt, so that a Result<shared_ptr<const Base>> takes a shared_ptr<Derived>.
  template <class U>
  requires(std::is_convertible_v<U, T> && !std::is_same_v<std::remove_cvref_t<U>, T> &&
           !std::is_same_v<std::remove_cvref_t<U>, Error> && !std::is_same_v<std::remove_cvref_t<U>, Result>)
      Result(U&& value)
      : state_(std::in_place_index<0>, std::forward<U>(value)) {}

  /// Ask before `*`, `->` and error().
  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }

  /// The value; undefined when there is none.
  [[nodiscard]] const T& operator*() const& noexcept { return *std::get_if<0>(&state_); }
  [[nodiscard]] T& operator*() & noexcept { return *std::get_if<0>(&state_); }
  const T& operator*() const&& = delete;
  [[nodiscard]] const T* operator->() const& noexcept { return std::get_if<0>(&state_); }
  [[nodiscard]] T* operator->() & noexcept { return std::get_if<0>(&state_); }
  const T* operator->() const&& = delete;

  /// Why there is no value; undefined when there is one.
  [[nodiscard]] const Error& error() const& noexcept { return *std::get_if<1>(&state_); }
  const Error& error() const&& = delete;

  /// The value, or throws BadResultAccess; on a temporary the value moves out.
  [[nodiscard]] const T& value() const& {
    if (!has_value()) detail::throw_bad_result_access(error());
    return **this;
  }
  [[nodiscard]] T value() && {
    if (!has_value()) detail::throw_bad_result_access(*std::get_if<1>(&state_));
    return std::move(*std::get_if<0>(&state_));
  }

  /// f(value) when there is one, else the same error; f returns a Result.
  template <class F>
  [[nodiscard]] auto and_then(F&& f) && -> decltype(std::forward<F>(f)(std::declval<T>())) {
    if (!has_value()) return std::move(*std::get_if<1>(&state_));
    return std::forward<F>(f)(std::move(*std::get_if<0>(&state_)));
  }

 private:
  std::variant<T, Error> state_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::make_unique<Error>(std::move(error))) {}

  [[nodiscard]] bool has_value() const noexcept { return error_ == nullptr; }
  [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }
  [[nodiscard]] const Error& error() const& noexcept { return *error_; }
  const Error& error() const&& = delete;
  void value() const {
    if (!has_value()) detail::throw_bad_result_access(*error_);
  }

 private:
  std::unique_ptr<Error> error_;
};

MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/result.ipp"
#endif
