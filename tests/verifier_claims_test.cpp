// Claims, times, issuer, audience and permissions of a token whose signature is right (design.md §3).
#include "momento_token/verifier.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "forge.hpp"
#include "momento_token/issuer.hpp"
#include "momento_token/permissions_proto.hpp"
#include "support.hpp"

using namespace momento_token;
using namespace std::chrono_literals;

namespace test {

inline std::string at(std::chrono::seconds after_2030, std::string_view payload, std::chrono::seconds leeway = 0s) {
  return verified(forge(payload), {.keys = {}, .leeway = leeway, .clock = clock_at(new_year_2030 + after_2030)});
}
/// A token with these members beside ver and p.
inline std::string token(std::string_view members) {
  return R"({"ver":1,"p":")" + std::string(published_p) + R"(",)" + std::string(members) + "}";
}
inline std::string claims(std::string_view members) { return verified(forge(token(members))); }
/// A token with this p, as JSON; its other claims are valid.
inline std::string with_p(std::string_view p_json, VerifierOptions options = {}) {
  return verified(forge(R"({"ver":1,"p":)" + std::string(p_json) + R"(,"exp":1893459600})"), std::move(options));
}
inline std::string with_proto(std::string_view hex) { return with_p('"' + b64u(unhex(hex)) + '"'); }
inline std::string with_permissions(const Permissions& permissions, VerifierOptions options = {}) {
  return with_p('"' + b64u(as_text(to_proto(permissions).value())) + '"', std::move(options));
}
inline std::string jwt(std::string_view payload, VerifierOptions options = {}) {
  return outcome(forge_verifier(std::move(options)).verify_jwt(forge(payload)));
}

}  // namespace test

// RFC 7519 §4.1.4: on or after exp the token must not be accepted.
TEST_CASE("a token is refused from the second its exp names, later by the leeway") {
  const std::string hour = test::token(R"("exp":1893459600)");

  CHECK(test::at(0s, hour) == "ok");
  CHECK(test::at(3599s, hour) == "ok");
  CHECK(test::at(3600s, hour) == "expired");
  CHECK(test::at(3601s, hour) == "expired");
  CHECK(test::at(3659s, hour, 60s) == "ok");
  CHECK(test::at(3660s, hour, 60s) == "expired");
  CHECK(test::at(4199s, hour, 600s) == "ok");
  CHECK(test::at(4200s, hour, 600s) == "expired");
}

TEST_CASE("a token is refused before its nbf, earlier by the leeway") {
  const std::string later = test::token(R"("exp":1893459600,"nbf":1893456100)");

  CHECK(test::at(99s, later) == "not_yet_valid");
  CHECK(test::at(100s, later) == "ok");
  CHECK(test::at(39s, later, 60s) == "not_yet_valid");
  CHECK(test::at(40s, later, 60s) == "ok");
}

TEST_CASE("a token from the future is refused, beyond the leeway") {
  const std::string later = test::token(R"("exp":1893459600,"iat":1893456100)");

  CHECK(test::at(99s, later) == "not_yet_valid");
  CHECK(test::at(100s, later) == "ok");
  CHECK(test::at(39s, later, 60s) == "not_yet_valid");
  CHECK(test::at(40s, later, 60s) == "ok");
}

// design.md §3: any JSON number in [0, 253402300799], fractions compared and not rounded.
TEST_CASE("a date is any number of its range, and its fraction counts") {
  CHECK(test::at(0s, test::token(R"("exp":1893456000.5)")) == "ok");
  CHECK(test::at(1s, test::token(R"("exp":1893456000.5)")) == "expired");
  CHECK(test::at(0s, test::token(R"("exp":1893456000.0)")) == "expired");
  CHECK(test::at(0s, test::token(R"("exp":1893456000.000000001)")) == "ok");
  CHECK(test::at(-1s, test::token(R"("exp":1893456000.0)")) == "ok");
  CHECK(test::at(0s, test::token(R"("exp":1893459600,"nbf":1893456000.5)")) == "not_yet_valid");
  CHECK(test::at(1s, test::token(R"("exp":1893459600,"nbf":1893456000.5)")) == "ok");
  CHECK(test::at(0s, test::token(R"("exp":1893459600,"iat":1893456000.5)")) == "not_yet_valid");
  CHECK(test::at(0s, test::token(R"("exp":1.8934596e9)")) == "ok");
  CHECK(test::at(3599s, test::token(R"("exp":18934596E+2)")) == "ok");
  CHECK(test::at(3600s, test::token(R"("exp":18934596E+2)")) == "expired");
  CHECK(test::at(3600s, test::token(R"("exp":18934596000e-1)")) == "expired");
  CHECK(test::at(3599s, test::token(R"("exp":18934596000e-1)")) == "ok");
}

