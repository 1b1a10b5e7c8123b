#pragma once
// A gallery of tokens that have to be refused, each with the code it has to be refused with. In your own test:
//
//   const testing::VerifierSetup setup{.clock = clock, .permissions = scope};  // what would open the door under test
//   CHECK(my_verify(testing::good_token(setup)));  // ask the door itself, so that one that refuses everything does not pass
//   for (const auto& bad : testing::bad_tokens(setup)) CHECK(my_verify(bad.token) == bad.refused_as);

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "momento_token/claims.hpp"
#include "momento_token/clock.hpp"
#include "momento_token/config.hpp"
#include "momento_token/deny_list.hpp"
#include "momento_token/error.hpp"
#include "momento_token/permissions.hpp"
#include "momento_token/scopes.hpp"
#include "momento_token/testing/make_token.hpp"
#include "momento_token/testing/published_keys.hpp"
#include "momento_token/verifier.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace testing {

/// How the verifier under test is set up; the gallery fits itself to it. The verifier holds published_key(algorithm),
/// and any leeway (0 s … 10 min) will do. The texts go into JSON as they are: no quotes or backslashes in them.
struct VerifierSetup {
  Algorithm algorithm = default_algorithm;              ///< ES256
  std::shared_ptr<const Clock> clock = system_clock();  ///< any time from 1970-01-02 to 9998; the verifier's own
  std::string issuer = {};                              ///< VerifierOptions::issuer; adds wrong and missing iss
  std::vector<std::string> audience = {};               ///< VerifierOptions::audience; adds a missing aud
  std::string revoked_jti = {};                         ///< a jti on the verifier's deny-list; adds what a list refuses
  Limits limits = {};                                   ///< VerifierOptions::limits
  /// What good_token() opens, and each bad one claims to: so a door of yours stays shut for the fault alone.
  Permissions permissions = scopes::cache_read_only("test-cache");
};

/// One entry. Everything about it but its one fault is as in good_token().
struct BadToken {
  std::string_view name;   ///< letters, digits and "_": names a parameterised test; unique in the gallery
  std::string_view fault;  ///< the same in words
  Errc refused_as;         ///< what Verifier::verify answers
  std::string_view field;  ///< Error::field: "iss" or "aud" for not_accepted, else empty
  std::string token;       ///< the compact token
};

/// A token that the verifier has to accept. Throws BadResultAccess for a setup of which no token can be made.
[[nodiscard]] inline std::string good_token(const VerifierSetup& setup = {}) {
  std::vector<std::string> audience;
  if (!setup.audience.empty()) audience.push_back(setup.audience.front());
  return make_token({.permissions = setup.permissions,
                     .issuer = setup.issuer,
                     .audience = std::move(audience),
                     .algorithm = setup.algorithm,
                     .clock = setup.clock});
}

/// The whole gallery, for the time the clock shows now: some 60 entries, signed in milliseconds.
[[nodiscard]] std::vector<BadToken> bad_tokens(const VerifierSetup& setup = {});

/// The options of a verifier that is set up so: a start for your own, or all of it.
[[nodiscard]] inline VerifierOptions verifier_options(const VerifierSetup& setup = {}) {
  VerifierOptions options{.keys = {published_key(setup.algorithm).verification_key()},
                          .issuer = setup.issuer,
                          .audience = setup.audience,
                          .clock = setup.clock,
                          .limits = setup.limits};
  if (setup.revoked_jti.empty()) return options;
  const auto list = InMemoryDenyList::create({.capacity = 16, .clock = setup.clock}).value();
  // To the end of the year 9999, the last that an exp can name: the clock may be moved as far as a test likes.
  list->deny_token(setup.revoked_jti, std::chrono::sys_seconds(std::chrono::seconds(253'402'300'799))).value();
  options.deny_list = list;
  return options;
}

}  // namespace testing
MOMENTO_TOKEN_END_NAMESPACE

#include "momento_token/detail/bad_token_gallery.hpp"
