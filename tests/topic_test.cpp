#include "momento_token/permissions/topic.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>
#include <variant>

using namespace momento_token;

// permissionmessages.proto, TopicRole: read-write, read-only (subscribe), write-only (publish).
TEST_CASE("the roles of topics have the numbers of the proto") {
  CHECK(static_cast<int>(TopicRole::permit_none) == 0);
  CHECK(static_cast<int>(TopicRole::publish_subscribe) == 1);
  CHECK(static_cast<int>(TopicRole::subscribe_only) == 2);
  CHECK(static_cast<int>(TopicRole::publish_only) == 3);
}

TEST_CASE("a topic permission starts with nothing set") {
  const TopicPermissions permission;
  CHECK_FALSE(permission.role().has_value());
  CHECK(std::holds_alternative<Unset>(permission.cache()));
  CHECK(std::holds_alternative<Unset>(permission.topic()));
}

TEST_CASE("the presets of topics start from all caches and all topics") {
  struct Row {
    TopicPermissions permission;
    TopicRole role;
  };
  for (const Row& row : {Row{TopicPermissions::publish_subscribe(), TopicRole::publish_subscribe},
                         Row{TopicPermissions::subscribe_only(), TopicRole::subscribe_only},
                         Row{TopicPermissions::publish_only(), TopicRole::publish_only}}) {
    CHECK(row.permission.role() == std::optional(row.role));
    CHECK(row.permission.cache() == CacheSelector(AllCaches{}));
    CHECK(row.permission.topic() == TopicSelector(AllTopics{}));
  }
}

// The Rust crate calls them read_write(), read_only() and write_only().
TEST_CASE("the Rust crate's names of the topic presets mean the same") {
  CHECK(TopicPermissions::read_write() == TopicPermissions::publish_subscribe());
  CHECK(TopicPermissions::read_only() == TopicPermissions::subscribe_only());
  CHECK(TopicPermissions::write_only() == TopicPermissions::publish_only());
}

TEST_CASE("each with_ of a topic permission replaces its part and leaves the others") {
  const auto topic = TopicPermissions::publish_only().with_cache("chat").with_topic("room-7");
  CHECK(topic.cache() == CacheSelector(CacheName("chat")));
  CHECK(topic.topic() == TopicSelector(TopicName("room-7")));
  CHECK(topic.role() == std::optional(TopicRole::publish_only));

  const auto prefix = topic.with_topic_prefix("room-");
  CHECK(prefix.topic() == TopicSelector(TopicNamePrefix("room-")));
  CHECK(prefix.cache() == topic.cache());
  CHECK(prefix.with_all_topics().with_all_caches() == TopicPermissions::publish_only());
  const auto other_role = prefix.with_role(TopicRole::subscribe_only);
  CHECK(other_role.role() == std::optional(TopicRole::subscribe_only));
  CHECK(other_role.topic() == prefix.topic());
}

TEST_CASE("a named topic permission is copied by with_, a temporary is moved") {
  const std::string longer_than_any_small_buffer(200, 'x');
  const auto original = TopicPermissions::publish_only().with_topic(longer_than_any_small_buffer);
  const auto narrowed = original.with_cache("chat");
  CHECK(original.cache() == CacheSelector(AllCaches{}));
  CHECK(narrowed.topic() == original.topic());

  auto temporary = original;
  const char* const text = std::get<TopicName>(temporary.topic()).value.data();
  const auto moved = std::move(temporary).with_cache("chat").with_role(TopicRole::publish_subscribe);
  CHECK(std::get<TopicName>(moved.topic()).value.data() == text);
}

TEST_CASE("topic permissions that differ in one part are not equal") {
  const auto p = TopicPermissions::publish_only().with_cache("c").with_topic("t");
  CHECK(p == TopicPermissions::publish_only().with_cache("c").with_topic("t"));
  CHECK_FALSE(p == p.with_role(TopicRole::subscribe_only));
  CHECK_FALSE(p == p.with_all_caches());
  CHECK_FALSE(p == p.with_topic_prefix("t"));
}