TEST_CASE("dates are refused outside the years they can name") {
  for (const std::string_view exp : {"253402300799", "253402300799.0", "2.53402300799e11", "253402300798.9"}) {
    CAPTURE(exp);
    CHECK(test::claims("\"exp\":" + std::string(exp)) == "ok");
  }
  for (const std::string_view exp :
       {"253402300800", "253402300799.1", "253402300799.000001", "1e12", "1e400", "9223372036854775807",
        "9223372036854775808", "18446744073709551615", "18446744073709551616", "-1", "-0.5", "-1e400",
        "-9223372036854775808", "-9223372036854775809", "1e99999999999999999999"}) {
    CAPTURE(exp);
    CHECK(test::claims("\"exp\":" + std::string(exp)) == "malformed_token");
    CHECK(test::claims("\"exp\":1893459600,\"nbf\":" + std::string(exp)) == "malformed_token");
    CHECK(test::claims("\"exp\":1893459600,\"iat\":" + std::string(exp)) == "malformed_token");
  }
  CHECK(test::claims(R"("exp":0)") == "expired");
  CHECK(test::claims(R"("exp":-0)") == "expired");
  CHECK(test::claims(R"("exp":0.000e5)") == "expired");
  CHECK(test::claims(R"("exp":1893459600,"nbf":0,"iat":0)") == "ok");
  CHECK(test::claims(R"("exp":1e-400)") == "expired");
}

TEST_CASE("at the end of time nothing wraps round") {
  const auto at_second = [](std::int64_t second, std::string_view members, std::chrono::seconds leeway) {
    const auto clock = test::clock_at(std::chrono::sys_seconds(std::chrono::seconds(second)));
    return test::verified(test::forge(test::token(members)), {.keys = {}, .leeway = leeway, .clock = clock});
  };
  constexpr std::int64_t last = std::numeric_limits<std::int64_t>::max();
  constexpr std::int64_t first = std::numeric_limits<std::int64_t>::min();

  CHECK(at_second(last, R"("exp":253402300799)", 600s) == "expired");
  CHECK(at_second(last, R"("exp":253402300799,"iat":253402300799)", 600s) == "expired");
  CHECK(at_second(first, R"("exp":253402300799)", 600s) == "ok");
  CHECK(at_second(first, R"("exp":253402300799,"nbf":0)", 600s) == "not_yet_valid");
  CHECK(at_second(first, R"("exp":253402300799,"iat":0)", 600s) == "not_yet_valid");
}

// The operator's clock is not to be trusted more than it has to be: what a token grants hangs on its own times alone.
TEST_CASE("a clock that is set back by an hour lets no token live beyond its end") {
  constexpr auto step = 1h;
  constexpr auto leeway = 60s;
  const auto clock = test::clock_at();
  const KeyPair key = KeyPair::from_secret("HS256", test::secret(test::counting_bytes(32)), "k").value();
  const Issuer issuer = Issuer::create({.signer = key.signer(), .clock = clock}).value();
  const Verifier verifier =
      Verifier::create({.keys = {key.verification_key()}, .leeway = leeway, .clock = clock}).value();
  std::vector<DisposableToken> tokens;
  std::size_t wrong = 0, accepted_again = 0;
  const auto check_all = [&] {
    for (const DisposableToken& token : tokens) {
      const bool accepted = verifier.verify(token.api_key).has_value();
      const bool in_its_time = token.issued_at - leeway <= clock->now() && clock->now() < token.valid_until + leeway;
      wrong += accepted != in_its_time;
      accepted_again += accepted && clock->now() < token.issued_at;
    }
  };
  for (int minute = 0; minute < 180; ++minute) {
    clock->advance(minute == 90 ? -step : 60s);
    tokens.push_back(
        issuer.generate_disposable_token({.permissions = test::published_example(), .valid_for = 10min}).value());
    const auto& token = tokens.back();
    CHECK(token.valid_until == token.issued_at + 10min);
    if (minute > 0) CHECK(token.valid_until >= tokens[tokens.size() - 2].valid_until - step);
    for (int second = -1; second <= 1; ++second) {  // the seconds around each edge of a token of a minute's grid
      clock->advance(std::chrono::seconds(second));
      check_all();
      clock->advance(std::chrono::seconds(-second));
    }
  }
  CHECK(wrong == 0);
  CHECK(accepted_again > 0);
}

