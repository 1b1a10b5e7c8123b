// Keys, headers, signatures and the order of work; claims and times are in verifier_claims_test.cpp.
#include "momento_token/verifier.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "allocations.hpp"
#include "fixtures/foreign_tokens.hpp"
#include "forge.hpp"
#include "key_rows.hpp"
#include "momento_token/deny_list.hpp"
#include "momento_token/issuer.hpp"
#include "support.hpp"

using namespace momento_token;
using namespace std::chrono_literals;

namespace test {

inline std::shared_ptr<const VerificationKey> key_of(std::size_t row, std::string kid) {
  return key_pair(algorithms[row], std::move(kid)).verification_key();
}
inline std::string create(VerifierOptions options) { return outcome(Verifier::create(std::move(options))); }
inline std::string with_header(std::string_view header) { return verified(forge(claims_with(), header)); }
inline std::string jws_with(const VerifierOptions& options, std::string_view token) {
  return outcome(forge_verifier(options).verify_jws(token));
}

/// A key whose names are whatever a test wants them to be.
struct NamedKey final : VerificationKey {
  std::string alg_, kid_;
  NamedKey(std::string alg, std::string kid) : alg_(std::move(alg)), kid_(std::move(kid)) {}
  [[nodiscard]] std::string_view alg() const noexcept override { return alg_; }
  [[nodiscard]] std::string_view kid() const noexcept override { return kid_; }
  [[nodiscard]] bool verify(ByteView, ByteView) const noexcept override { return true; }
};

}  // namespace test

TEST_CASE("a verifier is not made from options that cannot work, and names the one that is wrong") {
  const auto key = test::forge_key();
  const auto named = [](std::string alg, std::string kid) {
    return test::create({.keys = {std::make_shared<test::NamedKey>(std::move(alg), std::move(kid))}});
  };
  Limits large;
  large.max_token_bytes = 64 * 1024 + 1;

  CHECK(test::create({.keys = {key}}) == "ok");
  CHECK(test::create({.keys = {}}) == "invalid_argument keys");
  CHECK(test::create({.keys = {key, nullptr}}).starts_with("invalid_argument keys"));
  CHECK(test::create({.keys = {key, test::forge_key()}}).starts_with("invalid_argument"));  // one kid twice
  CHECK(test::create({.keys = {key, test::forge_key("other")}}) == "ok");
  CHECK(test::create({.keys = {key, test::key_of(3, "es")}}).starts_with("invalid_argument keys"));
  CHECK(test::create({.keys = {test::key_of(3, "es"), test::key_of(12, "ed"), test::key_of(6, "rs")}}) == "ok");
  CHECK(test::create({.keys = {key}, .audience = {"a", ""}}).starts_with("invalid_argument audience"));
  CHECK(test::create({.keys = {key}, .leeway = -1s}) == "invalid_argument leeway");
  CHECK(test::create({.keys = {key}, .leeway = 600s}) == "ok");
  CHECK(test::create({.keys = {key}, .leeway = 601s}) == "invalid_argument leeway");
  CHECK(test::create({.keys = {key}, .clock = nullptr}) == "invalid_argument clock");
  CHECK(test::create({.keys = {key}, .limits = large}).starts_with("invalid_argument limits"));
  CHECK(named("XY-1", "k") == "ok");
  CHECK(named("none", "k").starts_with("invalid_argument keys"));
  CHECK(named("NoNe", "k").starts_with("invalid_argument keys"));
  CHECK(named("", "k").starts_with("invalid_argument keys"));
  CHECK(named("ABCDEFGHIJKLMNOPQ", "k").starts_with("invalid_argument keys"));
  CHECK(named("XY-1", std::string(257, 'k')).starts_with("invalid_argument keys"));
  CHECK(named("XY-1", "\xff").starts_with("invalid_argument keys"));
}

// Signed by Python's cryptography, not by this library: see the fixture.
TEST_CASE("a token that another implementation signed is verified, with every algorithm") {
  for (const auto& token : test::foreign::tokens) {
    CAPTURE(token.alg);
    const auto row = std::find_if(test::algorithms.begin(), test::algorithms.end(),
                                  [&](const auto& r) { return r.alg == token.alg; });
    REQUIRE(row != test::algorithms.end());
    const auto key = test::key_pair(*row, std::string(token.alg)).verification_key();
    const Verifier verifier = Verifier::create({.keys = {key}, .clock = test::clock_at()}).value();

    const auto verified = verifier.verify(token.compact);

    REQUIRE(verified);
    CHECK(verified->permissions() == test::published_example());
    CHECK(verified->jti() == "j");
    CHECK(verified->token_metadata() == "ann");
    CHECK(verified->expires_at() == test::new_year_2030 + 1h);
  }
}

