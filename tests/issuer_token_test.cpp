// What an issuer writes, byte for byte (design.md §3).
#include "momento_token/issuer.hpp"

#include <doctest/doctest.h>

#include <atomic>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "forge.hpp"
#include "key_rows.hpp"
#include "momento_token/permissions_proto.hpp"
#include "momento_token/verifier.hpp"
#include "support.hpp"

#if __has_include(<sys/wait.h>)
#include <sys/wait.h>
#include <unistd.h>
#endif

using namespace momento_token;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace test {

inline IssuerOptions hmac_options(std::string_view kid = "k") {
  return {.signer = KeyPair::from_secret("HS256", secret(counting_bytes(32)), std::string(kid)).value().signer(),
          .clock = clock_at()};
}
inline DisposableTokenRequest hour(std::optional<std::string> jti = "j") {
  return {.permissions = published_example(), .valid_for = 1h, .jti = std::move(jti)};
}
inline std::string payload(IssuerOptions options, const DisposableTokenRequest& request) {
  return split(Issuer::create(std::move(options)).value().generate_disposable_token(request).value().api_key).payload;
}

/// One statement with a name of so many letters.
inline Permissions named(std::size_t letters) {
  return Permissions().with_topic(
      TopicPermissions::publish_only().with_cache("c").with_topic(std::string(letters, 'n')));
}

/// The same token minted from a prepared scope; both are checked to be the same bytes.
inline std::string mint_both_ways(const Issuer& issuer, const DisposableTokenRequest& request) {
  const auto ordinary = issuer.generate_disposable_token(request);
  const auto prepared = issuer.prepare(request.permissions)
                            .value()
                            .generate_disposable_token({.valid_for = request.valid_for,
                                                        .token_id = request.token_id,
                                                        .not_before = request.not_before,
                                                        .jti = request.jti});
  REQUIRE(ordinary);
  REQUIRE(prepared);
  CHECK(prepared->api_key == ordinary->api_key);
  CHECK(prepared->valid_until == ordinary->valid_until);
  return ordinary->api_key;
}

}  // namespace test

TEST_CASE("the smallest token is these bytes") {
  const auto token = Issuer::create(test::hmac_options()).value().generate_disposable_token(test::hour());

  REQUIRE(token);
  // Header and claims from design.md §3, p worked out by hand from the proto, the signature by OpenSSL's HMAC.
  CHECK(token->api_key ==
        test::forge(R"({"ver":1,"p":"EhIKEBoOCAEaBAoCZm8qBAoCb2Q","iat":1893456000,"exp":1893459600,"jti":"j"})",
                    R"({"alg":"HS256","typ":"JWT","kid":"k"})"));
  CHECK(token->issued_at == test::new_year_2030);
  CHECK(token->valid_until == test::new_year_2030 + 1h);
  CHECK(token->expires_in() == 1h);
  CHECK(token->jti == "j");
  CHECK(token->endpoint.empty());
}

TEST_CASE("the fullest token has its claims in the order of design.md") {
  IssuerOptions options = test::hmac_options("");
  options.endpoint = "localhost";
  options.issuer = "me";
  options.audience = {"a", "b"};
  DisposableTokenRequest request = test::hour();
  request.token_id = "ann";
  request.not_before = test::new_year_2030 + 5s;

  const auto token = Issuer::create(options).value().generate_disposable_token(request);

  REQUIRE(token);
  CHECK(token->api_key == test::forge(R"({"ver":1,"iss":"me","aud":["a","b"],"p":"EhIKEBoOCAEaBAoCZm8qBAoCb2Q",)"
                                      R"("iat":1893456000,"exp":1893459600,"nbf":1893456005,"jti":"j","tid":"ann"})",
                                      R"({"alg":"HS256","typ":"JWT"})"));
  CHECK(token->endpoint == "localhost");
}

