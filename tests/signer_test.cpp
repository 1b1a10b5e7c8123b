#include "momento_token/signer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "momento_token/issuer.hpp"
#include "momento_token/keys.hpp"
#include "momento_token/verifier.hpp"
#include "support.hpp"

using namespace momento_token;
using namespace std::chrono_literals;

namespace test {

/// A user's own algorithm: the "signature" is the text's bytes added up, in one byte.
struct SumSigner : Signer {
  std::string alg_ = "SUM-8";
  std::string kid_ = "sum";
  mutable bool fails_next = false;
  [[nodiscard]] std::string_view alg() const noexcept override { return alg_; }
  [[nodiscard]] std::string_view kid() const noexcept override { return kid_; }
  [[nodiscard]] Result<std::size_t> sign(ByteView input, std::span<std::byte> signature) const override {
    if (std::exchange(fails_next, false)) throw std::runtime_error("the key service is away");
    CHECK(signature.size() >= max_signature_bytes);
    signature[0] = sum(input);
    return std::size_t{1};
  }
  static std::byte sum(ByteView input) {
    unsigned total = 0;
    for (const std::byte b : input) total += static_cast<unsigned>(b);
    return static_cast<std::byte>(total & 255);
  }
};

struct SumKey : VerificationKey {
  [[nodiscard]] std::string_view alg() const noexcept override { return "SUM-8"; }
  [[nodiscard]] std::string_view kid() const noexcept override { return "sum"; }
  [[nodiscard]] bool verify(ByteView input, ByteView signature) const noexcept override {
    return signature.size() == 1 && signature[0] == SumSigner::sum(input);
  }
};

/// Claims to have written more than there was room for.
struct LyingSigner final : SumSigner {
  std::size_t claimed = 0;
  [[nodiscard]] Result<std::size_t> sign(ByteView, std::span<std::byte>) const override { return claimed; }
};

inline DisposableTokenRequest hour_of_published_example() {
  return {.permissions = published_example(), .valid_for = std::chrono::hours(1)};
}

}  // namespace test

TEST_CASE("a token signed by a user's signer is verified by the user's key") {
  const auto clock = test::clock_at();
  const Issuer issuer = Issuer::create({.signer = std::make_shared<test::SumSigner>(), .clock = clock}).value();
  const Verifier verifier = Verifier::create({.keys = {std::make_shared<test::SumKey>()}, .clock = clock}).value();

  const auto token = issuer.generate_disposable_token(test::hour_of_published_example());

  REQUIRE(token);
  CHECK(test::split(token->api_key).header == R"({"alg":"SUM-8","typ":"JWT","kid":"sum"})");
  CHECK(test::outcome(verifier.verify(token->api_key)) == "ok");
  const std::string other = test::replaced(token->api_key, ".", ".A");
  CHECK(test::outcome(verifier.verify(other)) != "ok");
}

// design.md §6: issuers with a user's signer prepare without a midstate.
TEST_CASE("a scope prepared for a user's signer gives the same bytes as an ordinary mint") {
  const Issuer issuer =
      Issuer::create({.signer = std::make_shared<test::SumSigner>(), .clock = test::clock_at()}).value();
  const PreparedScope scope = issuer.prepare(test::published_example()).value();

  const auto prepared = scope.generate_disposable_token({.valid_for = 1h, .jti = "j"});
  auto request = test::hour_of_published_example();
  request.jti = "j";
  const auto ordinary = issuer.generate_disposable_token(request);

  REQUIRE(prepared);
  REQUIRE(ordinary);
  CHECK(prepared->api_key == ordinary->api_key);
}

