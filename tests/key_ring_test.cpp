#include "momento_token/key_ring.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "momento_token/authorizer.hpp"
#include "momento_token/issuer.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/scopes.hpp"
#include "momento_token/verifier.hpp"
#include "support.hpp"

namespace {

using namespace momento_token;
using namespace std::chrono_literals;

KeyPair pair(const char* kid, const char* alg = "HS256") { return KeyPair::generate(alg, kid).value(); }

// A ring that signs with "old", an issuer and a verifier of it, and a clock to move.
struct Machine {
  explicit Machine(const char* alg = "HS256")
      : alg_(alg),
        ring(KeyRing::create({.signing_key = pair("old", alg), .max_valid_for = 1h, .max_leeway = 60s, .clock = clock})
                 .value()),
        issuer(Issuer::create({.clock = clock, .limits = {.max_valid_for = 1h}, .key_ring = ring}).value()),
        verifier(Verifier::create({.leeway = 60s, .clock = clock, .key_ring = ring}).value()) {}

  [[nodiscard]] std::string mint() const {
    return issuer.generate_disposable_token({.permissions = scopes::cache_read_only("c"), .valid_for = 1h})
        .value()
        .api_key;
  }
  [[nodiscard]] std::string kid_of(const std::string& token) const {
    const auto seen = decode_unverified(token).value();
    return seen.kid();
  }

  const char* alg_;
  std::shared_ptr<testing::ManualClock> clock = test::clock_at();
  std::shared_ptr<KeyRing> ring;
  Issuer issuer;
  Verifier verifier;
};

}  // namespace

TEST_CASE("a ring without a usable set of keys is not made") {
  struct Row {
    const char* name;
    KeyRingOptions options;
    const char* outcome;
  };
  const auto verifying = [](const char* kid, const char* alg = "HS256") { return pair(kid, alg).verification_key(); };
  for (const Row& row :
       {Row{"none", {}, "invalid_argument keys"},
        Row{"null", {.verification_keys = {nullptr}}, "invalid_argument keys"},
        Row{"no kid",
            {.verification_keys =
                 {KeyPair::from_secret("HS256", test::secret(test::counting_bytes(32))).value().verification_key()}},
            "invalid_argument kid"},
        Row{"kid twice", {.signing_key = pair("a"), .verification_keys = {verifying("a")}}, "invalid_argument kid"},
        Row{"mixed",
            {.signing_key = pair("a"), .verification_keys = {verifying("b", "EdDSA")}},
            "invalid_argument keys"},
        Row{"no clock", {.signing_key = pair("a"), .clock = nullptr}, "invalid_argument clock"},
        Row{"negative lifetime", {.signing_key = pair("a"), .max_valid_for = -1s}, "invalid_argument max_valid_for"},
        Row{"negative leeway", {.signing_key = pair("a"), .max_leeway = -1s}, "invalid_argument max_leeway"},
        Row{"one", {.verification_keys = {verifying("a")}}, "ok"}}) {
    CAPTURE(row.name);
    CHECK(test::outcome(KeyRing::create(row.options)) == row.outcome);
  }
}

TEST_CASE("issuers and verifiers take keys from one place: their own options or a ring") {
  const Machine m;
  CHECK(test::outcome(Issuer::create({.signer = pair("a").signer(), .key_ring = m.ring})) == "invalid_argument signer");
  CHECK(test::outcome(Verifier::create({.keys = {pair("a").verification_key()}, .key_ring = m.ring})) ==
        "invalid_argument keys");
  const auto verifying = KeyRing::create({.verification_keys = {pair("a").verification_key()}}).value();
  CHECK(test::outcome(Issuer::create({.key_ring = verifying})) == "invalid_argument key_ring");
}

// What a ring retires a key by, is said in its options: whoever mints for longer or accepts for longer would lose tokens.
TEST_CASE("issuers and verifiers keep to what their ring was told") {
  const Machine m;
  const auto issuer = [&](std::chrono::seconds most) {
    return test::outcome(Issuer::create({.limits = {.max_valid_for = most}, .key_ring = m.ring}));
  };
  const auto verifier = [&](std::chrono::seconds leeway) {
    return test::outcome(Verifier::create({.leeway = leeway, .key_ring = m.ring}));
  };
  CHECK(issuer(1h) == "ok");
  CHECK(issuer(1h + 1s) == "invalid_argument limits.max_valid_for");
  CHECK(verifier(60s) == "ok");
  CHECK(verifier(61s) == "invalid_argument leeway");
}