TEST_CASE("one audience is one audience, and no token_id or an empty one is no claim") {
  IssuerOptions options = test::hmac_options();
  options.audience = {"a"};
  DisposableTokenRequest request = test::hour();
  request.token_id = "";

  const Json claims = Json::parse(test::payload(options, request));

  CHECK((claims.at("aud") == "a" || claims.at("aud") == Json::array({"a"})));
  CHECK_FALSE(claims.contains("tid"));
  CHECK_FALSE(claims.contains("nbf"));
  CHECK_FALSE(claims.contains("iss"));
}

TEST_CASE("any text comes out of the token as it went in") {
  std::vector<std::string> texts = {std::string("\"quoted\" \\ / \b\f\n\r\t"), std::string("\x01\x1f\x7f"),
                                    std::string("a\0b", 3), std::string("\xc3\xa9\xe2\x80\xa8\xf0\x9f\x98\x80"),
                                    std::string(R"({"user":1,"x":["\u0000"]})")};
  // Texts are copied eight letters at a time.
  for (char c = 0; c < 0x7F; ++c) texts.push_back(std::string(11, 'a') + c + std::string(12, 'b'));
  for (const std::string& text : texts) {
    CAPTURE(text);
    IssuerOptions options = test::hmac_options();
    options.issuer = text;
    options.audience = {text, "b"};
    DisposableTokenRequest request = test::hour(text);
    request.token_id = text;

    const Json claims = Json::parse(test::payload(options, request));

    CHECK(claims.at("iss") == text);
    CHECK(claims.at("aud")[0] == text);
    CHECK(claims.at("jti") == text);
    CHECK(claims.at("tid") == text);
  }
}

// The constant text ends at every place of a group of three bytes and of a block of 64 or 128.
TEST_CASE("a prepared scope gives the same bytes as an ordinary mint, whatever the lengths") {
  std::set<std::pair<std::size_t, std::size_t>> alignments;
  const auto check = [&](const test::AlgorithmRow& row, std::size_t kid, std::size_t name, std::string tid) {
    const KeyPair pair = test::key_pair(row, std::string(kid, 'k'));
    const Issuer issuer = Issuer::create({.signer = pair.signer(), .clock = test::clock_at()}).value();
    const DisposableTokenRequest request{
        .permissions = test::named(name), .valid_for = 1h, .token_id = std::move(tid), .jti = "j"};
    const auto jws = test::split(test::mint_both_ways(issuer, request));
    if (row.pem.empty())
      CHECK(jws.signature == test::hmac(row.alg, test::counting_bytes(row.signature_bytes), jws.signing_input));
    const std::size_t constant = jws.payload.find("\"iat\"");
    alignments.insert({constant % 3, (jws.signing_input.find('.') + 1 + constant / 3 * 4) % 64});
  };
  for (const auto& row : {test::algorithms[0], test::algorithms[1], test::algorithms[2], test::algorithms[12]}) {
    CAPTURE(row.alg);
    for (std::size_t kid = 0; kid <= 50; ++kid) check(row, kid, 3, "");
    for (std::size_t name = 1; name <= 150; ++name) check(row, 1 + name % 3, name, std::string(name % 7, 't'));
  }

  for (std::size_t rest = 0; rest < 3; ++rest) {
    CHECK(std::count_if(alignments.begin(), alignments.end(), [&](const auto& a) { return a.first == rest; }) >= 16);
  }
}

