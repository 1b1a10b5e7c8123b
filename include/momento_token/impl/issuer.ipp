#pragma once

#include <algorithm>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "momento_token/detail/issue_rules.hpp"
#include "momento_token/detail/key_ring_state.hpp"
#include "momento_token/detail/minting.hpp"
#include "momento_token/detail/option_checks.hpp"
#include "momento_token/detail/permissions_codec.hpp"
#include "momento_token/detail/prepared_text.hpp"
#include "momento_token/detail/signing_key.hpp"
#include "momento_token/detail/snapshots.hpp"
#include "momento_token/issuer.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

struct Issuer::State {
  std::shared_ptr<const detail::SigningKey> fixed_key;  // null with a key ring
  std::shared_ptr<const KeyRing> key_ring;
  std::string claims_before_p;  // {"ver":1,"iss":…,"aud":…,"p":"
  std::string endpoint;
  std::shared_ptr<const Clock> clock;
  Limits limits;
  bool random_jti = true;
  detail::Cipher id_cipher;

  [[nodiscard]] detail::Minting minting() const noexcept { return {limits, random_jti, id_cipher.get()}; }

  /// Turns into the token where the caller's Result has it; one that was made first and then moved would be read while it is
  /// still on its way to memory.
  struct Disposable {
    const State& issuer;
    detail::TokenString& token;
    const detail::Minting& mint;
    operator DisposableToken() && {
      return {std::move(token).take(), issuer.endpoint, mint.expires_at(), mint.issued_at(), mint.jti()};
    }
  };

  /// f(key, generation) with the key that signs now; it stays until f returns.
  template <class F>
  [[nodiscard]] auto with_key(F&& f) const {
    if (key_ring == nullptr) return f(fixed_key, std::uint64_t{0});
    const auto ring = detail::KeyRingAccess::snapshots(*key_ring).read();
    return f(ring->signing, ring->generation);
  }
};

struct PreparedScope::State {
  std::shared_ptr<const Issuer::State> issuer;
  std::string claims;                                        // the JSON up to and with p
  std::shared_ptr<const detail::PreparedText> of_fixed_key;  // null with a key ring
  std::optional<detail::Snapshots<detail::PreparedText>> of_ring;

  State(std::shared_ptr<const Issuer::State> from, std::string json, std::shared_ptr<const detail::PreparedText> text)
      : issuer(std::move(from)), claims(std::move(json)) {
    if (issuer->key_ring != nullptr)
      of_ring.emplace(std::move(text));
    else
      of_fixed_key = std::move(text);
  }

  /// f(text) with the text of the key that signs now.
  template <class F>
  [[nodiscard]] std::optional<Error> with_text(F&& f) {
    if (of_fixed_key != nullptr) return f(*of_fixed_key);
    return issuer->with_key([&](const std::shared_ptr<const detail::SigningKey>& key, std::uint64_t generation) {
      {
        const auto text = of_ring->read();
        if (text->generation == generation) return f(*text);
      }
      const auto text = detail::PreparedText::make(key, claims, generation);
      if (text == nullptr) return std::optional<Error>(detail::crypto_out_of_memory());
      of_ring->replace(text);
      return f(*text);
    });
  }
};

