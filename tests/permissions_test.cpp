#include "momento_token/permissions.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <variant>

using namespace momento_token;

TEST_CASE("statements stay in the order they were added") {
  const auto set = Permissions()
                       .with_topic(TopicPermissions::publish_only())
                       .with_cache(CachePermissions::read_only())
                       .with(FunctionPermissions::invoke())
                       .with_cache(CachePermissions::read_only());
  REQUIRE(set.size() == 4);
  CHECK(std::holds_alternative<TopicPermissions>(set.items()[0]));
  CHECK(std::holds_alternative<CachePermissions>(set.items()[1]));
  CHECK(std::holds_alternative<FunctionPermissions>(set.items()[2]));
  CHECK(set.items()[3] == set.items()[1]);
}

TEST_CASE("a new set is empty and a set with a statement that grants nothing is not") {
  CHECK(Permissions().empty());
  CHECK(Permissions().size() == 0);
  CHECK_FALSE(Permissions().with_cache(CachePermissions()).empty());
}

TEST_CASE("sets compare by their statements in order") {
  const auto a = CachePermissions::read_only();
  const auto b = TopicPermissions::publish_only();
  CHECK(Permissions().with_cache(a).with_topic(b) == Permissions().with(a).with(b));
  CHECK_FALSE(Permissions().with_cache(a).with_topic(b) == Permissions().with_topic(b).with_cache(a));
  CHECK_FALSE(Permissions().with_cache(a) == Permissions().with_cache(a).with_cache(a));
  CHECK_FALSE(Permissions() == Permissions().with_cache(CachePermissions()));
}

TEST_CASE("a named set is copied by with, a temporary is moved") {
  const auto base = Permissions().with_cache(CachePermissions::read_only());
  const auto with_topic = base.with_topic(TopicPermissions::publish_only());
  const auto with_function = base.with_function(FunctionPermissions::invoke());
  const auto with_more = base.with_cache(CachePermissions::write_only());
  CHECK(base.size() == 1);
  CHECK(with_topic.size() == 2);
  CHECK(with_function.size() == 2);
  CHECK(with_more.size() == 2);

  const std::string longer_than_any_small_buffer(200, 'x');
  auto temporary = Permissions().with_cache(CachePermissions::read_only().with_key(longer_than_any_small_buffer));
  const auto text_of = [](const Permissions& set) {
    return std::get<ItemKey>(std::get<CachePermissions>(set.items()[0]).item()).value.data();
  };
  const char* const text = text_of(temporary);
  const auto moved = std::move(temporary)
                         .with_topic(TopicPermissions::publish_only())
                         .with_function(FunctionPermissions::invoke())
                         .with_cache(CachePermissions::write_only());
  CHECK(text_of(moved) == text);
}

// The sentence of permissions.hpp, and the parts that a set may lack.
TEST_CASE("a statement is said in words") {
  struct Row {
    Permission permission;
    std::string words;
  };
  for (const Row& row :
       {Row{FunctionPermissions().with_cache("fo").with_function("od"),
            R"(invoke the function "od" of the cache "fo")"},
        Row{CachePermissions::read_write(), "read and write all items of all caches"},
        Row{CachePermissions::read_only().with_cache("media").with_key_prefix("/movie1/"),
            R"(read the items that start with "/movie1/" of the cache "media")"},
        Row{CachePermissions::write_only().with_key("k"), R"(write the item "k" of all caches)"},
        Row{TopicPermissions::publish_subscribe().with_cache("chat"),
            R"(publish and subscribe to all topics of the cache "chat")"},
        Row{TopicPermissions::subscribe_only().with_topic("t"), R"(subscribe to the topic "t" of all caches)"},
        Row{TopicPermissions::publish_only(), "publish to all topics of all caches"},
        Row{CachePermissions::read_only().with_role(CacheRole::permit_none), "do nothing with all items of all caches"},
        Row{CachePermissions(), "do nothing (no role) with items (no item selector) of caches (no cache selector)"},
        Row{FunctionPermissions(), "invoke functions (no function selector) of caches (no cache selector)"}}) {
    CHECK(to_string(row.permission) == row.words);
  }
}

TEST_CASE("a set is said statement by statement") {
  const auto topic = TopicPermissions::publish_only();
  CHECK(to_string(Permissions()) == "nothing");
  CHECK(to_string(Permissions().with_topic(topic)) == "publish to all topics of all caches");
  CHECK(to_string(Permissions().with_topic(topic).with_cache(CachePermissions::read_only())) ==
        "publish to all topics of all caches; read all items of all caches");
}

// "Safe to print": no raw control characters (cli.md), and a name cannot pretend to end.
TEST_CASE("names are escaped in words") {
  const std::string nasty("\x1b[2J\n\" of all caches\0\xFF\xE2\x80\xAE", 25);
  const std::string words = to_string(Permission(CachePermissions::read_only().with_cache("c").with_key(nasty)));
  for (const char c : words) {
    CHECK(static_cast<unsigned char>(c) >= 0x20);
    CHECK(static_cast<unsigned char>(c) < 0x7F);
  }
  CHECK(words.find(R"(\" of all caches)") != std::string::npos);
  CHECK(words.ends_with(R"(" of the cache "c")"));
}
