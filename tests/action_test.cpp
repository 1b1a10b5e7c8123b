#include "momento_token/permissions/action.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "momento_token/permissions/cache.hpp"
#include "momento_token/permissions/function.hpp"
#include "momento_token/permissions/topic.hpp"

using namespace momento_token;

// cli.md, `can`: the names of the actions. permissionmessages.proto: the numbers of the kinds.
TEST_CASE("each action has its name and the number of its kind") {
  struct Row {
    Action action;
    std::string_view name;
    int kind;
  };
  for (const Row& row :
       {Row{cache_read("c", "r"), "cache.read", 1}, Row{cache_write("c", "r"), "cache.write", 1},
        Row{cache_conditional_write("c", "r"), "cache.conditional_write", 1},
        Row{topic_publish("c", "r"), "topic.publish", 2}, Row{topic_subscribe("c", "r"), "topic.subscribe", 2},
        Row{function_invoke("c", "r"), "function.invoke", 3}}) {
    CAPTURE(row.name);
    CHECK(row.action.name() == row.name);
    CHECK(row.action.kind() == row.kind);
    CHECK(row.action.cache() == "c");
    CHECK(row.action.resource() == std::optional<std::string_view>("r"));
  }
}

TEST_CASE("an action without a resource is not one on an empty name") {
  CHECK_FALSE(cache_read("c").resource().has_value());
  REQUIRE(cache_read("c", "").resource().has_value());
  CHECK(cache_read("c", "").resource()->empty());
}

TEST_CASE("no two operations of a kind share a bit") {
  std::set<std::tuple<int, int>> seen;
  for (const Action& action : {cache_read("c"), cache_write("c"), cache_conditional_write("c"), topic_publish("c"),
                               topic_subscribe("c"), function_invoke("c")}) {
    CHECK(action.operation() != 0);
    CHECK((action.operation() & (action.operation() - 1)) == 0);
    CHECK(seen.insert({action.kind(), action.operation()}).second);
  }
}

TEST_CASE("an action looks at the texts it was made from") {
  const std::string cache = "media";
  const std::string key("/a\0b", 4);
  const Action action = cache_read(cache, key);
  CHECK(action.cache().data() == cache.data());
  CHECK(action.resource()->size() == 4);
}
