#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "momento_token/authorizer.hpp"
#include "momento_token/detail/option_checks.hpp"
#include "momento_token/detail/peer_for_limits.hpp"
#include "momento_token/detail/random_ids.hpp"
#include "momento_token/detail/scope_template.hpp"
#include "momento_token/detail/vend_body.hpp"
#include "momento_token/detail/vend_cors.hpp"
#include "momento_token/detail/vend_failure.hpp"
#include "momento_token/detail/vend_narrow.hpp"
#include "momento_token/detail/vending_text.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/vending/vending_machine.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

struct vending::VendingMachine::State {
  VendingOptions options;
  Issuer issuer;
  std::vector<std::string> allowed_headers;   // of preflights
  std::vector<std::string> deciding_headers;  // may not be there twice
  bool open = false;
};

namespace detail {

using SteadyTime = std::chrono::steady_clock::time_point;

[[nodiscard]] MOMENTO_TOKEN_INLINE bool is_request_id(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_plain_in_template(c) || c == '.'; });
}

/// The embedding server's id, or a random one; empty digits when the random source fails.
[[nodiscard]] MOMENTO_TOKEN_INLINE std::string request_id_of(const vending::Request& request) {
  if (is_request_id(request.id)) return std::string(request.id);
  std::array<std::byte, random_id_bytes> id{};
  if (!random_id(id.data(), nullptr)) return "none";
  return hex_encode(id);
}

/// W3C Trace Context §3.2.2; anything else is not handed on.
[[nodiscard]] MOMENTO_TOKEN_INLINE std::string_view trace_parent_of(const vending::Request& request) noexcept {
  const vending::FieldLookup field = vending::find_field(request, "traceparent");
  constexpr std::string_view shape = "00-hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh-hhhhhhhhhhhhhhhh-hh";
  if (field.count != 1 || field.value.size() != shape.size()) return {};
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool hex = std::string_view("0123456789abcdef").find(field.value[i]) != std::string_view::npos;
    if (shape[i] == 'h' ? !hex : field.value[i] != shape[i]) return {};
  }
  return field.value;
}

/// One request on its way. Each step says why it ends here, or nothing.
template <class State>
class Vend {
  using Failed = std::optional<VendFailure>;

 public:
  Vend(const State& state, const vending::Request& request, ResponseShape shape)
      : state_(state),
        options_(state.options),
        request_(request),
        shape_(shape),
        id_(request_id_of(request)),
        begin_(std::chrono::steady_clock::now()) {}

  [[nodiscard]] vending::Response run() {
    const Failed failure = answer();
    if (failure) response_ = to_response(*failure, id_);
    if (failure && failure->status == 405) response_.headers.push_back({"allow", allowed_methods()});
    finish();
    report(failure);
    return std::move(response_);
  }

 private:
  [[nodiscard]] Failed answer() {
    if (Failed failed = check_fields()) return failed;
    if (is_preflight()) {
      outcome_ = "preflight";
      return answer_preflight(*options_.cors, state_.allowed_headers, request_, response_);
    }
    if (Failed failed = check_request()) return failed;
    if (Failed failed = admit_peer()) return failed;
    if (Failed failed = in_span("authenticate", [this] { return authenticate(); })) return failed;
    if (Failed failed = read_body(request_, options_.max_body_bytes, wanted_)) return failed;
    if (Failed failed = in_span("decide", [this] { return decide(); })) return failed;
    return in_span("mint", [this] { return mint(); });
  }

  // ---- the request's shape ----

