#pragma once

#include <cstdio>
#include <cstdlib>

#include "momento_token/result.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

struct BadResultAccess::State {
  Error error;
  std::string what;
};

MOMENTO_TOKEN_INLINE BadResultAccess::BadResultAccess(Error error) {
  std::string what = to_string(error);
  state_ = std::make_shared<const State>(State{std::move(error), std::move(what)});
}
MOMENTO_TOKEN_INLINE BadResultAccess::~BadResultAccess() = default;
MOMENTO_TOKEN_INLINE const char* BadResultAccess::what() const noexcept { return state_->what.c_str(); }
MOMENTO_TOKEN_INLINE const Error& BadResultAccess::error() const noexcept { return state_->error; }

MOMENTO_TOKEN_INLINE void detail::throw_bad_result_access(const Error& error) {
#if defined(__cpp_exceptions)
  throw BadResultAccess(error);
#else
  std::fprintf(stderr, "momento_token: value() of an error: %s\n", to_string(error).c_str());
  std::abort();
#endif
}

MOMENTO_TOKEN_END_NAMESPACE
