#include "momento_token/vending/password_auth.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "machine.hpp"

using namespace test;

namespace {

// The cheapest that is taken, made once: the suite is not about the function's cost.
const std::string& hash_of_secret() {
  static const std::string hash =
      vending::hash_password(mt::SecretBytes::copy_of("correct horse"), {.log2_n = 14}).value();
  return hash;
}

struct Setup {
  std::chrono::steady_clock::time_point now{1000s};
  std::shared_ptr<vending::PasswordSlots> slots = std::make_shared<vending::PasswordSlots>(1);
  std::shared_ptr<vending::RateLimiter> attempts = {};
  std::chrono::seconds remember_for{5};

  std::shared_ptr<const vending::PasswordAuth> made(const std::string& hash = hash_of_secret()) {
    return vending::PasswordAuth::create({.users = {{.name = "ann", .hash = hash, .groups = {"writers"}}},
                                          .attempts = attempts,
                                          .slots = slots,
                                          .remember_for = remember_for,
                                          .ticks = [this] { return now; }})
        .value();
  }
};

vending::Request asking(std::string_view user, std::string_view password, std::string_view peer = "192.0.2.1") {
  return {.method = "POST", .headers = {{"username", user}, {"password", password}}, .peer = peer};
}
vending::Request basic(std::string_view value) { return {.method = "POST", .headers = {{"authorization", value}}}; }

std::string outcome_of(const vending::AuthOutcome& outcome) {
  if (const auto* identity = std::get_if<vending::Identity>(&outcome)) return "let in as " + identity->name;
  const auto why = std::get_if<vending::NotLetIn>(&outcome)->why;
  if (why == vending::AuthFailure::limited) return "limited";
  if (why == vending::AuthFailure::busy) return "busy";
  return why == vending::AuthFailure::unauthenticated ? "unauthenticated" : "unavailable";
}

std::string made_with(std::vector<vending::PasswordUser> users) {
  return test::outcome(vending::PasswordAuth::create({.users = std::move(users)}));
}

}  // namespace

TEST_CASE("the right password lets its user in with the user's groups, and nothing else does") {
  Setup setup;
  const auto auth = setup.made();
  const auto outcome = auth->authenticate(asking("ann", "correct horse"));
  CHECK(outcome_of(outcome) == "let in as ann");
  CHECK(std::get<vending::Identity>(outcome).groups == std::vector<std::string>{"writers"});
  for (const char* password : {"correct hors", "correct horsE", "Correct horse", "x"}) {
    CHECK(outcome_of(auth->authenticate(asking("ann", password))) == "unauthenticated");
  }
  CHECK(outcome_of(auth->authenticate(asking("bob", "correct horse"))) == "unauthenticated");
  CHECK(outcome_of(auth->authenticate({})) == "unauthenticated");
}

// RFC 7617 §2: base64 of user:password.
TEST_CASE("Basic carries the same two, and its user ends at the first colon") {
  Setup setup;
  const auto auth = setup.made();
  const auto encoded = [](std::string_view text) { return "Basic " + mt::base64_encode(mt::as_bytes(text)); };
  CHECK(outcome_of(auth->authenticate(basic(encoded("ann:correct horse")))) == "let in as ann");
  CHECK(outcome_of(auth->authenticate(basic("b" + encoded("ann:correct horse").substr(1)))) == "let in as ann");
  CHECK(outcome_of(auth->authenticate(basic(encoded("ann:correct horse:")))) == "unauthenticated");
  const auto before = auth->checks();
  for (const std::string& value :
       {encoded("ann"), encoded(":correct horse"), encoded("ann:"), std::string("Basic !"), std::string("Basic "),
        "Bearer " + encoded("ann:correct horse").substr(6), encoded("ann:" + std::string(2000, 'a'))}) {
    CAPTURE(value);
    CHECK(outcome_of(auth->authenticate(basic(value))) == "unauthenticated");
  }
  CHECK(auth->checks() == before);  // none of these was worth the function
}

TEST_CASE("both ways at once, or a header twice, are refused unread") {
  Setup setup;
  const auto auth = setup.made();
  vending::Request both = asking("ann", "correct horse");
  both.headers.push_back({"authorization", "Basic YW5uOmNvcnJlY3QgaG9yc2U="});
  CHECK(outcome_of(auth->authenticate(both)) == "unauthenticated");
  vending::Request twice = asking("ann", "correct horse");
  twice.headers.push_back({"Username", "ann"});
  CHECK(outcome_of(auth->authenticate(twice)) == "unauthenticated");
  CHECK(auth->checks() == 0);
}

// Issue: "at most one KDF per core at once, the rest 503".
TEST_CASE("when every slot is taken a password is not checked but answered with busy") {
  Setup setup;
  const auto auth = setup.made();
  REQUIRE(setup.slots->try_take());
  CHECK(outcome_of(auth->authenticate(asking("ann", "correct horse"))) == "busy");
  CHECK(auth->checks() == 0);
  setup.slots->give_back();
  CHECK(outcome_of(auth->authenticate(asking("ann", "correct horse"))) == "let in as ann");
  CHECK(setup.slots->try_take());  // the check has given its slot back
}

