#pragma once
// A permission set of a policy with holes in its names, keys and prefixes.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "momento_token/detail/issue_rules.hpp"
#include "momento_token/detail/statement.hpp"
#include "momento_token/detail/text_template.hpp"
#include "momento_token/permissions.hpp"
#include "momento_token/permissions/function.hpp"
#include "momento_token/vending/ceiling.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

struct SelectorTemplate {
  Select select = Select::unset;
  TextTemplate text = TextTemplate::literal({});
};

struct StatementTemplate {
  std::uint8_t kind = 0;
  std::int8_t role = unset_role;
  SelectorTemplate cache, resource;
};

/// Whether some values let the selector pick the name; an empty name stands for any.
[[nodiscard]] inline bool may_pick(const SelectorTemplate& selector, std::string_view name) {
  switch (selector.select) {
    case Select::all: return true;
    case Select::name: return name.empty() || selector.text.may_become(name, false);
    case Select::prefix: return name.empty() || selector.text.may_become(name, true);
    case Select::unset: break;
  }
  return false;
}

[[nodiscard]] inline bool may_invoke(const StatementTemplate& statement, const vending::VendingFunction& vending) {
  const StatementView view{.kind = statement.kind, .role = statement.role};
  return statement.kind == function_kind.proto_field && operations_of(view) != 0 &&
         may_pick(statement.cache, vending.cache) && may_pick(statement.resource, vending.function);
}

/// Of a statement that ScopeTemplate::compile() takes.
[[nodiscard]] inline bool has_templates(const Permission& permission) {
  const StatementView view = view_of(permission);
  const auto has_holes = [](std::string_view text) { return TextTemplate::compile(text).value().has_holes(); };
  return has_holes(view.cache.text) || has_holes(view.resource.text);
}

/// The statements as they are: no "${" in them means anything.
[[nodiscard]] inline bool covers_vending(const Permissions& permissions, const vending::VendingFunction& vending) {
  const auto literally = [](const SelectorView& view) {
    return SelectorTemplate{view.select, TextTemplate::literal(view.text)};
  };
  for (const Permission& permission : permissions.items()) {
    const StatementView view = view_of(permission);
    if (may_invoke({view.kind, view.role, literally(view.cache), literally(view.resource)}, vending)) return true;
  }
  return false;
}

[[nodiscard]] inline Error opens_vending(std::string field) {
  return {Errc::invalid_argument, std::move(field), "may invoke the vending function: what it vends could vend"};
}

class ScopeTemplate {
 public:
  /// Errors name the statement: "PATH.permissions[0].cache".
  [[nodiscard]] static Result<ScopeTemplate> compile(const Permissions& permissions, const std::string& path,
                                                     const vending::VendingFunction& vending) {
    ScopeTemplate scope;
    const auto items = permissions.items();
    for (std::size_t i = 0; i < items.size(); ++i) {
      const StatementView view = view_of(items[i]);
      const KindInfo& kind = *find_kind(view.kind);
      const auto place = [&](std::string_view part) { return path + "." + statement_path(i, part); };
      if (const Problem problem = statement_problem(kind, view)) {
        return Error{Errc::invalid_argument, place(problem.part), problem.message};
      }
      StatementTemplate statement{view.kind, view.role, {}, {}};
      if (const StaticText wrong = read(view.cache, statement.cache); !wrong.view().empty()) {
        return Error{Errc::invalid_argument, place("cache"), wrong};
      }
      if (const StaticText wrong = read(view.resource, statement.resource); !wrong.view().empty()) {
        return Error{Errc::invalid_argument, place(kind.noun), wrong};
      }
      if (may_invoke(statement, vending)) return opens_vending(place({}));
      scope.statements_.push_back(std::move(statement));
    }
    return scope;
  }

  /// Adds the statements, filled, to `permissions`; false when a value is missing.
  [[nodiscard]] bool fill(const vending::Identity& identity, Permissions& permissions) const {
    for (const StatementTemplate& statement : statements_) {
      const auto cache = statement.cache.text.fill(identity);
      const auto resource = statement.resource.text.fill(identity);
      if (!cache || !resource) return false;
      permissions = std::move(permissions)
                        .with(make_permission({statement.kind,
                                               statement.role,
                                               {statement.cache.select, *cache},
                                               {statement.resource.select, *resource}}));
    }
    return true;
  }

 private:
  // Empty when it is right.
  [[nodiscard]] static StaticText read(const SelectorView& view, SelectorTemplate& selector) {
    selector.select = view.select;
    auto text = TextTemplate::compile(view.text);
    if (!text) return "has a ${ that begins neither ${user} nor ${claim:NAME}";
    if (view.select == Select::prefix && !text->ends_fixed()) {
      return "is a prefix that a template leaves open: end it with a letter such as / (not A-Za-z0-9_-%)";
    }
    selector.text = std::move(*text);
    return {};
  }

  std::vector<StatementTemplate> statements_;
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