  // Of two fields of one name a server in front may have looked at the other one.
  [[nodiscard]] Failed check_fields() const {
    const auto doubled = [this](std::string_view name) { return vending::find_field(request_, name).count > 1; };
    const auto& deciding = state_.deciding_headers;
    if (std::any_of(deciding.begin(), deciding.end(), doubled)) {
      return bad_request("a header is there twice");
    }
    // The server should have refused these (RFC 9112 §6.3, RFC 9110 §5.5). Not every one does.
    if (vending::find_field(request_, "content-length").count +
            vending::find_field(request_, "transfer-encoding").count >
        1) {
      return bad_request("the headers contradict each other about the body's length");
    }
    const auto& headers = request_.headers;
    if (std::any_of(headers.begin(), headers.end(), [](const auto& h) { return has_header_control(h.value); })) {
      return bad_request("a header has a control character in it");
    }
    return {};
  }
  [[nodiscard]] bool is_preflight() const noexcept {
    return options_.cors && request_.method == "OPTIONS" && vending::find_field(request_, "origin").count == 1 &&
           vending::find_field(request_, "access-control-request-method").count == 1;
  }
  [[nodiscard]] Failed check_request() const {
    if (request_.method != "POST" && request_.method != "GET") {
      return VendFailure{.status = 405, .code = "method_not_allowed", .message = "ask with POST or GET"};
    }
    const auto origin = vending::find_field(request_, "origin");
    if (origin.count != 0 && !(options_.cors && options_.cors->allows_origin(origin.value))) {
      return foreign_origin("a request of a foreign origin");
    }
    if (is_too_long(request_, options_.max_body_bytes)) {
      return VendFailure{.status = 413, .code = "body_too_large", .message = "the body is too long"};
    }
    // A page can send text/plain and forms anywhere without asking first.
    if (!request_.body.empty() && (origin.count != 0 || state_.open) && !has_json_type()) {
      return VendFailure{
          .status = 415, .code = "unsupported_media_type", .message = "the body must be application/json"};
    }
    return {};
  }
  [[nodiscard]] bool has_json_type() const noexcept {
    const std::string_view type = vending::find_field(request_, "content-type").value;
    return equal_ignoring_case(trimmed(type.substr(0, type.find(';'))), "application/json");
  }
  [[nodiscard]] std::string allowed_methods() const { return options_.cors ? "GET, POST, OPTIONS" : "GET, POST"; }

  // ---- the caller ----

  [[nodiscard]] Failed admit_peer() const {
    if (options_.attempts == nullptr) return {};
    return admit(*options_.attempts, "peer:" + peer_for_limits(request_.peer),
                 "too many requests of this peer, or of all");
  }
  [[nodiscard]] static Failed admit(vending::RateLimiter& limiter, std::string_view counted, StaticText detail) {
    const vending::Admission admission = limiter.admit(counted);
    if (admission.admitted) return {};
    return too_many(std::max(admission.retry_after, std::chrono::seconds(1)), detail);
  }
  [[nodiscard]] Failed authenticate() {
    vending::AuthOutcome outcome = options_.auth->authenticate(request_);
    if (const auto* refused = std::get_if<vending::NotLetIn>(&outcome)) return not_let_in(*refused);
    identity_ = std::move(*std::get_if<vending::Identity>(&outcome));
    if (Failed failed = admit_identity()) return failed;
    return check_subject(identity_.name);
  }
  [[nodiscard]] static VendFailure not_let_in(const vending::NotLetIn& refused) {
    const auto retry_after = std::max(refused.retry_after, std::chrono::seconds(1));
    switch (refused.why) {
      case vending::AuthFailure::limited: return too_many(retry_after, refused.detail);
      case vending::AuthFailure::busy:
      case vending::AuthFailure::unavailable: return unavailable(retry_after, refused.detail);
      case vending::AuthFailure::unauthenticated: break;
    }
    return invalid_token(refused.detail);
  }
  [[nodiscard]] Failed admit_identity() const {
    if (options_.limiter == nullptr) return {};
    const std::string& own = identity_.counted_as.empty() ? identity_.name : identity_.counted_as;
    const std::string counted = own.empty() ? "peer:" + peer_for_limits(request_.peer) : "identity:" + own;
    return admit(*options_.limiter, counted, "too many requests of this identity, or of all");
  }
  // A subject that was denied up to a date comes back with a credential that was issued after it.
  [[nodiscard]] Failed check_subject(const std::string& subject) const {
    if (options_.deny_list == nullptr || subject.empty()) return {};
    const auto denied = options_.deny_list->is_denied(
        {.issuer = {}, .jti = {}, .token_id = subject, .issued_at = identity_.issued_at.value_or(now())});
    if (!denied) return unavailable(std::chrono::seconds(1), "the deny-list could not answer");
    if (*denied) return invalid_token("the subject is on the deny-list");
    return {};
  }

  // ---- what it gets ----