TEST_CASE("the process has a slot for each core, and hands out no more than that") {
  vending::PasswordSlots two(2);
  CHECK(two.try_take());
  CHECK(two.try_take());
  CHECK_FALSE(two.try_take());
  two.give_back();
  CHECK(two.try_take());
  vending::PasswordSlots of_cores(0);
  unsigned taken = 0;
  while (of_cores.try_take()) ++taken;
  CHECK(taken == std::max(1U, std::thread::hardware_concurrency()));
  CHECK(vending::PasswordSlots::of_process() == vending::PasswordSlots::of_process());
}

TEST_CASE("over HTTP a busy machine answers 503 with Retry-After") {
  Setup setup;
  auto options = machine_options();
  options.auth = setup.made();
  const auto machine = machine_of(std::move(options));
  REQUIRE(setup.slots->try_take());
  const auto response = machine.handle(asking("ann", "correct horse"));
  CHECK(answer_of(response) == "503 unavailable");
  CHECK(response.header("retry-after") == "1");
}

// Issue: "limits applied before the KDF".
TEST_CASE("tries are limited before the costly function runs") {
  Setup setup;
  setup.attempts =
      vending::InMemoryRateLimiter::create({.per_identity = 3, .global = 100, .ticks = [&setup] { return setup.now; }})
          .value();
  const auto auth = setup.made();
  for (int i = 0; i < 20; ++i) {
    const auto outcome = outcome_of(auth->authenticate(asking("ann", "wrong-" + std::to_string(i))));
    CHECK(outcome == (i < 3 ? "unauthenticated" : "limited"));
  }
  CHECK(auth->checks() == 3);
  // Who hammers from elsewhere locks nobody out.
  CHECK(outcome_of(auth->authenticate(asking("ann", "correct horse", "198.51.100.7"))) == "let in as ann");
}

TEST_CASE("the limits of a machine come before the costly function as well") {
  Setup setup;
  const auto auth = setup.made();
  auto options = machine_options();
  options.auth = auth;
  options.attempts = vending::InMemoryRateLimiter::create({.per_identity = 2, .global = 100}).value();
  const auto machine = machine_of(std::move(options));
  CHECK(answer_of(machine.handle(asking("ann", "wrong"))) == "401 invalid_token");
  CHECK(answer_of(machine.handle(asking("ann", "false"))) == "401 invalid_token");
  CHECK(answer_of(machine.handle(asking("ann", "other"))) == "429 too_many_requests");
  CHECK(auth->checks() == 2);
}

