#pragma once
// Answers requests for tokens: who is it, what may it have, mint. Opens no socket.

#include <cstddef>
#include <memory>
#include <optional>

#include "momento_token/config.hpp"
#include "momento_token/credential.hpp"
#include "momento_token/deny_list.hpp"
#include "momento_token/issuer.hpp"
#include "momento_token/result.hpp"
#include "momento_token/vending/caller_auth.hpp"
#include "momento_token/vending/ceiling.hpp"
#include "momento_token/vending/cors.hpp"
#include "momento_token/vending/hooks.hpp"
#include "momento_token/vending/key_source.hpp"
#include "momento_token/vending/policy.hpp"
#include "momento_token/vending/rate_limiter.hpp"
#include "momento_token/vending/request.hpp"
#include "momento_token/vending/response.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace vending {

/// Set them by name. Required: what signs (in `issuer`, or `signing_key`), `auth` and `policy`.
struct VendingOptions {
  /// The key that signs, the endpoint, the clock. Its audience must not hold "vend".
  IssuerOptions issuer = {};
  /// Instead of a key or ring in `issuer`: it is refreshed when it is due, before a request is answered.
  std::shared_ptr<RefreshedSigningKey> signing_key = {};
  std::shared_ptr<const CallerAuth> auth = {};       ///< who may ask
  std::shared_ptr<const VendingPolicy> policy = {};  ///< what they get
  std::optional<ScopeCeiling> ceiling = {};          ///< nothing that is vended exceeds it, whatever the policy says
  VendingFunction function = {};                     ///< no vended token may invoke it
  ResponseShape shape = ResponseShape::functions;    ///< of handle() without one
  std::optional<CorsPolicy> cors = {};               ///< without one, requests with an Origin are refused
  std::shared_ptr<RateLimiter> attempts = {};        ///< counts peers, before anything about a caller is checked
  std::shared_ptr<RateLimiter> limiter = {};         ///< counts identities, after
  std::shared_ptr<const DenyList> deny_list =
      {};            ///< subjects that get nothing: Identity::name, and the token_id to be vended
  Hooks hooks = {};  ///< what the operator learns
  std::size_t max_body_bytes = std::size_t{64} * 1024;  ///< 1 byte … 1 MiB, after base64
};

/// Immutable, cheap to copy, safe to share between threads: what changes is in the limiters, the lists, the key ring
/// and a ReloadablePolicy, which are safe themselves.
///
/// POST and GET. The body is empty, {}, or asks for less than the policy gives: {"cacheName":C,"topicName":T} (also
/// cache_name, topic_name) or {"scope":S}, S in either form of permissions_json.hpp with nothing left out: an `item`
/// that is missing is no "all". With an Origin, or when open to anyone, a body needs the content type application/json;
/// else any is read as JSON. Order of work: shape of the request, origin, size, content type, `attempts`,
/// authentication, `limiter`, deny-list, body, policy, ceilings, mint.
///
/// Errors: {"code","message","field"?,"request_id"}, with no word of the request in them. 400 invalid_request, 401
/// invalid_token (whatever was wrong with a credential, alike), 403 permission_denied or origin_not_allowed, 405
/// method_not_allowed, 413 body_too_large, 415 unsupported_media_type, 429 too_many_requests, 500 internal_error, 503
/// unavailable. Every answer says Cache-Control: no-store.
class MOMENTO_TOKEN_API VendingMachine {
 public:
  /// invalid_argument, naming the field, for a null `auth` or `policy`, two things that sign, an audience that holds
  /// "vend", an endpoint that the shape cannot wrap, an option out of range; the errors of Issuer::create. Warns through
  /// the log hook when it is open to anyone.
  [[nodiscard]] static Result<VendingMachine> create(VendingOptions options);

  /// One answer, whatever the request.
  [[nodiscard]] Response handle(const Request& request) const;
  /// The same in another shape than the options'.
  [[nodiscard]] Response handle(const Request& request, ResponseShape shape) const;

 private:
  struct State;
  explicit VendingMachine(std::shared_ptr<const State> state) noexcept;
  std::shared_ptr<const State> state_;
};

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/vending/vending_machine.ipp"
#endif
