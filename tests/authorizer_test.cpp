#include "momento_token/authorizer.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "allocations.hpp"
#include "covers_oracle.hpp"
#include "momento_token/issuer.hpp"
#include "momento_token/keys.hpp"
#include "momento_token/testing.hpp"
#include "momento_token/verifier.hpp"
#include "permission_vectors.hpp"
#include "support.hpp"

using namespace momento_token;
using namespace std::chrono_literals;
namespace oracle = test::oracle;
namespace vectors = test::vectors;

namespace {

Permissions one(Permission permission) { return Permissions().with(std::move(permission)); }

/// A token over the set, verified at new_year_2030; it lives one hour.
VerifiedToken verified(const Permissions& permissions, std::chrono::seconds leeway = 0s) {
  const auto key = KeyPair::from_secret("HS256", test::secret(test::counting_bytes(32))).value();
  const auto clock = test::clock_at();
  const auto issuer = Issuer::create({.signer = key.signer(), .clock = clock}).value();
  const auto verifier = Verifier::create({.keys = {key.verification_key()}, .leeway = leeway, .clock = clock}).value();
  const auto token = issuer.generate_disposable_token({.permissions = permissions, .valid_for = 1h}).value();
  return verifier.verify(token.api_key).value();
}

bool allows_now(const VerifiedToken& token, const Action& action) { return allows(token, action, *test::clock_at()); }

std::optional<Action> action_of(const vectors::Json& row, const std::string& cache, const std::string& resource) {
  const std::string op = row.at("op");
  if (op == "cache.get") return cache_read(cache, resource);
  if (op == "cache.set") return cache_write(cache, resource);
  if (op == "topic.publish") return topic_publish(cache, resource);
  if (op == "topic.subscribe") return topic_subscribe(cache, resource);
  return {};
}

}  // namespace

// tests/vectors/authorization.json: what the integration tests of Momento's SDKs expect of the service.
TEST_CASE("requests are decided as the integration tests of Momento's SDKs expect") {
  std::size_t allowed = 0;
  std::size_t denied = 0;
  for (const auto& row : vectors::load("authorization.json", "rows")) {
    const std::string cache = row.value("cache", "");
    const std::string resource =
        row.contains("key") ? test::unb64(row.at("key").get<std::string>()) : row.value("topic", "");
    const auto action = action_of(row, cache, resource);
    if (!action || row.value("expired", false)) continue;
    CAPTURE(row.at("id"));
    const bool expected = row.at("expected") == "allow";
    const Permissions scope = vectors::permissions_of(row.at("scope"));
    CHECK(allows(scope, *action) == expected);
    CHECK(explain(scope, *action).allowed == expected);
    ++(expected ? allowed : denied);
  }
  CHECK(allowed >= 100);
  CHECK(denied >= 100);
}