TEST_CASE("strangers with made-up names cannot fill the limiter for others") {
  Setup setup;
  // As the default one, but for a number that a test can reach.
  setup.attempts =
      vending::InMemoryRateLimiter::create({.per_identity = 1'000'000, .global = 1'000'000, .capacity = 65'536})
          .value();
  setup.slots = std::make_shared<vending::PasswordSlots>(1);
  const auto auth = setup.made();
  REQUIRE(setup.slots->try_take());  // so that no name costs anything
  for (int i = 0; i < 100'000; ++i) {
    if (outcome_of(auth->authenticate(asking("made-up-" + std::to_string(i), "x"))) != "busy") FAIL("limited");
  }
}

TEST_CASE("a decision is remembered for its seconds, for exactly this pair, and costs nothing meanwhile") {
  Setup setup;
  const auto auth = setup.made();
  REQUIRE(outcome_of(auth->authenticate(asking("ann", "correct horse"))) == "let in as ann");
  setup.now += 4s;
  CHECK(outcome_of(auth->authenticate(asking("ann", "correct horse"))) == "let in as ann");
  CHECK(auth->checks() == 1);
  CHECK(outcome_of(auth->authenticate(asking("ann", "wrong"))) == "unauthenticated");
  CHECK(outcome_of(auth->authenticate(asking("ann", "wrong"))) == "unauthenticated");
  CHECK(auth->checks() == 2);
  // The boundary between name and password counts.
  CHECK(outcome_of(auth->authenticate(asking("annc", "orrect horse"))) == "unauthenticated");
  setup.now += 1s;
  CHECK(outcome_of(auth->authenticate(asking("ann", "correct horse"))) == "let in as ann");
  CHECK(auth->checks() == 4);
}

// A password is changed by another PasswordAuth with the new hash, which takes the place of the old one.
TEST_CASE("a changed password is in force at once: what was decided with the old one is not remembered") {
  Setup setup;
  const auto before = setup.made();
  CHECK(outcome_of(before->authenticate(asking("ann", "correct horse"))) == "let in as ann");
  CHECK(outcome_of(before->authenticate(asking("ann", "battery staple"))) == "unauthenticated");
  const auto after =
      setup.made(vending::hash_password(mt::SecretBytes::copy_of("battery staple"), {.log2_n = 14}).value());
  CHECK(outcome_of(after->authenticate(asking("ann", "correct horse"))) == "unauthenticated");
  CHECK(outcome_of(after->authenticate(asking("ann", "battery staple"))) == "let in as ann");
  CHECK(after->checks() == 2);
}

TEST_CASE("nothing is remembered where that is asked for") {
  Setup setup;
  setup.remember_for = 0s;
  const auto auth = setup.made();
  CHECK(outcome_of(auth->authenticate(asking("ann", "correct horse"))) == "let in as ann");
  CHECK(outcome_of(auth->authenticate(asking("ann", "correct horse"))) == "let in as ann");
  CHECK(auth->checks() == 2);
}

TEST_CASE("an unknown name costs the same function as a known one") {
  Setup setup;
  const auto auth = setup.made();
  CHECK(outcome_of(auth->authenticate(asking("nobody", "correct horse"))) == "unauthenticated");
  CHECK(auth->checks() == 1);
}

TEST_CASE("a hash has a salt of its own and says what it costs") {
  const auto password = mt::SecretBytes::copy_of("correct horse");
  const auto again = vending::hash_password(password, {.log2_n = 14}).value();
  CHECK(again != hash_of_secret());
  CHECK(again.starts_with("$scrypt$ln=14,r=8,p=2$"));
  using Function = vending::PasswordHashing::Function;
  const auto weak = [&](vending::PasswordHashing hashing) {
    return test::outcome(vending::hash_password(password, hashing));
  };
  CHECK(weak({.log2_n = 13}) == "invalid_argument hashing");
  CHECK(weak({.log2_n = 19}) == "invalid_argument hashing");
  CHECK(weak({.function = Function::pbkdf2, .iterations = 99'999}) == "invalid_argument hashing");
  CHECK(test::outcome(vending::hash_password(mt::SecretBytes())) == "invalid_argument password");
  CHECK(test::outcome(vending::hash_password(mt::SecretBytes::copy_of(std::string(1025, 'a')))) ==
        "invalid_argument password");
}

// Made with Python: hashlib.scrypt(b'correct horse', salt=bytes(range(16)), n=2**14, r=8, p=2, dklen=32) and
// hashlib.pbkdf2_hmac('sha256', b'correct horse', bytes(range(16)), 100000), both in base64 without padding.
TEST_CASE("hashes are what RFC 7914 and RFC 8018 say") {
  for (const char* hash :
       {"$scrypt$ln=14,r=8,p=2$AAECAwQFBgcICQoLDA0ODw$agusp50Hav4Ihtioon5Cw+jMddl/LeG9yylYrk+AOBo",
        "$pbkdf2-sha256$i=100000$AAECAwQFBgcICQoLDA0ODw$V/LC8HOXSNUWQZsGKohGZjI8WD6krhZVBKgfe1PGKgk"}) {
    CAPTURE(hash);
    const auto auth = vending::PasswordAuth::create({.users = {{.name = "ann", .hash = hash}}}).value();
    CHECK(outcome_of(auth->authenticate(asking("ann", "correct horse"))) == "let in as ann");
    CHECK(outcome_of(auth->authenticate(asking("ann", "correct hors"))) == "unauthenticated");
  }
}

TEST_CASE("users that would not be safe to have are refused, with the place") {
  const std::string hash = hash_of_secret();
  CHECK(made_with({}) == "invalid_argument users");
  CHECK(made_with({{"ann", hash, {}}, {"ann", hash, {}}}) == "invalid_argument users.name");
  CHECK(made_with({{"", hash, {}}}) == "invalid_argument users.name");
  CHECK(made_with({{"a\nb", hash, {}}}) == "invalid_argument users.name");
  CHECK(made_with({{"\xFF", hash, {}}}) == "invalid_argument users.name");
  CHECK(made_with({{std::string(257, 'a'), hash, {}}}) == "invalid_argument users.name");
  for (std::string bad : {std::string("secret"), std::string(), hash + "=", hash + "A", hash.substr(1),
                          "$scrypt$ln=1" + hash.substr(11), "$scrypt$ln=014" + hash.substr(13)}) {
    CAPTURE(bad);
    CHECK(made_with({{"ann", bad, {}}}) == "invalid_argument users.hash");
  }
  // Unequal costs would tell who is known.
  const auto dearer = vending::hash_password(mt::SecretBytes::copy_of("x"), {.log2_n = 15}).value();
  CHECK(made_with({{"ann", hash, {}}, {"bob", dearer, {}}}) == "invalid_argument users.hash");
  CHECK(test::outcome(vending::PasswordAuth::create({.users = {{"ann", hash, {}}}, .slots = nullptr})) ==
        "invalid_argument slots");
  CHECK(test::outcome(vending::PasswordAuth::create({.users = {{"ann", hash, {}}}, .remember_for = 61s})) ==
        "invalid_argument remember_for");
}