TEST_CASE("what every algorithm mints its key verifies, prepared or not") {
  for (const auto& row : test::algorithms) {
    CAPTURE(row.alg);
    const KeyPair pair = test::key_pair(row, "k");
    const auto clock = test::clock_at();
    const Issuer issuer = Issuer::create({.signer = pair.signer(), .clock = clock}).value();
    const Verifier verifier = Verifier::create({.keys = {pair.verification_key()}, .clock = clock}).value();
    const PreparedScope scope = issuer.prepare(test::published_example()).value();

    const auto ordinary = issuer.generate_disposable_token(test::hour());
    const auto prepared = scope.generate_disposable_token({.valid_for = 1h, .token_id = "ann"});

    REQUIRE(ordinary);
    REQUIRE(prepared);
    const auto jws = test::split(ordinary->api_key);
    CHECK(jws.header == R"({"alg":")" + std::string(row.alg) + R"(","typ":"JWT","kid":"k"})");
    CHECK(jws.signature.size() == row.signature_bytes);
    CHECK(verifier.verify(ordinary->api_key).value().permissions() == test::published_example());
    const VerifiedToken verified = verifier.verify(prepared->api_key).value();
    CHECK(verified.token_metadata() == "ann");
  }
}

TEST_CASE("a prepared scope outlives its issuer, moves, and reads the clock at each mint") {
  const auto clock = test::clock_at();
  PreparedScope scope = [&] {
    IssuerOptions options = test::hmac_options();
    options.clock = clock;
    return Issuer::create(options).value().prepare(test::published_example()).value();
  }();
  PreparedScope moved = std::move(scope);
  clock->advance(100s);

  const auto token = moved.generate_disposable_token({.valid_for = 10s, .jti = "j"});

  REQUIRE(token);
  CHECK(token->issued_at == test::new_year_2030 + 100s);
  CHECK(token->valid_until == test::new_year_2030 + 110s);
  scope = std::move(moved);
  CHECK(scope.generate_disposable_token({.valid_for = 10s, .jti = "j"}).value().api_key == token->api_key);
}

// 128 random bits are 22 letters of base64url.
TEST_CASE("a token is given a jti of its own unless it is told or forbidden one") {
  const Issuer issuer = Issuer::create(test::hmac_options()).value();
  const auto one = issuer.generate_disposable_token(test::hour(std::nullopt)).value();
  const auto other = issuer.generate_disposable_token(test::hour(std::nullopt)).value();
  CHECK(test::unb64(one.jti.view()).size() == 16);
  CHECK(Json::parse(test::split(one.api_key).payload).at("jti") == one.jti.str());
  CHECK_FALSE(one.jti == other.jti);

  IssuerOptions options = test::hmac_options();
  options.random_jti = false;

  const auto without = Issuer::create(options).value().generate_disposable_token(test::hour(std::nullopt)).value();
  CHECK(without.jti.empty());
  CHECK_FALSE(Json::parse(test::split(without.api_key).payload).contains("jti"));
  CHECK(Json::parse(test::payload(options, test::hour("given"))).at("jti") == "given");
}

TEST_CASE("eight threads that share an issuer and a verifier get valid tokens with different ids") {
  const auto clock = test::clock_at();
  const KeyPair pair = test::key_pair(test::algorithms[3], "k");
  for (const auto& keys : {pair, test::key_pair(test::algorithms[0], "k")}) {
    const Issuer issuer = Issuer::create({.signer = keys.signer(), .clock = clock}).value();
    const Verifier verifier = Verifier::create({.keys = {keys.verification_key()}, .clock = clock}).value();
    const PreparedScope scope = issuer.prepare(test::published_example()).value();
    constexpr int each = 100;
    std::vector<std::vector<std::string>> ids(8);
    std::vector<std::thread> threads;
    for (auto& mine : ids) {
      threads.emplace_back([&] {
        for (int i = 0; i < each; ++i) {
          const auto token = i % 2 == 0 ? issuer.generate_disposable_token(test::hour(std::nullopt))
                                        : scope.generate_disposable_token({.valid_for = 1h});
          if (token && verifier.verify(token->api_key)) mine.push_back(token->jti.str());
        }
      });
    }
    for (auto& thread : threads) thread.join();

    std::set<std::string> all;
    for (const auto& mine : ids) {
      CHECK(mine.size() == each);
      all.insert(mine.begin(), mine.end());
    }
    CHECK(all.size() == 8 * each);
  }
}