TEST_CASE("a statement matches what design.md says and nothing beside it") {
  struct Row {
    std::string name;
    Permission permission;
    Action action;
    bool allowed;
  };
  const auto read = CachePermissions::read_only().with_cache("c");
  const auto absent_item = CachePermissions().with_role(CacheRole::read_only).with_cache("c");
  const auto publish = TopicPermissions::publish_only().with_cache("c");
  const auto invoke = FunctionPermissions().with_cache("c");
  const std::string nul("k\0x", 3);
  for (const Row& row :
       {Row{"its cache", read, cache_read("c", "k"), true},
        Row{"another cache", read, cache_read("d", "k"), false},
        Row{"a longer cache name", read, cache_read("cc", "k"), false},
        Row{"another case of the cache name", read, cache_read("C", "k"), false},
        Row{"all caches", read.with_all_caches(), cache_read("d", "k"), true},
        Row{"read-only does not write", read, cache_write("c", "k"), false},
        Row{"write-only writes", read.with_role(CacheRole::write_only), cache_write("c", "k"), true},
        Row{"write-only does not read", read.with_role(CacheRole::write_only), cache_read("c", "k"), false},
        Row{"write-only does no conditional write", read.with_role(CacheRole::write_only),
            cache_conditional_write("c", "k"), false},
        Row{"read-write does conditional writes", read.with_role(CacheRole::read_write),
            cache_conditional_write("c", "k"), true},
        Row{"permit none", read.with_role(CacheRole::permit_none), cache_read("c", "k"), false},
        Row{"no role", CachePermissions().with_cache("c").with_all_items(), cache_read("c", "k"), false},
        Row{"absent item selector", absent_item, cache_read("c", "k"), true},
        Row{"absent item selector, no key", absent_item, cache_read("c"), true},
        Row{"absent item selector, empty key", absent_item, cache_read("c", ""), true},
        Row{"absent cache selector", CachePermissions().with_role(CacheRole::read_only).with_all_items(),
            cache_read("c", "k"), false},
        Row{"absent topic selector", TopicPermissions().with_role(TopicRole::publish_only).with_cache("c"),
            topic_publish("c", "t"), false},
        Row{"absent function selector", invoke, function_invoke("c", "f"), false},
        Row{"key", read.with_key("k"), cache_read("c", "k"), true},
        Row{"longer than the key", read.with_key("k"), cache_read("c", "kk"), false},
        Row{"shorter than the key", read.with_key("kk"), cache_read("c", "k"), false},
        Row{"bytes after NUL count", read.with_key("k"), cache_read("c", nul), false},
        Row{"a key with NUL", read.with_key(nul), cache_read("c", nul), true},
        Row{"the prefix itself", read.with_key_prefix("/a"), cache_read("c", "/a"), true},
        Row{"longer than the prefix", read.with_key_prefix("/a"), cache_read("c", "/ab"), true},
        Row{"shorter than the prefix", read.with_key_prefix("/a"), cache_read("c", "/"), false},
        Row{"a prefix in the middle", read.with_key_prefix("/a"), cache_read("c", "x/a"), false},
        Row{"a prefix cuts a letter", publish.with_topic_prefix("\xC3"), topic_publish("c", "\xC3\xA9"), true},
        Row{"empty cache name", read.with_cache(""), cache_read("", "k"), false},
        Row{"empty key", read.with_key(""), cache_read("c", ""), false},
        Row{"empty prefix", read.with_key_prefix(""), cache_read("c", "k"), false},
        Row{"empty topic", publish.with_topic(""), topic_publish("c", ""), false},
        Row{"empty topic prefix", publish.with_topic_prefix(""), topic_publish("c", "t"), false},
        Row{"a star is a name", publish.with_topic("*"), topic_publish("c", "t"), false},
        Row{"publish-only publishes", publish, topic_publish("c", "t"), true},
        Row{"publish-only does not subscribe", publish, topic_subscribe("c", "t"), false},
        Row{"subscribe-only", TopicPermissions::subscribe_only(), topic_publish("c", "t"), false},
        Row{"a topic statement says nothing about keys", publish, cache_write("c", "t"), false},
        Row{"invoke", invoke.with_function("od"), function_invoke("c", "od"), true},
        Row{"another function", invoke.with_function("od"), function_invoke("c", "odd"), false},
        Row{"function permit none", FunctionPermissions::invoke().with_role(FunctionRole::permit_none),
            function_invoke("c", "od"), false}}) {
    CAPTURE(row.name);
    CHECK(allows(one(row.permission), row.action) == row.allowed);
  }
}

// cli.md: without a resource only an all (or absent item) selector allows.
TEST_CASE("an action on the whole cache needs a selector of everything") {
  const auto read = CachePermissions::read_only().with_cache("c");
  CHECK(allows(one(read), cache_read("c")));
  CHECK_FALSE(allows(one(read), cache_read("d")));
  CHECK_FALSE(allows(one(read.with_key("")), cache_read("c")));
  CHECK_FALSE(allows(one(read.with_key("k")), cache_read("c")));
  CHECK_FALSE(allows(one(read.with_key_prefix("k")), cache_read("c")));
}

// design.md §4: a grant adds up, and permit_none takes nothing away.
TEST_CASE("one statement that grants is enough, whatever stands beside it") {
  const auto grant = CachePermissions::read_only().with_cache("c");
  const auto none = grant.with_role(CacheRole::permit_none);
  CHECK(allows(Permissions().with_cache(none).with_cache(grant), cache_read("c", "k")));
  CHECK(allows(Permissions().with_cache(grant).with_cache(none), cache_read("c", "k")));
  CHECK_FALSE(allows(Permissions(), cache_read("c", "k")));
  const auto halves = Permissions().with_cache(grant.with_key("k")).with_cache(grant.with_cache("d"));
  CHECK_FALSE(allows(halves, cache_read("c", "l")));
}

