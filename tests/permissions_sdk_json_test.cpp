// The SDK's form of permissions_json.hpp.
#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <utility>

#include "momento_token/encoding.hpp"
#include "momento_token/permissions_json.hpp"
#include "permission_vectors.hpp"

using namespace momento_token;
namespace vectors = test::vectors;

namespace {

struct Refused {
  std::string text;
  std::string field;
  Errc code = Errc::invalid_argument;
};

void check_refused(const Result<Permissions>& result, const Refused& row) {
  CAPTURE(row.text);
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().code == row.code);
  CHECK(result.error().field == row.field);
  CHECK_FALSE(result.error().message.view().empty());
}

/// One statement, wrapped as the SDK's scope.
std::string sdk(const std::string& statement) { return R"({"permissions":[)" + statement + "]}"; }

Permissions one(Permission permission) { return Permissions().with(std::move(permission)); }

/// The vector's statement list in the SDK's form, in its long spellings; empty where the SDK has no way to say it.
std::string sdk_text(const vectors::Json& statements) {
  const vectors::Json roles = {{"CacheReadWrite", "readwrite"},      {"CacheReadOnly", "readonly"},
                               {"CacheWriteOnly", "writeonly"},      {"TopicReadWrite", "publishsubscribe"},
                               {"TopicReadOnly", "subscribeonly"},   {"TopicWriteOnly", "publishonly"},
                               {"FunctionInvoke", "functioninvoke"}, {"FunctionPermitNone", "functionpermitnone"}};
  const auto named = [](const vectors::Json& selector) -> vectors::Json {
    if (selector == "all") return "*";
    if (selector.contains("prefix")) return {{"namePrefix", selector.at("prefix")}};
    return {{"name", selector.at("name")}};
  };
  vectors::Json list = vectors::Json::array();
  for (const auto& s : statements) {
    const std::string kind = s.at("kind");
    const auto resource = s.value(kind == "cache" ? "item" : kind, vectors::Json());
    if (!roles.contains(s.at("role").get<std::string>()) || s.at("cache").is_null()) return {};
    vectors::Json body = {{"role", roles.at(s.at("role").get<std::string>())}, {"cache", named(s.at("cache"))}};
    if (kind != "cache") {
      if (resource.is_null()) return {};
      body[kind == "topic" ? "topic" : "func"] = named(resource);
    } else if (resource == "all") {
      body["item"] = "*";
    } else if (!resource.is_null()) {
      const bool is_key = resource.contains("key");
      const std::string text = test::unb64(resource.at(is_key ? "key" : "key_prefix").get<std::string>());
      if (!is_utf8(text)) return {};
      body["item"] = {{is_key ? "key" : "keyPrefix", text}};
    }
    list.push_back(body);
  }
  return vectors::Json{{"permissions", list}}.dump();
}

}  // namespace

// The same wishes as tests/vectors/permissions.json, in the form of cli.md; every vector that form can say.
TEST_CASE("the SDK's JSON means what the vectors say and comes back from what is written") {
  std::size_t checked = 0;
  for (const auto& v : vectors::load("permissions.json", "vectors")) {
    const std::string text = v.contains("permissions") ? sdk_text(v.at("permissions")) : "";
    if (text.empty()) continue;
    CAPTURE(v.at("id"));
    const Permissions expected = vectors::permissions_of(v.at("permissions"));
    const auto read = from_sdk_json(text);
    REQUIRE(read.has_value());
    CHECK(*read == expected);
    const auto written = to_sdk_json(expected);
    REQUIRE(written.has_value());
    CHECK(from_sdk_json(*written).value() == expected);
    ++checked;
  }
  CHECK(checked >= 100);
}

// cli.md: C is "*", text or {"name":text}; I is "*", text, {"key":text} or {"keyPrefix":text}; N likewise.
TEST_CASE("every spelling of the SDK's selectors is read") {
  struct Row {
    std::string text;
    Permission permission;
  };
  const auto read = CachePermissions::read_only();
  const auto publish = TopicPermissions::publish_only();
  const auto invoke = FunctionPermissions::invoke();
  for (const Row& row :
       {Row{R"({"role":"readonly","cache":"*","item":"*"})", read},
        Row{R"({"role":"readonly","cache":"c","item":"k"})", read.with_cache("c").with_key("k")},
        Row{R"({"role":"readonly","cache":{"name":"c"},"item":{"key":"k"}})", read.with_cache("c").with_key("k")},
        Row{R"({"role":"readonly","cache":{"name":"*"},"item":{"key":"*"}})", read.with_cache("*").with_key("*")},
        Row{R"({"role":"readonly","cache":"c","item":{"keyPrefix":"*"}})", read.with_cache("c").with_key_prefix("*")},
        Row{R"({"role":"readwrite","cache":"c","item":"*"})", CachePermissions::read_write().with_cache("c")},
        Row{R"({"role":"writeonly","cache":"c","item":"*"})", CachePermissions::write_only().with_cache("c")},
        Row{R"({"role":"publishonly","cache":"c","topic":"*"})", publish.with_cache("c")},
        Row{R"({"role":"publishonly","cache":"c","topic":{"name":"*"}})", publish.with_cache("c").with_topic("*")},
        Row{R"({"topic":{"namePrefix":"t-"},"role":"subscribeonly","cache":"c"})",
            TopicPermissions::subscribe_only().with_cache("c").with_topic_prefix("t-")},
        Row{R"({"role":"publishsubscribe","cache":"*","topic":"t"})",
            TopicPermissions::publish_subscribe().with_topic("t")},
        Row{R"({"role":"functioninvoke","cache":"c","func":"f"})", invoke.with_cache("c").with_function("f")},
        Row{R"({"role":"functioninvoke","cache":"c","func":{"namePrefix":"f"}})",
            invoke.with_cache("c").with_function_prefix("f")},
        Row{R"({"role":"functionpermitnone","cache":"*","func":"*"})", invoke.with_role(FunctionRole::permit_none)}}) {
    CAPTURE(row.text);
    const auto result = from_sdk_json(sdk(row.text));
    REQUIRE(result.has_value());
    CHECK(*result == one(row.permission));
  }
}

TEST_CASE("the SDK's form writes a name as text, and in the long form when it would mean all") {
  CHECK(to_sdk_json(one(CachePermissions::read_only().with_cache("c").with_key("k"))).value() ==
        sdk(R"({"role":"readonly","cache":"c","item":"k"})"));
  CHECK(to_sdk_json(one(CachePermissions::read_only().with_cache("*").with_key("*"))).value() ==
        sdk(R"({"role":"readonly","cache":{"name":"*"},"item":{"key":"*"}})"));
  CHECK(to_sdk_json(one(TopicPermissions::publish_only().with_topic("*"))).value() ==
        sdk(R"({"role":"publishonly","cache":"*","topic":{"name":"*"}})"));
  CHECK(to_sdk_json(one(TopicPermissions::publish_only().with_cache("chat").with_topic_prefix("room-"))).value() ==
        sdk(R"({"role":"publishonly","cache":"chat","topic":{"namePrefix":"room-"}})"));
}

TEST_CASE("a missing item stays absent, or means all items when asked") {
  const std::string text = sdk(R"({"role":"readonly","cache":"c"})");
  const auto absent = CachePermissions().with_role(CacheRole::read_only).with_cache("c");
  CHECK(from_sdk_json(text).value() == one(absent));
  CHECK(from_sdk_json(text, MissingItem::all_items).value() == one(absent.with_all_items()));
  CHECK(to_sdk_json(one(absent)).value() == text);
  const std::string given = sdk(R"({"role":"readonly","cache":"c","item":"k"})");
  CHECK(from_sdk_json(given, MissingItem::all_items).value() == one(absent.with_key("k")));
}

TEST_CASE("anything that is not the SDK's form is refused with the path of the member") {
  for (const Refused& row : {
           Refused{"{}", "permissions"},
           {"[]", ""},
           {R"({"permissions":[],"explicit":{}})", ""},
           {R"({"permissions":[],"permissions":[]})", ""},
           {R"({"permissions":{}})", "permissions"},
           {R"({"permissions":["readonly"]})", "permissions[0]"},
           {R"({"permissions":[{}]})", "permissions[0].role"},
           {R"({"permissions":[{"role":"","cache":"c","item":"k"}]})", "permissions[0].role"},
           {R"({"permissions":[{"role":"permitnone","cache":"c","item":"k"}]})", "permissions[0].role"},
           {R"({"permissions":[{"role":"CacheReadOnly","cache":"c"}]})", "permissions[0].role"},
           {R"({"permissions":[{"role":"READONLY","cache":"c"}]})", "permissions[0].role"},
           {R"({"permissions":[{"role":["readonly"],"cache":"c"}]})", "permissions[0].role"},
           {R"({"permissions":[{"role":"readonly"}]})", "permissions[0].cache"},
           {R"({"permissions":[{"role":"readonly","item":"k"}]})", "permissions[0].cache"},
           {R"({"permissions":[{"role":"readonly","cache":null}]})", "permissions[0].cache"},
           {R"({"permissions":[{"role":"readonly","cache":7}]})", "permissions[0].cache"},
           {R"({"permissions":[{"role":"readonly","cache":{}}]})", "permissions[0].cache"},
           {R"({"permissions":[{"role":"readonly","cache":{"name":1}}]})", "permissions[0].cache.name"},
           {R"({"permissions":[{"role":"readonly","cache":{"namePrefix":"c"}}]})", "permissions[0].cache"},
           {R"({"permissions":[{"role":"readonly","cache":"c","item":null}]})", "permissions[0].item"},
           {R"({"permissions":[{"role":"readonly","cache":"c","item":[107]}]})", "permissions[0].item"},
           {R"({"permissions":[{"role":"readonly","cache":"c","item":{}}]})", "permissions[0].item"},
           {R"({"permissions":[{"role":"readonly","cache":"c","item":{"name":"k"}}]})", "permissions[0].item"},
           {R"({"permissions":[{"role":"readonly","cache":"c","item":{"key":[107]}}]})", "permissions[0].item.key"},
           {R"({"permissions":[{"role":"readonly","cache":"c","item":{"key":"a","keyPrefix":"a"}}]})",
            "permissions[0].item"},
           {R"({"permissions":[{"role":"readonly","cache":"c","topic":"t"}]})", "permissions[0]"},
           {R"({"permissions":[{"role":"readonly","cache":"c","item":"k","more":1}]})", "permissions[0]"},
           {R"({"permissions":[{"role":"publishonly","cache":"c"}]})", "permissions[0].topic"},
           {R"({"permissions":[{"role":"publishonly","cache":"c","item":"k"}]})", "permissions[0]"},
           {R"({"permissions":[{"role":"functioninvoke","cache":"c"}]})", "permissions[0].func"},
           {R"({"permissions":[{"role":"functioninvoke","cache":"c","function":"f"}]})", "permissions[0]"},
           {R"({"permissions":[{"role":"readonly","cache":"c"},{"role":"publishonly","topic":"t"}]})",
            "permissions[1].cache"},
       }) {
    check_refused(from_sdk_json(row.text), row);
    check_refused(from_sdk_json(row.text, MissingItem::all_items), row);
  }
}

TEST_CASE("what the SDK's form cannot say is not written") {
  struct Row {
    Permission permission;
    std::string field;
  };
  const std::string not_text = "\xFF";
  for (const Row& row :
       {Row{CachePermissions::read_only().with_role(CacheRole::permit_none), "permissions[0].role"},
        Row{TopicPermissions::read_only().with_role(TopicRole::permit_none), "permissions[0].role"},
        Row{CachePermissions().with_role(CacheRole::read_only).with_all_items(), "permissions[0].cache"},
        Row{TopicPermissions().with_role(TopicRole::publish_only).with_cache("c"), "permissions[0].topic"},
        Row{FunctionPermissions().with_cache("c"), "permissions[0].function"},
        Row{CachePermissions::read_only().with_key(not_text), "permissions[0].item"},
        Row{CachePermissions::read_only().with_key_prefix(not_text), "permissions[0].item"}}) {
    CAPTURE(row.field);
    const auto written = to_sdk_json(one(row.permission));
    REQUIRE_FALSE(written.has_value());
    CHECK(written.error().code == Errc::invalid_argument);
    CHECK(written.error().field == row.field);
    CHECK(to_functions_json(one(row.permission)).has_value());
  }
}