TEST_CASE("no letter of a token can be changed") {
  for (const auto& token : {test::foreign::tokens[0], test::foreign::tokens[12]}) {
    const auto row = token.alg == "EdDSA" ? test::algorithms[12] : test::algorithms[0];
    const auto key = test::key_pair(row, std::string(token.alg)).verification_key();
    const Verifier verifier = Verifier::create({.keys = {key}, .clock = test::clock_at()}).value();
    std::size_t accepted = 0;
    for (std::size_t at = 0; at < token.compact.size(); ++at) {
      for (const char letter : {'A', 'B', '_', '.', '=', ' ', '\0'}) {
        std::string changed(token.compact);
        if (changed[at] == letter) continue;
        changed[at] = letter;
        accepted += verifier.verify(changed).has_value();
      }
    }
    CHECK(accepted == 0);
  }
}

// design.md §3, "kid".
TEST_CASE("a token with a kid is answered by the one key that has it") {
  const auto token = [](std::string_view kid) {
    return test::forge(test::claims_with(), R"({"alg":"HS256","kid":")" + std::string(kid) + R"("})");
  };
  const std::string bare = test::forge(test::claims_with(), R"({"alg":"HS256"})");
  const auto other =
      KeyPair::from_secret("HS256", test::secret(std::string(32, 'o')), "other").value().verification_key();
  const auto unnamed_other =
      KeyPair::from_secret("HS256", test::secret(std::string(32, 'o'))).value().verification_key();

  CHECK(test::verified(token("k")) == "ok");
  CHECK(test::verified(token("\\u006b")) == "ok");
  CHECK(test::verified(token("K")) == "unknown_key");
  CHECK(test::verified(token("k ")) == "unknown_key");
  CHECK(test::verified(token("")) == "unknown_key");
  CHECK(test::verified(token("k"), {.keys = {other, test::forge_key()}}) == "ok");
  CHECK(test::verified(token("other"), {.keys = {other, test::forge_key()}}) == "signature_mismatch");
  CHECK(test::verified(token("k"), {.keys = {test::forge_key("")}}) == "unknown_key");
  CHECK(test::verified(bare) == "ok");
  CHECK(test::verified(bare, {.keys = {test::forge_key("")}}) == "ok");
  CHECK(test::verified(bare, {.keys = {test::forge_key(), other}}) == "unknown_key");
  CHECK(test::verified(bare, {.keys = {test::forge_key(""), unnamed_other}}) == "unknown_key");
}

TEST_CASE("a token without a kid finds its key among keys of other algorithms") {
  const std::string bare = test::forge(test::claims_with(), R"({"alg":"HS256"})");

  CHECK(test::verified(bare, {.keys = {test::forge_key(), test::forge_key("h5", "HS512", 64)}}) == "ok");
  CHECK(test::verified(bare, {.keys = {test::forge_key("h5", "HS512", 64), test::forge_key("h3", "HS384", 48)}}) !=
        "ok");
}

TEST_CASE("the key decides the algorithm, whatever the token says") {
  const auto same_bytes =
      KeyPair::from_secret("HS512", test::secret(test::counting_bytes(64)), "k").value().verification_key();
  const auto es = test::key_of(3, "k");

  for (const std::string_view alg :
       {"HS384", "HS512", "ES256", "RS256", "EdDSA", "none", "None", "NONE", "nOnE", "hs256", "HS256 ", ""}) {
    CAPTURE(alg);
    CHECK(test::with_header(R"({"alg":")" + std::string(alg) + R"(","kid":"k"})") == "signature_mismatch");
  }
  CHECK(test::verified(test::forge(test::claims_with()), {.keys = {same_bytes}}) == "signature_mismatch");
  CHECK(test::verified(test::forge(test::claims_with()), {.keys = {es}}) == "signature_mismatch");
}

TEST_CASE("a token without a signature is refused") {
  const std::string input = test::b64u(R"({"alg":"none"})") + "." + test::b64u(test::claims_with()) + ".";
  const std::string signed_input = test::split(test::forge(test::claims_with())).signing_input + ".";

  CHECK(test::verified(input) != "ok");
  CHECK(test::verified(signed_input) == "signature_mismatch");
  CHECK(test::jws_with({.keys = {}}, input) != "ok");
}