namespace detail {

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> check_signer(const IssuerOptions& options) {
  if (options.key_ring != nullptr) {
    if (options.signer != nullptr) return bad_option("signer", "is given beside a key ring; one of them signs");
    if (options.key_ring->signing_kid().empty()) return bad_option("key_ring", "has no key that signs");
    if (options.limits.max_valid_for > KeyRingAccess::promises(*options.key_ring).max_valid_for) {
      return bad_option("limits.max_valid_for", "is longer than the key ring's, which would retire keys too early");
    }
    return {};
  }
  if (options.signer == nullptr) return bad_option("signer", "is null");
  if (!is_valid_alg(options.signer->alg())) return bad_alg("signer.alg");
  if (!is_valid_kid(options.signer->kid())) return bad_option("signer.kid", "must be UTF-8 of at most 256 bytes");
  return {};
}

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> check_options(const IssuerOptions& options) {
  if (options.clock == nullptr) return bad_option("clock", "is null");
  if (auto signer = check_signer(options); !signer) return signer;
  if (!valid_utf8(options.issuer)) return bad_option("issuer", "is not UTF-8");
  for (const std::string& audience : options.audience) {
    if (audience.empty() || !valid_utf8(audience))
      return bad_option("audience", "has an entry that is empty or not UTF-8");
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

/// The claims up to and with p, which is what a scope's tokens have in common.
class ConstantClaims {
 public:
  ConstantClaims(std::string_view before_p, const Permissions& permissions) noexcept
      : before_p_(before_p), permissions_(permissions), statements_(statements_size(permissions)) {}

  [[nodiscard]] std::size_t size() const noexcept { return before_p_.size() + base64url_size(p_size()) + 2; }
  char* put(char* out) const {
    SmallBuffer<std::byte, 1024> p(p_size());
    put_permissions(p.data(), permissions_, statements_);
    out = encode_base64url(p.data(), p_size(), detail::put(out, before_p_));
    return detail::put(out, "\",");
  }

 private:
  [[nodiscard]] std::size_t p_size() const noexcept { return field_size(statements_); }

  std::string_view before_p_;
  const Permissions& permissions_;
  std::size_t statements_;
};

/// The token of `mint` after its beginning, which has the dates or not, into a room of minting.hpp.
template <class Room>
[[nodiscard]] std::optional<Error> sign_after(const TokenBeginning& beginning, bool has_dates, const SigningKey& key,
                                              const Minting& mint, Room& room) {
  ClaimsBuffer claims(mint.room_after(beginning.carry.size()));
  char* const start = put(claims.data(), beginning.carry);
  char* const end = has_dates ? mint.put_after_dates(start) : mint.put_claims(start);
  const std::string_view json(claims.data(), static_cast<std::size_t>(end - claims.data()));
  if (key.hmac == nullptr) return mint.sign(beginning.text, json, *key.signer, room);
  const auto mac = [&](ByteView input, std::byte* out) {
    return key.hmac->state().mac_after(*beginning.midstate, input.subspan(beginning.absorbed), out);
  };
  return mint.sign(beginning.text, json, key.hmac->mac_bytes(), mac, room);
}

/// A batch's buffer: unless the whole batch is finished, nothing of it stays, whichever way its function is left.
class BatchRoom {
 public:
  BatchRoom(std::span<char> buffer, std::span<BatchToken> tokens) noexcept : buffer_(buffer), tokens_(tokens) {}
  BatchRoom(const BatchRoom&) = delete;
  BatchRoom& operator=(const BatchRoom&) = delete;
  ~BatchRoom() {
    if (finished_) return;
    wipe(buffer_.data(), buffer_.size());
    std::fill(tokens_.begin(), tokens_.end(), BatchToken{});
  }

  [[nodiscard]] std::span<char> rest() const noexcept { return buffer_.subspan(used_); }
  void keep(std::size_t i, std::string_view token, const Minting& mint) noexcept {
    static_assert(std::is_trivially_destructible_v<BatchToken>);
    // In place: an assignment would wait for a temporary that has only just been written.
    ::new (&tokens_[i]) BatchToken{token, mint.expires_at(), mint.issued_at(), mint.jti()};
    used_ += token.size();
  }
  [[nodiscard]] std::size_t finish() noexcept {
    finished_ = true;
    return used_;
  }

 private:
  std::span<char> buffer_;
  std::span<BatchToken> tokens_;
  std::size_t used_ = 0;
  bool finished_ = false;
};

/// "requests[2].token_id"
[[nodiscard]] MOMENTO_TOKEN_INLINE Error of_request(std::size_t i, Error error) {
  error.field = "requests[" + std::to_string(i) + "]." + error.field;
  return error;
}

}  // namespace detail

MOMENTO_TOKEN_INLINE Result<Issuer> Issuer::create(IssuerOptions options) {
  if (const auto checked = detail::check_options(options); !checked) return checked.error();
  auto state = std::make_shared<State>();
  if (options.signer != nullptr)
    state->fixed_key = std::make_shared<const detail::SigningKey>(std::move(options.signer));
  state->key_ring = std::move(options.key_ring);
  state->claims_before_p = detail::claims_before_p(options);
  state->endpoint = std::move(options.endpoint);
  state->clock = std::move(options.clock);
  state->limits = options.limits;
  state->random_jti = options.random_jti;
  state->id_cipher = detail::fetch_id_cipher();
  return Issuer(std::move(state));
}

MOMENTO_TOKEN_INLINE Result<DisposableToken> Issuer::generate_disposable_token(
    const DisposableTokenRequest& request) const {
  if (auto issuable = detail::check_issuable(request.permissions, state_->limits); !issuable) return issuable.error();
  detail::Minting mint = state_->minting();
  if (auto refused = mint.take(request, state_->clock->now())) return *std::move(refused);

  const detail::ConstantClaims constant(state_->claims_before_p, request.permissions);
  if (constant.size() > state_->limits.max_token_bytes) return detail::token_too_long();
  detail::ClaimsBuffer claims(mint.room_after(constant.size()));
  char* const end = mint.put_claims(constant.put(claims.data()));
  const std::string_view json(claims.data(), static_cast<std::size_t>(end - claims.data()));
  detail::TokenString token;
  auto failed = state_->with_key([&](const std::shared_ptr<const detail::SigningKey>& key, std::uint64_t) {
    if (key->hmac == nullptr) return mint.sign(key->header, json, *key->signer, token);
    const auto mac = [&](ByteView input, std::byte* out) { return key->hmac->state().mac(input, out); };
    return mint.sign(key->header, json, key->hmac->mac_bytes(), mac, token);
  });
  if (failed) return *std::move(failed);
  return State::Disposable{*state_, token, mint};
}

MOMENTO_TOKEN_INLINE Result<PreparedScope> Issuer::prepare(const Permissions& permissions) const {
  if (const auto issuable = detail::check_issuable(permissions, state_->limits); !issuable) return issuable.error();
  const detail::ConstantClaims constant(state_->claims_before_p, permissions);
  if (constant.size() > state_->limits.max_token_bytes) return detail::token_too_long();
  std::string claims(constant.size(), '\0');
  constant.put(claims.data());
  auto text = state_->with_key([&](const std::shared_ptr<const detail::SigningKey>& key, std::uint64_t generation) {
    return detail::PreparedText::make(key, claims, generation);
  });
  if (text == nullptr) return detail::crypto_out_of_memory();
  return PreparedScope(std::make_unique<PreparedScope::State>(state_, std::move(claims), std::move(text)));
}

MOMENTO_TOKEN_INLINE PreparedScope::PreparedScope(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
MOMENTO_TOKEN_INLINE PreparedScope::PreparedScope(PreparedScope&&) noexcept = default;
MOMENTO_TOKEN_INLINE PreparedScope& PreparedScope::operator=(PreparedScope&&) noexcept = default;
MOMENTO_TOKEN_INLINE PreparedScope::~PreparedScope() = default;

MOMENTO_TOKEN_INLINE Result<DisposableToken> PreparedScope::generate_disposable_token(
    const PreparedTokenRequest& request) const {
  const Issuer::State& issuer = *state_->issuer;
  detail::Minting mint = issuer.minting();
  if (auto refused = mint.take(request, issuer.clock->now())) return *std::move(refused);
  detail::TokenString token;
  auto failed = state_->with_text([&](const detail::PreparedText& text) {
    return text.with_beginning(mint, [&](const detail::TokenBeginning& beginning, bool has_dates) {
      return detail::sign_after(beginning, has_dates, *text.key, mint, token);
    });
  });
  if (failed) return *std::move(failed);
  return Issuer::State::Disposable{issuer, token, mint};
}

MOMENTO_TOKEN_INLINE Result<std::size_t> PreparedScope::generate_batch(std::span<const PreparedTokenRequest> requests,
                                                                       std::span<char> buffer,
                                                                       std::span<BatchToken> tokens) const {
  detail::BatchRoom room(buffer, tokens);
  if (tokens.size() != requests.size()) return detail::bad_option("tokens", "must be as many as the requests");
  const Issuer::State& issuer = *state_->issuer;
  const std::chrono::sys_seconds now = issuer.clock->now();
  auto failed = state_->with_text([&](const detail::PreparedText& text) -> std::optional<Error> {
    for (std::size_t i = 0; i < requests.size(); ++i) {
      detail::Minting mint = issuer.minting();
      if (auto refused = mint.take(requests[i], now)) return detail::of_request(i, *std::move(refused));
      detail::TokenSpan token(room.rest());
      // Without the dates: remembering those takes memory.
      if (auto error = detail::sign_after(text.beginning, false, *text.key, mint, token)) return error;
      room.keep(i, token.text(), mint);
    }
    return {};
  });
  if (failed) return *std::move(failed);
  return room.finish();
}

MOMENTO_TOKEN_INLINE Result<std::size_t> PreparedScope::room_for(const PreparedTokenRequest& request) const {
  const Issuer::State& issuer = *state_->issuer;
  detail::Minting mint(issuer.limits, false, nullptr);
  if (auto refused = mint.take(request, issuer.clock->now())) return *std::move(refused);
  const std::size_t jti = request.jti || !issuer.random_jti ? 0 : detail::random_jti_claim_bytes;
  std::size_t room = 0;
  auto failed = state_->with_text([&](const detail::PreparedText& text) -> std::optional<Error> {
    const detail::SigningKey& key = *text.key;
    const std::size_t signature = key.hmac != nullptr ? key.hmac->mac_bytes() : max_signature_bytes;
    const std::size_t json = text.beginning.carry.size() + mint.claims_bytes() + jti;
    room = text.beginning.text.size() + detail::base64url_size(json) + 1 + detail::base64url_size(signature);
    return {};
  });
  if (failed) return *std::move(failed);
  return std::min(room, issuer.limits.max_token_bytes);
}

MOMENTO_TOKEN_INLINE Result<DisposableToken> generate_disposable_token(const Issuer& issuer, Lifetime valid_for,
                                                                       Permissions permissions,
                                                                       std::optional<std::string> token_id) {
  return issuer.generate_disposable_token(
      {.permissions = std::move(permissions), .valid_for = valid_for, .token_id = std::move(token_id)});
}

MOMENTO_TOKEN_END_NAMESPACE