  [[nodiscard]] Failed decide() {
    auto granted = options_.policy->grant_for(identity_);
    if (!granted) {
      if (granted.error().code == Errc::permission_denied) return not_permitted(granted.error().message);
      return failed_here(granted.error().message);
    }
    grant_ = std::move(granted).value();
    const Permissions* const own = options_.ceiling ? &options_.ceiling->permissions() : nullptr;
    if (Failed failed = narrow(wanted_, own, *grant_)) return failed;
    if (own != nullptr && !covers(*own, grant_->permissions)) {
      return not_permitted("the scope exceeds the machine's ceiling");
    }
    if (covers_vending(grant_->permissions, options_.function)) {
      return failed_here("the policy opens the vending function");
    }
    return decide_token_id();
  }
  [[nodiscard]] Failed decide_token_id() {
    if (state_.open) {
      if (Failed failed = read_unverified_name(request_.target, grant_->token_id)) return failed;
    }
    return grant_->token_id && *grant_->token_id != identity_.name ? check_subject(*grant_->token_id) : Failed();
  }

  // ---- the token ----

  [[nodiscard]] std::chrono::sys_seconds now() const { return options_.issuer.clock->now(); }
  [[nodiscard]] bool ends_with_caller() const noexcept { return identity_.expires_at && !grant_->may_outlive_caller; }
  [[nodiscard]] Failed mint() {
    std::chrono::seconds valid_for = grant_->valid_for.seconds();
    if (ends_with_caller()) {
      const auto instant = now();
      if (*identity_.expires_at <= instant) return credential_ends();
      valid_for = std::min(valid_for, *identity_.expires_at - instant);
    }
    DisposableTokenRequest wanted{
        .permissions = std::move(grant_->permissions), .valid_for = valid_for, .token_id = std::move(grant_->token_id)};
    for (;;) {
      if (wanted.valid_for.seconds() < std::chrono::seconds(1)) return credential_ends();
      const auto token = state_.issuer.generate_disposable_token(wanted);
      if (!token) return not_minted(token.error());
      // The clock may have moved on since it was asked, and may do so again.
      const auto over = ends_with_caller() ? token->valid_until - *identity_.expires_at : std::chrono::seconds(0);
      if (over <= std::chrono::seconds(0)) return hand_over(*token);
      wanted.valid_for = wanted.valid_for.seconds() - over - std::chrono::seconds(1);
    }
  }
  [[nodiscard]] static VendFailure credential_ends() { return invalid_token("the credential ends now"); }
  // The token_id is the caller's name in some form, and a narrower scope its own words. A policy's scope that is too long may
  // be so by the caller's name and claims or by the operator's mistake; the rest is the operator's.
  [[nodiscard]] VendFailure not_minted(const Error& error) const {
    if (error.field == "token_id")
      return state_.open ? bad_request("is too long", "name") : not_permitted(error.message);
    const bool narrowed = !std::holds_alternative<std::monostate>(wanted_);
    if (error.code != Errc::limit_exceeded) return failed_here(error.message);
    if (narrowed) return bad_request("makes the token too long", "scope");
    if (error.field == "permissions") return failed_here(error.message);  // too many statements: no name adds any
    if (options_.hooks.log) options_.hooks.log({vending::LogLevel::warning, "scope_too_long", error.message, id_});
    return not_permitted(error.message);
  }
  [[nodiscard]] Failed hand_over(const DisposableToken& token) {
    auto body = response_body(token, shape_);
    if (!body) return failed_here(body.error().message);
    const bool text = shape_ == ResponseShape::envelope || shape_ == ResponseShape::jwt;
    response_.status = 200;
    response_.headers.push_back({"content-type", text ? "text/plain; charset=utf-8" : "application/json"});
    response_.body = std::move(body).value();
    jti_ = token.jti;
    valid_for_ = token.expires_in();
    outcome_ = "vended";
    return {};
  }

  // ---- the end ----

