// What an issuer refuses; what it writes is in issuer_token_test.cpp.
#include "momento_token/issuer.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "forge.hpp"
#include "momento_token/authorizer.hpp"
#include "momento_token/keys.hpp"
#include "support.hpp"

using namespace momento_token;
using namespace std::chrono_literals;

namespace test {

inline std::shared_ptr<const Signer> hmac_signer() {
  return KeyPair::from_secret("HS256", secret(counting_bytes(32)), "k").value().signer();
}
inline Issuer issuer_with(Limits limits = {}) {
  return Issuer::create({.signer = hmac_signer(), .clock = clock_at(), .limits = limits}).value();
}

/// The outcome of an ordinary mint, which a prepared one has to share.
inline std::string mint(const DisposableTokenRequest& request, Limits limits = {}) {
  const Issuer issuer = issuer_with(limits);
  const std::string ordinary = outcome(issuer.generate_disposable_token(request));
  const auto scope = issuer.prepare(request.permissions);
  const std::string prepared = scope ? outcome(scope->generate_disposable_token({.valid_for = request.valid_for,
                                                                                 .token_id = request.token_id,
                                                                                 .not_before = request.not_before,
                                                                                 .jti = request.jti}))
                                     : outcome(scope);
  CHECK(prepared == ordinary);
  CHECK(outcome(generate_disposable_token(issuer, request.valid_for, request.permissions, request.token_id)) ==
        (request.jti ? outcome(generate_disposable_token(issuer, 1h, published_example())) : ordinary));
  return ordinary;
}
inline std::string mint_for(Lifetime valid_for, Limits limits = {}) {
  return mint({.permissions = published_example(), .valid_for = valid_for}, limits);
}
inline std::string mint_scope(Permissions permissions) {
  return mint({.permissions = std::move(permissions), .valid_for = 1h});
}
inline std::string mint_id(std::string token_id, Limits limits = {}) {
  return mint({.permissions = published_example(), .valid_for = 1h, .token_id = std::move(token_id)}, limits);
}
inline std::string mint_jti(std::string jti) {
  return mint({.permissions = published_example(), .valid_for = 1h, .jti = std::move(jti)});
}

inline std::string create(IssuerOptions options) { return outcome(Issuer::create(std::move(options))); }

}  // namespace test

// design.md §5: valid_for is at least 1 s and at most 25 h.
TEST_CASE("a token lives from one second to 25 hours") {
  CHECK(test::mint_for(1s) == "ok");
  CHECK(test::mint_for(25h) == "ok");
  CHECK(test::mint_for(0s) == "invalid_argument valid_for");
  CHECK(test::mint_for(-1s) == "invalid_argument valid_for");
  CHECK(test::mint_for(25h + 1s) == "invalid_argument valid_for");
  CHECK(test::mint_for(std::chrono::seconds::max()) == "invalid_argument valid_for");
  CHECK(test::mint_for(std::chrono::seconds::min()) == "invalid_argument valid_for");
  CHECK(test::mint_for(std::chrono::hours::max()) == "invalid_argument valid_for");
}

TEST_CASE("an issuer's own longest lifetime counts instead") {
  Limits limits;
  limits.max_valid_for = 15min;

  CHECK(test::mint_for(15min, limits) == "ok");
  CHECK(test::mint_for(15min + 1s, limits) == "invalid_argument valid_for");
}

TEST_CASE("a role that was not given is refused, with its place") {
  const auto fine = CachePermissions::read_only();
  CHECK(test::mint_scope(Permissions().with_cache(CachePermissions().with_all_caches().with_all_items())) ==
        "invalid_argument permissions[0].role");
  CHECK(test::mint_scope(Permissions().with_cache(fine).with_topic(
            TopicPermissions().with_all_caches().with_all_topics())) == "invalid_argument permissions[1].role");
}

