#pragma once
// A grant and what a request asks for, brought together: never more than the ceiling.

#include <optional>
#include <utility>
#include <variant>

#include "momento_token/authorizer.hpp"
#include "momento_token/detail/ceiling_rules.hpp"
#include "momento_token/detail/vend_body.hpp"
#include "momento_token/detail/vend_failure.hpp"
#include "momento_token/vending/policy.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

[[nodiscard]] inline Result<Permissions> admit_wanted(const Wanted& wanted, const Permissions& most) {
  if (const auto* topic = std::get_if<WantedTopic>(&wanted))
    return admit_topic_within(most, topic->cache, topic->topic);
  return admit_within(most, *std::get_if<Permissions>(&wanted));
}

/// Leaves in the grant what is to be vended.
[[nodiscard]] inline std::optional<VendFailure> narrow(const Wanted& wanted, vending::VendingGrant& grant) {
  const Permissions& most = grant.ceiling ? *grant.ceiling : grant.permissions;
  if (std::holds_alternative<std::monostate>(wanted)) {
    if (covers(most, grant.permissions)) return {};
    return not_permitted("the policy's scope exceeds its ceiling");
  }
  auto admitted = admit_wanted(wanted, most);
  if (admitted) {
    grant.permissions = std::move(admitted).value();
    return {};
  }
  if (admitted.error().code == Errc::permission_denied) return not_permitted(admitted.error().message);
  return bad_request(admitted.error().message, "scope." + admitted.error().field);
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
