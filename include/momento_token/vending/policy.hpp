#pragma once
// What a caller gets: from who it is to permissions, lifetime and token_id.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "momento_token/clock.hpp"
#include "momento_token/config.hpp"
#include "momento_token/permissions.hpp"
#include "momento_token/result.hpp"
#include "momento_token/vending/caller_auth.hpp"
#include "momento_token/vending/ceiling.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace vending {

/// What one caller gets.
struct VendingGrant {
  Permissions permissions;                   ///< when the request asks for nothing narrower
  Lifetime valid_for;                        ///< shorter when the caller's own credential ends before
  std::optional<std::string> token_id = {};  ///< signed as `tid`
  std::optional<Permissions> ceiling = {};   ///< what a request may ask for, instead of `permissions`
  bool may_outlive_caller = false;           ///< lets the token live longer than the caller's credential
};

/// A policy of your own derives from this, or is a policy_from_function(). Must be thread-safe.
class MOMENTO_TOKEN_API VendingPolicy {
 public:
  VendingPolicy() = default;
  VendingPolicy(const VendingPolicy&) = delete;
  VendingPolicy& operator=(const VendingPolicy&) = delete;
  virtual ~VendingPolicy() = default;
  /// permission_denied is answered with 403, any other error with 500. What it grants is held to the machine's ceiling,
  /// and may never invoke the vending function.
  [[nodiscard]] virtual Result<VendingGrant> grant_for(const Identity& identity) const = 0;
};

/// The scope of the members of a group.
struct GroupScope {
  std::string group;  ///< as Identity::groups has it, byte for byte
  Permissions scope;  ///< added to everybody's
};

/// A policy as data. Names, keys, prefixes and `token_id` may hold `${user}`, the identity's name, and `${claim:NAME}`,
/// a text its credential says. A value is inserted once, with every byte outside A-Za-z0-9_- percent-encoded; one that
/// is missing, empty, no text or longer than 256 bytes denies. A prefix with a template ends in a letter that no value
/// can hold, such as "/".
struct PolicyRules {
  Permissions scope = {};                    ///< everybody's; may be empty when there are groups
  std::vector<GroupScope> groups = {};       ///< the scopes of all of a caller's groups add up
  Lifetime valid_for;                        ///< 1 s … 25 h; no default
  std::optional<std::string> token_id = {};  ///< without one, tokens have none
  std::optional<Permissions> ceiling = {};   ///< what a request may ask for; without one, what the caller gets anyway
  bool may_outlive_caller = false;           ///< lets a token live longer than its caller's credential
};
/// invalid_argument, with the place, for what the rules forbid, for a scope that grants nothing, for one that may open
/// the vending function, whatever the values, and for a statement beyond the rules' own ceiling (where no template is
/// in either); limit_exceeded for more statements than a token may have, a group's counted with everybody's. A caller
/// whose groups are too much for one token together is denied.
[[nodiscard]] MOMENTO_TOKEN_API Result<std::shared_ptr<const VendingPolicy>> policy_from_rules(
    const PolicyRules& rules, const VendingFunction& vending = {});

/// The same as JSON, with scopes in either form of permissions_json.hpp (a missing `item` means all items, as at
/// `mint`):
///
///     {"valid_for": "15m", "token_id": "${user}",
///      "scope": {"permissions": [{"role": "subscribeonly", "cache": "chat", "topic": "news"}]},
///      "groups": {"writers": {"permissions": [
///          {"role": "publishonly", "cache": "chat", "topic": {"namePrefix": "by/${user}/"}}]}},
///      "ceiling": {"permissions": [{"role": "publishsubscribe", "cache": "chat", "topic": "*"}]},
///      "may_outlive_caller": false}
///
/// Only valid_for, and scope or groups, are required. Strict JSON of at most 1 MiB. The field of an error is the
/// member's path, or the line and column where the text is no JSON.
[[nodiscard]] MOMENTO_TOKEN_API Result<std::shared_ptr<const VendingPolicy>> policy_from_json(
    std::string_view text, const VendingFunction& vending = {});

/// A function of yours. What it throws passes through.
[[nodiscard]] MOMENTO_TOKEN_API Result<std::shared_ptr<const VendingPolicy>> policy_from_function(
    std::function<Result<VendingGrant>(const Identity&)> grant_for);

/// A policy that is replaced while others ask it; each request sees one policy, never half a change. Thread-safe.
class MOMENTO_TOKEN_API ReloadablePolicy final : public VendingPolicy {
 public:
  /// invalid_argument for a null policy.
  [[nodiscard]] static Result<std::shared_ptr<ReloadablePolicy>> create(std::shared_ptr<const VendingPolicy> first,
                                                                        VendingFunction vending = {});
  ~ReloadablePolicy() override;

  [[nodiscard]] Result<VendingGrant> grant_for(const Identity& identity) const override;
  /// Replaces the policy; on any error, which is policy_from_json()'s, the old one stays.
  [[nodiscard]] Result<void> reload_json(std::string_view text);
  /// The same from a file of at most 1 MiB.
  [[nodiscard]] Result<void> reload_file(const std::string& path);

 private:
  struct State;
  explicit ReloadablePolicy(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/vending/policy.ipp"
#endif
