// lint() of authorizer.hpp.
#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "momento_token/authorizer.hpp"

using namespace momento_token;
using namespace std::chrono_literals;

namespace {

Permissions one(Permission permission) { return Permissions().with(std::move(permission)); }

std::vector<Lint> lints(const Permissions& permissions, std::optional<Lifetime> valid_for = {}) {
  std::vector<Lint> kinds;
  for (const LintFinding& finding : lint(permissions, valid_for)) kinds.push_back(finding.lint);
  return kinds;
}

}  // namespace

TEST_CASE("lint has nothing to say about a careful scope") {
  const auto careful = Permissions()
                           .with_cache(CachePermissions::read_only().with_cache("media").with_key_prefix("/movie1/"))
                           .with_topic(TopicPermissions::publish_subscribe().with_cache("chat").with_topic("room1"))
                           .with_function(FunctionPermissions::invoke());
  CHECK(lints(careful).empty());
  CHECK(lints(careful, Lifetime(1h)).empty());
}

TEST_CASE("lint finds what is useless or dangerous") {
  struct Row {
    std::string name;
    Permission permission;
    std::vector<Lint> found;
  };
  const auto read = CachePermissions::read_only().with_cache("c");
  const auto write = CachePermissions::read_write();
  const auto topic = TopicPermissions::publish_only().with_cache("c");
  const auto unset_items = CachePermissions().with_cache("c");
  for (const Row& row :
       {Row{"absent item", unset_items.with_role(CacheRole::read_only), {Lint::absent_item_selector}},
        Row{"no role either", unset_items, {Lint::absent_item_selector, Lint::grants_nothing}},
        Row{"permit none", read.with_role(CacheRole::permit_none), {Lint::grants_nothing}},
        Row{"empty key", read.with_key(""), {Lint::grants_nothing}},
        Row{"empty cache", read.with_cache(""), {Lint::grants_nothing}},
        Row{"no function selector", FunctionPermissions().with_cache("c"), {Lint::grants_nothing}},
        Row{"all caches, read-write", write, {Lint::all_caches_read_write}},
        Row{"all caches, read-write below a prefix", write.with_key_prefix("/"), {Lint::all_caches_read_write}},
        Row{"one cache, read-write", write.with_cache("c"), {}},
        Row{"all caches, read-only", read.with_all_caches(), {}},
        Row{"all caches, publish-subscribe", TopicPermissions::publish_subscribe(), {Lint::all_caches_read_write}},
        Row{"prefix, letter", read.with_key_prefix("/movie"), {Lint::open_ended_prefix}},
        Row{"prefix, capital letter", read.with_key_prefix("/Z"), {Lint::open_ended_prefix}},
        Row{"prefix, digit", topic.with_topic_prefix("room1"), {Lint::open_ended_prefix}},
        Row{"prefix, letter beyond ASCII", topic.with_topic_prefix("caf\xC3\xA9"), {Lint::open_ended_prefix}},
        Row{"prefix, bytes that are no text", read.with_key_prefix("\x01\xFF"), {}},
        Row{"prefix, slash", read.with_key_prefix("/movie1/"), {}},
        Row{"prefix, before the letters", read.with_key_prefix("@"), {}},
        Row{"prefix, behind the digits", read.with_key_prefix("a:"), {}},
        Row{"a name ends as it likes", topic.with_topic("room1"), {}}}) {
    CAPTURE(row.name);
    CHECK(lints(one(row.permission)) == row.found);
  }
}

TEST_CASE("lint finds the statement that another one covers, and of two equal ones the later") {
  const auto wide = CachePermissions::read_write().with_cache("c");
  const auto narrow = CachePermissions::read_only().with_cache("c").with_key("k");
  const auto covered = [](const Permissions& set) {
    std::vector<std::size_t> found;
    for (const auto& finding : lint(set)) {
      if (finding.lint == Lint::covered_by_another) found.push_back(finding.statement.value());
    }
    return found;
  };
  using Found = std::vector<std::size_t>;
  CHECK(covered(Permissions().with_cache(wide).with_cache(narrow)) == Found{1});
  CHECK(covered(Permissions().with_cache(narrow).with_cache(wide)) == Found{0});
  CHECK(covered(Permissions().with_cache(narrow).with_cache(narrow)) == Found{1});
  CHECK(covered(Permissions().with_cache(narrow).with_cache(narrow).with_cache(narrow)) == Found{1, 2});
  CHECK(covered(Permissions().with_cache(narrow).with_cache(narrow.with_key("l"))).empty());
  // Two statements that only together grant what a third does.
  const auto wo = wide.with_role(CacheRole::write_only);
  CHECK(covered(Permissions().with_cache(wide.with_role(CacheRole::read_only)).with_cache(wo)).empty());
}

TEST_CASE("lint finds a lifetime above one hour") {
  const auto set = one(CachePermissions::read_only().with_cache("c"));
  CHECK(lints(set, Lifetime(1h)).empty());
  const auto findings = lint(set, Lifetime(1h + 1s));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].lint == Lint::long_lifetime);
  CHECK_FALSE(findings[0].statement.has_value());
}

TEST_CASE("a finding names its statement, says how to mend it and is safe to print") {
  const auto findings =
      lint(Permissions()
               .with_cache(CachePermissions::read_only().with_cache("c"))
               .with_topic(TopicPermissions::publish_only().with_cache("c").with_topic_prefix("\na")));
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].statement == std::optional<std::size_t>(1));
  CHECK(findings[0].message.starts_with("permissions[1] has the prefix"));
  CHECK(findings[0].message.find('\n') == std::string::npos);
  const auto empty = lint(Permissions());
  REQUIRE(empty.size() == 1);
  CHECK(empty[0].lint == Lint::grants_nothing);
  CHECK_FALSE(empty[0].statement.has_value());
}

TEST_CASE("each lint has its own name") {
  CHECK(to_string(Lint::absent_item_selector) == "absent_item_selector");
  CHECK(to_string(Lint::grants_nothing) == "grants_nothing");
  CHECK(to_string(Lint::covered_by_another) == "covered_by_another");
  CHECK(to_string(Lint::all_caches_read_write) == "all_caches_read_write");
  CHECK(to_string(Lint::open_ended_prefix) == "open_ended_prefix");
  CHECK(to_string(Lint::long_lifetime) == "long_lifetime");
}
