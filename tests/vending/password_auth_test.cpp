#include "momento_token/vending/password_auth.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "passwords.hpp"

using namespace test;

namespace {

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
  CHECK(made_with({{"ann", hash, {}}, {"ann", hash, {}}}) == "invalid_argument users[1].name");
  CHECK(made_with({{"", hash, {}}}) == "invalid_argument users[0].name");
  CHECK(made_with({{"a\nb", hash, {}}}) == "invalid_argument users[0].name");
  CHECK(made_with({{"\xFF", hash, {}}}) == "invalid_argument users[0].name");
  CHECK(made_with({{std::string(257, 'a'), hash, {}}}) == "invalid_argument users[0].name");
  for (std::string bad : {std::string("secret"), std::string(), hash + "=", hash + "A", hash.substr(1),
                          "$scrypt$ln=1" + hash.substr(11), "$scrypt$ln=014" + hash.substr(13)}) {
    CAPTURE(bad);
    CHECK(made_with({{"ann", bad, {}}}) == "invalid_argument users[0].hash");
  }
  // Unequal costs would tell who is known.
  const auto dearer = vending::hash_password(mt::SecretBytes::copy_of("x"), {.log2_n = 15}).value();
  CHECK(made_with({{"ann", hash, {}}, {"bob", dearer, {}}}) == "invalid_argument users[1].hash");
  CHECK(test::outcome(vending::PasswordAuth::create({.users = {{"ann", hash, {}}}, .slots = nullptr})) ==
        "invalid_argument slots");
  CHECK(test::outcome(vending::PasswordAuth::create({.users = {{"ann", hash, {}}}, .remember_for = 61s})) ==
        "invalid_argument remember_for");
}