TEST_CASE("a header is strict JSON whose known members have their types") {
  for (const std::string_view header :
       {R"({"alg":"HS256","kid":"k"})", R"({"kid":"k","alg":"HS256"})",
        R"({"alg":"HS256","typ":"anything","kid":"k","cty":"x"})",
        R"({"alg":"HS256","kid":"k","x":null,"y":[1,{"z":true}]})", " { \"alg\" : \"HS256\" , \"kid\" : \"k\" } ",
        R"({"\u0061lg":"HS256","kid":"k"})", R"({"alg":"HS25\u0036","kid":"k"})",
        R"({"alg":"HS256","kid":"k","jwk":{"kty":"oct","k":"AAAA"},"jku":"https://e/","x5u":"e","x5c":["AAAA"]})",
        R"({"alg":"HS256","kid":"k","jku":1,"x5c":null})"}) {
    CAPTURE(header);
    CHECK(test::with_header(header) == "ok");
  }
  for (const std::string_view header : {"",
                                        "{",
                                        "[]",
                                        "null",
                                        R"("HS256")",
                                        "{}",
                                        R"({"kid":"k"})",
                                        R"({"alg":1,"kid":"k"})",
                                        R"({"alg":null,"kid":"k"})",
                                        R"({"alg":["HS256"],"kid":"k"})",
                                        R"({"ALG":"HS256","kid":"k"})",
                                        R"({"alg":"HS256","kid":1})",
                                        R"({"alg":"HS256","kid":null})",
                                        R"({"alg":"HS256","kid":"k","typ":1})",
                                        R"({"alg":"HS256","kid":"k","typ":null})",
                                        R"({"alg":"HS256","kid":"k","cty":[]})",
                                        R"({"alg":"HS256","alg":"HS256","kid":"k"})",
                                        R"({"alg":"HS256","kid":"k","kid":"k"})",
                                        R"({"alg":"HS256","\u0061lg":"HS256","kid":"k"})",
                                        R"({"alg":"HS256","kid":"k","x":1,"x":1})",
                                        R"({"alg":"HS256","kid":"k","x":{"y":1,"y":2}})",
                                        R"({"alg":"HS256","kid":"k"}x)",
                                        R"({"alg":"HS256","kid":"k",})",
                                        R"({"alg":"HS256","kid":"k","x":"\ud800"})",
                                        "{\"alg\":\"HS256\",\"kid\":\"k\",\"x\":\"\xff\"}",
                                        "\xef\xbb\xbf{\"alg\":\"HS256\",\"kid\":\"k\"}"}) {
    CAPTURE(header);
    CHECK(test::with_header(header) == "malformed_token");
  }
}

// RFC 7515 §4.1.11: an extension that is not understood refuses the token; none is understood here.
TEST_CASE("crit is refused, whatever it holds") {
  for (const std::string_view crit :
       {R"(["exp"])", R"(["b64"],"b64":true)", R"([])", "null", R"("exp")", R"(["x"],"x":1)"}) {
    CAPTURE(crit);
    CHECK(test::with_header(R"({"alg":"HS256","kid":"k","crit":)" + std::string(crit) + "}") == "malformed_token");
  }
}

TEST_CASE("a token has exactly three parts of strict base64url") {
  const std::string token = test::forge(test::claims_with());
  const std::string header = test::b64u(test::forged_header);

  CHECK(test::verified(token) == "ok");
  for (const std::string& text : std::vector<std::string>{"",
                                                          ".",
                                                          "..",
                                                          "...",
                                                          "a",
                                                          "a.b",
                                                          token + ".",
                                                          "." + token,
                                                          token + ".AAAA",
                                                          token.substr(0, token.rfind('.')),
                                                          token + "=",
                                                          token + " ",
                                                          token + "\n",
                                                          " " + token,
                                                          "Bearer " + token,
                                                          token + std::string(1, '\0'),
                                                          test::replaced(token, ".", ".."),
                                                          test::replaced(token, ".", "=."),
                                                          test::replaced(token, ".", "\n."),
                                                          "\"" + token + "\"",
                                                          "{\"payload\":\"\"}"}) {
    CAPTURE(text);
    CHECK(test::verified(text) == "malformed_token");
  }
  CHECK(test::verified(test::forge_segments(header + "=", test::b64u(test::claims_with()))) == "malformed_token");
}

TEST_CASE("a token at the length cap is read and a longer one is not") {
  const auto padded = [](std::size_t size) {
    for (std::size_t fill = 12000;; ++fill) {
      const std::string token = test::forge(test::claims_with(",\"x\":\"" + std::string(fill, 'x') + "\""));
      if (token.size() >= size) return token;
    }
  };
  const std::string token = padded(16381);
  REQUIRE(token.size() <= 16384);
  Limits limits;
  limits.max_token_bytes = token.size();
  CHECK(test::verified(token, {.keys = {}, .limits = limits}) == "ok");
  CHECK(test::verified(token) == "ok");

  --limits.max_token_bytes;

  CHECK(test::verified(token, {.keys = {}, .limits = limits}) == "limit_exceeded");
  CHECK(test::verified(std::string(16384, 'A')) == "malformed_token");
  CHECK(test::verified(std::string(16385, 'A')) == "limit_exceeded");
  CHECK(test::jws_with({.keys = {}}, std::string(16385, 'A')) == "limit_exceeded");
}

