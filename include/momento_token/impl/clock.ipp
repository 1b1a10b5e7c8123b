#pragma once

#include "momento_token/clock.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

class SystemClock final : public Clock {
 public:
  [[nodiscard]] std::chrono::sys_seconds now() const override {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  }
};

}  // namespace detail

MOMENTO_TOKEN_INLINE const std::shared_ptr<const Clock>& system_clock() {
  // Never destroyed: a static object's destructor may still mint.
  static const auto* const clock = new std::shared_ptr<const Clock>(std::make_shared<detail::SystemClock>());
  return *clock;
}

MOMENTO_TOKEN_END_NAMESPACE
