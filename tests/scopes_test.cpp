#include "momento_token/scopes.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include "momento_token/encoding.hpp"
#include "momento_token/permissions_proto.hpp"
#include "permission_vectors.hpp"

using namespace momento_token;
namespace vectors = test::vectors;

namespace {

struct Row {
  std::string vector;  // the one of tests/vectors/permissions.json with these bytes; "" where it has none
  Permissions scope;
  std::string proto_hex;
};

// The bytes are those of a protobuf encoder that reproduces every vector of permissions.json, for the statement that
// the scope's name says. Whole caches are written with all_items, as the Java SDK does and issue demands.
std::vector<Row> rows() {
  return {
      Row{"", scopes::cache_read_write(AllCaches{}), "120a0a080a06080112002200"},
      Row{"", scopes::cache_key_read_write(AllCaches{}, "my-key"), "12120a100a0e080112002a080a066d792d6b6579"},
      Row{"", scopes::cache_key_prefix_read_write(AllCaches{}, "my-key-"),
          "12130a110a0f080112002a0912076d792d6b65792d"},
      Row{"P018", scopes::cache_read_write("my-cache"), "12140a120a1008011a0a0a086d792d63616368652200"},
      Row{"P019", scopes::cache_key_read_write("my-cache", "my-key"),
          "121c0a1a0a1808011a0a0a086d792d63616368652a080a066d792d6b6579"},
      Row{"P020", scopes::cache_key_prefix_read_write("my-cache", "my-key-"),
          "121d0a1b0a1908011a0a0a086d792d63616368652a0912076d792d6b65792d"},
      Row{"P026", scopes::cache_read_only(AllCaches{}), "120a0a080a06080212002200"},
      Row{"P027", scopes::cache_key_read_only(AllCaches{}, "my-key"), "12120a100a0e080212002a080a066d792d6b6579"},
      Row{"P028", scopes::cache_key_prefix_read_only(AllCaches{}, "my-key-"),
          "12130a110a0f080212002a0912076d792d6b65792d"},
      Row{"P030", scopes::cache_read_only("my-cache"), "12140a120a1008021a0a0a086d792d63616368652200"},
      Row{"", scopes::cache_key_read_only("my-cache", "my-key"),
          "121c0a1a0a1808021a0a0a086d792d63616368652a080a066d792d6b6579"},
      Row{"", scopes::cache_key_prefix_read_only("my-cache", "my-key-"),
          "121d0a1b0a1908021a0a0a086d792d63616368652a0912076d792d6b65792d"},
      Row{"P038", scopes::cache_write_only(AllCaches{}), "120a0a080a06080312002200"},
      Row{"P039", scopes::cache_key_write_only(AllCaches{}, "my-key"), "12120a100a0e080312002a080a066d792d6b6579"},
      Row{"", scopes::cache_key_prefix_write_only(AllCaches{}, "my-key-"),
          "12130a110a0f080312002a0912076d792d6b65792d"},
      Row{"", scopes::cache_write_only("my-cache"), "12140a120a1008031a0a0a086d792d63616368652200"},
      Row{"", scopes::cache_key_write_only("my-cache", "my-key"),
          "121c0a1a0a1808031a0a0a086d792d63616368652a080a066d792d6b6579"},
      Row{"", scopes::cache_key_prefix_write_only("my-cache", "my-key-"),
          "121d0a1b0a1908031a0a0a086d792d63616368652a0912076d792d6b65792d"},
      Row{"P278", scopes::topic_publish_subscribe(AllCaches{}, AllTopics{}), "120a0a081206080112002200"},
      Row{"P063", scopes::topic_publish_subscribe(AllCaches{}, "my-topic"),
          "12140a121210080112002a0a0a086d792d746f706963"},
      Row{"P064", scopes::topic_prefix_publish_subscribe(AllCaches{}, "my-topic-"),
          "12150a131211080112002a0b12096d792d746f7069632d"},
      Row{"P066", scopes::topic_publish_subscribe("my-cache", AllTopics{}),
          "12140a12121008011a0a0a086d792d63616368652200"},
      Row{"", scopes::topic_publish_subscribe("my-cache", "my-topic"),
          "121e0a1c121a08011a0a0a086d792d63616368652a0a0a086d792d746f706963"},
      Row{"", scopes::topic_prefix_publish_subscribe("my-cache", "my-topic-"),
          "121f0a1d121b08011a0a0a086d792d63616368652a0b12096d792d746f7069632d"},
      Row{"P074", scopes::topic_subscribe_only(AllCaches{}, AllTopics{}), "120a0a081206080212002200"},
      Row{"", scopes::topic_subscribe_only(AllCaches{}, "my-topic"), "12140a121210080212002a0a0a086d792d746f706963"},
      Row{"P076", scopes::topic_prefix_subscribe_only(AllCaches{}, "my-topic-"),
          "12150a131211080212002a0b12096d792d746f7069632d"},
      Row{"", scopes::topic_subscribe_only("my-cache", AllTopics{}), "12140a12121008021a0a0a086d792d63616368652200"},
      Row{"P079", scopes::topic_subscribe_only("my-cache", "my-topic"),
          "121e0a1c121a08021a0a0a086d792d63616368652a0a0a086d792d746f706963"},
      Row{"P080", scopes::topic_prefix_subscribe_only("my-cache", "my-topic-"),
          "121f0a1d121b08021a0a0a086d792d63616368652a0b12096d792d746f7069632d"},
      Row{"", scopes::topic_publish_only(AllCaches{}, AllTopics{}), "120a0a081206080312002200"},
      Row{"P087", scopes::topic_publish_only(AllCaches{}, "my-topic"), "12140a121210080312002a0a0a086d792d746f706963"},
      Row{"P088", scopes::topic_prefix_publish_only(AllCaches{}, "my-topic-"),
          "12150a131211080312002a0b12096d792d746f7069632d"},
      Row{"P090", scopes::topic_publish_only("my-cache", AllTopics{}), "12140a12121008031a0a0a086d792d63616368652200"},
      Row{"P091", scopes::topic_publish_only("my-cache", "my-topic"),
          "121e0a1c121a08031a0a0a086d792d63616368652a0a0a086d792d746f706963"},
      Row{"P092", scopes::topic_prefix_publish_only("my-cache", "my-topic-"),
          "121f0a1d121b08031a0a0a086d792d63616368652a0b12096d792d746f7069632d"},
      Row{"P110", scopes::function_invoke(AllCaches{}, AllFunctions{}), "120a0a081a06080112002200"},
      Row{"", scopes::function_invoke(AllCaches{}, "my-function"),
          "12170a151a13080112002a0d0a0b6d792d66756e6374696f6e"},
      Row{"P112", scopes::function_prefix_invoke(AllCaches{}, "my-function-"),
          "12180a161a14080112002a0e120c6d792d66756e6374696f6e2d"},
      Row{"P114", scopes::function_invoke("my-cache", AllFunctions{}), "12140a121a1008011a0a0a086d792d63616368652200"},
      Row{"", scopes::function_invoke("my-cache", "my-function"),
          "12210a1f1a1d08011a0a0a086d792d63616368652a0d0a0b6d792d66756e6374696f6e"},
      Row{"P116", scopes::function_prefix_invoke("my-cache", "my-function-"),
          "12220a201a1e08011a0a0a086d792d63616368652a0e120c6d792d66756e6374696f6e2d"},
      Row{"", scopes::function_permit_none(AllCaches{}, AllFunctions{}), "12080a061a0412002200"},
      Row{"", scopes::function_permit_none(AllCaches{}, "my-function"),
          "12150a131a1112002a0d0a0b6d792d66756e6374696f6e"},
      Row{"P102", scopes::function_permit_none("my-cache", AllFunctions{}), "12120a101a0e1a0a0a086d792d63616368652200"},
      Row{"P103", scopes::function_permit_none("my-cache", "my-function"),
          "121f0a1d1a1b1a0a0a086d792d63616368652a0d0a0b6d792d66756e6374696f6e"},
      Row{"P100", scopes::function_prefix_permit_none(AllCaches{}, "my-function-"),
          "12160a141a1212002a0e120c6d792d66756e6374696f6e2d"},
      Row{"P104", scopes::function_prefix_permit_none("my-cache", "my-function-"),
          "12200a1e1a1c1a0a0a086d792d63616368652a0e120c6d792d66756e6374696f6e2d"},
  };
}

}  // namespace

