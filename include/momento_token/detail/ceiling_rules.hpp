#pragma once
// What may be a ceiling, and what lies within one.

#include <array>
#include <string>
#include <utility>

#include "momento_token/authorizer.hpp"
#include "momento_token/detail/issue_rules.hpp"
#include "momento_token/detail/option_checks.hpp"
#include "momento_token/detail/scope_template.hpp"
#include "momento_token/scopes.hpp"
#include "momento_token/vending/ceiling.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

[[nodiscard]] inline Error above_ceiling() {
  return {Errc::permission_denied, {}, "the scope asked for is not within what this caller may have"};
}

[[nodiscard]] inline Result<Permissions> admit_within(const Permissions& most, Permissions wanted) {
  if (const auto issuable = check_issuable(wanted, Limits()); !issuable) return issuable.error();
  if (!covers(most, wanted)) return above_ceiling();
  return wanted;
}

/// The widest role of which `admit`, such as admit_within(), has nothing to say against.
template <class Admit>
[[nodiscard]] Result<Permissions> widest_topic(const std::string& cache, const std::string& topic, Admit&& admit) {
  using Scope = Permissions (*)(scopes::Cache, scopes::Topic);
  constexpr std::array<Scope, 3> widest_first = {scopes::topic_publish_subscribe, scopes::topic_subscribe_only,
                                                 scopes::topic_publish_only};
  Result<Permissions> last = above_ceiling();
  for (const Scope scope : widest_first) {
    last = admit(scope(cache, topic));
    if (last) return last;
  }
  return last;
}

/// Complete statements that cannot vend.
[[nodiscard]] inline Result<void> check_ceiling(const Permissions& most, const vending::VendingFunction& vending) {
  const auto items = most.items();
  if (items.empty()) return bad_option("permissions", "is empty; nothing could be vended");
  if (auto complete = check_complete(most); !complete) return complete;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (covers_vending(Permissions().with(items[i]), vending)) return opens_vending(statement_path(i, {}));
  }
  return {};
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
