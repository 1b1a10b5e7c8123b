// Many tokens of one prepared scope in a caller's buffer.
#include "momento_token/issuer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "allocations.hpp"
#include "key_rows.hpp"
#include "momento_token/keys.hpp"
#include "momento_token/testing/stand_ins.hpp"
#include "momento_token/verifier.hpp"
#include "support.hpp"

using namespace momento_token;
using namespace std::chrono_literals;

namespace test {

inline KeyPair batch_key(std::string kid = "k") {
  return KeyPair::from_secret("HS256", secret(counting_bytes(32)), std::move(kid)).value();
}
inline Issuer batch_issuer() { return Issuer::create({.signer = batch_key().signer(), .clock = clock_at()}).value(); }

/// Three requests that differ in everything.
inline std::vector<PreparedTokenRequest> three_requests() {
  return {{.valid_for = 1h, .token_id = "ann", .jti = "first"},
          {.valid_for = 1s, .token_id = "bob \"the builder\"\n", .jti = "second"},
          {.valid_for = 25h, .not_before = new_year_2030 + 60s, .jti = "third"}};
}

/// A buffer and the tokens in it.
struct Batch {
  std::string buffer;
  std::vector<BatchToken> tokens;

  Batch(std::size_t letters, std::size_t count) : buffer(letters, '?'), tokens(count) {}
  [[nodiscard]] Result<std::size_t> mint(const PreparedScope& scope, std::span<const PreparedTokenRequest> requests) {
    return scope.generate_batch(requests, buffer, tokens);
  }
  [[nodiscard]] bool is_empty() const {
    return std::all_of(buffer.begin(), buffer.end(), [](char c) { return c == '\0'; }) &&
           std::all_of(tokens.begin(), tokens.end(),
                       [](const BatchToken& token) { return token.api_key.empty() && token.jti.empty(); });
  }
};

inline std::size_t room_of(const PreparedScope& scope, std::span<const PreparedTokenRequest> requests) {
  std::size_t room = 0;
  for (const auto& request : requests) room += scope.room_for(request).value();
  return room;
}

inline std::string kid_of(const BatchToken& token) {
  const UnverifiedToken read = decode_unverified(token.api_key).value();
  return read.kid();
}

class ThrowingSigner final : public Signer {
 public:
  [[nodiscard]] std::string_view alg() const noexcept override { return "HS256"; }
  [[nodiscard]] std::string_view kid() const noexcept override { return "k"; }
  [[nodiscard]] Result<std::size_t> sign(ByteView, std::span<std::byte> signature) const override {
    if (++calls == 2) throw std::runtime_error("the HSM is gone");
    signature[0] = std::byte{1};
    return std::size_t{32};
  }
  mutable int calls = 0;
};

}  // namespace test

TEST_CASE("each token of a batch is the one that is minted alone, and they lie one behind the other") {
  const auto scope = test::batch_issuer().prepare(test::published_example()).value();
  const auto requests = test::three_requests();
  test::Batch batch(4096, 3);

  const auto used = batch.mint(scope, requests);

  REQUIRE(used);
  std::size_t at = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    CAPTURE(i);
    const DisposableToken alone = scope.generate_disposable_token(requests[i]).value();
    const BatchToken& token = batch.tokens[i];
    CHECK(token.api_key == alone.api_key);
    CHECK(token.api_key.data() == batch.buffer.data() + at);
    CHECK(token.valid_until == alone.valid_until);
    CHECK(token.issued_at == alone.issued_at);
    CHECK(token.jti == alone.jti);
    at += token.api_key.size();
  }
  CHECK(*used == at);
  CHECK(batch.buffer[at] == '?');  // and not a byte beyond
}

TEST_CASE("every built-in algorithm mints batches whose tokens hold") {
  for (const auto& row : test::algorithms) {
    CAPTURE(row.alg);
    const auto key = KeyPair::generate(row.alg, "k", 2048).value();
    const auto issuer = Issuer::create({.signer = key.signer(), .clock = test::clock_at()}).value();
    const auto scope = issuer.prepare(test::published_example()).value();
    const auto verifier = Verifier::create({.keys = {key.verification_key()}, .clock = test::clock_at()}).value();
    const std::vector<PreparedTokenRequest> requests(3, {.valid_for = 1h, .token_id = "ann"});
    test::Batch batch(test::room_of(scope, requests), 3);

    REQUIRE(batch.mint(scope, requests));

    std::set<std::string> ids;
    for (const BatchToken& token : batch.tokens) {
      const auto verified = verifier.verify(token.api_key);
      REQUIRE(verified);
      CHECK(verified->token_metadata() == "ann");
      CHECK(verified->jti() == token.jti.view());
      ids.insert(token.jti.str());
    }
    CHECK(ids.size() == 3);
  }
}

TEST_CASE("a batch of an HMAC key allocates nothing, with the longest token_id neither") {
  const auto scope = test::batch_issuer().prepare(test::published_example()).value();
  auto requests = test::three_requests();
  requests[2].token_id = std::string(1024, 'x');
  test::Batch batch(4096, 3);
  REQUIRE(batch.mint(scope, requests));

  const std::size_t before = test::allocations;
  const bool minted = batch.mint(scope, requests).has_value();

  CHECK(test::allocations == before);
  CHECK(minted);
}

TEST_CASE("of an HMAC key a mint allocates its token and nothing else, whatever the token_id") {
  const Issuer issuer = test::batch_issuer();
  const auto scope = issuer.prepare(test::published_example()).value();
  for (const std::size_t bytes : {std::size_t{1}, std::size_t{300}, std::size_t{1024}}) {
    const DisposableTokenRequest request{
        .permissions = test::published_example(), .valid_for = 1h, .token_id = std::string(bytes, 'x')};
    const PreparedTokenRequest prepared{.valid_for = 1h, .token_id = request.token_id};
    REQUIRE(issuer.generate_disposable_token(request));  // draws random ids

    const std::size_t before = test::allocations;
    const bool minted = issuer.generate_disposable_token(request) && scope.generate_disposable_token(prepared);

    CHECK(test::allocations == before + 2);
    CHECK(minted);
  }
}

