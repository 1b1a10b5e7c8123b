#include "momento_token/testing.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "momento_token/authorizer.hpp"
#include "momento_token/verifier.hpp"
#include "support.hpp"

using namespace momento_token;

// The example at the top of testing.hpp (docs_test compiles it as it stands there) and the opposite of what it allows; its
// parts are tested in testing_kit.
TEST_CASE("one include is enough to mint, verify, decide and refuse") {
  const auto clock = std::make_shared<testing::ManualClock>();
  const testing::VerifierSetup setup{.clock = clock};
  const auto verifier = Verifier::create(testing::verifier_options(setup)).value();
  const auto token = testing::make_token({.permissions = scopes::cache_read_only("media"), .clock = clock});

  const auto seen = verifier.verify(token).value();
  CHECK(allows(seen, cache_read("media", "/movie1")));
  CHECK_FALSE(allows(seen, cache_write("media", "/movie1")));
  for (const auto& bad : testing::bad_tokens(setup)) {
    CAPTURE(std::string(bad.name));
    const auto refused = verifier.verify(bad.token);
    REQUIRE(!refused);
    CHECK(refused.error().code == bad.refused_as);
  }
}

TEST_CASE("the kit has a signer and a deny-list that fail") {
  CHECK(test::outcome(testing::FailingSigner().sign({}, {})) == "internal_error signer");
  CHECK(test::outcome(testing::FailingDenyList().is_denied({})) == "internal_error deny_list");
}
