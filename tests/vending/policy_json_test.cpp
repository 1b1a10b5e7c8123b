#include "momento_token/vending/policy.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>

#include "machine.hpp"

using namespace test;

namespace {

std::string made(std::string_view text) { return test::outcome(vending::policy_from_json(text)); }

/// A policy with this member beside a valid_for and a scope.
std::string with(const std::string& member) {
  return R"({"valid_for":"15m","scope":{"permissions":[{"role":"readonly","cache":"media"}]},)" + member + "}";
}

constexpr const char* example = R"({
  "valid_for": "15m", "token_id": "${user}",
  "scope": {"permissions": [{"role": "subscribeonly", "cache": "chat", "topic": "news"}]},
  "groups": {
    "writers": {"permissions": [{"role": "publishonly", "cache": "chat", "topic": {"namePrefix": "by/${user}/"}}]}
  },
  "ceiling": {"permissions": [{"role": "publishsubscribe", "cache": "chat", "topic": "*"}]},
  "may_outlive_caller": false
})";

}  // namespace

TEST_CASE("the example of the header says what the same rules say in C++") {
  const auto policy = vending::policy_from_json(example).value();
  const auto grant = policy->grant_for({.name = "ann", .groups = {"writers"}}).value();
  CHECK(grant.permissions ==
        mt::scopes::topic_subscribe_only("chat", "news")
            .with_topic(mt::TopicPermissions::publish_only().with_cache("chat").with_topic_prefix("by/ann/")));
  CHECK(grant.valid_for.seconds() == 15min);
  CHECK(grant.token_id == "ann");
  CHECK(grant.ceiling == mt::scopes::topic_publish_subscribe("chat", mt::AllTopics{}));
}

TEST_CASE("scopes come in both forms, and a missing item means all items, as at mint") {
  const auto scope_of = [](const std::string& scope) {
    return vending::policy_from_json(R"({"valid_for":"1h","scope":)" + scope + "}")
        .value()
        ->grant_for({})
        .value()
        .permissions;
  };
  CHECK(scope_of(R"({"permissions":[{"role":"readonly","cache":"media"}]})") == mt::scopes::cache_read_only("media"));
  CHECK(scope_of(R"({"explicit":{"permissions":[{"cache_permissions":{"role":"CacheReadOnly",
      "cache_selector":{"cacheName":"media"},"item_selector":{"key":[97,47]}}}]}})") ==
        mt::scopes::cache_key_read_only("media", "a/"));
}

