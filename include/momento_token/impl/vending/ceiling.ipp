#pragma once

#include <utility>

#include "momento_token/detail/ceiling_rules.hpp"
#include "momento_token/detail/option_checks.hpp"
#include "momento_token/vending/ceiling.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace vending {

MOMENTO_TOKEN_INLINE ScopeCeiling::ScopeCeiling(Permissions most) noexcept : most_(std::move(most)) {}

MOMENTO_TOKEN_INLINE Result<ScopeCeiling> ScopeCeiling::create(Permissions most, const VendingFunction& vending) {
  if (vending.function.empty()) return detail::bad_option("vending.function", "is empty");
  if (const auto checked = detail::check_ceiling(most, vending); !checked) return checked.error();
  return ScopeCeiling(std::move(most));
}

MOMENTO_TOKEN_INLINE Result<Permissions> ScopeCeiling::admit(Permissions wanted) const {
  return detail::admit_within(most_, std::move(wanted));
}

MOMENTO_TOKEN_INLINE Result<Permissions> ScopeCeiling::admit_topic(const std::string& cache,
                                                                   const std::string& topic) const {
  return detail::widest_topic(cache, topic, [this](Permissions wanted) { return admit(std::move(wanted)); });
}

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE
