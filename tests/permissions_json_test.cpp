#include "momento_token/permissions_json.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "momento_token/encoding.hpp"
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

/// One statement, wrapped as the Rust crate's Permissions.
std::string functions(const std::string& statement) { return R"({"explicit":{"permissions":[)" + statement + "]}}"; }
std::string sdk(const std::string& statement) { return R"({"permissions":[)" + statement + "]}"; }

Permissions one(Permission permission) { return Permissions().with(std::move(permission)); }

}  // namespace

// tests/vectors/permissions.json: functions_json is the text serde_json gives for the types of momento-functions-token.
TEST_CASE("the Rust crate's JSON is read and written byte for byte as serde writes it") {
  std::size_t checked = 0;
  for (const auto& v : vectors::load("permissions.json", "vectors")) {
    if (!v.contains("functions_json")) continue;
    CAPTURE(v.at("id"));
    const Permissions expected = vectors::permissions_of(v.at("permissions"));
    const std::string text = v.at("functions_json");
    const auto read = from_functions_json(text);
    REQUIRE(read.has_value());
    CHECK(*read == expected);
    const auto written = to_functions_json(expected);
    REQUIRE(written.has_value());
    CHECK(*written == text);
    ++checked;
  }
  CHECK(checked >= 200);
}

// functions_json_preset: what the crate's presets followed by with_… write; no public source says which one is obeyed.
TEST_CASE("both selectors at once are ambiguous unless the narrower one is asked for") {
  std::size_t checked = 0;
  for (const auto& v : vectors::load("permissions.json", "vectors")) {
    if (!v.value("functions_json_preset_ambiguous", false)) continue;
    CAPTURE(v.at("id"));
    const std::string text = v.at("functions_json_preset");
    const auto refused = from_functions_json(text);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::ambiguous_scope);
    CHECK(refused.error().field.starts_with("explicit.permissions["));
    CHECK(from_functions_json(text, AmbiguousSelectors::narrower).has_value());
    ++checked;
  }
  CHECK(checked >= 150);
}

TEST_CASE("the narrower reading takes the one and not all") {
  const std::string text = functions(
      R"({"cache_permissions":{"role":"CacheReadOnly","all_caches":null,"cache_selector":{"cacheName":"media"},)"
      R"("all_items":null,"item_selector":{"key_prefix":[47]}}})");
  const auto refused = from_functions_json(text);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().field == "explicit.permissions[0].cache_permissions.cache_selector");
  const auto read = from_functions_json(text, AmbiguousSelectors::narrower);
  REQUIRE(read.has_value());
  CHECK(*read == one(CachePermissions::read_only().with_cache("media").with_key_prefix("/")));
}

TEST_CASE("the narrower reading is as strict about everything else") {
  const auto read = [](const std::string& text) { return from_functions_json(text, AmbiguousSelectors::narrower); };
  const std::string not_null = functions(
      R"({"cache_permissions":{"role":"CacheReadOnly","all_caches":true,"cache_selector":{"cacheName":"c"}}})");
  check_refused(read(not_null), {not_null, "explicit.permissions[0].cache_permissions.all_caches"});
  const std::string empty =
      functions(R"({"cache_permissions":{"role":"CacheReadOnly","all_caches":null,"cache_selector":{}}})");
  check_refused(read(empty), {empty, "explicit.permissions[0].cache_permissions.cache_selector"});
}

// cli.md "Scopes" and permissions_json.hpp: strict JSON, every member known, every value of its type.
TEST_CASE("anything that is not the Rust crate's form is refused with the path of the member") {
  for (const Refused& row : {
           Refused{"", ""},
           {"null", ""},
           {"[]", ""},
           {R"("super_user")", ""},
           {"{}", "explicit"},
           {R"({"explicit":{"permissions":[]}} x)", ""},
           {R"({"explicit":{"permissions":[]},"explicit":{"permissions":[]}})", ""},
           {R"({"explicit":{"permissions":[]},"more":1})", ""},
           {R"({"Explicit":{"permissions":[]}})", ""},
           {R"({"super_user":"SuperUser"})", "super_user"},
           {R"({"super_user":null,"explicit":{"permissions":[]}})", "super_user"},
           {R"({"explicit":null})", "explicit"},
           {R"({"explicit":[]})", "explicit"},
           {R"({"explicit":{}})", "explicit.permissions"},
           {R"({"explicit":{"permissions":[],"more":null}})", "explicit"},
           {R"({"explicit":{"permissions":{}}})", "explicit.permissions"},
           {R"({"explicit":{"permissions":null}})", "explicit.permissions"},
           {R"({"explicit":{"permissions":[null]}})", "explicit.permissions[0]"},
           {R"({"explicit":{"permissions":[{}]}})", "explicit.permissions[0]"},
           {R"({"explicit":{"permissions":[{"queue_permissions":{}}]}})", "explicit.permissions[0]"},
       }) {
    check_refused(from_functions_json(row.text), row);
  }
  const std::string two_kinds = functions(R"({"cache_permissions":{"role":"CacheReadOnly"},)"
                                          R"("topic_permissions":{"role":"TopicReadOnly"}})");
  check_refused(from_functions_json(two_kinds), {two_kinds, "explicit.permissions[0]"});
}

TEST_CASE("a statement of the Rust crate's form is refused with the path of what is wrong in it") {
  for (const Refused& row : {
           Refused{R"(null)", ""},
           {R"([])", ""},
           {R"({})", ".role"},
           {R"({"role":null})", ".role"},
           {R"({"role":2})", ".role"},
           {R"({"role":"readonly"})", ".role"},
           {R"({"role":"cachereadonly"})", ".role"},
           {R"({"role":""})", ".role"},
           {R"({"role":"TopicReadOnly"})", ".role"},
           {R"({"role":"CacheReadOnly","all_caches":true})", ".all_caches"},
           {R"({"role":"CacheReadOnly","all_caches":{}})", ".all_caches"},
           {R"({"role":"CacheReadOnly","all_items":0})", ".all_items"},
           {R"({"role":"CacheReadOnly","all_topics":null})", ""},
           {R"({"role":"CacheReadOnly","topic_selector":{"topic_name":"t"}})", ""},
           {R"({"role":"CacheReadOnly","Role":"CacheReadOnly"})", ""},
           {R"({"role":"CacheReadOnly","cache_selector":null})", ".cache_selector"},
           {R"({"role":"CacheReadOnly","cache_selector":"c"})", ".cache_selector"},
           {R"({"role":"CacheReadOnly","cache_selector":{}})", ".cache_selector"},
           {R"({"role":"CacheReadOnly","cache_selector":{"cache_name":"c"}})", ".cache_selector"},
           {R"({"role":"CacheReadOnly","cache_selector":{"cacheName":"c","more":1}})", ".cache_selector"},
           {R"({"role":"CacheReadOnly","cache_selector":{"":"c"}})", ".cache_selector"},
           {R"({"role":"CacheReadOnly","cache_selector":{"cacheName":1}})", ".cache_selector.cacheName"},
           {R"({"role":"CacheReadOnly","cache_selector":{"cacheName":null}})", ".cache_selector.cacheName"},
           {R"({"role":"CacheReadOnly","item_selector":{}})", ".item_selector"},
           {R"({"role":"CacheReadOnly","item_selector":{"key":[1],"key_prefix":[1]}})", ".item_selector"},
           {R"({"role":"CacheReadOnly","item_selector":{"keyPrefix":[1]}})", ".item_selector"},
           {R"({"role":"CacheReadOnly","item_selector":{"key":"text"}})", ".item_selector.key"},
           {R"({"role":"CacheReadOnly","item_selector":{"key":{}}})", ".item_selector.key"},
           {R"({"role":"CacheReadOnly","item_selector":{"key":[0,256]}})", ".item_selector.key[1]"},
           {R"({"role":"CacheReadOnly","item_selector":{"key":[-1]}})", ".item_selector.key[0]"},
           {R"({"role":"CacheReadOnly","item_selector":{"key":[1.0]}})", ".item_selector.key[0]"},
           {R"({"role":"CacheReadOnly","item_selector":{"key":[1e1]}})", ".item_selector.key[0]"},
           {R"({"role":"CacheReadOnly","item_selector":{"key":[1,2,"3"]}})", ".item_selector.key[2]"},
           {R"({"role":"CacheReadOnly","item_selector":{"key":[null]}})", ".item_selector.key[0]"},
           {R"({"role":"CacheReadOnly","item_selector":{"key_prefix":[18446744073709551616]}})",
            ".item_selector.key_prefix[0]"},
           {R"({"role":"CacheReadOnly","all_items":null,"item_selector":{"key":[1]}})", ".item_selector",
            Errc::ambiguous_scope},
       }) {
    const std::string field = "explicit.permissions[0].cache_permissions" + row.field;
    check_refused(from_functions_json(functions(R"({"cache_permissions":)" + row.text + "}")),
                  {row.text, field, row.code});
  }
}

TEST_CASE("the second statement's path says so") {
  const std::string text = functions(R"({"topic_permissions":{"role":"TopicReadOnly"}},{"function_permissions":)"
                                     R"({"role":"FunctionInvoke","function_selector":{"function_name":["od"]}}})");
  check_refused(from_functions_json(text),
                {text, "explicit.permissions[1].function_permissions.function_selector.function_name"});
}

TEST_CASE("bytes of a key go from 0 to 255") {
  const auto read = from_functions_json(
      functions(R"({"cache_permissions":{"role":"CacheReadOnly","item_selector":{"key":[0,255,10]}}})"));
  REQUIRE(read.has_value());
  const auto expected = CachePermissions().with_role(CacheRole::read_only).with_key(std::string("\0\xFF\n", 3));
  CHECK(*read == one(expected));
}

// permissions_json.hpp: they apply no issue limits.
TEST_CASE("an empty set, unset selectors and empty names are read and written as they are") {
  CHECK(from_functions_json(functions("")).value() == Permissions());
  CHECK(to_functions_json(Permissions()).value() == functions(""));
  CHECK(from_sdk_json(sdk("")).value() == Permissions());
  CHECK(to_sdk_json(Permissions()).value() == sdk(""));
  const std::string text =
      functions(R"({"topic_permissions":{"role":"TopicReadOnly","cache_selector":{"cacheName":""}}})");
  const auto expected = TopicPermissions().with_role(TopicRole::subscribe_only).with_cache("");
  CHECK(from_functions_json(text).value() == one(expected));
  CHECK(to_functions_json(one(expected)).value() == text);
}

TEST_CASE("the order of members and white space do not matter") {
  const auto read = from_functions_json(
      "\n{ \"explicit\" : { \"permissions\" : [ { \"function_permissions\" : { \"function_selector\" : { "
      "\"function_name\" : \"od\" } , \"cache_selector\" : { \"cacheName\" : \"fo\" } , \"role\" : \"FunctionInvoke\" "
      "} } ] } }\n");
  CHECK(read.value() == one(FunctionPermissions().with_cache("fo").with_function("od")));
}

TEST_CASE("a scope above 1 MiB is refused before it is parsed") {
  constexpr std::size_t mib = std::size_t{1} << 20;
  for (const auto read : {+[](std::string_view text) { return from_functions_json(text); },
                          +[](std::string_view text) { return from_sdk_json(text); }}) {
    const auto at_the_cap = read(std::string(mib, ' '));
    REQUIRE_FALSE(at_the_cap.has_value());
    CHECK(at_the_cap.error().code == Errc::invalid_argument);
    const auto over = read(std::string(mib + 1, ' '));
    REQUIRE_FALSE(over.has_value());
    CHECK(over.error().code == Errc::limit_exceeded);
  }
}

TEST_CASE("no error repeats what the text holds") {
  for (const std::string& text :
       {std::string(R"({"s3cret":1})"), functions(R"({"s3cret":1})"),
        functions(R"({"cache_permissions":{"role":"s3cret"}})"),
        functions(R"({"cache_permissions":{"role":"CacheReadOnly","s3cret":"s3cret"}})"),
        functions(R"({"cache_permissions":{"role":"CacheReadOnly","cache_selector":{"s3cret":"s3cret"}}})")}) {
    const auto functions_error = from_functions_json(text);
    REQUIRE_FALSE(functions_error.has_value());
    CHECK(to_string(functions_error.error()).find("s3cret") == std::string::npos);
  }
  for (const std::string& text : {sdk(R"({"role":"s3cret"})"), sdk(R"({"role":"readonly","cache":"c","s3cret":1})")}) {
    const auto sdk_error = from_sdk_json(text);
    REQUIRE_FALSE(sdk_error.has_value());
    CHECK(to_string(sdk_error.error()).find("s3cret") == std::string::npos);
  }
}

// JSON of permissions_json.hpp: what has no canonical bytes has no JSON either.
TEST_CASE("a set with an unset role or a name that is not UTF-8 is not written") {
  struct Row {
    Permission permission;
    std::string field;
  };
  for (const Row& row :
       {Row{CachePermissions().with_cache("c").with_all_items(), "permissions[1].role"},
        Row{CachePermissions::read_only().with_cache("\xFF"), "permissions[1].cache"},
        Row{TopicPermissions::read_only().with_topic("\xC0\x80"), "permissions[1].topic"},
        Row{FunctionPermissions::invoke().with_function_prefix("\xED\xA0\x80"), "permissions[1].function"}}) {
    CAPTURE(row.field);
    const auto set = Permissions().with_cache(CachePermissions::read_only()).with(row.permission);
    for (const auto& written : {to_functions_json(set), to_sdk_json(set)}) {
      REQUIRE_FALSE(written.has_value());
      CHECK(written.error().code == Errc::invalid_argument);
      CHECK(written.error().field == row.field);
    }
  }
}
