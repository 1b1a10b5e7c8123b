#include "momento_token/vending/ceiling.hpp"

#include <doctest/doctest.h>

#include <string>

#include "../covers_oracle.hpp"
#include "machine.hpp"
#include "momento_token/permissions_json.hpp"

using namespace test;

namespace {

vending::ScopeCeiling ceiling_of(mt::Permissions most) {
  // The oracle's names are strings of a and b: none of them is this function.
  return vending::ScopeCeiling::create(std::move(most), {.function = "!"}).value();
}
// A ceiling over all functions covers whatever function vends: the oracle's sets are drawn without those.
bool opens_every_function(const std::vector<oracle::Statement>& statements) {
  for (const auto& s : statements) {
    if (s.kind == 2 && s.role == 1 && s.resource.pick == oracle::Pick::all) return true;
  }
  return false;
}

/// Half of them anything, careless too; half of them statements of the ceiling with a part changed, so that many lie just
/// within or just above it.
std::vector<oracle::Statement> wanted_of(oracle::Draw& draw, const std::vector<oracle::Statement>& most) {
  if (draw.below(2) == 0) return draw.statements(2);
  std::vector<oracle::Statement> wanted(1 + draw.below(2));
  for (auto& s : wanted) {
    s = most[draw.below(most.size())];
    const auto other = draw.statements(1, false)[0];
    if (draw.below(3) == 0) s.role = s.kind == 2 ? 1 : static_cast<int>(1 + draw.below(3));
    if (draw.below(3) == 0) s.resource = other.resource;
    if (draw.below(4) == 0) s.cache = other.cache.pick == oracle::Pick::prefix ? s.cache : other.cache;
  }
  return wanted;
}

}  // namespace

// Issue: "at least 10 000 random ceiling/request pairs against an oracle, no escalation".
TEST_CASE("of 20000 random pairs, what a ceiling admits never exceeds it") {
  oracle::Draw draw(6);
  int tried = 0, admitted = 0, refused_within = 0;
  while (tried < 20'000) {
    const auto most = draw.statements(4, false);
    const auto wanted = wanted_of(draw, most);
    if (opens_every_function(most)) continue;
    ++tried;
    const auto ceiling = ceiling_of(oracle::permissions_of(most));
    const bool within = oracle::allowed_by(wanted).within(oracle::allowed_by(most));
    const auto result = ceiling.admit(oracle::permissions_of(wanted));
    if (result) {
      ++admitted;
      if (!within)
        FAIL("an escalation: ", to_string(oracle::permissions_of(wanted)), " above ", to_string(ceiling.permissions()));
    } else if (within && result.error().code == mt::Errc::permission_denied) {
      ++refused_within;
    }
  }
  CHECK(admitted > 1000);              // the test has seen both answers
  CHECK(refused_within < tried / 20);  // covers() looks at one statement at a time, and says no a little too often
}

TEST_CASE("of 10000 random pairs over HTTP, what is vended never exceeds the ceiling nor what was asked for") {
  oracle::Draw draw(7);
  int tried = 0, vended_tokens = 0;
  while (tried < 10'000) {
    const auto most = draw.statements(4, false);
    const auto wanted = wanted_of(draw, most);
    const auto json = mt::to_functions_json(oracle::permissions_of(wanted));
    if (opens_every_function(most) || oracle::allowed_by(most).nothing() || !json) continue;
    ++tried;
    auto options = machine_options();
    options.auth = everybody_is({.name = "ann"});
    options.function = {.function = "!"};
    // The policy gives something harmless of its own: only the ceiling decides about requests.
    options.policy = vending::policy_from_function([&](const vending::Identity&) -> mt::Result<vending::VendingGrant> {
                       return vending::VendingGrant{.permissions = mt::scopes::cache_read_only("zzz"),
                                                    .valid_for = 1min,
                                                    .ceiling = oracle::permissions_of(most)};
                     }).value();
    const auto response =
        machine_of(std::move(options)).handle({.method = "POST", .body = "{\"scope\":" + *json + "}"});
    if (response.status != 200) continue;
    ++vended_tokens;
    const auto scope = vended_scope(response);
    CHECK(scope == oracle::permissions_of(wanted));
    if (!oracle::allowed_by(wanted).within(oracle::allowed_by(most))) FAIL("an escalation: ", to_string(scope));
  }
  CHECK(vended_tokens > 500);
}

TEST_CASE("an absent selector of a request never means all") {
  const auto ceiling = ceiling_of(mt::scopes::cache_read_write("media"));
  const auto absent =
      mt::Permissions().with_cache(mt::CachePermissions().with_role(mt::CacheRole::read_only).with_cache("media"));
  CHECK(test::outcome(ceiling.admit(absent)) == "invalid_argument permissions[0].item");
  CHECK(test::outcome(ceiling.admit(absent.with_cache(mt::CachePermissions()))) ==
        "invalid_argument permissions[0].item");
  CHECK(test::outcome(ceiling.admit(mt::scopes::cache_key_read_only("media", ""))) ==
        "invalid_argument permissions[0].item");
  CHECK(test::outcome(ceiling.admit({})) == "invalid_argument permissions");
  CHECK(test::outcome(ceiling.admit(mt::scopes::cache_read_only("media"))) == "ok");
}

TEST_CASE("a topic gets the widest role within the ceiling") {
  const auto role_of = [](const vending::ScopeCeiling& ceiling) {
    const auto scope = ceiling.admit_topic("chat", "room-7");
    return scope ? to_string(*scope) : test::outcome(scope);
  };
  CHECK(role_of(ceiling_of(mt::scopes::topic_prefix_publish_subscribe("chat", "room-"))) ==
        to_string(mt::scopes::topic_publish_subscribe("chat", "room-7")));
  CHECK(role_of(ceiling_of(mt::scopes::topic_subscribe_only("chat", mt::AllTopics{}))) ==
        to_string(mt::scopes::topic_subscribe_only("chat", "room-7")));
  CHECK(role_of(ceiling_of(mt::scopes::topic_publish_only("chat", "room-7"))) ==
        to_string(mt::scopes::topic_publish_only("chat", "room-7")));
  CHECK(role_of(ceiling_of(mt::scopes::topic_publish_subscribe("chat", "room-8"))) == "permission_denied");
  CHECK(role_of(ceiling_of(mt::scopes::topic_publish_subscribe("news", mt::AllTopics{}))) == "permission_denied");
}

// Issue: "a policy or ceiling whose scope covers the vending function does not load".
TEST_CASE("a ceiling that covers the vending function is not made") {
  const auto made = [](const mt::Permissions& most, const vending::VendingFunction& vending) {
    return test::outcome(vending::ScopeCeiling::create(most, vending));
  };
  const vending::VendingFunction vend{.cache = "fo", .function = "vend"};
  CHECK(made(mt::scopes::function_invoke("fo", "vend"), vend) == "invalid_argument permissions[0]");
  CHECK(made(mt::scopes::function_invoke("fo", mt::AllFunctions{}), vend) == "invalid_argument permissions[0]");
  CHECK(made(mt::scopes::function_invoke(mt::AllCaches{}, "vend"), vend) == "invalid_argument permissions[0]");
  CHECK(made(mt::scopes::function_prefix_invoke("fo", "ve"), vend) == "invalid_argument permissions[0]");
  CHECK(made(mt::scopes::function_prefix_invoke("fo", "vend"), vend) == "invalid_argument permissions[0]");
  CHECK(made(mt::scopes::cache_read_only("fo").with_function(mt::FunctionPermissions::invoke()), vend) ==
        "invalid_argument permissions[1]");
  CHECK(made(mt::scopes::function_invoke("fo", "vendor"), vend) == "ok");
  CHECK(made(mt::scopes::function_prefix_invoke("fo", "vend-"), vend) == "ok");
  CHECK(made(mt::scopes::function_invoke("bar", mt::AllFunctions{}), vend) == "ok");
  CHECK(made(mt::scopes::topic_publish_subscribe("fo", "vend"), vend) == "ok");
  // Without a cache it is the function of that name in any cache.
  CHECK(made(mt::scopes::function_invoke("bar", "vend"), {}) == "invalid_argument permissions[0]");
  CHECK(made(mt::scopes::function_invoke("bar", "od"), {}) == "ok");
}

TEST_CASE("a ceiling with nothing in it, or with something left out, is not made") {
  CHECK(test::outcome(vending::ScopeCeiling::create({})) == "invalid_argument permissions");
  CHECK(test::outcome(vending::ScopeCeiling::create(mt::Permissions().with_topic(mt::TopicPermissions()))) ==
        "invalid_argument permissions[0].role");
  CHECK(test::outcome(vending::ScopeCeiling::create(mt::scopes::cache_read_only("a"), {.function = ""})) ==
        "invalid_argument vending.function");
}