// An int from a settings file, cast to the enum: legal C++, and no role.
TEST_CASE("a number that is no role is refused like a role that was not given") {
  for (const int number : {4, 7, 127, 128, 200, 255}) {
    CAPTURE(number);
    const auto cache = CachePermissions::read_only().with_role(static_cast<CacheRole>(number));
    CHECK(test::mint_scope(Permissions().with_cache(cache)) == "invalid_argument permissions[0].role");
    const auto topic = TopicPermissions::publish_only().with_role(static_cast<TopicRole>(number));
    CHECK(test::mint_scope(Permissions().with_topic(topic)) == "invalid_argument permissions[0].role");
    CHECK_FALSE(to_string(Permissions().with_cache(cache)).empty());
    CHECK_FALSE(allows(Permissions().with_cache(cache), cache_read("c", "k")));
  }
  const auto function = FunctionPermissions::invoke().with_role(static_cast<FunctionRole>(2));
  CHECK(test::mint_scope(Permissions().with_function(function)) == "invalid_argument permissions[0].role");
}

TEST_CASE("a selector that was not given is refused, with its place") {
  const auto fine = CachePermissions::read_only();
  const auto reads = CachePermissions().with_role(CacheRole::read_only);
  const auto publishes = TopicPermissions().with_role(TopicRole::publish_only);

  CHECK(test::mint_scope(Permissions().with_cache(reads.with_all_items())) == "invalid_argument permissions[0].cache");
  CHECK(test::mint_scope(Permissions().with_cache(reads.with_cache("c"))) == "invalid_argument permissions[0].item");
  CHECK(test::mint_scope(Permissions().with_topic(publishes.with_all_topics())) ==
        "invalid_argument permissions[0].cache");
  CHECK(test::mint_scope(Permissions().with_cache(fine).with_topic(publishes.with_cache("c"))) ==
        "invalid_argument permissions[1].topic");
  CHECK(test::mint_scope(Permissions().with_function(FunctionPermissions().with_function("f"))) ==
        "invalid_argument permissions[0].cache");
  CHECK(test::mint_scope(Permissions().with_function(FunctionPermissions().with_cache("c"))) ==
        "invalid_argument permissions[0].function");
}

TEST_CASE("an empty name, key or prefix is refused, with its place") {
  const auto cache = CachePermissions::read_only();
  const auto topic = TopicPermissions::publish_only();
  const auto function = FunctionPermissions::invoke();

  CHECK(test::mint_scope(Permissions().with_cache(cache.with_cache(""))) == "invalid_argument permissions[0].cache");
  CHECK(test::mint_scope(Permissions().with_cache(cache.with_key(""))) == "invalid_argument permissions[0].item");
  CHECK(test::mint_scope(Permissions().with_cache(cache.with_key_prefix(""))) ==
        "invalid_argument permissions[0].item");
  CHECK(test::mint_scope(Permissions().with_topic(topic.with_cache(""))) == "invalid_argument permissions[0].cache");
  CHECK(test::mint_scope(Permissions().with_topic(topic.with_topic(""))) == "invalid_argument permissions[0].topic");
  CHECK(test::mint_scope(Permissions().with_topic(topic.with_topic_prefix(""))) ==
        "invalid_argument permissions[0].topic");
  CHECK(test::mint_scope(Permissions().with_function(function.with_function(""))) ==
        "invalid_argument permissions[0].function");
  CHECK(test::mint_scope(Permissions().with_function(function.with_function_prefix(""))) ==
        "invalid_argument permissions[0].function");
  CHECK(test::mint_scope(Permissions().with_cache(cache).with_cache(cache.with_cache(""))) ==
        "invalid_argument permissions[1].cache");
}

// design.md §3: names are UTF-8 strings, keys bytes.
TEST_CASE("a name that is no UTF-8 is refused and a key of any bytes is not") {
  const std::string bytes = "\xff\x00\x80";

  CHECK(test::mint_scope(Permissions().with_cache(CachePermissions::read_only().with_key(bytes))) == "ok");
  CHECK(test::mint_scope(Permissions().with_cache(CachePermissions::read_only().with_key_prefix(bytes))) == "ok");
  CHECK(test::mint_scope(Permissions().with_cache(CachePermissions::read_only().with_cache(bytes))) ==
        "invalid_argument permissions[0].cache");
  CHECK(test::mint_scope(Permissions().with_topic(TopicPermissions::publish_only().with_topic(bytes))) ==
        "invalid_argument permissions[0].topic");
  CHECK(test::mint_scope(Permissions().with_function(FunctionPermissions::invoke().with_function_prefix(bytes))) ==
        "invalid_argument permissions[0].function");
}

