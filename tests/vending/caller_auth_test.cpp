#include "momento_token/vending/caller_auth.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "machine.hpp"
#include "momento_token/testing/make_token.hpp"
#include "momento_token/testing/published_keys.hpp"

using namespace test;

namespace {

vending::Request with(std::vector<vending::Header> headers) {
  return {.method = "POST", .headers = std::move(headers)};
}
vending::Request with_authorization(std::string_view value) { return with({{"authorization", value}}); }

/// "let in as NAME", or why not.
std::string outcome_of(const vending::AuthOutcome& outcome) {
  if (const auto* identity = std::get_if<vending::Identity>(&outcome)) return "let in as " + identity->name;
  switch (std::get_if<vending::NotLetIn>(&outcome)->why) {
    case vending::AuthFailure::unauthenticated: return "unauthenticated";
    case vending::AuthFailure::limited: return "limited";
    case vending::AuthFailure::busy: return "busy";
    case vending::AuthFailure::unavailable: break;
  }
  return "unavailable";
}

std::string bootstrap_made(std::string_view secret) {
  return test::outcome(vending::bootstrap_auth({.credential = mt::SecretBytes::copy_of(secret)}));
}

}  // namespace

TEST_CASE("nobody is let in without a credential but where that is spelled out") {
  CHECK(outcome_of(vending::open_to_anyone()->authenticate({})) == "let in as ");
  CHECK(vending::open_to_anyone()->is_open());
  CHECK_FALSE(bootstrap()->is_open());
  CHECK(outcome_of(bootstrap()->authenticate({})) == "unauthenticated");
  CHECK(test::outcome(mt::vending::VendingMachine::create(
            {.issuer = {.signer = machine_key().signer()}, .policy = machine_options().policy})) ==
        "invalid_argument auth");
}

// Capability 18: the documents' curl sends it without Bearer.
TEST_CASE("a bootstrap credential is taken with Bearer and without, in any case of that word") {
  const std::string secret(bootstrap_secret);
  for (const std::string& value : {secret, "Bearer " + secret, "bearer " + secret, "BEARER " + secret}) {
    CHECK(outcome_of(bootstrap()->authenticate(with_authorization(value))) == "let in as bootstrap");
  }
}

TEST_CASE("anything but the whole credential, once, is refused") {
  const std::string secret(bootstrap_secret);
  for (const std::string& value :
       std::vector<std::string>{secret + "x", secret.substr(1), secret.substr(0, secret.size() - 1), std::string(),
                                "Bearer " + secret + " ", "Bearer  " + secret, "Basic " + secret, "Bearer", "Bearer ",
                                " " + secret, secret + "," + secret, std::string(5000, 'a')}) {
    CAPTURE(value);
    CHECK(outcome_of(bootstrap()->authenticate(with_authorization(value))) == "unauthenticated");
  }
  CHECK(outcome_of(bootstrap()->authenticate(with({{"authorization", secret}, {"Authorization", secret}}))) ==
        "unauthenticated");
  CHECK(outcome_of(bootstrap()->authenticate(with({{"x-authorization", secret}}))) == "unauthenticated");
}

TEST_CASE("a bootstrap credential that is short, or no visible ASCII, is not taken on") {
  CHECK(bootstrap_made("123456789012345") == "invalid_argument credential");
  CHECK(bootstrap_made("1234567890123456") == "ok");
  CHECK(bootstrap_made("") == "invalid_argument credential");
  CHECK(bootstrap_made("12345678 90123456") == "invalid_argument credential");
  CHECK(bootstrap_made("1234567890123456\n") == "invalid_argument credential");
  CHECK(bootstrap_made("1234567890123456\xC3\xA9") == "invalid_argument credential");
  CHECK(bootstrap_made(std::string(4096, 'a')) == "ok");
  CHECK(bootstrap_made(std::string(4097, 'a')) == "invalid_argument credential");
}

TEST_CASE("a bootstrap credential of a source is whatever it is then") {
  std::string text = "first-credential-0000";
  auto now = std::chrono::steady_clock::time_point(1000s);
  const auto secret = vending::RefreshedSecret::create(
      {.source = vending::callback_source([&] { return mt::Result<mt::SecretBytes>(mt::SecretBytes::copy_of(text)); }),
       .time_to_live = 60s,
       .ticks = [&] { return now; }});
  const auto auth = vending::bootstrap_auth({.source = *secret, .name = "operator"}).value();
  CHECK(outcome_of(auth->authenticate(with_authorization(text))) == "let in as operator");
  const std::string old = std::exchange(text, "second-credential-0000");
  now += 60s;
  CHECK(outcome_of(auth->authenticate(with_authorization(text))) == "let in as operator");
  CHECK(outcome_of(auth->authenticate(with_authorization(old))) == "unauthenticated");
  text = "short";  // what is no credential lets nobody in
  now += 60s;
  CHECK(outcome_of(auth->authenticate(with_authorization("short"))) == "unavailable");
  CHECK(test::outcome(vending::bootstrap_auth({.credential = mt::SecretBytes::copy_of(bootstrap_secret),
                                               .source = *secret})) == "invalid_argument credential");
}

// Issue: "A bootstrap token of ours is accepted only with aud = vend".
TEST_CASE("a token of ours vends only when vend is its audience, and its only one") {
  const auto clock = clock_at();
  const auto auth =
      vending::token_auth({.keys = {mt::testing::published_key().verification_key()}, .clock = clock}).value();
  const auto tried = [&](std::vector<std::string> audience) {
    const std::string token =
        mt::testing::make_token({.token_id = "ann", .audience = std::move(audience), .clock = clock});
    return outcome_of(auth->authenticate(with_authorization(token)));
  };
  CHECK(tried({"vend"}) == "let in as ann");
  CHECK(tried({}) == "unauthenticated");
  CHECK(tried({"vending"}) == "unauthenticated");
  CHECK(tried({"VEND"}) == "unauthenticated");
  CHECK(tried({"vend", "chat"}) == "unauthenticated");
  CHECK(tried({"chat", "vend"}) == "unauthenticated");
}

TEST_CASE("what a machine vends does not vend, though its key is the one that is checked with") {
  const auto clock = clock_at();
  auto options = machine_options(clock);
  const auto vended_token = text_member(machine_of(options).handle(post()).body, "api_key");
  REQUIRE_FALSE(vended_token.empty());
  options.auth = vending::token_auth({.keys = {machine_key().verification_key()}, .clock = clock}).value();
  const auto machine = machine_of(options);
  CHECK(answer_of(machine.handle(with_authorization(vended_token))) == "401 invalid_token");
  // The same scope with the audience would do.
  const auto issuer =
      mt::Issuer::create({.signer = machine_key().signer(), .audience = {"vend"}, .clock = clock}).value();
  const auto bootstrap_token = issuer.generate_disposable_token({mt::scopes::function_invoke("fo", "vend"), 1h});
  CHECK(answer_of(machine.handle(with_authorization(bootstrap_token->api_key))) == "200");
}

// "which no policy can put into a vended token"
TEST_CASE("a machine whose issuer would write the audience vend is not made") {
  auto options = machine_options();
  options.issuer.audience = {"vend"};
  CHECK(test::outcome(vending::VendingMachine::create(options)) == "invalid_argument issuer.audience");
  options.issuer.audience = {"chat", "vend"};
  CHECK(test::outcome(vending::VendingMachine::create(options)) == "invalid_argument issuer.audience");
  options.issuer.audience = {"chat"};
  CHECK(test::outcome(vending::VendingMachine::create(options)) == "ok");
}

TEST_CASE("a token's identity is its token_id, its end and its issue; without a token_id it counts by its jti") {
  const auto clock = clock_at();
  const auto auth =
      vending::token_auth({.keys = {mt::testing::published_key().verification_key()}, .clock = clock}).value();
  const auto token =
      mt::testing::make_token({.valid_for = 20min, .token_id = "ann", .audience = {"vend"}, .clock = clock});
  const auto outcome = auth->authenticate(with_authorization("Bearer " + token));
  const auto& identity = std::get<vending::Identity>(outcome);
  CHECK(identity.name == "ann");
  CHECK(identity.expires_at == clock->now() + 20min);
  CHECK(identity.issued_at == clock->now());
  const auto nameless = auth->authenticate(with_authorization(
      mt::testing::make_token({.token_id = {}, .jti = "number-7", .audience = {"vend"}, .clock = clock})));
  CHECK(std::get<vending::Identity>(nameless).name.empty());
  CHECK(std::get<vending::Identity>(nameless).counted_as == "number-7");
}

TEST_CASE("a token that is expired, revoked or of another key is refused; a list that cannot tell is no refusal") {
  const auto clock = clock_at();
  const auto list = mt::InMemoryDenyList::create({.capacity = 10, .clock = clock}).value();
  const auto key = mt::testing::published_key().verification_key();
  const auto auth = vending::token_auth({.keys = {key}, .deny_list = list, .clock = clock}).value();
  const auto token =
      mt::testing::make_token({.valid_for = 60s, .jti = "revoked", .audience = {"vend"}, .clock = clock});
  CHECK(outcome_of(auth->authenticate(with_authorization(token))) == "let in as test-user");
  REQUIRE(list->deny_token("revoked", clock->now() + 1h));
  CHECK(outcome_of(auth->authenticate(with_authorization(token))) == "unauthenticated");
  const auto other = mt::testing::make_token({.audience = {"vend"}, .algorithm = "EdDSA", .clock = clock});
  CHECK(outcome_of(auth->authenticate(with_authorization(other))) == "unauthenticated");
  const auto unsure = vending::token_auth(
      {.keys = {key}, .deny_list = std::make_shared<mt::testing::FailingDenyList>(), .clock = clock});
  CHECK(outcome_of(unsure->get()->authenticate(with_authorization(token))) == "unavailable");
  clock->advance(60s);
  CHECK(outcome_of(auth->authenticate(with_authorization(token))) == "unauthenticated");
}

TEST_CASE("a callback decides alone, and an empty one is not taken on") {
  const auto auth = vending::callback_auth(
      [](const vending::Request& request) -> vending::AuthOutcome {
        if (vending::find_field(request, "x-session").value == "ok") return vending::Identity{.name = "ann"};
        return vending::NotLetIn{};
      },
      {"x-session"});
  REQUIRE(auth);
  CHECK(outcome_of((*auth)->authenticate(with({{"X-Session", "ok"}}))) == "let in as ann");
  CHECK(outcome_of((*auth)->authenticate({})) == "unauthenticated");
  CHECK((*auth)->request_headers() == std::vector<std::string>{"x-session"});
  CHECK(test::outcome(vending::callback_auth({})) == "invalid_argument authenticate");
}
