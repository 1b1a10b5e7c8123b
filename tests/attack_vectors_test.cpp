// Hostile tokens and JSON from outside: tests/vectors/README-hostile.md says where they are from and what they expect.
#include "momento_token/verifier.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "forge.hpp"
#include "momento_token/jwk.hpp"
#include "support.hpp"

// Third-party data that is read where it lies and not copied; see README-hostile.md.
#ifndef MOMENTO_TOKEN_SHARED_VECTORS
#define MOMENTO_TOKEN_SHARED_VECTORS "../shared/vectors"
#endif

using namespace momento_token;
using Json = nlohmann::json;

namespace test {

inline std::string text_of(const Json& json) { return json.get<std::string>(); }

/// "a text" or [["a text", times], …], as run_jws.py: parts().
inline std::string parts(const Json& json) {
  if (json.is_string()) return text_of(json);
  std::string text;
  for (const Json& part : json) {
    const std::string piece = text_of(part[0]);
    const auto times = part[1].get<std::size_t>();
    text.reserve(text.size() + piece.size() * times);
    for (std::size_t i = 0; i < times; ++i) text += piece;
  }
  return text;
}

inline std::string varint(std::size_t n) {
  std::string bytes;
  for (; n > 127; n >>= 7) bytes += static_cast<char>((n & 127) | 128);
  return bytes + static_cast<char>(n);
}

/// The payload of a generator's rule, as run_jws.py: materialise().
inline std::string generated_payload(const Json& gen) {
  const std::string kind = text_of(gen.at("kind"));
  if (kind == "hs256") return parts(gen.at("payload"));
  const std::string start = R"({"sub":"u","exp":)" + gen.at("exp").dump();
  if (kind == "hs256_members") {
    std::string payload = start;
    for (int i = 0; i < gen.at("count").get<int>(); ++i) payload += ",\"m" + std::to_string(i) + "\":1";
    return payload + "}";
  }
  std::string bytes;
  if (kind == "hs256_p") {
    const std::string unit = unb64(text_of(gen.at("unit_b64")));
    for (int i = 0; i < gen.at("count").get<int>(); ++i) bytes += unit;
  } else if (kind == "hs256_pnest") {
    for (int i = 0; i < gen.at("depth").get<int>(); ++i) bytes = "\x0a" + varint(bytes.size()) + bytes;
  } else {
    throw std::runtime_error("unknown rule " + kind);
  }
  return start + R"(,"ver":1,"p":")" + b64u("\x12" + varint(bytes.size()) + bytes) + "\"}";
}

inline std::string signed_with(std::string_view key_k, std::string_view header, std::string_view payload) {
  const std::string input = b64u(header) + "." + b64u(payload);
  return input + "." + b64u(hmac("HS256", unb64(key_k), input));
}

inline std::string token_of(const Json& row) {
  if (row.contains("token")) return text_of(row.at("token"));
  if (row.contains("token_b64")) return unb64(text_of(row.at("token_b64")));
  const Json& gen = row.at("gen");
  if (gen.at("kind") == "text") return parts(gen.at("parts"));
  return signed_with(text_of(gen.at("key_k")), parts(gen.at("header")), generated_payload(gen));
}

/// "ok" or why the key set or the token is refused.
inline std::string judge(const std::string& jwks, const std::string& mode, std::string_view token,
                         std::chrono::seconds leeway) {
  const auto keys = verification_keys_from_jwks(jwks);
  if (!keys) return outcome(keys);
  const auto verifier = Verifier::create({.keys = *keys, .leeway = leeway, .clock = clock_at()});
  if (!verifier) return outcome(verifier);
  if (mode == "jws") return outcome(verifier->verify_jws(token));
  if (mode == "jwt") return outcome(verifier->verify_jwt(token));
  return outcome(verifier->verify(token));
}

}  // namespace test

TEST_CASE("every token of attacks.json is accepted or refused as it should be") {
  const Json file = Json::parse(test::vector_text("attacks.json"));
  REQUIRE(file.at("policy").at("now").get<std::int64_t>() == test::new_year_2030.time_since_epoch().count());
  std::map<std::string, int> count;
  for (const Json& row : file.at("rows")) {
    if (row.value("big", false)) {
      ++count["64 MB, left to the driver"];
      continue;
    }
    const std::string id = test::text_of(row.at("id"));
    const std::string expected = test::text_of(row.at("expected"));
    CAPTURE(id);
    CAPTURE(row.value("why", std::string()));
    const std::chrono::seconds leeway(row.value("leeway", file.at("policy").at("leeway_s").get<std::int64_t>()));
    const std::string jwks = file.at("keysets").at(test::text_of(row.at("key"))).dump();

    const std::string outcome = test::judge(jwks, test::text_of(row.at("mode")), test::token_of(row), leeway);

    CAPTURE(outcome);
    if (expected == "accept") CHECK(outcome == "ok");
    if (expected == "reject") CHECK(outcome != "ok");
    ++count[expected];
  }

  // The summary at the head of the file, less the two big rows.
  CHECK(count["accept"] == 36);
  CHECK(count["reject"] == 458);
  CHECK(count["either"] == 9);
}

// run_jws.py: load() builds the same tokens.
TEST_CASE("every text of JSONTestSuite is read inside a token as RFC 8259 wants it") {
  std::string text;
  try {
    text = test::read_file(std::string(MOMENTO_TOKEN_SHARED_VECTORS) + "/json_cases.json");
  } catch (const std::runtime_error&) {
    MESSAGE("json_cases.json is absent: third-party data that is not part of this tree; nothing was checked here");
    return;
  }
  const Json file = Json::parse(text);
  const std::string jwks = R"({"keys":[)" + file.at("key").dump() + "]}";
  const std::string kid = test::text_of(file.at("key").at("kid"));
  const std::string exp = file.at("exp").dump();
  int checked = 0;
  for (const Json& row : file.at("rows")) {
    const std::string body = test::unb64(test::text_of(row.at("body_b64")));
    const std::string expected = test::text_of(row.at("expected"));
    for (const Json& position : row.at("positions")) {
      std::string header = R"({"alg":"HS256","kid":")" + kid + "\"}";
      std::string claims = R"({"sub":"u","exp":)" + exp + "}";
      if (position == "claim-value")
        claims = R"({"sub":"u","exp":)" + exp + ",\"v\":" + body + "}";
      else if (position == "header-value")
        header = R"({"alg":"HS256","kid":")" + kid + "\",\"v\":" + body + "}";
      else
        claims = body;
      const std::string token = test::signed_with(test::text_of(file.at("key").at("k")), header, claims);
      CAPTURE(test::text_of(row.at("id")) + "@" + test::text_of(position));

      const std::string outcome = test::judge(jwks, "jwt", token, std::chrono::seconds(60));

      CAPTURE(outcome);
      const bool refused = expected == "must-reject" || position == "claims-object";
      if (refused) CHECK(outcome != "ok");
      if (expected == "must-accept" && !refused && token.size() <= 16000) CHECK(outcome == "ok");
      ++checked;
    }
  }

  CHECK(checked > 500);
}