TEST_CASE("exp is required, and ver and p in a disposable token") {
  const std::string p = '"' + std::string(test::published_p) + '"';

  CHECK(test::verified(test::forge(R"({"ver":1,"p":)" + p + "}")) == "malformed_token");
  CHECK(test::verified(test::forge(R"({"p":)" + p + R"(,"exp":1893459600})")) == "malformed_token");
  CHECK(test::verified(test::forge(R"({"ver":1,"exp":1893459600})")) == "malformed_token");
  CHECK(test::jwt(R"({"exp":1893459600})") == "ok");
  CHECK(test::jwt("{}") == "malformed_token");
}

TEST_CASE("ver is the number one") {
  const auto with_ver = [](std::string_view ver) {
    return test::verified(test::forge(R"({"ver":)" + std::string(ver) + R"(,"p":")" + std::string(test::published_p) +
                                      R"(","exp":1893459600})"));
  };
  for (const std::string_view ver : {"1", "1.0", "1e0", "10e-1", "1E+0", "0.1e1"}) {
    CAPTURE(ver);
    CHECK(with_ver(ver) == "ok");
  }
  for (const std::string_view ver :
       {"2", "0", "-1", "1.5", "1.0000000000000000000001", "11", "true", "\"1\"", "null", "[1]", "{}", "1e400"}) {
    CAPTURE(ver);
    CHECK(with_ver(ver) == "malformed_token");
  }
}

TEST_CASE("claims of the wrong type or with null refuse the token") {
  for (const std::string_view members : {R"("exp":"1893459600")",
                                         R"("exp":null)",
                                         R"("exp":true)",
                                         R"("exp":[1893459600])",
                                         R"("exp":1893459600,"nbf":"0")",
                                         R"("exp":1893459600,"nbf":null)",
                                         R"("exp":1893459600,"iat":{})",
                                         R"("exp":1893459600,"iat":null)",
                                         R"("exp":1893459600,"iss":1)",
                                         R"("exp":1893459600,"iss":null)",
                                         R"("exp":1893459600,"sub":[])",
                                         R"("exp":1893459600,"sub":null)",
                                         R"("exp":1893459600,"jti":1)",
                                         R"("exp":1893459600,"jti":null)",
                                         R"("exp":1893459600,"tid":{})",
                                         R"("exp":1893459600,"tid":null)",
                                         R"("exp":1893459600,"aud":1)",
                                         R"("exp":1893459600,"aud":null)",
                                         R"("exp":1893459600,"aud":[1])",
                                         R"("exp":1893459600,"aud":["a",null])",
                                         R"("exp":1893459600,"aud":{"a":1})",
                                         R"("exp":1893459600,"aud":[["a"]])"}) {
    CAPTURE(members);
    CHECK(test::claims(members) == "malformed_token");
    CHECK(test::jwt("{" + std::string(members) + "}") == "malformed_token");
  }
}

TEST_CASE("claims are one strict JSON object, in any order and with any others") {
  const std::string p = R"("p":")" + std::string(test::published_p) + '"';
  for (const std::string& payload : std::vector<std::string>{
           R"({"exp":1893459600,)" + p + R"(,"ver":1})", " {\n\"exp\" : 1893459600 , " + p + ",\"ver\":1 }\r\n",
           R"({"\u0065xp":1893459600,"\u0070":"EhIKEBoOCAEaBAoCZm8qBAoCb2\u0051","ver":1})",
           R"({"exp":1893459600,"x":{"exp":null,"ver":[2]},"":0,)" + p + R"(,"ver":1,"sub":"s"})"}) {
    CAPTURE(payload);
    CHECK(test::verified(test::forge(payload)) == "ok");
  }
  const std::string claims = test::claims_with();
  for (const std::string& payload : std::vector<std::string>{
           std::string(), std::string("[]"), std::string("null"), "[" + claims + "]", claims + "x", claims + claims,
           "\xef\xbb\xbf" + claims, test::claims_with(R"(,"exp":1893459600)"),
           test::claims_with(R"(,"\u0065xp":1893459600)"), test::claims_with(R"(,"x":1,"x":1)"),
           test::claims_with(R"(,"x":{"y":1,"y":1})"), test::claims_with(R"(,"x":"\ud800")"),
           test::claims_with(",\"x\":\"\xff\""), test::claims_with(R"(,"x":01)"), test::claims_with(R"(,)"),
           test::claims_with(R"(,"ver":1)"), test::claims_with(R"(,"p":"EgA")")}) {
    CAPTURE(payload);
    CHECK(test::verified(test::forge(payload)) == "malformed_token");
  }
}