#if __has_include(<sys/wait.h>)
// The pool of random bytes must not be handed out twice, once on each side of fork().
// Of a scope whose dates are hashed beforehand: prepared_text_test has the same length.
TEST_CASE("eight threads that mint one scope while the seconds go by get tokens that hold") {
  const auto clock = test::clock_at();
  const KeyPair key = test::key_pair(test::algorithms[0], "k");
  const PreparedScope scope =
      Issuer::create({.signer = key.signer(), .clock = clock}).value().prepare(test::named(40)).value();
  const Verifier verifier = Verifier::create({.keys = {key.verification_key()}, .clock = clock}).value();
  std::atomic<int> held{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        if (t == 0 && i % 50 == 49) clock->advance(1s);
        const auto token = scope.generate_disposable_token({.valid_for = 1h});
        if (!token) continue;
        const auto verified = verifier.verify(token->api_key);
        if (verified && verified->expires_at() == token->valid_until && verified->issued_at() == token->issued_at)
          ++held;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  CHECK(held == 8 * 500);
}

TEST_CASE("a child process does not repeat its parent's ids") {
  const Issuer issuer = Issuer::create(test::hmac_options()).value();
  (void)issuer.generate_disposable_token(test::hour(std::nullopt));
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  const auto twenty_ids = [&] {
    std::string ids;
    for (int i = 0; i < 20; ++i)
      ids += issuer.generate_disposable_token(test::hour(std::nullopt)).value().jti.str() + "\n";
    return ids;
  };
  if (child == 0) {
    const std::string ids = twenty_ids();
    const auto written = ::write(ends[1], ids.data(), ids.size());
    ::_exit(written == static_cast<ssize_t>(ids.size()) ? 0 : 1);
  }
  ::close(ends[1]);
  std::string ids = twenty_ids();
  char buffer[1024];
  for (ssize_t n; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) ids.append(buffer, static_cast<std::size_t>(n));
  ::close(ends[0]);
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);

  CHECK(status == 0);
  std::set<std::string> all;
  for (std::size_t at = 0; at < ids.size(); at += 23) all.insert(ids.substr(at, 22));
  CHECK(ids.size() == 40 * 23);
  CHECK(all.size() == 40);
}

// The allocators of the sanitizers of clang 14 are themselves not safe to fork while other threads allocate.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MOMENTO_TOKEN_TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MOMENTO_TOKEN_TEST_SANITIZED 1
#endif
#endif
#if !defined(MOMENTO_TOKEN_TEST_SANITIZED)
// libcrypto's generator takes locks; a child forked while another thread held one would wait for ever.
TEST_CASE("a child that is forked while other threads mint can mint") {
  for (const char* alg : {"HS256", "ES256", "EdDSA"}) {
    CAPTURE(alg);
    const KeyPair key = KeyPair::generate(alg, "k").value();
    const Issuer issuer = Issuer::create({.signer = key.signer()}).value();
    std::atomic<bool> stop{false};
    const auto mint_all_the_time = [&] {
      while (!stop) (void)issuer.generate_disposable_token(test::hour(std::nullopt));
    };
    // Each thread begins with an empty pool and an unseeded generator, which is when locks are taken.
    const auto start_threads = [&] {
      while (!stop) std::thread([&] { (void)issuer.generate_disposable_token(test::hour(std::nullopt)); }).join();
    };
    std::thread minting(mint_all_the_time), starting(start_threads);
    int failed = 0;
    for (int i = 0; i < 100; ++i) {
      const pid_t child = ::fork();
      REQUIRE(child >= 0);
      if (child == 0) {
        ::alarm(30);  // ends the child that hangs
        ::_exit(issuer.generate_disposable_token(test::hour(std::nullopt)).has_value() ? 0 : 1);
      }
      int status = -1;
      REQUIRE(::waitpid(child, &status, 0) == child);
      failed += status != 0;
      if (failed > 1) break;
    }
    stop = true;
    minting.join();
    starting.join();
    CHECK(failed == 0);
  }
}
#endif
#endif