TEST_CASE("a rotation goes publish, sign, retire, and every token stays valid until its end") {
  for (const char* alg : {"HS256", "ES256"}) {
    CAPTURE(alg);
    Machine m(alg);
    const std::string first = m.mint();
    CHECK(m.kid_of(first) == "old");

    REQUIRE(m.ring->publish(pair("new", alg)));
    CHECK(m.kid_of(m.mint()) == "old");
    CHECK(m.ring->kids() == std::vector<std::string>{"old", "new"});

    m.clock->advance(10s);
    const std::string last = m.mint();
    REQUIRE(m.ring->sign_with("new"));
    CHECK(m.ring->signing_kid() == "new");
    CHECK(m.kid_of(m.mint()) == "new");
    CHECK(m.verifier.verify(last).has_value());

    // 1 h of lifetime and 60 s of leeway after the change.
    m.clock->advance(1h + 59s);
    CHECK(m.verifier.verify(last).has_value());
    CHECK(test::outcome(m.ring->retire("old")) == "invalid_argument kid");
    CHECK(m.ring->retire_finished() == 0);
    m.clock->advance(1s);
    CHECK(test::outcome(m.verifier.verify(last)) == "expired");
    CHECK(m.ring->retire_finished() == 1);
    CHECK(m.ring->kids() == std::vector<std::string>{"new"});
    CHECK(test::outcome(m.verifier.verify(last)) == "unknown_key");
    CHECK(m.verifier.verify(m.mint()).has_value());
  }
}

TEST_CASE("a ring that keeps its keys for ever never retires one, at no end of time") {
  for (const auto& [valid_for, leeway] :
       {std::pair(std::chrono::seconds::max(), 600s), std::pair(600s, std::chrono::seconds::max()),
        std::pair(std::chrono::seconds::max(), std::chrono::seconds::max())}) {
    const auto clock = test::clock_at();
    const auto ring =
        KeyRing::create({.signing_key = pair("old"), .max_valid_for = valid_for, .max_leeway = leeway, .clock = clock})
            .value();
    REQUIRE(ring->publish(pair("new")));
    REQUIRE(ring->sign_with("new"));
    for (const auto now : {test::new_year_2030, std::chrono::sys_seconds::max(), std::chrono::sys_seconds::min()}) {
      clock->set(now);
      CHECK(test::outcome(ring->retire("old")) == "invalid_argument kid");
      CHECK(ring->retire_finished() == 0);
    }
  }
  // Signed last when the clock stood at an end of time.
  for (const auto now : {std::chrono::sys_seconds::max(), std::chrono::sys_seconds::min()}) {
    Machine m;
    REQUIRE(m.ring->publish(pair("new")));
    m.clock->set(now);
    REQUIRE(m.ring->sign_with("new"));
    CHECK(test::outcome(m.ring->retire("old")) == "invalid_argument kid");
  }
}

TEST_CASE("what a rotation must not do is refused and changes nothing") {
  Machine m;
  const auto generation = m.ring->generation();
  CHECK(test::outcome(m.ring->publish(pair("old"))) == "invalid_argument kid");
  CHECK(test::outcome(m.ring->publish(pair("es", "ES256"))) == "invalid_argument keys");
  CHECK(test::outcome(m.ring->sign_with("nobody")) == "invalid_argument kid");
  CHECK(test::outcome(m.ring->retire("old")) == "invalid_argument kid");
  CHECK(test::outcome(m.ring->revoke("old")) == "invalid_argument kid");
  CHECK(test::outcome(m.ring->revoke("nobody")) == "invalid_argument kid");
  CHECK(test::outcome(m.ring->retire("nobody")) == "invalid_argument kid");
  CHECK(m.ring->generation() == generation);
  CHECK(m.ring->kids() == std::vector<std::string>{"old"});
}