// design.md §3: a token with aud is refused unless the verifier names one of its values; one that names audience or
// issuer refuses tokens without them.
TEST_CASE("issuer and audience have to be the ones that were asked for") {
  struct Row {
    std::string_view members, issuer, audience, expected;
  };
  for (const Row& row :
       {Row{R"("x":0)", "", "", "ok"}, Row{R"("iss":"me")", "", "", "ok"}, Row{R"("iss":"me")", "me", "", "ok"},
        Row{R"("iss":"Me")", "me", "", "not_accepted iss"}, Row{R"("iss":"")", "me", "", "not_accepted iss"},
        Row{R"("x":0)", "me", "", "not_accepted iss"}, Row{R"("aud":"a")", "", "a", "ok"},
        Row{R"("aud":["a"])", "", "a", "ok"}, Row{R"("aud":["b","a"])", "", "a", "ok"},
        Row{R"("aud":["\u0061"])", "", "a", "ok"}, Row{R"("aud":["b","c"])", "", "a", "not_accepted aud"},
        Row{R"("aud":[])", "", "a", "not_accepted aud"}, Row{R"("aud":"")", "", "a", "not_accepted aud"},
        Row{R"("aud":"A")", "", "a", "not_accepted aud"}, Row{R"("x":0)", "", "a", "not_accepted aud"},
        Row{R"("aud":"a")", "", "", "not_accepted aud"}, Row{R"("aud":["a"])", "", "", "not_accepted aud"},
        Row{R"("iss":"me","aud":"a")", "me", "a", "ok"}}) {
    CAPTURE(row.members);
    CAPTURE(row.expected);
    VerifierOptions options{.keys = {}, .issuer = std::string(row.issuer)};
    if (!row.audience.empty()) options.audience = {"z", std::string(row.audience)};
    CHECK(test::verified(test::forge(test::token(R"("exp":1893459600,)" + std::string(row.members))), options) ==
          row.expected);
  }
}

TEST_CASE("a JWT's issuer and audience are compared only when they are asked for") {
  const std::string payload = R"({"exp":1893459600,"iss":"me","aud":"a","sub":"s","x":1})";

  CHECK(test::jwt(payload) == "ok");
  CHECK(test::jwt(payload, {.keys = {}, .issuer = "me", .audience = {"a"}}) == "ok");
  CHECK(test::jwt(payload, {.keys = {}, .issuer = "you"}) == "not_accepted iss");
  CHECK(test::jwt(payload, {.keys = {}, .audience = {"b"}}) == "not_accepted aud");
  CHECK(test::jwt(R"({"exp":1893459600})", {.keys = {}, .audience = {"b"}}) == "not_accepted aud");
  CHECK(test::jwt(R"({"exp":1893456000})") == "expired");
  CHECK(test::jwt(R"({"exp":1893459600,"nbf":1893456001})") == "not_yet_valid");

  const auto jwt = test::forge_verifier().verify_jwt(test::forge(payload));
  REQUIRE(jwt);
  CHECK(jwt->payload == payload);
  CHECK(jwt->claims ==
        Claims{.issuer = "me", .subject = "s", .audience = {"a"}, .expires_at = test::new_year_2030 + 1h});
}

