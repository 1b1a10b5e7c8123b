#include "momento_token/momento_token.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>

namespace test {

inline std::string published_as;
inline void publish_as(std::string_view who) { published_as = who; }

}  // namespace test

// The guide at the head of momento_token.hpp, word for word.
TEST_CASE("the guide of the umbrella header does what it says") {
  using test::publish_as;

  using namespace momento_token;
  auto key = KeyPair::generate("ES256").value();
  auto issuer = Issuer::create({.signer = key.signer()}).value();
  auto token = issuer.generate_disposable_token({.permissions = scopes::topic_publish_only("chat", "room-7"),
                                                 .valid_for = std::chrono::minutes(15),
                                                 .token_id = "ann"});
  auto verifier = Verifier::create({.keys = {key.verification_key()}}).value();
  auto seen = verifier.verify(token->api_key);
  if (seen && allows(*seen, topic_publish("chat", "room-7"))) publish_as(*seen->token_metadata());

  REQUIRE(seen);
  CHECK(test::published_as == "ann");
  CHECK_FALSE(allows(*seen, topic_publish("chat", "room-8")));
  CHECK_FALSE(allows(*seen, topic_subscribe("chat", "room-7")));
}

// design.md §2: "Permissions().with_function(FunctionPermissions().with_cache("fo").with_function("od")) minted for one
// hour with a token_id gives {api_key, endpoint, valid_until}".
TEST_CASE("the published example may invoke exactly the function od of the cache fo") {
  using namespace momento_token;
  using namespace std::chrono_literals;
  const auto key = KeyPair::generate("EdDSA").value();
  const auto issuer = Issuer::create({.signer = key.signer(), .endpoint = "localhost"}).value();

  const auto token = generate_disposable_token(
      issuer, 1h, Permissions().with_function(FunctionPermissions().with_cache("fo").with_function("od")), "token id");

  REQUIRE(token);
  CHECK(token->endpoint == "localhost");
  CHECK(token->expires_in() == 1h);
  const auto seen = Verifier::create({.keys = {key.verification_key()}}).value().verify(token->api_key);
  REQUIRE(seen);
  CHECK(seen->token_metadata() == "token id");
  CHECK(seen->expires_at() == token->valid_until);
  CHECK(allows(*seen, function_invoke("fo", "od")));
  CHECK_FALSE(allows(*seen, function_invoke("fo", "odd")));
  CHECK_FALSE(allows(*seen, function_invoke("fo", "o")));
  CHECK_FALSE(allows(*seen, function_invoke("fo")));
  CHECK_FALSE(allows(*seen, function_invoke("foo", "od")));
  CHECK_FALSE(allows(*seen, cache_read("fo", "od")));
  CHECK_FALSE(allows(*seen, topic_publish("fo", "od")));
}
