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

/// `own` is the machine's own ceiling, null for none. Only a topic's role is chosen by it; all else is held to it later.
[[nodiscard]] inline Result<Permissions> admit_wanted(const Wanted& wanted, const Permissions& most,
                                                      const Permissions* own) {
  const auto* topic = std::get_if<WantedTopic>(&wanted);
  if (topic == nullptr) return admit_within(most, *std::get_if<Permissions>(&wanted));
  return widest_topic(topic->cache, topic->topic, [&](Permissions scope) -> Result<Permissions> {
    if (own != nullptr && !covers(*own, scope)) return above_ceiling();
    return admit_within(most, std::move(scope));
  });
}

/// Leaves in the grant what is to be vended.
[[nodiscard]] inline std::optional<VendFailure> narrow(const Wanted& wanted, const Permissions* own,
                                                       vending::VendingGrant& grant) {
  const Permissions& most = grant.ceiling ? *grant.ceiling : grant.permissions;
  // covers() takes a part that was left out for all; here it is a mistake of the policy's.
  auto complete = check_complete(grant.permissions);
  if (complete && grant.ceiling) complete = check_complete(*grant.ceiling);
  if (!complete) return failed_here(complete.error().message);
  if (std::holds_alternative<std::monostate>(wanted)) {
    if (covers(most, grant.permissions)) return {};
    return not_permitted("the policy's scope exceeds its ceiling");
  }
  auto admitted = admit_wanted(wanted, most, own);
  if (admitted) {
    grant.permissions = std::move(admitted).value();
    return {};
  }
  if (admitted.error().code == Errc::permission_denied) return not_permitted(admitted.error().message);
  return bad_request(admitted.error().message, "scope." + admitted.error().field);
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