// The 32nd token of a second has the scope hash the second's dates, which the others find.
TEST_CASE("of a scope that is minted often a token allocates itself and nothing else, and a batch nothing") {
  const auto scope = test::batch_issuer().prepare(test::published_example()).value();
  const std::vector<PreparedTokenRequest> requests(40, {.valid_for = 1h, .jti = "j"});
  test::Batch batch(test::room_of(scope, requests), requests.size());
  std::size_t before = test::allocations;
  bool minted = batch.mint(scope, requests).has_value();
  CHECK(test::allocations == before);
  for (const auto& request : requests) minted &= scope.generate_disposable_token(request).has_value();

  before = test::allocations;
  for (int i = 0; i < 10; ++i) minted &= scope.generate_disposable_token(requests[0]).has_value();

  CHECK(test::allocations == before + 10);
  CHECK(minted);
}

TEST_CASE("a buffer of exactly the batch's size is enough, and of one letter less it is not") {
  const auto scope = test::batch_issuer().prepare(test::published_example()).value();
  const auto requests = test::three_requests();
  test::Batch ample(4096, 3);
  const std::size_t size = ample.mint(scope, requests).value();

  test::Batch exact(size, 3), short_by_one(size - 1, 3);

  CHECK(test::outcome(exact.mint(scope, requests)) == "ok");
  CHECK(test::outcome(short_by_one.mint(scope, requests)) == "invalid_argument buffer");
  CHECK(short_by_one.is_empty());
}

TEST_CASE("room_for() is enough for every token, and not much more") {
  const auto scope = test::batch_issuer().prepare(test::published_example()).value();
  auto requests = test::three_requests();
  requests.push_back({.valid_for = 1h});  // with a random jti
  requests.push_back({.valid_for = 1h, .token_id = std::string(1024, '\n'), .jti = std::string(64, '"')});
  for (const auto& request : requests) {
    const std::size_t room = scope.room_for(request).value();
    const std::size_t size = scope.generate_disposable_token(request).value().api_key.size();
    CHECK(room >= size);
    CHECK(room - size <= 150);
  }
  CHECK(test::outcome(scope.room_for({.valid_for = 26h})) == "invalid_argument valid_for");
}

TEST_CASE("one bad request refuses the whole batch, is named, and leaves nothing in the buffer") {
  struct Row {
    const char* outcome;
    PreparedTokenRequest request;
  };
  const auto scope = test::batch_issuer().prepare(test::published_example()).value();
  for (const Row& row : {Row{"invalid_argument requests[2].valid_for", {.valid_for = 26h}},
                         Row{"invalid_argument requests[2].token_id", {.valid_for = 1h, .token_id = "\xFF"}},
                         Row{"invalid_argument requests[2].jti", {.valid_for = 1h, .jti = ""}}}) {
    auto requests = test::three_requests();
    requests[2] = row.request;
    test::Batch batch(4096, 3);
    CHECK(test::outcome(batch.mint(scope, requests)) == row.outcome);
    CHECK(batch.is_empty());
  }
}

TEST_CASE("there are as many tokens as requests, and none is a batch too") {
  const auto scope = test::batch_issuer().prepare(test::published_example()).value();
  const auto requests = test::three_requests();
  test::Batch two(4096, 2), four(4096, 4), none(0, 0);
  CHECK(test::outcome(two.mint(scope, requests)) == "invalid_argument tokens");
  CHECK(test::outcome(four.mint(scope, requests)) == "invalid_argument tokens");
  CHECK(two.is_empty());
  // Nor does a batch that was minted into the same buffer before stay.
  test::Batch again(4096, 3);
  REQUIRE(again.mint(scope, requests));
  CHECK(test::outcome(again.mint(scope, {})) == "invalid_argument tokens");
  CHECK(again.is_empty());
  CHECK(none.mint(scope, {}).value() == 0);
}

#if !defined(MOMENTO_TOKEN_TEST_NO_EXCEPTIONS)  // no exception may pass through a library that is compiled without them
TEST_CASE("a signer that throws in the middle leaves nothing in the buffer") {
  const auto issuer =
      Issuer::create({.signer = std::make_shared<test::ThrowingSigner>(), .clock = test::clock_at()}).value();
  const auto scope = issuer.prepare(test::published_example()).value();
  const auto requests = test::three_requests();
  test::Batch batch(8192, 3);

  CHECK_THROWS_AS(static_cast<void>(batch.mint(scope, requests)), std::runtime_error);
  CHECK(batch.is_empty());

  CHECK(batch.mint(scope, requests).has_value());  // and it goes on
}
#endif

TEST_CASE("a batch after a rotation is signed by the new key") {
  const auto first = test::batch_key("first"), second = test::batch_key("second");
  const auto ring = KeyRing::create({.signing_key = first, .clock = test::clock_at()}).value();
  const auto scope =
      Issuer::create({.clock = test::clock_at(), .key_ring = ring}).value().prepare(test::published_example()).value();
  const auto requests = test::three_requests();
  test::Batch batch(4096, 3);
  REQUIRE(batch.mint(scope, requests));
  CHECK(test::kid_of(batch.tokens[0]) == "first");

  REQUIRE(ring->publish(second));
  REQUIRE(ring->sign_with("second"));
  REQUIRE(batch.mint(scope, requests));

  for (const BatchToken& token : batch.tokens) CHECK(test::kid_of(token) == "second");
}