TEST_CASE("each one-line scope is the statement that its name says") {
  std::map<std::string, std::string> bytes_of;
  for (const auto& v : vectors::load("permissions.json", "vectors")) bytes_of[v.at("id")] = v.at("proto_hex");
  std::size_t in_vectors = 0;
  for (const Row& row : rows()) {
    CAPTURE(row.proto_hex);
    const auto bytes = to_proto(row.scope);
    REQUIRE(bytes.has_value());
    CHECK(hex_encode(*bytes) == row.proto_hex);
    if (row.vector.empty()) continue;
    CHECK(bytes_of.at(row.vector) == row.proto_hex);
    ++in_vectors;
  }
  CHECK(in_vectors >= 20);
}

TEST_CASE("no two scopes are the same") {
  const auto all = rows();
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) CHECK_FALSE(all[i].scope == all[j].scope);
  }
}

// Momento's SDKs: Go sends the topic statement first, then the cache statement (Rust the other
// way).
TEST_CASE("all data read-write is every topic and every item") {
  const Permissions expected =
      Permissions()
          .with_topic(TopicPermissions().with_role(TopicRole::publish_subscribe).with_all_caches().with_all_topics())
          .with_cache(CachePermissions().with_role(CacheRole::read_write).with_all_caches().with_all_items());
  CHECK(scopes::all_data_read_write() == expected);
}

TEST_CASE("a cache, topic or function may be given as a string, a literal or all") {
  const std::string name = "chat";
  const std::string topic = "room-7";
  CHECK(scopes::topic_publish_only(name, topic) == scopes::topic_publish_only("chat", "room-7"));
  CHECK(scopes::function_invoke(name, topic) == scopes::function_invoke("chat", "room-7"));
  CHECK_FALSE(scopes::cache_read_only(AllCaches{}) == scopes::cache_read_only("AllCaches"));
}

// cli.md: "*" is all in the SDK's JSON only.
TEST_CASE("a star is a name like any other") {
  CHECK(scopes::topic_publish_only("*", "*") ==
        Permissions().with_topic(TopicPermissions::publish_only().with_cache("*").with_topic("*")));
}
