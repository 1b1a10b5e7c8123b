#pragma once

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <utility>

#include <nlohmann/json.hpp>

#include "momento_token/authorizer.hpp"
#include "momento_token/detail/json_place.hpp"
#include "momento_token/detail/json_reader.hpp"
#include "momento_token/detail/option_checks.hpp"
#include "momento_token/detail/scope_json.hpp"
#include "momento_token/detail/scope_template.hpp"
#include "momento_token/detail/snapshots.hpp"
#include "momento_token/secret.hpp"
#include "momento_token/vending/policy.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

using vending::VendingGrant;

inline constexpr std::size_t max_policy_bytes = std::size_t{1} << 20;

[[nodiscard]] MOMENTO_TOKEN_INLINE Error no_template_value() {
  return {Errc::permission_denied, {}, "the caller's credential does not say what the policy needs"};
}

class RulesPolicy final : public vending::VendingPolicy {
 public:
  explicit RulesPolicy(Lifetime valid_for, bool may_outlive_caller)
      : valid_for_(valid_for), may_outlive_caller_(may_outlive_caller) {}

  [[nodiscard]] Result<VendingGrant> grant_for(const vending::Identity& identity) const override {
    VendingGrant grant{.permissions = {}, .valid_for = valid_for_, .may_outlive_caller = may_outlive_caller_};
    if (!scope_.fill(identity, grant.permissions)) return no_template_value();
    for (const auto& [group, scope] : groups_) {
      if (std::find(identity.groups.begin(), identity.groups.end(), group) == identity.groups.end()) continue;
      if (!scope.fill(identity, grant.permissions)) return no_template_value();
    }
    if (grant.permissions.empty()) {
      return Error{Errc::permission_denied, {}, "the policy gives nothing to the caller's groups"};
    }
    if (grant.permissions.size() > Limits().max_statements) {
      return Error{Errc::permission_denied, {}, "the scopes of the caller's groups are more than a token can hold"};
    }
    if (ceiling_ && !ceiling_->fill(identity, grant.ceiling.emplace())) return no_template_value();
    if (token_id_) {
      grant.token_id = token_id_->fill(identity);
      if (!grant.token_id) return no_template_value();
    }
    return grant;
  }

  [[nodiscard]] Result<void> read(const vending::PolicyRules& rules, const vending::VendingFunction& vending);

 private:
  ScopeTemplate scope_;
  std::vector<std::pair<std::string, ScopeTemplate>> groups_;
  Lifetime valid_for_;
  std::optional<TextTemplate> token_id_;
  std::optional<ScopeTemplate> ceiling_;
  bool may_outlive_caller_;
};

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> check_rules(const vending::PolicyRules& rules,
                                                            const vending::VendingFunction& vending) {
  if (vending.function.empty()) return bad_option("vending.function", "is empty");
  if (rules.scope.empty() && rules.groups.empty()) return bad_option("scope", "is missing, and so are groups");
  if (rules.valid_for.seconds() < std::chrono::seconds(1) || rules.valid_for.seconds() > Limits().max_valid_for) {
    return bad_option("valid_for", "must be 1 s to 25 h");
  }
  for (auto group = rules.groups.begin(); group != rules.groups.end(); ++group) {
    const auto same = [&](const vending::GroupScope& other) { return other.group == group->group; };
    if (group->group.empty() || !valid_utf8(group->group))
      return bad_option("groups", "has a name that is empty or no UTF-8");
    if (std::any_of(rules.groups.begin(), group, same)) return bad_option("groups", "has a name twice");
    if (group->scope.empty()) return bad_option("groups." + printable(group->group), "grants nothing");
  }
  if (rules.ceiling && rules.ceiling->empty()) return bad_option("ceiling", "is empty; nothing could be vended");
  return {};
}