// Issue: "A policy file with a mistake names its place".
TEST_CASE("a mistake is named by its place") {
  CHECK(made("[]") == "invalid_argument line 1");
  CHECK(made("\n\n 7") == "invalid_argument line 3");
  CHECK(made(with(R"("valid-for":"1h")")) == "invalid_argument \"valid-for\"");
  CHECK(made(with(R"("":1)")) == "invalid_argument \"\"");
  CHECK(made(with("\"" + std::string(1000, 'a') + "\":1")) == "invalid_argument \"" + std::string(64, 'a') + "\"");
  CHECK(made(with(R"("\u001b[2J":1)")) == "invalid_argument \"" + mt::printable("\x1b[2J") + "\"");
  CHECK(made(with(R"("groups":{"g":{"permissions":[{"role":"readonly","cache":"a","itme":"b"}]}})")) ==
        "invalid_argument groups.g.permissions[0]");
  CHECK(made("{}") == "invalid_argument valid_for");
  CHECK(made(R"({"valid_for":"15m"})") == "invalid_argument scope");
  CHECK(made(R"({"valid_for":900,"scope":{"permissions":[]}})") == "invalid_argument valid_for");
  CHECK(made(with(R"("token_id":7)")) == "invalid_argument token_id");
  CHECK(made(with(R"("may_outlive_caller":"yes")")) == "invalid_argument may_outlive_caller");
  CHECK(made(with(R"("groups":[])")) == "invalid_argument groups");
  CHECK(made(with(R"("groups":{"g":{"permissions":[{"role":"readonly"}]}})")) ==
        "invalid_argument groups.g.permissions[0].cache");
  CHECK(made(with(R"("groups":{"g":{"permissions":[{"role":"readonly","cache":"a"},{"role":"readOnly"}]}})")) ==
        "invalid_argument groups.g.permissions[1].role");
  CHECK(made(with(R"("ceiling":{"explicit":{"permissions":[{"cache_permissions":{"role":"x"}}]}})")) ==
        "invalid_argument ceiling.explicit.permissions[0].cache_permissions.role");
  CHECK(made(with(R"("ceiling":{"super_user":"SuperUser"})")) == "invalid_argument ceiling.super_user");
  CHECK(made(with(R"("ceiling":"*")")) == "invalid_argument ceiling");
}

TEST_CASE("where the text is no JSON, the line and the column are named") {
  CHECK(made("{\n  \"valid_for\": \"15m\",\n  \"scope\" {}\n}") == "invalid_argument line 3, column 11");
  CHECK(made("") == "invalid_argument line 1, column 1");
  CHECK(made("{\"valid_for\":\"1h\",\n\"valid_for\":\"2h\"}").starts_with("invalid_argument line 2, column "));
  CHECK(made(std::string("{\"token_id\":\"a\\u0041\",\n\n  !}")) == "invalid_argument line 3, column 3");
  CHECK(made(std::string((std::size_t{1} << 20) + 1, ' ')) == "limit_exceeded");
}

TEST_CASE("a lifetime is a whole number with a unit") {
  const auto lifetime = [](const std::string& text) {
    return made(R"({"valid_for":")" + text + R"(","scope":{"permissions":[{"role":"readonly","cache":"media"}]}})");
  };
  for (const char* good : {"1s", "90s", "15m", "1h", "25h", "1500m"}) CHECK(lifetime(good) == "ok");
  for (const char* bad :
       {"", "15", "m", "15 m", "1.5h", "-1h", "1d", "15M", "+5m", "0s", "26h", "9999999999999999999s", "1h30m"}) {
    CAPTURE(bad);
    CHECK(lifetime(bad) == "invalid_argument valid_for");
  }
}

TEST_CASE("a reload with a mistake keeps the old policy, and one without takes the place at once") {
  const auto policy = vending::ReloadablePolicy::create(policy_of(mt::scopes::cache_read_only("old"))).value();
  CHECK(test::outcome(policy->reload_json("{")).starts_with("invalid_argument line 1"));
  CHECK(test::outcome(policy->reload_json(R"({"valid_for":"1h"})")) == "invalid_argument scope");
  CHECK(policy->grant_for({}).value().permissions == mt::scopes::cache_read_only("old"));
  REQUIRE(policy->reload_json(R"({"valid_for":"1h","scope":{"permissions":[{"role":"readonly","cache":"new"}]}})"));
  CHECK(policy->grant_for({}).value().permissions == mt::scopes::cache_read_only("new"));
}

TEST_CASE("a reload that would open the vending function keeps the old policy") {
  const auto policy =
      vending::ReloadablePolicy::create(policy_of(mt::scopes::cache_read_only("old")), {.cache = "fo"}).value();
  CHECK(test::outcome(policy->reload_json(
            R"({"valid_for":"1h","scope":{"permissions":[{"role":"functioninvoke","cache":"fo","func":"*"}]}})")) ==
        "invalid_argument scope.permissions[0]");
  CHECK(policy->grant_for({}).value().permissions == mt::scopes::cache_read_only("old"));
}

TEST_CASE("a file is reloaded like its text, and an absent one keeps the old policy") {
  const std::string path = (std::filesystem::temp_directory_path() / "policy_json_test.json").string();
  const auto policy = vending::ReloadablePolicy::create(policy_of(mt::scopes::cache_read_only("old"))).value();
  std::ofstream(path) << example;
  CHECK(test::outcome(policy->reload_file(path)) == "ok");
  std::remove(path.c_str());
  CHECK(test::outcome(policy->reload_file(path)) == "invalid_argument path");
  CHECK(policy->grant_for({.name = "ann"}).value().token_id == "ann");
}

TEST_CASE("threads that ask while the policy changes see one policy, never half of two") {
  const auto text = [](const std::string& name) {
    return R"({"valid_for":"1h","token_id":")" + name + R"(","scope":{"permissions":[{"role":"readonly","cache":")" +
           name + R"("}]}})";
  };
  const auto policy = vending::ReloadablePolicy::create(vending::policy_from_json(text("a")).value()).value();
  std::atomic<bool> done{false};
  std::atomic<int> mixed{0};
  std::vector<std::thread> askers;
  for (int i = 0; i < 2; ++i) {
    askers.emplace_back([&] {
      while (!done) {
        const auto grant = policy->grant_for({}).value();
        mixed += grant.permissions == mt::scopes::cache_read_only(*grant.token_id) ? 0 : 1;
      }
    });
  }
  for (int i = 0; i < 500; ++i) REQUIRE(policy->reload_json(text(i % 2 == 0 ? "b" : "a")));
  done = true;
  for (auto& asker : askers) asker.join();
  CHECK(mixed == 0);
}
