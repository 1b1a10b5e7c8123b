#pragma once
// Keys that change while the program runs: one that signs, several that verify, replaced as a whole.

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "momento_token/clock.hpp"
#include "momento_token/config.hpp"
#include "momento_token/keys.hpp"
#include "momento_token/result.hpp"
#include "momento_token/signer.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

namespace detail {
struct KeyRingAccess;
}

/// A ring needs a signing key or a verification key.
struct KeyRingOptions {
  /// Signs from the start; a ring of a verifier alone has none.
  std::optional<KeyPair> signing_key = {};
  /// Verify from the start, besides the signing key.
  std::vector<std::shared_ptr<const VerificationKey>> verification_keys = {};
  /// The longest lifetime any issuer of these keys grants: a key is retired no earlier than this, and the leeway, after
  /// it signed last. Issuer::create refuses a Limits::max_valid_for above it, Verifier::create a leeway above the next
  /// one.
  std::chrono::seconds max_valid_for = std::chrono::hours(25);
  /// The largest leeway of any verifier.
  std::chrono::seconds max_leeway = std::chrono::minutes(10);
  std::shared_ptr<const Clock> clock = system_clock();  ///< another for tests
};

/// Shared by issuers and verifiers (IssuerOptions::key_ring, VerifierOptions::key_ring). Every function is safe to call
/// while other threads mint and verify; each mint and each check sees one state of the ring, never half a change. Every key
/// needs a kid.
///
/// To rotate: publish(next) on every ring and in the public JWK Set, wait until all verifiers have it, sign_with(next),
/// and retire(old) when its last token is over.
class MOMENTO_TOKEN_API KeyRing {
 public:
  /// invalid_argument, naming the field, for no key at all, a null key or clock, a key without kid, a kid there twice,
  /// HMAC and public keys together, a negative duration.
  [[nodiscard]] static Result<std::shared_ptr<KeyRing>> create(KeyRingOptions options);
  KeyRing(const KeyRing&) = delete;
  KeyRing& operator=(const KeyRing&) = delete;
  ~KeyRing();

  /// From now on the key verifies; it does not sign yet. invalid_argument when its kid is there already.
  [[nodiscard]] Result<void> publish(KeyPair next);
  /// From now on the published key signs, and the one before only verifies. invalid_argument for a kid that was not
  /// published with its signer.
  [[nodiscard]] Result<void> sign_with(std::string_view kid);
  /// The key no longer verifies, and is destroyed as soon as no call and no prepared scope holds it. invalid_argument while it
  /// signs, while a token of it may still be valid (max_valid_for and max_leeway after it signed last), and for an unknown
  /// kid. What it signed in another ring, such as that of the process before, is not known here: publish such a key as one
  /// that only verifies, and retire it when its last token is over.
  [[nodiscard]] Result<void> retire(std::string_view kid);
  /// Retires every key of which no token can be valid any more; returns how many.
  std::size_t retire_finished();
  /// At once, whatever tokens live: for a key that has leaked. Take it out of the JWK Set first, or the next reload brings it
  /// back. invalid_argument while it signs and for an unknown kid.
  [[nodiscard]] Result<void> revoke(std::string_view kid);

  /// Replaces the keys that verify by those of a JWK Set. Every key that the ring has the signer of stays, whether it
  /// signs, waits or has signed, whatever the set has under its kid: retire() or revoke() takes it out. On any error
  /// the ring is as it was; errors as verification_keys_from_jwks.
  [[nodiscard]] Result<void> reload_jwks(std::string_view jwks);
  /// The same from a file of at most 1 MiB; a symmetric key in a file that others may read is refused.
  [[nodiscard]] Result<void> reload_file(const std::string& path);

  /// Counts the changes.
  [[nodiscard]] std::uint64_t generation() const;
  /// The kid that signs; empty when none does.
  [[nodiscard]] std::string signing_kid() const;
  /// The kids that verify, in their order.
  [[nodiscard]] std::vector<std::string> kids() const;
  /// The public JWK Set to serve; the errors are those of public_jwks().
  [[nodiscard]] Result<std::string> public_jwks() const;

 private:
  friend struct detail::KeyRingAccess;
  struct State;
  explicit KeyRing(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/key_ring.ipp"
#endif