#if !defined(MOMENTO_TOKEN_TEST_NO_EXCEPTIONS)  // no exception may pass through a library that is compiled without them
TEST_CASE("a clock that throws while a key takes over leaves the one before unretired") {
  struct ThrowingClock final : Clock {
    bool throws = false;
    std::chrono::sys_seconds time = test::new_year_2030;
    [[nodiscard]] std::chrono::sys_seconds now() const override {
      if (throws) throw std::runtime_error("no time");
      return time;
    }
  };
  const auto clock = std::make_shared<ThrowingClock>();
  const auto ring = KeyRing::create({.signing_key = pair("old"), .max_valid_for = 1h, .clock = clock}).value();
  REQUIRE(ring->publish(pair("new")));
  clock->throws = true;
  CHECK_THROWS_AS(static_cast<void>(ring->sign_with("new")), std::runtime_error);
  clock->throws = false;

  CHECK(ring->signing_kid() == "new");
  CHECK(test::outcome(ring->retire("old")) == "invalid_argument kid");
  CHECK(ring->retire_finished() == 0);
  CHECK(ring->kids().size() == 2);
  REQUIRE(ring->sign_with("new"));  // again, and now the time is known
  CHECK(test::outcome(ring->retire("old")) == "invalid_argument kid");
  clock->time += 1h + 10min;
  CHECK(test::outcome(ring->retire("old")) == "ok");
}
#endif

TEST_CASE("a key pair that was moved from makes no ring and is not published") {
  KeyPair key = pair("a");
  const KeyPair taken = std::move(key);
  CHECK(test::outcome(KeyRing::create({.signing_key = key})) == "invalid_argument signing_key");  // NOLINT
  const auto ring = KeyRing::create({.signing_key = taken}).value();
  CHECK_FALSE(ring->publish(key).has_value());  // NOLINT
}

TEST_CASE("a leaked key is revoked at once") {
  Machine m;
  const std::string token = m.mint();
  REQUIRE(m.ring->publish(pair("new")));
  REQUIRE(m.ring->sign_with("new"));
  REQUIRE(m.ring->revoke("old"));
  CHECK(test::outcome(m.verifier.verify(token)) == "unknown_key");
}

TEST_CASE("a prepared scope follows the rotation") {
  Machine m;
  const PreparedScope scope = m.issuer.prepare(scopes::cache_read_only("c")).value();
  const auto mint = [&] { return scope.generate_disposable_token({.valid_for = 1h}).value().api_key; };
  CHECK(m.kid_of(mint()) == "old");
  REQUIRE(m.ring->publish(pair("new")));
  CHECK(m.kid_of(mint()) == "old");
  REQUIRE(m.ring->sign_with("new"));
  REQUIRE(m.ring->revoke("old"));
  const std::string token = mint();
  CHECK(m.kid_of(token) == "new");
  CHECK(m.verifier.verify(token).has_value());
}

TEST_CASE("reloading replaces the keys that only verify, and an unreadable set keeps the old one") {
  Machine m("ES256");
  const auto file = [](const std::string& name) { return "{\"keys\":[" + name + "]}"; };
  const auto other = pair("other", "ES256");
  const std::string jwks = momento_token::public_jwks(std::vector{other.verification_key()}).value();
  REQUIRE(m.ring->reload_jwks(jwks));
  CHECK(m.ring->kids() == std::vector<std::string>{"old", "other"});
  const auto theirs = Issuer::create({.signer = other.signer(), .clock = m.clock}).value();
  const std::string token =
      theirs.generate_disposable_token({.permissions = scopes::cache_read_only("c"), .valid_for = 1h}).value().api_key;
  CHECK(m.verifier.verify(token).has_value());

  const auto generation = m.ring->generation();
  for (const std::string& bad : {std::string(), jwks.substr(0, jwks.size() / 2), file(""), std::string("[]"),
                                 file(R"({"kty":"oct","alg":"HS256","kid":"x","k":"AAAA"})")}) {
    CAPTURE(bad);
    CHECK_FALSE(m.ring->reload_jwks(bad).has_value());
    CHECK(m.ring->generation() == generation);
    CHECK(m.verifier.verify(token).has_value());
  }
  // A set without the other key: it goes, the signing key stays.
  const std::string third = momento_token::public_jwks(std::vector{pair("third", "ES256").verification_key()}).value();
  REQUIRE(m.ring->reload_jwks(third));
  CHECK(m.ring->kids() == std::vector<std::string>{"old", "third"});
  CHECK(test::outcome(m.verifier.verify(token)) == "unknown_key");
  // A key that has signed here stays, too, until it is retired or revoked.
  REQUIRE(m.ring->publish(pair("new", "ES256")));
  REQUIRE(m.ring->sign_with("new"));
  REQUIRE(m.ring->reload_jwks(jwks));
  CHECK(m.ring->kids() == std::vector<std::string>{"old", "new", "other"});
}

