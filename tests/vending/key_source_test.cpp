#include "momento_token/vending/key_source.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "machine.hpp"
#include "momento_token/issuer.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/scopes.hpp"
#include "momento_token/verifier.hpp"
#include "support.hpp"

namespace {

using namespace momento_token;
using namespace std::chrono_literals;

std::string read(const std::shared_ptr<const vending::KeySource>& source) {
  const auto secret = source->read();
  return secret ? std::string(secret->expose_text()) : test::outcome(secret);
}

/// A file of its own, gone at the end.
class PrivateFile {
 public:
  explicit PrivateFile(const std::string& text)
      : path_((std::filesystem::temp_directory_path() / ("key_source_test." + std::to_string(::getpid()))).string()) {
    write(text);
  }
  ~PrivateFile() { std::remove(path_.c_str()); }
  void write(const std::string& text) const {
    std::remove(path_.c_str());
    std::ofstream(path_, std::ios::binary) << text;
    mode(0600);
  }
  void mode(unsigned bits) const { REQUIRE(::chmod(path_.c_str(), static_cast<mode_t>(bits)) == 0); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// A store that says what it is told to, and counts.
struct Store {
  std::string text = {};
  bool broken = false;
  int reads = 0;
  std::chrono::steady_clock::time_point now{1000s};
  std::vector<Errc> failures = {};

  vending::RefreshOptions options(std::chrono::seconds time_to_live = 60s) {
    return {.source = vending::callback_source([this]() -> Result<SecretBytes> {
              ++reads;
              if (broken) return Error{Errc::internal_error, "store", "is down"};
              return SecretBytes::copy_of(text);
            }),
            .time_to_live = time_to_live,
            .on_failure = [this](const Error& error) { failures.push_back(error.code); },
            .ticks = [this] { return now; }};
  }
};

std::string jwk(const std::string& kid, std::string_view alg = "ES256") {
  const auto text = generate_private_jwk(alg, {.kid = kid}).value();
  return std::string(text.expose_text());
}

}  // namespace

TEST_CASE("a file source reads the file as it is now, without the line end an editor put there") {
  const PrivateFile file("secret\n");
  const auto source = vending::file_source(file.path());
  CHECK(read(source) == "secret");
  file.write("other\r\n");
  CHECK(read(source) == "other");
  file.write("two\nlines\n\n");
  CHECK(read(source) == "two\nlines\n");
}

TEST_CASE("a file source refuses a file that others may read, an empty and an absent one") {
  const PrivateFile file("secret");
  const auto source = vending::file_source(file.path());
  file.mode(0644);
  CHECK(read(source) == "invalid_argument path");
  file.mode(0400);
  CHECK(read(source) == "secret");
  file.write("\n");
  CHECK(read(source) == "invalid_argument path");
  CHECK(read(vending::file_source(file.path() + ".absent")) == "invalid_argument path");
}

TEST_CASE("an environment source reads the one variable it was told, each time") {
  REQUIRE(::setenv("MOMENTO_TOKEN_KEY_SOURCE_TEST", "one", 1) == 0);
  const auto source = vending::environment_source("MOMENTO_TOKEN_KEY_SOURCE_TEST");
  CHECK(read(source) == "one");
  REQUIRE(::setenv("MOMENTO_TOKEN_KEY_SOURCE_TEST", "", 1) == 0);
  CHECK(read(source) == "invalid_argument variable");
  REQUIRE(::unsetenv("MOMENTO_TOKEN_KEY_SOURCE_TEST") == 0);
  CHECK(read(source) == "invalid_argument variable");
}

TEST_CASE("a callback source asks its function, and one without a function says so") {
  CHECK(read(vending::callback_source([] { return Result<SecretBytes>(SecretBytes::copy_of("secret")); })) == "secret");
  CHECK(read(vending::callback_source({})) == "invalid_argument read");
}

TEST_CASE("a secret is read again when its time to live is over, and not before") {
  Store store{.text = "one"};
  const auto secret = vending::RefreshedSecret::create(store.options()).value();
  store.text = "two";
  store.now += 59s;
  CHECK(secret->current()->expose_text() == "one");
  CHECK(store.reads == 1);
  store.now += 1s;
  CHECK(secret->current()->expose_text() == "two");
  CHECK(store.reads == 2);
}

TEST_CASE("a refresh that fails keeps the old secret, is told, and is tried again a time to live later") {
  Store store{.text = "one"};
  const auto secret = vending::RefreshedSecret::create(store.options()).value();
  store.broken = true;
  store.now += 60s;
  CHECK(secret->current()->expose_text() == "one");
  CHECK(secret->current()->expose_text() == "one");
  CHECK(store.reads == 2);
  CHECK(store.failures == std::vector{Errc::internal_error});
  CHECK(test::outcome(secret->refresh()) == "internal_error store");
  store.broken = false;
  store.text = "two";
  store.now += 60s;
  CHECK(secret->current()->expose_text() == "two");
}

// A store that answers with nothing has lost the secret; nobody has chosen an empty one.
TEST_CASE("an empty secret is a failed refresh") {
  Store store{.text = "one"};
  const auto secret = vending::RefreshedSecret::create(store.options()).value();
  store.text.clear();
  CHECK(test::outcome(secret->refresh()).starts_with("invalid_argument"));
  CHECK(secret->current()->expose_text() == "one");
  CHECK(store.failures == std::vector{Errc::invalid_argument});
  CHECK(test::outcome(vending::RefreshedSecret::create(store.options())).starts_with("invalid_argument"));
}

TEST_CASE("a secret that does not pass its check is a failed refresh, and the next one that does is taken") {
  Store store{.text = "one"};
  auto options = store.options();
  options.check = [](const SecretBytes& secret) -> Result<void> {
    if (secret.size() == 3) return {};
    return Error{Errc::invalid_argument, "secret", "must be 3 bytes"};
  };
  const auto secret = vending::RefreshedSecret::create(options).value();
  store.text = "four";
  CHECK(test::outcome(secret->refresh()) == "invalid_argument secret");
  store.now += 60s;
  CHECK(secret->current()->expose_text() == "one");
  CHECK(store.failures == std::vector{Errc::invalid_argument, Errc::invalid_argument});
  CHECK(test::outcome(vending::RefreshedSecret::create(options)) == "invalid_argument secret");
  store.text = "two";
  store.now += 60s;
  CHECK(secret->current()->expose_text() == "two");
}

TEST_CASE("a check holds for a signing key as well") {
  Store store{.text = jwk("one")};
  auto options = store.options();
  options.check = [](const SecretBytes& text) -> Result<void> {
    if (text.expose_text().find("\"three\"") == std::string_view::npos) return {};
    return Error{Errc::invalid_argument, "kid", "is not wanted here"};
  };
  const auto key = vending::RefreshedSigningKey::create({.refresh = options}).value();
  store.text = jwk("three");
  CHECK(test::outcome(key->refresh()) == "invalid_argument kid");
  CHECK(key->ring()->signing_kid() == "one");
  CHECK(test::outcome(vending::RefreshedSigningKey::create({.refresh = options})) == "invalid_argument kid");
  store.text = jwk("two");
  REQUIRE(key->refresh());
  CHECK(key->ring()->signing_kid() == "two");
}

TEST_CASE("a secret that is held stays whole while another one takes its place") {
  Store store{.text = "one"};
  const auto secret = vending::RefreshedSecret::create(store.options()).value();
  const auto held = secret->current();
  store.text = "two";
  REQUIRE(secret->refresh());
  CHECK(held->expose_text() == "one");
  CHECK(secret->current()->expose_text() == "two");
}

TEST_CASE("a secret that cannot be read at first, or is refreshed at no sane pace, is not made") {
  Store store{.broken = true};
  CHECK(test::outcome(vending::RefreshedSecret::create(store.options())) == "internal_error store");
  store.broken = false;
  CHECK(test::outcome(vending::RefreshedSecret::create(store.options(0s))) == "invalid_argument time_to_live");
  CHECK(test::outcome(vending::RefreshedSecret::create(store.options(24h + 1s))) == "invalid_argument time_to_live");
  CHECK(test::outcome(vending::RefreshedSecret::create({.source = nullptr})) == "invalid_argument source");
}

TEST_CASE("one caller reads a due secret, the others go on with the old one") {
  Store store{.text = "one"};
  auto options = store.options();
  std::shared_ptr<vending::RefreshedSecret> secret;
  // While the source is being read, another caller asks.
  bool first = true;
  options.source = vending::callback_source([&]() -> Result<SecretBytes> {
    ++store.reads;
    if (!first) CHECK(secret->current()->expose_text() == "one");
    return SecretBytes::copy_of(std::exchange(first, false) ? "one" : "two");
  });
  secret = vending::RefreshedSecret::create(options).value();
  store.now += 60s;
  CHECK(secret->current()->expose_text() == "two");
  CHECK(store.reads == 2);
}

// The outer read has seen the old secret when the inner one begins, and ends after it.
TEST_CASE("a slow read that saw the old secret does not bring it back") {
  Store store{.text = "one"};
  auto options = store.options();
  std::shared_ptr<vending::RefreshedSecret> secret;
  options.source = vending::callback_source([&]() -> Result<SecretBytes> {
    auto seen = SecretBytes::copy_of(store.text);
    if (std::exchange(store.text, "two") == "one" && secret != nullptr) CHECK(secret->refresh());
    return seen;
  });
  secret = vending::RefreshedSecret::create(options).value();
  store.text = "one";
  CHECK(secret->refresh());
  CHECK(secret->current()->expose_text() == "two");
}

TEST_CASE("a slow read that saw the old signing key does not bring it back") {
  const std::string one = jwk("one"), two = jwk("two");
  std::string text = one;
  std::shared_ptr<vending::RefreshedSigningKey> key;
  const auto source = vending::callback_source([&]() -> Result<SecretBytes> {
    auto seen = SecretBytes::copy_of(text);
    if (std::exchange(text, two) == one && key != nullptr) CHECK(key->refresh());
    return seen;
  });
  key = vending::RefreshedSigningKey::create({.refresh = {.source = source}}).value();
  text = one;
  CHECK(key->refresh());
  CHECK(key->ring()->signing_kid() == "two");
}

TEST_CASE("a bad key that was read meanwhile does not keep a good one out") {
  const std::string one = jwk("one");
  std::string text = one;
  std::shared_ptr<vending::RefreshedSigningKey> key;
  const auto source = vending::callback_source([&]() -> Result<SecretBytes> {
    auto seen = SecretBytes::copy_of(text);
    if (std::exchange(text, "{") != "{" && key != nullptr) CHECK_FALSE(key->refresh());
    return seen;
  });
  key = vending::RefreshedSigningKey::create({.refresh = {.source = source}}).value();
  text = jwk("two");
  CHECK(key->refresh());
  CHECK(key->ring()->signing_kid() == "two");
}

TEST_CASE("a new signing key of the source signs from then on, and tokens of the old one stay valid") {
  Store store{.text = jwk("one")};
  const auto key = vending::RefreshedSigningKey::create({.refresh = store.options()}).value();
  const auto issuer = Issuer::create({.key_ring = key->ring()}).value();
  const auto verifier = Verifier::create({.key_ring = key->ring()}).value();
  const auto mint = [&] {
    return issuer.generate_disposable_token({scopes::cache_read_only("c"), 1h}).value().api_key;
  };
  const std::string old = mint();

  store.text = jwk("two");
  key->refresh_if_due();
  CHECK(key->ring()->signing_kid() == "one");
  store.now += 60s;
  key->refresh_if_due();
  CHECK(key->ring()->signing_kid() == "two");
  const auto fresh = decode_unverified(mint()).value();
  CHECK(fresh.kid() == "two");
  CHECK(test::outcome(verifier.verify(old)) == "ok");
  CHECK(test::outcome(verifier.verify(mint())) == "ok");
}

TEST_CASE("a machine with a signing key of a source takes a new one when it is due, and no other key beside it") {
  Store store{.text = jwk("one")};
  vending::VendingOptions options = test::machine_options();
  options.signing_key = vending::RefreshedSigningKey::create({.refresh = store.options()}).value();
  CHECK(test::outcome(vending::VendingMachine::create(options)) == "invalid_argument signing_key");
  options.issuer.signer = nullptr;
  options.issuer.key_ring = options.signing_key->ring();
  CHECK(test::outcome(vending::VendingMachine::create(options)) == "invalid_argument signing_key");
  options.issuer.key_ring = nullptr;
  const vending::VendingMachine machine = test::machine_of(options);
  const auto kid = [&] {
    const auto answer = machine.handle(test::post());
    const auto token = decode_unverified(test::text_member(answer.body, "api_key")).value();
    return token.kid();
  };

  CHECK(kid() == "one");
  store.text = jwk("two");
  CHECK(kid() == "one");
  store.now += 60s;
  CHECK(kid() == "two");
  store.broken = true;
  store.now += 60s;
  CHECK(kid() == "two");
}

// KeyRingOptions: a key is retired 25 h, and the leeway of 10 min, after it signed last.
TEST_CASE("a key that signed before goes when its last token is over, though the source does not change again") {
  const auto clock = test::clock_at();
  Store store{.text = jwk("one")};
  const auto key = vending::RefreshedSigningKey::create({.refresh = store.options(), .ring = {.clock = clock}}).value();
  store.text = jwk("two");
  REQUIRE(key->refresh());
  const auto kids = [&] { return key->ring()->kids(); };
  clock->advance(25h + 9min);
  REQUIRE(key->refresh());
  CHECK(kids().size() == 2);
  clock->advance(2min);
  store.now += 60s;
  store.broken = true;  // it goes even then
  key->refresh_if_due();
  CHECK(kids() == std::vector<std::string>{"two"});
}

TEST_CASE("a bad key, a bad store and a key that borrows a kid change nothing and are told") {
  Store store{.text = jwk("one")};
  const auto key = vending::RefreshedSigningKey::create({.refresh = store.options()}).value();
  const auto generation = key->ring()->generation();
  store.text = "{\"kty\":\"EC\"}";
  CHECK_FALSE(key->refresh());
  store.text = jwk("one");  // another key under the same name
  CHECK(test::outcome(key->refresh()) == "invalid_argument kid");
  store.broken = true;
  CHECK(test::outcome(key->refresh()) == "internal_error store");
  CHECK(key->ring()->generation() == generation);
  CHECK(store.failures.size() == 3);
}

TEST_CASE("a key that comes back signs again") {
  const std::string one = jwk("one"), two = jwk("two");
  Store store{.text = one};
  const auto key = vending::RefreshedSigningKey::create({.refresh = store.options()}).value();
  store.text = two;
  REQUIRE(key->refresh());
  store.text = one;
  REQUIRE(key->refresh());
  CHECK(key->ring()->signing_kid() == "one");
  CHECK(store.failures.empty());
}

TEST_CASE("a signing key may be PEM, and gets its thumbprint as kid") {
  // openssl genpkey -algorithm ed25519
  Store store{.text =
                  "-----BEGIN PRIVATE KEY-----\n"
                  "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
                  "-----END PRIVATE KEY-----\n"};
  const auto key = vending::RefreshedSigningKey::create({.refresh = store.options(), .alg = "EdDSA"}).value();
  // RFC 8037 A.1 and A.3: the same key, and its thumbprint.
  CHECK(key->ring()->signing_kid() == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}
