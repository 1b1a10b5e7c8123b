#pragma once
// Checks tokens against keys, times and expectations.

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
#include "momento_token/encoding.hpp"
#include "momento_token/key_ring.hpp"
#include "momento_token/result.hpp"
#include "momento_token/signer.hpp"
#include "momento_token/token.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

/// Set them by name; what is left out has the default.
struct VerifierOptions {
  /// At least one, or a `key_ring`. The key decides the algorithm.
  std::vector<std::shared_ptr<const VerificationKey>> keys = {};
  /// The `iss` that is wanted; empty asks for none.
  std::string issuer = {};
  /// Any one of these must be in `aud`. Empty: a token with an `aud` is meant for somebody else and refused.
  std::vector<std::string> audience = {};
  /// 0 s … 10 min; absorbs clock drift, nothing else.
  std::chrono::seconds leeway{0};
  std::shared_ptr<const Clock> clock = system_clock();  ///< another for tests
  Limits limits = {};                                   ///< caps on lifetimes and sizes
  /// Instead of `keys`: whichever keys the ring has when a token is checked.
  std::shared_ptr<const KeyRing> key_ring = {};
  /// Asked about every token that holds otherwise; tokens without `jti` or `iat` are then refused.
  std::shared_ptr<const DenyList> deny_list = {};
  /// How many tokens verify() remembers as accepted, at most 2^20 and rounded up to a multiple of 8; 0, the default, is none.
  /// Pays where the same ES, EdDSA, RS or PS token comes again and again; a token that is new costs a hash more. A token seen
  /// before is accepted without its signature being checked again, never at or after its exp, and only after its times and
  /// the deny-list have been asked; after any change of the key ring it counts no more. A VerificationKey of your own is
  /// then not asked. Tokens share places by letters of their text: of as many as there are places one in four or five is
  /// forgotten for another, of half as many one in eighty, of a quarter none. One that has ended stays, wiped when its place is
  /// wanted, it is shown again, or the last copy of the verifier goes. A thread that finds a place held by others for more than
  /// some microseconds checks the signature itself.
  std::size_t cache_capacity = 0;
};

/// The claims of any signed JWT, such as an OIDC ID token, after its signature and times have been checked.
struct VerifiedJwt {
  Claims claims;        ///< the registered ones
  std::string payload;  ///< the claims as the JSON text they are written in; strict JSON
};

/// Immutable, cheap to copy, safe to share between threads and across fork.
///
/// Order of work: length, shape, strict base64url, header, key, signature; only then the claims, times, issuer, audience
/// and permissions. Until the signature is checked nothing is allocated.
class MOMENTO_TOKEN_API Verifier {
 public:
  /// invalid_argument, naming the field, for no key, keys beside a key ring, a null key or clock, an alg or kid that
  /// Signer forbids, a kid twice, HMAC and public keys together, a leeway, limits or a cache_capacity out of range, an
  /// empty audience; internal_error when the random source fails, with a cache.
  [[nodiscard]] static Result<Verifier> create(VerifierOptions options);

  /// A disposable token. Copies what it keeps. malformed_token, limit_exceeded, unknown_key, signature_mismatch, expired,
  /// not_yet_valid, not_accepted, revoked; internal_error when the deny-list cannot answer. Show a stranger the same answer for each.
  [[nodiscard]] Result<VerifiedToken> verify(std::string_view compact) const;

  /// Any JWT: signature, header, registered claims; `exp` is required, `iss` and `aud` are compared only when the options
  /// name one.
  [[nodiscard]] Result<VerifiedJwt> verify_jwt(std::string_view compact) const;

  /// Any compact JWS: signature, header and size; returns the payload, whatever it is.
  [[nodiscard]] Result<Bytes> verify_jws(std::string_view compact) const;

 private:
  struct State;
  explicit Verifier(std::shared_ptr<const State> state) noexcept : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/verifier.ipp"
#endif
