#pragma once
// Mints disposable tokens.

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "momento_token/claims.hpp"
#include "momento_token/clock.hpp"
#include "momento_token/config.hpp"
#include "momento_token/key_ring.hpp"
#include "momento_token/permissions.hpp"
#include "momento_token/result.hpp"
#include "momento_token/signer.hpp"
#include "momento_token/token.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

/// Set them by name; what is left out has the default.
struct IssuerOptions {
  std::shared_ptr<const Signer> signer = {};  ///< this or `key_ring` is required
  std::string endpoint = {};                  ///< handed out beside the token; a host, no scheme; may be empty
  std::string issuer = {};                    ///< iss; left out when empty
  std::vector<std::string> audience = {};     ///< aud; left out when empty
  std::shared_ptr<const Clock> clock = system_clock();  ///< another for tests
  Limits limits = {};                                   ///< caps on lifetimes and sizes
  bool random_jti = true;                               ///< 128 random bits as `jti` in each token that is given none
  std::shared_ptr<const KeyRing> key_ring = {};  ///< instead of `signer`: the ring's signing key, whichever it is then
};

/// What differs from one token of a prepared scope to the next.
struct PreparedTokenRequest {
  Lifetime valid_for;                                       ///< 1 s … Limits::max_valid_for
  std::optional<std::string> token_id = {};                 ///< signed as `tid`, comes back as token_metadata()
  std::optional<std::chrono::sys_seconds> not_before = {};  ///< nbf
  std::optional<std::string> jti = {};                      ///< instead of a random one; 1–64 bytes of UTF-8
};

/// One token: what its holder may do, for how long, and who that is.
struct DisposableTokenRequest {
  Permissions permissions;                                  ///< must grant something
  Lifetime valid_for;                                       ///< 1 s … Limits::max_valid_for; no default
  std::optional<std::string> token_id = {};                 ///< user id or small JSON, UTF-8; "" is none
  std::optional<std::chrono::sys_seconds> not_before = {};  ///< nbf
  std::optional<std::string> jti = {};                      ///< instead of a random one; 1–64 bytes of UTF-8
};

/// One token of a batch.
struct BatchToken {
  std::string_view api_key = {};           ///< the bare token, a view into the caller's buffer: a credential
  std::chrono::sys_seconds valid_until{};  ///< exp
  std::chrono::sys_seconds issued_at{};    ///< iat; the same for the whole batch
  Jti jti = {};                            ///< for a deny-list; empty when the issuer writes none
};

class PreparedScope;

/// Signs disposable tokens. Immutable, cheap to copy, safe to share between threads and across fork.
class MOMENTO_TOKEN_API Issuer {
 public:
  /// invalid_argument, naming the field, for no signer or two, a null clock, an alg or kid that Signer forbids, text that is not
  /// UTF-8, an empty audience, an endpoint with control characters, or limits out of range.
  [[nodiscard]] static Result<Issuer> create(IssuerOptions options);

  /// invalid_argument, naming the field, for a lifetime out of range, a token_id or jti that is too long or not UTF-8, a
  /// scope that grants nothing, an unset role or selector, an empty or non-UTF-8 name; limit_exceeded for too many
  /// statements or too long a token; internal_error when the random source fails; the signer's own error.
  [[nodiscard]] Result<DisposableToken> generate_disposable_token(const DisposableTokenRequest& request) const;

  /// Checks and encodes a scope once, so that each token of it costs less. The errors are those of
  /// generate_disposable_token about permissions.
  [[nodiscard]] Result<PreparedScope> prepare(const Permissions& permissions) const;

 private:
  friend class PreparedScope;
  struct State;
  explicit Issuer(std::shared_ptr<const State> state) noexcept : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

/// One scope, ready to be minted. Move-only, wiped when destroyed; minting from several threads at once is safe. It follows
/// its issuer's key ring: after a rotation it prepares itself anew, and never signs with a key that is gone.
class MOMENTO_TOKEN_API PreparedScope {
 public:
  PreparedScope(PreparedScope&&) noexcept;
  PreparedScope& operator=(PreparedScope&&) noexcept;
  PreparedScope(const PreparedScope&) = delete;
  PreparedScope& operator=(const PreparedScope&) = delete;
  ~PreparedScope();

  /// As Issuer::generate_disposable_token; every check of the lifetime, token_id and sizes is made each time. With an HMAC
  /// key the 32nd token of a second encodes and hashes its dates for those that follow, which takes 2 KiB and
  /// what the tokens have in common takes.
  [[nodiscard]] Result<DisposableToken> generate_disposable_token(const PreparedTokenRequest& request) const;

  /// One token for each request, one behind the other in `buffer`, all of one moment and of the key that signs when the
  /// batch begins, whatever becomes of the ring meanwhile; returns how many bytes they take. With an HMAC key it allocates
  /// nothing while a token's claims other than `p` take at most 2 KiB of JSON; within the default Limits they do, unless
  /// hundreds of a `token_id`'s letters need escapes. All or none: on an error, and when a signer throws, the buffer is
  /// wiped and the tokens are empty. The errors are those of generate_disposable_token, with fields such as
  /// "requests[2].token_id"; invalid_argument when the buffer is too small or there are not as many `tokens` as requests.
  [[nodiscard]] Result<std::size_t> generate_batch(std::span<const PreparedTokenRequest> requests,
                                                   std::span<char> buffer, std::span<BatchToken> tokens) const;
  /// How many bytes of a batch's buffer a token for this request takes at most, until the issuer's key ring changes. The
  /// errors about the request are those of generate_disposable_token.
  [[nodiscard]] Result<std::size_t> room_for(const PreparedTokenRequest& request) const;

 private:
  friend class Issuer;
  struct State;
  explicit PreparedScope(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

/// The published example's order: how long, what, for whom.
[[nodiscard]] MOMENTO_TOKEN_API Result<DisposableToken> generate_disposable_token(
    const Issuer& issuer, Lifetime valid_for, Permissions permissions, std::optional<std::string> token_id = {});

MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/issuer.ipp"
#endif