  void finish() {
    response_.headers.push_back({"cache-control", "no-store"});
    response_.headers.push_back({"x-content-type-options", "nosniff"});
    response_.headers.push_back({"x-request-id", id_});
    if (!options_.cors) return;
    const vending::FieldLookup origin = vending::find_field(request_, "origin");
    options_.cors->add_headers(response_, origin.count == 1 ? origin.value : std::string_view());
  }
  void report(const Failed& failure) const {
    const vending::Hooks& hooks = options_.hooks;
    if (failure && failure->status == 500 && hooks.log) {
      hooks.log({vending::LogLevel::error, "request_failed", failure->detail, id_});
    }
    if (!hooks.done) return;
    hooks.done({.request_id = id_,
                .status = response_.status,
                .outcome = failure ? failure->code.view() : outcome_,
                .detail = failure ? failure->detail : StaticText(),
                .jti = jti_.view(),
                .valid_for = valid_for_,
                .took = std::chrono::steady_clock::now() - begin_});
  }
  template <class Step>
  [[nodiscard]] Failed in_span(StaticText name, const Step& step) {
    if (!options_.hooks.span) return step();
    const SteadyTime begin = std::chrono::steady_clock::now();
    Failed failed = step();
    options_.hooks.span(
        {name, id_, trace_parent_of(request_), begin, std::chrono::steady_clock::now(), !failed.has_value()});
    return failed;
  }

  const State& state_;
  const vending::VendingOptions& options_;
  const vending::Request& request_;
  const ResponseShape shape_;
  const std::string id_;
  const SteadyTime begin_;
  vending::Response response_;
  vending::Identity identity_;
  Wanted wanted_;
  std::optional<vending::VendingGrant> grant_;
  std::string_view outcome_ = {};
  Jti jti_;
  std::chrono::seconds valid_for_{0};
};

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> check_vending(const vending::VendingOptions& options) {
  if (options.auth == nullptr) return bad_option("auth", "is null; open_to_anyone() says that anybody may ask");
  if (options.policy == nullptr) return bad_option("policy", "is null");
  if (options.function.function.empty()) return bad_option("function", "is empty");
  if (options.signing_key != nullptr && (options.issuer.signer != nullptr || options.issuer.key_ring != nullptr)) {
    return bad_option("signing_key", "is given beside a key or ring of the issuer's; one of them signs");
  }
  const auto& audience = options.issuer.audience;
  if (std::find(audience.begin(), audience.end(), vending::vend_audience) != audience.end()) {
    return bad_option("issuer.audience", "holds vend: what is vended could vend");
  }
  if (options.max_body_bytes == 0 || options.max_body_bytes > std::size_t{1} << 20) {
    return bad_option("max_body_bytes", "must be 1 byte to 1 MiB");
  }
  if (options.ceiling && covers_vending(options.ceiling->permissions(), options.function)) {
    return opens_vending("ceiling");
  }
  const DisposableToken sample{"a", options.issuer.endpoint, {}, {}, {}};
  if (const auto body = response_body(sample, options.shape); !body)
    return bad_option("issuer.endpoint", body.error().message);
  return {};
}

}  // namespace detail
namespace vending {

MOMENTO_TOKEN_INLINE VendingMachine::VendingMachine(std::shared_ptr<const State> state) noexcept
    : state_(std::move(state)) {}

MOMENTO_TOKEN_INLINE Result<VendingMachine> VendingMachine::create(VendingOptions options) {
  if (const auto checked = detail::check_vending(options); !checked) return checked.error();
  if (options.signing_key != nullptr) options.issuer.key_ring = options.signing_key->ring();
  auto issuer = Issuer::create(options.issuer);
  if (!issuer) return issuer.error();
  auto state = std::make_shared<State>(State{std::move(options), std::move(issuer).value(), {}, {}, false});
  const VendingOptions& kept = state->options;
  state->open = kept.auth->is_open();
  state->deciding_headers = {"origin", "content-type", "authorization", "access-control-request-method",
                             "access-control-request-headers"};
  const auto of_auth = kept.auth->request_headers();
  state->deciding_headers.insert(state->deciding_headers.end(), of_auth.begin(), of_auth.end());
  if (kept.cors) state->allowed_headers = detail::allowed_headers(*kept.cors, of_auth);
  if (state->open && kept.hooks.log) {
    kept.hooks.log({LogLevel::warning, "open_vending", "anybody who reaches this machine gets a token", {}});
  }
  return VendingMachine(std::move(state));
}

MOMENTO_TOKEN_INLINE Response VendingMachine::handle(const Request& request) const {
  return handle(request, state_->options.shape);
}

MOMENTO_TOKEN_INLINE Response VendingMachine::handle(const Request& request, ResponseShape shape) const {
  if (state_->options.signing_key != nullptr) state_->options.signing_key->refresh_if_due();
  return detail::Vend<State>(*state_, request, shape).run();
}

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE
