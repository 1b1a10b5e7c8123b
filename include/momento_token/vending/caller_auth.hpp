#pragma once
// Who is asking: decided from a credential that was checked, never from a header or parameter that says so.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "momento_token/clock.hpp"
#include "momento_token/config.hpp"
#include "momento_token/deny_list.hpp"
#include "momento_token/key_ring.hpp"
#include "momento_token/result.hpp"
#include "momento_token/secret.hpp"
#include "momento_token/signer.hpp"
#include "momento_token/vending/key_source.hpp"
#include "momento_token/vending/request.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace vending {

/// A text that the caller's verified credential says.
struct Claim {
  std::string name;   ///< such as "email"
  std::string value;  ///< a string claim's; others are left out
};

/// Who a caller turned out to be.
struct Identity {
  std::string name = {};           ///< the `${user}` of policies; empty when nobody knows, and then `${user}` denies
  std::vector<Claim> claims = {};  ///< the `${claim:…}` of policies
  std::vector<std::string> groups = {};  ///< chooses the scopes of policies
  /// When the caller's credential ends: what is vended lives no longer unless the policy says so.
  std::optional<std::chrono::sys_seconds> expires_at = {};
  /// When it was issued: a deny-list may refuse subjects up to a date.
  std::optional<std::chrono::sys_seconds> issued_at = {};
  /// What limits count by; the name when empty.
  std::string counted_as = {};
};

/// Why a caller is not let in.
enum class AuthFailure : std::uint8_t {
  unauthenticated,  ///< no credential, or none that holds: 401, whatever was wrong with it
  limited,          ///< too many tries: 429
  busy,             ///< no core is free to check a password: 503
  unavailable,      ///< what is needed to decide does not answer: 503
};
/// Not let in, and when another try makes sense.
struct NotLetIn {
  AuthFailure why = AuthFailure::unauthenticated;  ///< the reason
  std::chrono::seconds retry_after{1};             ///< not of `unauthenticated`
  StaticText detail = {};                          ///< for the operator's log
};
/// One of the two.
using AuthOutcome = std::variant<Identity, NotLetIn>;

/// A way of your own derives from this, or is a callback_auth(). Must be thread-safe.
class MOMENTO_TOKEN_API CallerAuth {
 public:
  CallerAuth() = default;
  CallerAuth(const CallerAuth&) = delete;
  CallerAuth& operator=(const CallerAuth&) = delete;
  virtual ~CallerAuth() = default;
  /// The body has not been looked at yet, and must not decide.
  [[nodiscard]] virtual AuthOutcome authenticate(const Request& request) const = 0;
  /// The request headers it reads, in lower case: pages of allowed origins may set them.
  [[nodiscard]] virtual std::vector<std::string> request_headers() const { return {"authorization"}; }
  /// True only of open_to_anyone().
  [[nodiscard]] virtual bool is_open() const noexcept { return false; }
};

/// Anybody gets a token. For demonstrations; a machine with it warns in its log. `?name=` then becomes the token_id
/// {"unverified_name":…}, and nothing else.
[[nodiscard]] MOMENTO_TOKEN_API std::shared_ptr<const CallerAuth> open_to_anyone();

/// One fixed secret, `authorization: SECRET` or `authorization: Bearer SECRET`, compared in constant time.
struct BootstrapOptions {
  SecretBytes credential = {};                   ///< 16–4096 letters of visible ASCII; or `source`
  std::shared_ptr<RefreshedSecret> source = {};  ///< instead of `credential`: whatever it is then
  std::string name = "bootstrap";                ///< Identity::name of whoever has it
  std::vector<std::string> groups = {};          ///< Identity::groups of whoever has it
};
/// invalid_argument for anything but 16–4096 letters of visible ASCII: for RefreshOptions::check of a `source`, so that
/// a mistake in it does not lock everybody out.
[[nodiscard]] MOMENTO_TOKEN_API Result<void> check_bootstrap_credential(const SecretBytes& credential);
/// invalid_argument, naming the field, for a credential that is none, or two.
[[nodiscard]] MOMENTO_TOKEN_API Result<std::shared_ptr<const CallerAuth>> bootstrap_auth(BootstrapOptions options);

/// The `aud` of a token that may ask for tokens. No machine puts it into a token.
inline constexpr std::string_view vend_audience = "vend";

/// Tokens that an Issuer with audience {"vend"} made, and no others: a vended token never vends.
struct TokenAuthOptions {
  std::vector<std::shared_ptr<const VerificationKey>> keys = {};  ///< this or `key_ring` is required
  std::shared_ptr<const KeyRing> key_ring = {};                   ///< instead of `keys`
  std::string issuer = {};                                        ///< the `iss` that is wanted; empty asks for none
  std::shared_ptr<const DenyList> deny_list = {};                 ///< tokens without `jti` or `iat` are then refused
  std::chrono::seconds leeway{0};                                 ///< 0 s … 10 min
  std::shared_ptr<const Clock> clock = system_clock();            ///< another for tests
};
/// Takes `authorization: TOKEN` and `authorization: Bearer TOKEN`. Its identity is the token's token_id. The errors are
/// those of Verifier::create.
[[nodiscard]] MOMENTO_TOKEN_API Result<std::shared_ptr<const CallerAuth>> token_auth(TokenAuthOptions options);

/// The ID token of an OpenID Connect provider. The kit opens no socket: fetch the provider's JWK Set yourself, and
/// again with KeyRing::reload_jwks() when it changes.
struct OidcOptions {
  std::string issuer;                                             ///< the provider's `iss`, exactly; required
  std::vector<std::string> audience;                              ///< your client ids: one must be in `aud`; required
  std::vector<std::shared_ptr<const VerificationKey>> keys = {};  ///< public keys; this or `key_ring` is required
  std::shared_ptr<const KeyRing> key_ring = {};                   ///< instead of `keys`
  /// Identity::name. `email` only of a provider that lets nobody enter an address of somebody else's: `email_verified` is not
  /// looked at.
  std::string user_claim = "sub";
  std::string groups_claim = {};   ///< an array of strings, such as "cognito:groups"; empty for no groups
  std::string token_use = {};      ///< what `token_use` must say; empty asks for none. Cognito's ID tokens say "id"
  std::chrono::seconds leeway{0};  ///< 0 s … 10 min
  std::shared_ptr<const Clock> clock = system_clock();  ///< another for tests

  /// An Amazon Cognito user pool: its issuer, `token_use` "id", the groups of `cognito:groups`.
  [[nodiscard]] MOMENTO_TOKEN_API static OidcOptions cognito(std::string_view region, std::string_view user_pool_id,
                                                             std::string client_id);
};
/// Takes `authorization: Bearer TOKEN`. Refused besides what Verifier::verify_jwt refuses: a header `typ` other than
/// JWT, no `iat`, an `azp` that is not a client id of yours, several audiences without `azp`, an empty or non-text user
/// claim.
[[nodiscard]] MOMENTO_TOKEN_API Result<std::shared_ptr<const CallerAuth>> oidc_auth(OidcOptions options);

/// A function of yours, such as one that asks a session store or knows of a client certificate. What it throws passes
/// through.
[[nodiscard]] MOMENTO_TOKEN_API Result<std::shared_ptr<const CallerAuth>> callback_auth(
    std::function<AuthOutcome(const Request&)> authenticate, std::vector<std::string> request_headers = {});

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/vending/caller_auth.ipp"
#endif