TEST_CASE("a signer that throws passes through and leaves the issuer usable") {
  const auto signer = std::make_shared<test::SumSigner>();
  const Issuer issuer = Issuer::create({.signer = signer, .clock = test::clock_at()}).value();
  const PreparedScope scope = issuer.prepare(test::published_example()).value();

  signer->fails_next = true;
  CHECK_THROWS_AS((void)issuer.generate_disposable_token(test::hour_of_published_example()), std::runtime_error);
  CHECK(test::outcome(issuer.generate_disposable_token(test::hour_of_published_example())) == "ok");

  signer->fails_next = true;
  CHECK_THROWS_AS((void)scope.generate_disposable_token({.valid_for = 1h}), std::runtime_error);
  CHECK(test::outcome(scope.generate_disposable_token({.valid_for = 1h})) == "ok");
}

TEST_CASE("a signer that says it wrote more than it had room for is not believed") {
  const auto signer = std::make_shared<test::LyingSigner>();
  const Issuer issuer = Issuer::create({.signer = signer, .clock = test::clock_at()}).value();

  signer->claimed = max_signature_bytes;
  const auto token = issuer.generate_disposable_token(test::hour_of_published_example());
  REQUIRE(token);
  const std::string_view text = token->api_key;
  // What it did not write is zero, and not whatever lay there before.
  CHECK(text.substr(text.rfind('.') + 1) == test::b64u(std::string(max_signature_bytes, '\0')));
  signer->claimed = max_signature_bytes + 1;
  CHECK_FALSE(issuer.generate_disposable_token(test::hour_of_published_example()).has_value());
}

// The header: an alg is [A-Za-z0-9-]{1,16} and never "none" in any letter case.
TEST_CASE("an issuer takes a signer with a JOSE name and no other") {
  struct Row {
    const char* alg;
    bool accepted;
  };
  for (const Row& row :
       {Row{"A", true}, Row{"ABCDEFGHIJKLMNOP", true}, Row{"ES256-x", true}, Row{"nones", true}, Row{"", false},
        Row{"ABCDEFGHIJKLMNOPQ", false}, Row{"none", false}, Row{"NONE", false}, Row{"nOnE", false},
        Row{"ES 256", false}, Row{"ES256\"", false}, Row{"ES_256", false}, Row{"\xc3\x89S256", false}}) {
    CAPTURE(row.alg);
    const auto signer = std::make_shared<test::SumSigner>();
    signer->alg_ = row.alg;
    const auto issuer = Issuer::create({.signer = signer});
    CHECK(issuer.has_value() == row.accepted);
    if (!issuer) CHECK(issuer.error().code == Errc::invalid_argument);
  }
}

// The header: a kid is UTF-8, at most 256 bytes; design.md §2: it is JSON-escaped.
TEST_CASE("a signer's kid of up to 256 bytes of UTF-8 goes into the header, escaped") {
  struct Row {
    std::string kid, in_header;
  };
  for (const Row& row :
       {Row{"", R"({"alg":"SUM-8","typ":"JWT"})"}, Row{"a\"b\\c", R"({"alg":"SUM-8","typ":"JWT","kid":"a\"b\\c"})"},
        Row{"\xc3\xa9", "{\"alg\":\"SUM-8\",\"typ\":\"JWT\",\"kid\":\"\xc3\xa9\"}"},
        Row{std::string(256, 'k'), R"({"alg":"SUM-8","typ":"JWT","kid":")" + std::string(256, 'k') + "\"}"}}) {
    CAPTURE(row.kid);
    const auto signer = std::make_shared<test::SumSigner>();
    signer->kid_ = row.kid;
    const Issuer issuer = Issuer::create({.signer = signer, .clock = test::clock_at()}).value();
    const auto token = issuer.generate_disposable_token(test::hour_of_published_example());
    REQUIRE(token);
    CHECK(test::split(token->api_key).header == row.in_header);
  }
  for (const std::string& kid : {std::string(257, 'k'), std::string("\xff"), std::string("\xed\xa0\x80")}) {
    const auto signer = std::make_shared<test::SumSigner>();
    signer->kid_ = kid;
    CHECK(test::outcome(Issuer::create({.signer = signer})).starts_with("invalid_argument"));
  }
}