TEST_CASE("a set that grants nothing is refused, a statement that grants nothing beside a grant is not") {
  const auto nothing = CachePermissions::read_only().with_role(CacheRole::permit_none);

  CHECK(test::mint_scope(Permissions()) == "invalid_argument permissions");
  CHECK(test::mint_scope(Permissions().with_cache(nothing)) == "invalid_argument permissions");
  CHECK(test::mint_scope(Permissions().with_cache(nothing).with_function(
            FunctionPermissions::invoke().with_role(FunctionRole::permit_none))) == "invalid_argument permissions");
  CHECK(test::mint_scope(Permissions().with_cache(nothing).with_topic(TopicPermissions::publish_only())) == "ok");
}

// Momento's documented limit is 20 statements in a token.
TEST_CASE("twenty statements are signed and twenty-one are not") {
  Permissions permissions;
  for (int i = 0; i < 20; ++i) permissions = std::move(permissions).with_cache(CachePermissions::read_only());
  CHECK(test::mint_scope(permissions) == "ok");

  permissions = std::move(permissions).with_cache(CachePermissions::read_only());

  CHECK(test::mint_scope(permissions) == "limit_exceeded permissions");
  Limits limits;
  limits.max_statements = 21;
  CHECK(test::mint({.permissions = permissions, .valid_for = 1h}, limits) == "ok");
}

TEST_CASE("a token_id has at most 1024 bytes of UTF-8") {
  CHECK(test::mint_id(std::string(1024, 't')) == "ok");
  CHECK(test::mint_id(std::string(1025, 't')) == "invalid_argument token_id");
  CHECK(test::mint_id(std::string(1022, 't') + "\xc3\xa9") == "ok");
  CHECK(test::mint_id(std::string(1023, 't') + "\xc3\xa9") == "invalid_argument token_id");
  CHECK(test::mint_id("") == "ok");
  CHECK(test::mint_id("\xff") == "invalid_argument token_id");
  CHECK(test::mint_id("\xed\xa0\x80") == "invalid_argument token_id");
  Limits limits;
  limits.max_token_id_bytes = 3;
  CHECK(test::mint_id("abc", limits) == "ok");
  CHECK(test::mint_id("abcd", limits) == "invalid_argument token_id");
}

// The JavaScript SDK counts UTF-16 units: a letter outside the basic plane is two.
TEST_CASE("with the SDK's limits a token_id has at most 64 UTF-16 units") {
  const Limits sdk = Limits::momento_sdk();
  std::string emoji;
  for (int i = 0; i < 32; ++i) emoji += "\xf0\x9f\x98\x80";
  std::string accents;
  for (int i = 0; i < 64; ++i) accents += "\xc3\xa9";

  CHECK(test::mint_id(std::string(64, 't'), sdk) == "ok");
  CHECK(test::mint_id(std::string(65, 't'), sdk) == "invalid_argument token_id");
  CHECK(test::mint_id(emoji, sdk) == "ok");
  CHECK(test::mint_id(emoji + "t", sdk) == "invalid_argument token_id");
  CHECK(test::mint_id(accents, sdk) == "ok");
  CHECK(test::mint_id(accents + "\xc3\xa9", sdk) == "invalid_argument token_id");
  CHECK(test::mint_id(emoji + "t") == "ok");
}

TEST_CASE("a jti that is given has 1 to 64 bytes of UTF-8") {
  CHECK(test::mint_jti("j") == "ok");
  CHECK(test::mint_jti(std::string(64, 'j')) == "ok");
  CHECK(test::mint_jti(std::string(65, 'j')) == "invalid_argument jti");
  CHECK(test::mint_jti("") == "invalid_argument jti");
  CHECK(test::mint_jti("\xff") == "invalid_argument jti");
}

TEST_CASE("a token is as long as the limits allow and no longer") {
  const DisposableTokenRequest request{
      .permissions = test::published_example(), .valid_for = 1h, .token_id = "ann", .jti = "j"};
  Limits limits;
  limits.max_token_bytes = test::issuer_with().generate_disposable_token(request).value().api_key.size();
  CHECK(test::outcome(test::issuer_with(limits).generate_disposable_token(request)) == "ok");

  --limits.max_token_bytes;

  CHECK(test::outcome(test::issuer_with(limits).generate_disposable_token(request)).starts_with("limit_exceeded"));
  const Issuer issuer = test::issuer_with(limits);
  const auto scope = issuer.prepare(request.permissions);
  if (scope) {
    CHECK(test::outcome(scope->generate_disposable_token({.valid_for = 1h, .token_id = "ann", .jti = "j"}))
              .starts_with("limit_exceeded"));
  }
}

TEST_CASE("an issuer is not made from options that cannot work, and names the one that is wrong") {
  const auto signer = test::hmac_signer();
  const auto with_limits = [&](auto change) {
    Limits limits;
    change(limits);
    return test::create({.signer = signer, .limits = limits});
  };

  CHECK(test::create({.signer = signer}) == "ok");
  CHECK(test::create({.signer = nullptr}) == "invalid_argument signer");
  CHECK(test::create({.signer = signer, .clock = nullptr}) == "invalid_argument clock");
  CHECK(test::create({.signer = signer, .endpoint = "local\nhost"}) == "invalid_argument endpoint");
  CHECK(test::create({.signer = signer, .endpoint = "local\x7fhost"}) == "invalid_argument endpoint");
  CHECK(test::create({.signer = signer, .endpoint = "\xff"}) == "invalid_argument endpoint");
  CHECK(test::create({.signer = signer, .issuer = "\xff"}) == "invalid_argument issuer");
  CHECK(test::create({.signer = signer, .audience = {"a", ""}}).starts_with("invalid_argument audience"));
  CHECK(test::create({.signer = signer, .audience = {"\xff"}}).starts_with("invalid_argument audience"));
  CHECK(with_limits([](Limits& l) { l.max_token_bytes = 64 * 1024; }) == "ok");
  CHECK(with_limits([](Limits& l) { l.max_token_id_bytes = 64 * 1024; }) == "ok");
  CHECK(with_limits([](Limits& l) { l.max_token_id_bytes = 64 * 1024 + 1; }).starts_with("invalid_argument limits"));
  CHECK(with_limits([](Limits& l) { l.max_token_bytes = 64 * 1024 + 1; }).starts_with("invalid_argument limits"));
  CHECK(with_limits([](Limits& l) { l.max_valid_for = 1s; }) == "ok");
  CHECK(with_limits([](Limits& l) { l.max_valid_for = 0s; }).starts_with("invalid_argument limits"));
}

// A date that the verifier's range [0, 253402300799] does not hold must not be handed out as valid.
TEST_CASE("a token begins before it ends, and not before 1970") {
  const auto from = [](std::chrono::sys_seconds not_before) {
    return test::outcome(test::issuer_with().generate_disposable_token(
        {.permissions = test::published_example(), .valid_for = 1h, .not_before = not_before}));
  };
  const std::chrono::sys_seconds epoch{};
  CHECK(from(test::new_year_2030 + 1h) == "invalid_argument not_before");
  CHECK(from(test::new_year_2030 + 1h - 1s) == "ok");
  CHECK(from(epoch) == "ok");
  CHECK(from(epoch - 1s) == "invalid_argument not_before");
}

TEST_CASE("at either end of time a token is refused or can be verified, and never wraps round") {
  for (const std::int64_t second :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{-3601}, std::int64_t{253402297199}, std::int64_t{253402297200},
        std::int64_t{253402300799}, std::int64_t{9223372036854775807}, std::numeric_limits<std::int64_t>::min()}) {
    CAPTURE(second);
    const auto clock = test::clock_at(std::chrono::sys_seconds(std::chrono::seconds(second)));
    const Issuer issuer = Issuer::create({.signer = test::hmac_signer(), .clock = clock}).value();
    const Verifier verifier = Verifier::create({.keys = {test::forge_key()}, .clock = clock}).value();

    const auto token = issuer.generate_disposable_token({.permissions = test::published_example(), .valid_for = 1h});

    if (token) CHECK(test::outcome(verifier.verify(token->api_key)) == "ok");
    if (second == 0 || second == 253402297199) CHECK(token.has_value());
    for (const auto not_before : {std::chrono::sys_seconds::min(), std::chrono::sys_seconds::max()}) {
      CHECK_FALSE(issuer
                      .generate_disposable_token(
                          {.permissions = test::published_example(), .valid_for = 1h, .not_before = not_before})
                      .has_value());
    }
    for (const auto valid_for : {std::chrono::seconds::min(), std::chrono::seconds::max()}) {
      CHECK_FALSE(issuer.generate_disposable_token({.permissions = test::published_example(), .valid_for = valid_for})
                      .has_value());
    }
  }
}
