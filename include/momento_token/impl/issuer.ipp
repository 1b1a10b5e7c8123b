#pragma once

#include "momento_token/detail/hmac_key.hpp"
#include "momento_token/detail/issue_rules.hpp"
#include "momento_token/detail/jws_header.hpp"
#include "momento_token/detail/minting.hpp"
#include "momento_token/detail/option_checks.hpp"
#include "momento_token/detail/permissions_codec.hpp"
#include "momento_token/issuer.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

struct Issuer::State {
  std::shared_ptr<const Signer> signer;
  const detail::HmacSigner* hmac = nullptr;  // the signer, when it is one of ours that can start from a prefix
  std::string header;                        // base64url and the dot
  std::string claims_before_p;               // {"ver":1,"iss":…,"aud":…,"p":"
  std::string endpoint;
  std::shared_ptr<const Clock> clock;
  Limits limits;
  bool random_jti = true;
};

struct PreparedScope::State {
  ~State() { wipe(const_cast<char*>(text.data()), text.size()); }
  std::shared_ptr<const Issuer::State> issuer;
  std::string text;                                   // the token's constant beginning, header included
  std::string carry;                                  // 0–2 bytes of JSON that did not fill a group of three
  std::unique_ptr<const detail::HmacPrefix> midstate;  // after the text's whole blocks; null for signers of other kinds
  std::size_t absorbed = 0;                           // letters of the text that the midstate holds
};