TEST_CASE("p is strict base64url of canonical bytes") {
  CHECK(test::with_p('"' + std::string(test::published_p) + '"') == "ok");
  for (const std::string_view p : {R"("")", R"("*")", R"("EgA=")", R"("EgA ")", R"("EgB")", R"("EgAA")", R"("CAA")",
                                   R"("CAE")", "null", "1", R"(["EgA"])", R"("EhIKEBoOCAEaBAoCZm8qBAoCb2Q=")",
                                   R"("EhIKEBoOCAEaBAoCZm8qBAoCb2R")", R"("EhIKEBoOCAEaBAoCZm8qBAoCb2")"}) {
    CAPTURE(p);
    CHECK(test::with_p(p) == "malformed_token");
  }
}

// design.md §3: what Issuer would refuse is refused, except that statements which grant nothing are let through.
TEST_CASE("a statement is refused in a token as it is at issue, but for one that grants nothing") {
  const auto cache = CachePermissions::read_only();
  const auto topic = TopicPermissions::publish_only();
  const auto function = FunctionPermissions::invoke();
  const auto reads = CachePermissions().with_role(CacheRole::read_only);

  CHECK(test::with_permissions(Permissions()) == "ok");
  CHECK(test::with_permissions(Permissions().with_cache(cache.with_role(CacheRole::permit_none))) == "ok");
  CHECK(test::with_proto("12040a020a00") == "ok");  // permit_none without any selector: 0a cache {}
  CHECK(test::with_permissions(
            Permissions().with_function(function.with_role(FunctionRole::permit_none)).with_cache(cache)) == "ok");
  CHECK(test::with_permissions(Permissions().with_cache(reads.with_cache("c"))) == "malformed_token");
  CHECK(test::with_permissions(Permissions().with_cache(reads.with_all_items())) == "malformed_token");
  CHECK(test::with_permissions(Permissions().with_topic(
            TopicPermissions().with_role(TopicRole::publish_only).with_cache("c"))) == "malformed_token");
  CHECK(test::with_permissions(Permissions().with_function(FunctionPermissions().with_cache("c"))) ==
        "malformed_token");
  CHECK(test::with_permissions(Permissions().with_cache(cache.with_cache(""))) == "malformed_token");
  CHECK(test::with_permissions(Permissions().with_cache(cache.with_key(""))) == "malformed_token");
  CHECK(test::with_permissions(Permissions().with_cache(cache.with_key_prefix(""))) == "malformed_token");
  CHECK(test::with_permissions(Permissions().with_topic(topic.with_topic(""))) == "malformed_token");
  CHECK(test::with_permissions(Permissions().with_function(function.with_function_prefix(""))) == "malformed_token");
  CHECK(test::with_permissions(Permissions().with_cache(cache.with_key("\xff"))) == "ok");
  CHECK(test::with_permissions(Permissions().with_cache(cache).with_cache(cache.with_cache(""))) == "malformed_token");
}

// Bytes by hand from permissionmessages.proto: 12 explicit { 0a { 0a cache { 08 role 12 all caches 22 all items } } }.
TEST_CASE("bytes that no issuer writes are refused in a token") {
  CHECK(test::with_proto("120a0a080a06080212002200") == "ok");
  for (const std::string_view hex :
       {"120a0a080a06080412002200", "120a0a080a06080222001200", "120c0a0a0a080802120022003000",
        "120a0a080a0608021200220000", "120a0a080a060802120022", "128a000a080a06080212002200", "0800", "12020a00",
        "120c0a0a0a0808021200220022001200"}) {
    CAPTURE(hex);
    CHECK(test::with_proto(hex) == "malformed_token");
  }
  CHECK(test::with_permissions(Permissions().with_cache(CachePermissions::read_only().with_cache("\xc3\xa9"))) == "ok");
  CHECK(test::with_proto("120d0a0b0a0908021a030a01ff2200") == "malformed_token");
}

TEST_CASE("a token has as many statements as the verifier allows") {
  Permissions permissions;
  for (int i = 0; i < 20; ++i) permissions = std::move(permissions).with_cache(CachePermissions::read_only());
  const Permissions more = permissions.with_cache(CachePermissions::read_only());
  Limits limits;
  limits.max_statements = 21;

  CHECK(test::with_permissions(permissions) == "ok");
  CHECK(test::with_permissions(more) == "limit_exceeded");
  CHECK(test::with_permissions(more, {.keys = {}, .limits = limits}) == "ok");
  limits.max_statements = 19;
  CHECK(test::with_permissions(permissions, {.keys = {}, .limits = limits}) == "limit_exceeded");
}
