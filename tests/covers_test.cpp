// covers() of authorizer.hpp.
#include <doctest/doctest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "covers_oracle.hpp"
#include "momento_token/authorizer.hpp"

using namespace momento_token;
namespace oracle = test::oracle;

namespace {

Permissions one(Permission permission) { return Permissions().with(std::move(permission)); }

}  // namespace

// The oracle: covers_oracle.hpp. Soundness is the law; completeness says that the answer is worth something.
TEST_CASE("covers never says yes wrongly, and yes nearly always when it is true") {
  oracle::Draw draw(42);
  std::size_t unsound = 0;
  std::size_t really_covered = 0;
  std::size_t found = 0;
  std::size_t not_covered = 0;
  for (int pair = 0; pair < 150'000; ++pair) {
    const auto parent = draw.statements(8);
    const auto child = draw.statements(2);
    const auto child_allows = oracle::allowed_by(child);
    const bool truth = child_allows.within(oracle::allowed_by(parent));
    const auto parent_set = oracle::permissions_of(parent);
    const auto child_set = oracle::permissions_of(child);
    const bool answer = covers(parent_set, child_set);
    unsound += answer && !truth ? 1U : 0U;
    unsound += first_uncovered(parent_set, child_set).has_value() == answer ? 1U : 0U;
    not_covered += truth ? 0U : 1U;
    if (!truth || child_allows.nothing()) continue;
    ++really_covered;
    found += answer ? 1U : 0U;
  }
  CHECK(unsound == 0);
  CHECK(not_covered > 50'000);
  CHECK(really_covered > 5'000);
  CHECK(found * 100 > really_covered * 95);
}

// design.md §4, one row per sentence.
TEST_CASE("one statement of the parent has to hold each operation of the child") {
  struct Row {
    std::string name;
    Permissions parent, child;
    bool covered;
  };
  const auto rw = CachePermissions::read_write().with_cache("c");
  const auto ro = rw.with_role(CacheRole::read_only);
  const auto wo = rw.with_role(CacheRole::write_only);
  const auto absent = CachePermissions().with_role(CacheRole::read_only).with_cache("c");
  const auto topic = TopicPermissions::publish_only().with_cache("c");
  for (const Row& row :
       {Row{"itself", one(ro), one(ro), true},
        Row{"less than read-write", one(rw), Permissions().with_cache(ro).with_cache(wo), true},
        Row{"read-only and write-only are no read-write", Permissions().with_cache(ro).with_cache(wo), one(rw), false},
        Row{"publish and subscribe are publish-subscribe",
            Permissions().with_topic(topic).with_topic(topic.with_role(TopicRole::subscribe_only)),
            one(topic.with_role(TopicRole::publish_subscribe)), true},
        Row{"all caches in one cache", one(ro), one(ro.with_all_caches()), false},
        Row{"one cache in all caches", one(ro.with_all_caches()), one(ro), true},
        Row{"another cache", one(ro.with_cache("cc")), one(ro), false},
        Row{"a longer prefix", one(ro.with_key_prefix("/a/")), one(ro.with_key_prefix("/a/b")), true},
        Row{"a shorter prefix", one(ro.with_key_prefix("/a/")), one(ro.with_key_prefix("/a")), false},
        Row{"the same prefix", one(ro.with_key_prefix("/a/")), one(ro.with_key_prefix("/a/")), true},
        Row{"a key in a prefix", one(ro.with_key_prefix("/a/")), one(ro.with_key("/a/")), true},
        Row{"a prefix in a key", one(ro.with_key("/a/")), one(ro.with_key_prefix("/a/")), false},
        Row{"all items in a prefix", one(ro.with_key_prefix("a")), one(ro), false},
        Row{"absent items in a prefix", one(ro.with_key_prefix("a")), one(absent), false},
        Row{"absent items in all items", one(ro), one(absent), true},
        Row{"all items in absent items", one(absent), one(ro), true},
        Row{"another kind", one(ro), one(topic), false},
        Row{"nothing in nothing", Permissions(), Permissions(), true},
        Row{"nothing in something", one(ro), Permissions(), true},
        Row{"something in nothing", Permissions(), one(ro), false},
        Row{"permit none in nothing", Permissions(), one(ro.with_role(CacheRole::permit_none)), true},
        Row{"no role in nothing", Permissions(), one(CachePermissions().with_all_caches().with_all_items()), true},
        Row{"no topic selector in nothing", Permissions(),
            one(TopicPermissions().with_role(TopicRole::publish_only).with_cache("c")), true},
        Row{"an empty key in nothing", Permissions(), one(ro.with_key("")), true},
        Row{"an empty prefix covers nothing", one(ro.with_key_prefix("")), one(ro.with_key("k")), false}}) {
    CAPTURE(row.name);
    CHECK(covers(row.parent, row.child) == row.covered);
  }
}

TEST_CASE("first_uncovered names the statement that goes too far") {
  const auto parent = one(CachePermissions::read_only().with_cache("c"));
  const auto within = CachePermissions::read_only().with_cache("c").with_key("k");
  const auto beyond = CachePermissions::write_only().with_cache("c");
  CHECK_FALSE(first_uncovered(parent, one(within)).has_value());
  CHECK(first_uncovered(parent, Permissions().with_cache(within).with_cache(beyond).with_cache(beyond)) ==
        std::optional<std::size_t>(1));
}