namespace detail {

[[nodiscard]] MOMENTO_TOKEN_INLINE bool has_control_character(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> check_options(const IssuerOptions& options) {
  if (options.signer == nullptr) return bad_option("signer", "is null");
  if (options.clock == nullptr) return bad_option("clock", "is null");
  if (!is_valid_alg(options.signer->alg())) return bad_alg("signer.alg");
  if (!is_valid_kid(options.signer->kid())) return bad_option("signer.kid", "must be UTF-8 of at most 256 bytes");
  if (!valid_utf8(options.issuer)) return bad_option("issuer", "is not UTF-8");
  for (const std::string& audience : options.audience) {
    if (audience.empty() || !valid_utf8(audience)) return bad_option("audience", "has an entry that is empty or not UTF-8");
  }
  if (!valid_utf8(options.endpoint) || has_control_character(options.endpoint)) {
    return bad_option("endpoint", "must be a host name: UTF-8 without control characters");
  }
  return check_limits(options.limits);
}

/// RFC 7519 §4.1.3: one audience may be written as a text, several are an array.
[[nodiscard]] MOMENTO_TOKEN_INLINE std::string claims_before_p(const IssuerOptions& options) {
  std::string json = "{\"ver\":1,";
  if (!options.issuer.empty()) {
    json.append("\"iss\":");
    append_json_string(json, options.issuer);
    json.append(",");
  }
  if (!options.audience.empty()) {
    const bool several = options.audience.size() > 1;
    json.append(several ? "\"aud\":[" : "\"aud\":");
    for (std::size_t i = 0; i < options.audience.size(); ++i) {
      if (i != 0) json.append(",");
      append_json_string(json, options.audience[i]);
    }
    json.append(several ? "]," : ",");
  }
  return json.append("\"p\":\"");
}

/// The claims up to and with p, which is what a scope's tokens have in common. Returns the end.
MOMENTO_TOKEN_INLINE char* put_constant_claims(char* out, std::string_view before_p, const Permissions& permissions,
                                               std::size_t p_size) {
  SmallBuffer<std::byte, 1024> p(p_size);
  put_permissions(p.data(), permissions);
  out = put(out, before_p);
  out = encode_base64url(p.data(), p_size, out);
  return put(out, "\",");
}

}  // namespace detail

MOMENTO_TOKEN_INLINE Result<Issuer> Issuer::create(IssuerOptions options) {
  if (const auto checked = detail::check_options(options); !checked) return checked.error();
  auto state = std::make_shared<State>();
  state->hmac = dynamic_cast<const detail::HmacSigner*>(options.signer.get());
  state->header = detail::encode_header(options.signer->alg(), options.signer->kid()) + ".";
  state->claims_before_p = detail::claims_before_p(options);
  state->signer = std::move(options.signer);
  state->endpoint = std::move(options.endpoint);
  state->clock = std::move(options.clock);
  state->limits = options.limits;
  state->random_jti = options.random_jti;
  return Issuer(std::move(state));
}

MOMENTO_TOKEN_INLINE Result<DisposableToken> Issuer::generate_disposable_token(
    const DisposableTokenRequest& request) const {
  if (auto issuable = detail::check_issuable(request.permissions, state_->limits); !issuable) return issuable.error();
  detail::Minting mint(state_->limits, state_->endpoint, state_->random_jti);
  if (const auto refused = mint.take(request, *state_->clock)) return *refused;

  const std::size_t p_size = detail::proto_size(request.permissions);
  const std::size_t constant = state_->claims_before_p.size() + detail::base64url_size(p_size) + 2;
  if (constant > state_->limits.max_token_bytes) return detail::token_too_long();
  detail::ClaimsBuffer claims(constant + mint.max_claims_bytes());
  char* const end = mint.put_claims(
      detail::put_constant_claims(claims.data(), state_->claims_before_p, request.permissions, p_size));
  const std::string_view json(claims.data(), static_cast<std::size_t>(end - claims.data()));
  if (state_->hmac == nullptr) return mint.sign(state_->header, json, *state_->signer);
  return mint.sign(state_->header, json, state_->hmac->mac_bytes(), [this](ByteView input, std::byte* mac) {
    return state_->hmac->state().mac(input, mac);
  });
}

MOMENTO_TOKEN_INLINE Result<PreparedScope> Issuer::prepare(const Permissions& permissions) const {
  if (const auto issuable = detail::check_issuable(permissions, state_->limits); !issuable) return issuable.error();
  const std::size_t p_size = detail::proto_size(permissions);
  const std::size_t size = state_->claims_before_p.size() + detail::base64url_size(p_size) + 2;
  if (size > state_->limits.max_token_bytes) return detail::token_too_long();
  detail::ClaimsBuffer json(size);
  detail::put_constant_claims(json.data(), state_->claims_before_p, permissions, p_size);

  auto scope = std::make_unique<PreparedScope::State>();
  const std::size_t whole_groups = size / 3 * 3;
  scope->issuer = state_;
  scope->text = state_->header;
  scope->text.resize(state_->header.size() + detail::base64url_size(whole_groups));
  detail::encode_base64url(json.data(), whole_groups, scope->text.data() + state_->header.size());
  scope->carry.assign(json.data() + whole_groups, size - whole_groups);
  if (state_->hmac != nullptr) {
    const std::size_t block = state_->hmac->state().block_bytes();
    scope->absorbed = scope->text.size() / block * block;
    scope->midstate = state_->hmac->state().absorb(as_bytes(scope->text).first(scope->absorbed));
    if (scope->midstate == nullptr) return Error{Errc::internal_error, "signer", "libcrypto is out of memory"};
  }
  return PreparedScope(std::move(scope));
}

MOMENTO_TOKEN_INLINE PreparedScope::PreparedScope(std::unique_ptr<const State> state) noexcept : state_(std::move(state)) {}
MOMENTO_TOKEN_INLINE PreparedScope::PreparedScope(PreparedScope&&) noexcept = default;
MOMENTO_TOKEN_INLINE PreparedScope& PreparedScope::operator=(PreparedScope&&) noexcept = default;
MOMENTO_TOKEN_INLINE PreparedScope::~PreparedScope() = default;

MOMENTO_TOKEN_INLINE Result<DisposableToken> PreparedScope::generate_disposable_token(
    const PreparedTokenRequest& request) const {
  const Issuer::State& issuer = *state_->issuer;
  detail::Minting mint(issuer.limits, issuer.endpoint, issuer.random_jti);
  if (const auto refused = mint.take(request, *issuer.clock)) return *refused;

  detail::ClaimsBuffer claims(state_->carry.size() + mint.max_claims_bytes());
  char* const end = mint.put_claims(detail::put(claims.data(), state_->carry));
  const std::string_view json(claims.data(), static_cast<std::size_t>(end - claims.data()));
  if (state_->midstate == nullptr) return mint.sign(state_->text, json, *issuer.signer);
  return mint.sign(state_->text, json, issuer.hmac->mac_bytes(), [&](ByteView input, std::byte* mac) {
    return issuer.hmac->state().mac_after(*state_->midstate, input.subspan(state_->absorbed), mac);
  });
}

MOMENTO_TOKEN_INLINE Result<DisposableToken> generate_disposable_token(const Issuer& issuer, Lifetime valid_for,
                                                                       Permissions permissions,
                                                                       std::optional<std::string> token_id) {
  return issuer.generate_disposable_token(
      {.permissions = std::move(permissions), .valid_for = valid_for, .token_id = std::move(token_id)});
}

MOMENTO_TOKEN_END_NAMESPACE