TEST_CASE("allows and explain agree with a bit written down for every action") {
  oracle::Draw draw(20300101);
  for (int round = 0; round < 60; ++round) {
    const auto statements = draw.statements(4);
    const auto permissions = oracle::permissions_of(statements);
    const auto expected = oracle::allowed_by(statements);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < 6 * oracle::name_count * (oracle::name_count + 1); ++i) {
      const std::size_t operation = i % 6;
      const std::size_t cache = i / 6 % oracle::name_count;
      const std::size_t resource = i / 6 / oracle::name_count;
      const auto text =
          resource < oracle::name_count ? std::optional<std::string_view>(oracle::all_names()[resource]) : std::nullopt;
      const auto action = oracle::action_of(operation, oracle::all_names()[cache], text);
      const bool allowed = (expected.resources[operation][cache] >> resource & 1) != 0;
      wrong += allows(permissions, action) != allowed ? 1U : 0U;
      if (i % 97 == 0) wrong += explain(permissions, action).allowed != allowed ? 1U : 0U;
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("a verified token allows what its permission set allows, however many statements it has") {
  oracle::Draw draw(7);
  std::size_t yes = 0;
  for (int round = 0; round < 200; ++round) {
    const auto statements = draw.statements(20, false);
    const auto expected = oracle::allowed_by(statements);
    if (expected.nothing()) continue;
    const auto token = verified(oracle::permissions_of(statements));
    REQUIRE(token.statement_count() == statements.size());
    std::size_t wrong = 0;
    for (int i = 0; i < 300; ++i) {
      const std::size_t operation = draw.below(6);
      const std::size_t cache = draw.below(oracle::name_count);
      const std::size_t resource = draw.below(oracle::name_count + 1);
      const auto text =
          resource < oracle::name_count ? std::optional<std::string_view>(oracle::all_names()[resource]) : std::nullopt;
      const auto action = oracle::action_of(operation, oracle::all_names()[cache], text);
      const bool allowed = (expected.resources[operation][cache] >> resource & 1) != 0;
      wrong += allows_now(token, action) != allowed ? 1U : 0U;
      wrong += explain(token, action, *test::clock_at()).allowed != allowed ? 1U : 0U;
      yes += allowed ? 1U : 0U;
    }
    CHECK(wrong == 0);
  }
  CHECK(yes > 1000);
}

// authorizer.hpp: false from the second it has expired, with the leeway of the verifier that made it.
TEST_CASE("a token allows nothing from the second it is refused") {
  for (const std::chrono::seconds leeway : {0s, 60s}) {
    CAPTURE(leeway.count());
    const auto token = verified(one(CachePermissions::read_only()), leeway);
    testing::ManualClock clock{test::new_year_2030 + 1h + leeway - 1s};
    CHECK(allows(token, cache_read("c", "k"), clock));
    CHECK(explain(token, cache_read("c", "k"), clock).allowed);
    clock.advance(1s);
    CHECK_FALSE(allows(token, cache_read("c", "k"), clock));
    const Decision decision = explain(token, cache_read("c", "k"), clock);
    CHECK_FALSE(decision.allowed);
    CHECK_FALSE(decision.statement.has_value());
    CHECK(decision.reason == R"(cache.read on the item "k" of the cache "c" is denied: the token has expired)");
  }
}

// design.md §2: allows reads the token's block and builds nothing.
TEST_CASE("asking a verified token allocates nothing") {
  auto set = Permissions();
  for (char c = 'a'; c < 'a' + 20; ++c) {
    set = set.with_cache(CachePermissions::read_only().with_cache(std::string(30, c)).with_key_prefix("/a/"));
  }
  const auto clock = test::clock_at();
  const std::string last_cache(30, 't');
  for (const auto& token : {verified(one(set.items()[19])), verified(set)}) {
    const std::size_t before = test::allocations;
    const bool allowed = allows(token, cache_read(last_cache, "/a/b"), *clock);
    const bool denied = !allows(token, cache_read(last_cache, "/b"), *clock);
    CHECK(test::allocations == before);
    CHECK(allowed);
    CHECK(denied);
  }
}

TEST_CASE("explain names the statement that granted") {
  const auto set = Permissions()
                       .with_topic(TopicPermissions::publish_only())
                       .with_cache(CachePermissions::read_only().with_cache("a"))
                       .with_cache(CachePermissions::read_only().with_cache("b"));
  const Decision decision = explain(set, cache_read("b", "k"));
  CHECK(decision.allowed);
  CHECK(decision);
  CHECK(decision.statement == std::optional<std::size_t>(2));
  CHECK(decision.reason == R"(cache.read on the item "k" of the cache "b" is allowed by permissions[2] )"
                           R"((read all items of the cache "b"))");
}

TEST_CASE("explain names the nearest miss and why") {
  struct Row {
    Permissions set;
    Action action;
    std::optional<std::size_t> statement;
    std::string why;
  };
  const auto read = CachePermissions::read_only().with_cache("c");
  const auto topic = TopicPermissions::publish_only().with_cache("c").with_topic("t");
  for (const Row& row :
       {Row{Permissions(), cache_read("c", "k"), {}, "no statement is about items"},
        Row{one(read), topic_publish("c", "t"), {}, "no statement is about topics"},
        Row{one(read), cache_read("d", "k"), 0, "comes nearest, but it is for another cache"},
        Row{one(read), cache_write("c", "k"), 0, "comes nearest, but its role does not cover the operation"},
        Row{one(read.with_key("k")), cache_read("c", "l"), 0, "comes nearest, but it is for another item"},
        Row{one(read.with_key_prefix("k")), cache_read("c", "l"), 0, "comes nearest, but it is for other items"},
        Row{one(read.with_key("k")), cache_read("c"), 0, "comes nearest, but it is not for all items"},
        Row{one(topic), topic_subscribe("d", "u"), 0,
            "its role does not cover the operation and it is for another cache and it is for another topic"},
        Row{one(CachePermissions().with_cache("c")), cache_read("c", "k"), 0, "but it has no role"},
        Row{one(CachePermissions::read_only().with_cache("")), cache_read("c", "k"), 0, "its cache selector is empty"},
        Row{one(FunctionPermissions().with_cache("c")), function_invoke("c", "f"), 0, "it has no function selector"},
        Row{one(FunctionPermissions().with_function("f")), function_invoke("c", "f"), 0, "it has no cache selector"},
        Row{Permissions().with_topic(topic.with_cache("d")).with_cache(read).with_topic(topic), topic_publish("c", "u"),
            2, "but it is for another topic"},
        Row{Permissions().with_topic(topic.with_cache("d")).with_topic(topic.with_cache("e")), topic_publish("c", "t"),
            0, "but it is for another cache"}}) {
    CAPTURE(row.why);
    const Decision decision = explain(row.set, row.action);
    CHECK_FALSE(decision.allowed);
    CHECK_FALSE(decision);
    CHECK(decision.statement == row.statement);
    CAPTURE(decision.reason);
    CHECK(decision.reason.find(row.why) != std::string::npos);
  }
}

TEST_CASE("what explain says is safe to print") {
  const std::string nasty = "\x1b[2J\n\xFF";
  const Decision decision =
      explain(one(CachePermissions::read_only().with_cache(nasty).with_key(nasty)), cache_read("c\r", nasty));
  for (const char c : decision.reason) CHECK((static_cast<unsigned char>(c) >= 0x20 && c != '\x7F'));
}

TEST_CASE("a token covers what its permission set covers") {
  const auto set = Permissions()
                       .with_cache(CachePermissions::read_only().with_cache("c").with_key_prefix("/a/"))
                       .with_topic(TopicPermissions::publish_only().with_cache("c").with_topic("t"));
  const auto token = verified(set);
  CHECK(covers(token, set));
  CHECK(covers(token, one(CachePermissions::read_only().with_cache("c").with_key("/a/b"))));
  CHECK_FALSE(covers(token, one(CachePermissions::read_only().with_cache("c").with_key("/b"))));
  CHECK_FALSE(covers(token, one(TopicPermissions::publish_subscribe().with_cache("c").with_topic("t"))));
  CHECK(covers(token, Permissions()));
}

// cli.md, `can`: ACTION.
TEST_CASE("an action is found by its name") {
  for (const char* name : {"cache.read", "cache.write", "cache.conditional_write", "topic.publish", "topic.subscribe",
                           "function.invoke"}) {
    const auto action = action_from_name(name, "c", "r");
    REQUIRE(action.has_value());
    CHECK(action->name() == name);
    CHECK(action->cache() == "c");
    CHECK(action->resource() == std::optional<std::string_view>("r"));
  }
  const auto whole_cache = action_from_name("cache.read", "c");
  REQUIRE(whole_cache.has_value());
  CHECK_FALSE(whole_cache->resource().has_value());
}

TEST_CASE("an unknown action is refused") {
  for (const char* name : {"", "cache.get", "Cache.Read", "cache.read ", "cache"}) {
    CAPTURE(name);
    const auto action = action_from_name(name, "c");
    REQUIRE_FALSE(action.has_value());
    CHECK(action.error().code == Errc::invalid_argument);
    CHECK(action.error().field == "action");
  }
}