TEST_CASE("a key file is reloaded when it can be read, and only when a secret in it is private") {
  Machine m;
  const std::string path = (std::filesystem::temp_directory_path() / "momento_token_key_ring_test.json").string();
  const auto write = [&](std::string_view text, std::filesystem::perms perms) {
    std::filesystem::remove(path);
    std::ofstream(path) << text;
    std::filesystem::permissions(path, perms);
  };
  const SecretBytes jwk = generate_private_jwk("HS256", {.kid = "file"}).value();
  const std::string set = "{\"keys\":[" + std::string(jwk.expose_text()) + "]}";
  using std::filesystem::perms;
  write(set, perms::owner_read | perms::owner_write);
  CHECK(m.ring->reload_file(path).has_value());
  CHECK(m.ring->kids() == std::vector<std::string>{"old", "file"});
#if !defined(_WIN32)
  write(set, perms::owner_read | perms::others_read);
  CHECK(test::outcome(m.ring->reload_file(path)) == "invalid_argument path");
#endif
  write(set.substr(0, 40), perms::owner_read);
  CHECK_FALSE(m.ring->reload_file(path).has_value());
  std::filesystem::remove(path);
  CHECK(test::outcome(m.ring->reload_file(path)) == "invalid_argument path");
  CHECK(m.ring->kids() == std::vector<std::string>{"old", "file"});
}

TEST_CASE("threads that change one ring at once lose none of each other's changes") {
  const auto ring = KeyRing::create({.signing_key = pair("signs")}).value();
  const std::uint64_t before = ring->generation();
  constexpr int threads = 8, rounds = 100;
  std::atomic<int> failed{0};
  std::vector<std::thread> changers;
  for (int i = 0; i < threads; ++i) {
    changers.emplace_back([&, key = pair(("k" + std::to_string(i)).c_str())] {
      for (int round = 0; round < rounds; ++round) {
        failed += !ring->publish(key) || !ring->revoke(key.verification_key()->kid());
      }
    });
  }
  for (std::thread& thread : changers) thread.join();
  CHECK(failed == 0);
  CHECK(ring->generation() == before + 2 * threads * rounds);
  CHECK(ring->kids() == std::vector<std::string>{"signs"});
}

TEST_CASE("16 threads mint and verify while keys rotate: no valid token is refused, no retired key is accepted") {
  for (const char* alg : {"HS256", "EdDSA"}) {
    CAPTURE(alg);
    Machine m(alg);
    const PreparedScope scope = m.issuer.prepare(scopes::cache_read_only("c")).value();
    std::atomic<bool> stop{false};
    std::atomic<int> minted{0}, refused{0};
    const auto work = [&](int which) {
      while (!stop) {
        const auto token =
            which % 2 == 0
                ? m.issuer.generate_disposable_token({.permissions = scopes::cache_read_only("c"), .valid_for = 1h})
                : scope.generate_disposable_token({.valid_for = 1h});
        const bool valid = m.verifier.verify(token->api_key).has_value();
        // The clock may pass the token's end between the two; nothing else may go wrong.
        if (!valid && m.clock->now() < token->valid_until + 60s) ++refused;
        ++minted;
      }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 16; ++i) threads.emplace_back(work, i);
    std::string old = "old";
    for (int rotation = 0; rotation < 50; ++rotation) {
      const std::string token = m.mint();
      const std::string next = "k" + std::to_string(rotation);
      REQUIRE(m.ring->publish(pair(next.c_str(), alg)));
      REQUIRE(m.ring->sign_with(next));
      CHECK(m.verifier.verify(token).has_value());
      m.clock->advance(1h + 60s);
      REQUIRE(m.ring->retire(old));
      CHECK(test::outcome(m.verifier.verify(token)) == "unknown_key");
      old = next;
      const int before = minted;
      while (minted < before + 20) std::this_thread::yield();
    }
    stop = true;
    for (std::thread& thread : threads) thread.join();
    CHECK(refused == 0);
    CHECK(minted >= 1000);
  }
}