// verifier.hpp: length, shape, header, key, signature; only then claims, times, issuer, audience, permissions.
TEST_CASE("the first thing that is wrong is the one that is told") {
  const auto spoilt = [](std::string token) {
    token[token.rfind('.') + 1] = token[token.rfind('.') + 1] == 'A' ? 'B' : 'A';
    return token;
  };
  const VerifierOptions picky{.keys = {}, .issuer = "me", .audience = {"you"}};
  const std::string expired = R"({"ver":1,"p":"!","exp":1,"iss":"x","aud":"x"})";
  const std::string early = R"({"ver":1,"p":"!","exp":1893459600,"nbf":1893459000,"iss":"x","aud":"x"})";
  const std::string stranger = R"({"ver":1,"p":"!","exp":1893459600,"iss":"x","aud":"x"})";
  const std::string to_others = R"({"ver":1,"p":"!","exp":1893459600,"iss":"me","aud":"x"})";
  const std::string bad_p = R"({"ver":1,"p":"!","exp":1893459600,"iss":"me","aud":"you"})";

  CHECK(test::verified(test::forge("no JSON", R"({"alg":"HS256","kid":"x"})"), picky) == "unknown_key");
  CHECK(test::verified(spoilt(test::forge("no JSON")), picky) == "signature_mismatch");
  CHECK(test::verified(spoilt(test::forge(expired)), picky) == "signature_mismatch");
  CHECK(test::verified(test::forge("no JSON"), picky) == "malformed_token");
  CHECK(test::verified(test::forge(expired), picky) == "expired");
  CHECK(test::verified(test::forge(early), picky) == "not_yet_valid");
  CHECK(test::verified(test::forge(stranger), picky) == "not_accepted iss");
  CHECK(test::verified(test::forge(to_others), picky) == "not_accepted aud");
  CHECK(test::verified(test::forge(bad_p), picky) == "malformed_token");
}

TEST_CASE("a JWS may carry anything, under the same header and size rules") {
  const std::string bytes("\x00\xff{not JSON", 11);
  const Verifier verifier = test::forge_verifier();

  const auto payload = verifier.verify_jws(test::forge(bytes));
  REQUIRE(payload);
  CHECK(as_text(*payload) == bytes);
  CHECK(verifier.verify_jws(test::forge("")).value().empty());
  CHECK(test::outcome(verifier.verify_jws(test::forge(R"({"exp":1})"))) == "ok");
  CHECK(test::outcome(verifier.verify_jws(test::forge("x", R"({"alg":"HS256","kid":"k","crit":["x"]})"))) ==
        "malformed_token");
  CHECK(test::outcome(verifier.verify_jws(test::forge("x", R"({"alg":"HS256","kid":"y"})"))) == "unknown_key");
  CHECK(test::outcome(verifier.verify_jws(test::forge("x") + "A")) != "ok");
}

// design.md §2 and §6: refusing a token allocates nothing, and neither does a token of usual size.
TEST_CASE("a forged token costs no allocation, and neither does a usual valid one, also with a deny-list") {
  const auto list = InMemoryDenyList::create({.capacity = 4, .clock = test::clock_at()}).value();
  REQUIRE((list->deny_token("other", test::new_year_2030 + 1h) &&
           list->deny_subject("bob", test::new_year_2030, test::new_year_2030 + 1h)));
  const Verifier verifier = test::forge_verifier({.deny_list = list});
  const std::string valid = test::forge(test::claims_with(R"(,"jti":"0123456789012345678901","tid":"ann")"));
  const std::string expired = test::forge(R"({"ver":1,"p":"EgA","exp":1})");
  const std::string forged = valid.substr(0, valid.size() - 4) + "AAAA";
  const std::string foreign = test::forge(test::claims_with(), R"({"alg":"HS256","typ":"JWT","kid":"stranger"})");
  const std::string nonsense(300, 'A');
  CHECK(test::outcome(verifier.verify(valid)) == "ok");

  for (const std::string* token : {&valid, &expired, &forged, &foreign, &nonsense}) {
    CAPTURE(*token);
    const std::size_t before = test::allocations;
    const bool accepted = verifier.verify(*token).has_value();
    const std::size_t used = test::allocations - before;
    CHECK(accepted == (token == &valid));
    CHECK(used == 0);
  }
}
