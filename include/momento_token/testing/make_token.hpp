#pragma once
// Tokens for unit tests in one line: testing::make_token(), or with what the test is about:
//   const std::string token =
//       testing::make_token({.permissions = scopes::cache_read_only("media"), .valid_for = 5min, .clock = clock});

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "momento_token/clock.hpp"
#include "momento_token/config.hpp"
#include "momento_token/detail/joined.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/issuer.hpp"
#include "momento_token/permissions.hpp"
#include "momento_token/scopes.hpp"
#include "momento_token/signer.hpp"
#include "momento_token/testing/published_keys.hpp"
#include "momento_token/token.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace testing {

/// What a token says when the test does not care.
struct TokenOptions {
  /// Reads every item of the cache "test-cache", and nothing else.
  Permissions permissions = scopes::cache_read_only("test-cache");
  Lifetime valid_for = std::chrono::hours(1);               ///< 1 s … 25 h
  std::optional<std::string> token_id = "test-user";        ///< tid; {} for none
  std::optional<std::string> jti = {};                      ///< 128 random bits
  std::optional<std::chrono::sys_seconds> not_before = {};  ///< nbf; left out
  std::string issuer = {};                                  ///< iss; left out
  std::vector<std::string> audience = {};                   ///< aud; left out
  std::string more_claims = {};                         ///< JSON members behind the others: R"("sub":"ann","x":[1])"
  Algorithm algorithm = default_algorithm;              ///< ES256: signed with published_key(algorithm)
  std::shared_ptr<const Signer> signer = {};            ///< your own, instead of a published key
  std::shared_ptr<const Clock> clock = system_clock();  ///< iat; give it and the verifier one ManualClock
};

/// How sign_payload() signs.
struct SigningOptions {
  Algorithm algorithm = default_algorithm;    ///< signed with published_key(algorithm)
  std::shared_ptr<const Signer> signer = {};  ///< your own, instead of a published key
  /// The JOSE header as JSON text, taken as it is; {"alg":…,"typ":"JWT","kid":…} of the signer when empty.
  std::string header = {};
};

namespace detail {

[[nodiscard]] inline std::shared_ptr<const Signer> signer_or_published(const std::shared_ptr<const Signer>& signer,
                                                                       Algorithm algorithm) {
  return signer != nullptr ? signer : published_key(algorithm).signer();
}

/// What is signed as it is, and its signature behind it.
[[nodiscard]] inline std::string with_signature(std::string_view input, const Signer& signer) {
  std::array<std::byte, max_signature_bytes> signature{};
  const std::size_t size = signer.sign(as_bytes(input), signature).value();
  return joined({input, ".", base64url_encode(std::span(signature).first(size))});
}

/// A compact JWS of a header and a payload as they are.
[[nodiscard]] inline std::string compact_jws(std::string_view header, std::string_view payload, const Signer& signer) {
  return with_signature(joined({base64url_encode(as_bytes(header)), ".", base64url_encode(as_bytes(payload))}), signer);
}

[[nodiscard]] inline std::string minted(const TokenOptions& options, const std::shared_ptr<const Signer>& signer) {
  const Issuer issuer =
      Issuer::create({.signer = signer, .issuer = options.issuer, .audience = options.audience, .clock = options.clock})
          .value();
  return issuer
      .generate_disposable_token({.permissions = options.permissions,
                                  .valid_for = options.valid_for,
                                  .token_id = options.token_id,
                                  .not_before = options.not_before,
                                  .jti = options.jti})
      .value()
      .api_key;
}

}  // namespace detail

/// A compact JWS of any payload, valid JSON or not, under any header: what an issuer would never write. Throws
/// BadResultAccess with the signer's error.
[[nodiscard]] inline std::string sign_payload(std::string_view payload, const SigningOptions& options = {}) {
  const auto signer = detail::signer_or_published(options.signer, options.algorithm);
  if (!options.header.empty()) return detail::compact_jws(options.header, payload, *signer);
  const UnverifiedToken any = decode_unverified(detail::minted({}, signer)).value();
  return detail::compact_jws(any.header(), payload, *signer);
}

/// The bare token, as an Issuer writes it. Throws BadResultAccess with the issuer's error for options that an issuer
/// refuses. A verifier takes it with {.keys = {testing::published_key().verification_key()}}.
[[nodiscard]] inline std::string make_token(const TokenOptions& options = {}) {
  const auto signer = detail::signer_or_published(options.signer, options.algorithm);
  std::string token = detail::minted(options, signer);
  if (options.more_claims.empty()) return token;
  const UnverifiedToken plain = decode_unverified(token).value();
  std::string payload = plain.payload();
  payload.insert(payload.size() - 1, detail::joined({",", options.more_claims}));
  return detail::compact_jws(plain.header(), payload, *signer);
}

}  // namespace testing
MOMENTO_TOKEN_END_NAMESPACE
