#pragma once
// What the matchers are tried on.

#include <chrono>
#include <memory>
#include <string>

#include "momento_token/issuer.hpp"
#include "momento_token/testing.hpp"
#include "momento_token/verifier.hpp"

namespace test {

/// A token for an hour that reads the items of the cache "media" under "/movie1/", and what became of it and of others.
struct Situation {
  using ManualClock = momento_token::testing::ManualClock;

  std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
  std::shared_ptr<ManualClock> a_minute_later = std::make_shared<ManualClock>(clock->now() + std::chrono::minutes(1));
  std::shared_ptr<ManualClock> an_hour_later = std::make_shared<ManualClock>(clock->now() + std::chrono::hours(1));
  momento_token::testing::VerifierSetup setup{.clock = clock};
  momento_token::Permissions scope = momento_token::scopes::cache_key_prefix_read_only("media", "/movie1/");
  momento_token::Result<momento_token::DisposableToken> minted =
      momento_token::Issuer::create({.signer = momento_token::testing::published_key().signer(), .clock = clock})
          .value()
          .generate_disposable_token(
              {.permissions = scope, .valid_for = std::chrono::hours(1), .token_id = "secret-ann"});

  momento_token::Result<momento_token::VerifiedToken> accepted = verify(minted->api_key);
  momento_token::Result<momento_token::VerifiedToken> refused = verify(bad("expired"));
  momento_token::Result<momento_token::VerifiedToken> for_another = verify(bad("wrong_audience"));

  [[nodiscard]] momento_token::Result<momento_token::VerifiedToken> verify(const std::string& token) const {
    return momento_token::Verifier::create(momento_token::testing::verifier_options(setup)).value().verify(token);
  }
  [[nodiscard]] std::string bad(std::string_view name) const {
    for (const auto& token : momento_token::testing::bad_tokens(setup)) {
      if (token.name == name) return token.token;
    }
    return "there is no such token";
  }
};

}  // namespace test