/// What could never be issued is a mistake now, and not an error of each request.
[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> check_amount(const Permissions& scope, std::string_view place) {
  const auto issuable = check_issuable(scope, Limits());
  if (issuable || issuable.error().field != "permissions") return {};
  return Error{issuable.error().code, std::string(place), issuable.error().message};
}

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> check_amounts(const vending::PolicyRules& rules) {
  if (!rules.scope.empty()) {
    if (auto checked = check_amount(rules.scope, "scope"); !checked) return checked;
  }
  for (const vending::GroupScope& group : rules.groups) {
    Permissions all = rules.scope;
    for (const Permission& one : group.scope.items()) all = std::move(all).with(one);
    if (auto checked = check_amount(all, "groups." + printable(group.group)); !checked) return checked;
  }
  return {};
}

/// Statements that are above the ceiling whoever asks. A ceiling with a template may hold anything.
[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> check_below(const Permissions& ceiling, const Permissions& scope,
                                                            const std::string& place) {
  const auto items = scope.items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (has_templates(items[i]) || covers(ceiling, Permissions().with(items[i]))) continue;
    return Error{Errc::invalid_argument, place + "." + statement_path(i, {}), "is not within the policy's own ceiling"};
  }
  return {};
}

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> check_own_ceiling(const vending::PolicyRules& rules) {
  if (!rules.ceiling) return {};
  const auto items = rules.ceiling->items();
  if (std::any_of(items.begin(), items.end(), has_templates)) return {};
  if (auto checked = check_below(*rules.ceiling, rules.scope, "scope"); !checked) return checked;
  for (const vending::GroupScope& group : rules.groups) {
    auto checked = check_below(*rules.ceiling, group.scope, "groups." + printable(group.group));
    if (!checked) return checked;
  }
  return {};
}

MOMENTO_TOKEN_INLINE Result<void> RulesPolicy::read(const vending::PolicyRules& rules,
                                                    const vending::VendingFunction& vending) {
  auto scope = ScopeTemplate::compile(rules.scope, "scope", vending);
  if (!scope) return scope.error();
  scope_ = std::move(scope).value();
  for (const vending::GroupScope& group : rules.groups) {
    auto parsed = ScopeTemplate::compile(group.scope, "groups." + printable(group.group), vending);
    if (!parsed) return parsed.error();
    groups_.emplace_back(group.group, std::move(parsed).value());
  }
  if (rules.ceiling) {
    auto ceiling = ScopeTemplate::compile(*rules.ceiling, "ceiling", vending);
    if (!ceiling) return ceiling.error();
    ceiling_ = std::move(ceiling).value();
  }
  if (rules.token_id) {
    token_id_ = TextTemplate::compile(*rules.token_id);
    if (!token_id_) return bad_option("token_id", "has a ${ that begins neither ${user} nor ${claim:NAME}");
  }
  return {};
}

class FunctionPolicy final : public vending::VendingPolicy {
 public:
  explicit FunctionPolicy(std::function<Result<VendingGrant>(const vending::Identity&)> grant_for)
      : grant_for_(std::move(grant_for)) {}
  [[nodiscard]] Result<VendingGrant> grant_for(const vending::Identity& identity) const override {
    return grant_for_(identity);
  }

 private:
  std::function<Result<VendingGrant>(const vending::Identity&)> grant_for_;
};

// ---- JSON ----

/// "line 3", of what follows `before`.
[[nodiscard]] MOMENTO_TOKEN_INLINE std::string line_after(std::string_view before) {
  return "line " + std::to_string(std::count(before.begin(), before.end(), '\n') + 1);
}

/// check_json(), with the line and column of what is wrong.
[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> check_json_file(std::string_view text) {
  SecretBytes copy = SecretBytes::copy_of(text);
  auto* const first = reinterpret_cast<char*>(copy.expose_for_writing().data());
  JsonReader reader(first, copy.size());
  for (;;) {
    const auto event = reader.next();
    if (event == JsonReader::Event::end) return {};
    if (event != JsonReader::Event::error) continue;
    const std::string_view before = text.substr(0, static_cast<std::size_t>(reader.failed_at() - first));
    const std::size_t column = before.size() - (before.rfind('\n') + 1) + 1;
    return bad_option(line_after(before) + ", column " + std::to_string(column),
                      "is not strict JSON (RFC 8259, no member twice, at most 32 levels deep)");
  }
}

/// "90s", "15m", "1h"
[[nodiscard]] MOMENTO_TOKEN_INLINE std::optional<std::chrono::seconds> read_duration(std::string_view text) noexcept {
  std::int64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::size_t digits = static_cast<std::size_t>(parsed.ptr - text.data());
  if (parsed.ec != std::errc() || number < 0 || number > 1'000'000 || text.size() != digits + 1) return {};
  switch (text.back()) {
    case 's': return std::chrono::seconds(number);
    case 'm': return std::chrono::minutes(number);
    case 'h': return std::chrono::hours(number);
    default: return {};
  }
}

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<std::chrono::seconds> read_policy_lifetime(const JsonPlace& root) {
  const auto place = root.member("valid_for");
  if (!place) return root.missing("valid_for");
  const auto* text = place->string();
  const auto duration = text != nullptr ? read_duration(*text) : std::nullopt;
  if (!duration) return place->wrong("must be a text such as \"90s\", \"15m\" or \"1h\"");
  return *duration;
}

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> read_policy_groups(const JsonPlace& place,
                                                                   vending::PolicyRules& rules) {
  const auto* groups = place.object();
  if (groups == nullptr) return place.wrong("must be an object of scopes");
  for (const auto& [name, value] : *groups) {
    auto scope = read_scope_json(JsonPlace(value, "groups." + printable(name)), MissingItem::all_items);
    if (!scope) return scope.error();
    rules.groups.push_back({name, std::move(scope).value()});
  }
  return {};
}

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> read_policy_scopes(const JsonPlace& root, vending::PolicyRules& rules) {
  if (const auto place = root.member("scope")) {
    auto scope = read_scope_json(*place, MissingItem::all_items);
    if (!scope) return scope.error();
    rules.scope = std::move(scope).value();
  }
  if (const auto place = root.member("ceiling")) {
    auto ceiling = read_scope_json(*place, MissingItem::all_items);
    if (!ceiling) return ceiling.error();
    rules.ceiling = std::move(ceiling).value();
  }
  if (const auto place = root.member("groups")) return read_policy_groups(*place, rules);
  return {};
}

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<vending::PolicyRules> read_rules(const JsonPlace& root) {
  const auto known = root.check_members({"valid_for", "token_id", "scope", "groups", "ceiling", "may_outlive_caller"});
  if (!known) return known.error();
  const auto lifetime = read_policy_lifetime(root);
  if (!lifetime) return lifetime.error();
  vending::PolicyRules rules{.valid_for = *lifetime};
  if (const auto place = root.member("token_id")) {
    const auto* text = place->string();
    if (text == nullptr) return place->wrong("must be a text");
    rules.token_id = *text;
  }
  if (const auto place = root.member("may_outlive_caller")) {
    const auto* value = place->value().get_ptr<const nlohmann::json::boolean_t*>();
    if (value == nullptr) return place->wrong("must be true or false");
    rules.may_outlive_caller = *value;
  }
  if (const auto scopes = read_policy_scopes(root, rules); !scopes) return scopes.error();
  return rules;
}

}  // namespace detail
namespace vending {

MOMENTO_TOKEN_INLINE Result<std::shared_ptr<const VendingPolicy>> policy_from_rules(const PolicyRules& rules,
                                                                                    const VendingFunction& vending) {
  if (const auto checked = detail::check_rules(rules, vending); !checked) return checked.error();
  auto policy = std::make_shared<detail::RulesPolicy>(rules.valid_for, rules.may_outlive_caller);
  if (const auto read = policy->read(rules, vending); !read) return read.error();
  if (const auto checked = detail::check_amounts(rules); !checked) return checked.error();
  if (const auto checked = detail::check_own_ceiling(rules); !checked) return checked.error();
  return std::shared_ptr<const VendingPolicy>(std::move(policy));
}

MOMENTO_TOKEN_INLINE Result<std::shared_ptr<const VendingPolicy>> policy_from_json(std::string_view text,
                                                                                   const VendingFunction& vending) {
  if (text.size() > detail::max_policy_bytes) return Error{Errc::limit_exceeded, {}, "is longer than 1 MiB"};
  if (const auto checked = detail::check_json_file(text); !checked) return checked.error();
  const auto document = nlohmann::json::parse(text, nullptr, false);
  if (!document.is_object())
    return detail::bad_option(detail::line_after(text.substr(0, text.find_first_not_of(" \t\r\n"))),
                              "must begin an object");
  const auto rules = detail::read_rules(detail::JsonPlace(document, {}, detail::NameStrangers::yes));
  if (!rules) return rules.error();
  return policy_from_rules(*rules, vending);
}

MOMENTO_TOKEN_INLINE Result<std::shared_ptr<const VendingPolicy>> policy_from_function(
    std::function<Result<VendingGrant>(const Identity&)> grant_for) {
  if (!grant_for) return detail::bad_option("grant_for", "is empty");
  return std::shared_ptr<const VendingPolicy>(std::make_shared<const detail::FunctionPolicy>(std::move(grant_for)));
}

struct ReloadablePolicy::State {
  State(std::shared_ptr<const VendingPolicy> first, VendingFunction vending_function)
      : policies(std::move(first)), vending(std::move(vending_function)) {}
  detail::Snapshots<VendingPolicy> policies;
  VendingFunction vending;
};

MOMENTO_TOKEN_INLINE ReloadablePolicy::ReloadablePolicy(std::unique_ptr<State> state) noexcept
    : state_(std::move(state)) {}
MOMENTO_TOKEN_INLINE ReloadablePolicy::~ReloadablePolicy() = default;

MOMENTO_TOKEN_INLINE Result<std::shared_ptr<ReloadablePolicy>> ReloadablePolicy::create(
    std::shared_ptr<const VendingPolicy> first, VendingFunction vending) {
  if (first == nullptr) return detail::bad_option("first", "is null");
  if (vending.function.empty()) return detail::bad_option("vending.function", "is empty");
  return std::shared_ptr<ReloadablePolicy>(
      new ReloadablePolicy(std::make_unique<State>(std::move(first), std::move(vending))));
}

MOMENTO_TOKEN_INLINE Result<VendingGrant> ReloadablePolicy::grant_for(const Identity& identity) const {
  return state_->policies.read()->grant_for(identity);
}

MOMENTO_TOKEN_INLINE Result<void> ReloadablePolicy::reload_json(std::string_view text) {
  auto next = policy_from_json(text, state_->vending);
  if (!next) return next.error();
  state_->policies.replace(std::move(next).value());
  return {};
}

MOMENTO_TOKEN_INLINE Result<void> ReloadablePolicy::reload_file(const std::string& path) {
  const auto file = read_key_file(path, detail::max_policy_bytes);
  if (!file) return file.error();
  return reload_json(file->bytes.expose_text());
}

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE
