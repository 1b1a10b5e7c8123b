#pragma once

#include <optional>

#include "momento_token/detail/key_ring_state.hpp"
#include "momento_token/detail/key_set.hpp"
#include "momento_token/detail/option_checks.hpp"
#include "momento_token/detail/owned_claims.hpp"
#include "momento_token/detail/token_reading.hpp"
#include "momento_token/detail/verified_cache.hpp"
#include "momento_token/verifier.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

struct Verifier::State {
  std::optional<detail::KeyTable> fixed_keys;  // empty with a key ring
  std::shared_ptr<const KeyRing> key_ring;
  detail::Expectations expected;
  std::shared_ptr<const Clock> clock;
  std::shared_ptr<const DenyList> deny_list;
  std::unique_ptr<const detail::VerifiedCache> cache;  // null when nothing is remembered

  /// detail::check_signature with the keys of this moment.
  [[nodiscard]] detail::Refusal check_signature(std::string_view compact, detail::DecodeBuffer& buffer,
                                                std::string_view& payload, std::uint64_t* generation = nullptr) const {
    if (fixed_keys) return detail::check_signature(compact, *fixed_keys, expected.limits, buffer, payload);
    const auto ring = detail::KeyRingAccess::snapshots(*key_ring).read();
    if (generation != nullptr) *generation = ring->generation;
    return detail::check_signature(compact, ring->table, expected.limits, buffer, payload);
  }
  [[nodiscard]] std::uint64_t generation() const {
    return fixed_keys ? 0 : detail::KeyRingAccess::snapshots(*key_ring).read()->generation;
  }

  [[nodiscard]] Result<VerifiedToken> read(std::string_view compact, detail::CachedFacts& facts) const;
  [[nodiscard]] detail::Refusal check_again(const VerifiedToken& token, std::optional<std::int64_t> not_before,
                                            std::chrono::sys_seconds now) const;
};

namespace detail {

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> check_verifier_keys(const VerifierOptions& options) {
  if (options.key_ring != nullptr) {
    if (!options.keys.empty()) return bad_option("keys", "are given beside a key ring; one of them verifies");
    return {};
  }
  for (const auto& key : options.keys) {
    if (key == nullptr) return bad_option("keys", "holds a null key");
    if (!is_valid_alg(key->alg())) return bad_alg("keys.alg");
    if (!is_valid_kid(key->kid())) return bad_option("keys.kid", "must be UTF-8 of at most 256 bytes");
  }
  return check_key_set(options.keys);
}

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> check_verifier_options(const VerifierOptions& options) {
  if (auto keys = check_verifier_keys(options); !keys) return keys;
  if (options.clock == nullptr) return bad_option("clock", "is null");
  if (options.leeway < std::chrono::seconds(0) || options.leeway > std::chrono::minutes(10)) {
    return bad_option("leeway", "must be 0 s to 10 min");
  }
  if (options.key_ring != nullptr && options.leeway > KeyRingAccess::promises(*options.key_ring).max_leeway) {
    return bad_option("leeway", "is more than the key ring's max_leeway, which would retire keys too early");
  }
  for (const std::string& audience : options.audience) {
    if (audience.empty()) return bad_option("audience", "has an empty entry");
  }
  if (options.cache_capacity > max_cached_tokens) return bad_option("cache_capacity", "must be 0 to 1048576 tokens");
  return check_limits(options.limits);
}

}  // namespace detail

MOMENTO_TOKEN_INLINE Result<Verifier> Verifier::create(VerifierOptions options) {
  if (const auto checked = detail::check_verifier_options(options); !checked) return checked.error();
  auto state = std::make_shared<State>();
  if (options.key_ring == nullptr) state->fixed_keys.emplace(std::move(options.keys));
  state->key_ring = std::move(options.key_ring);
  state->expected = {.issuer = std::move(options.issuer),
                     .audience = std::move(options.audience),
                     .leeway = options.leeway.count(),
                     .limits = options.limits};
  state->clock = std::move(options.clock);
  state->deny_list = std::move(options.deny_list);
  if (options.cache_capacity != 0) {
    state->cache = detail::VerifiedCache::create(options.cache_capacity);
    if (state->cache == nullptr) return Error{Errc::internal_error, "cache_capacity", "the random source failed"};
  }
  return Verifier(std::move(state));
}

MOMENTO_TOKEN_INLINE Result<VerifiedToken> Verifier::State::read(std::string_view compact,
                                                                 detail::CachedFacts& facts) const {
  detail::DecodeBuffer buffer(detail::decode_room(compact, expected.limits));
  std::string_view payload;
  if (const auto refusal = check_signature(compact, buffer, payload, &facts.generation)) return refusal.error();
  detail::ClaimsView claims;
  const detail::AudienceSink audience{.wanted = &expected.audience};
  if (const auto refusal = detail::read_claims(buffer.data(), payload.size(), audience, claims)) return refusal.error();
  const std::chrono::sys_seconds now = clock->now();
  if (const auto refusal = detail::check_claims(claims, expected, now, detail::Strictness::disposable_token)) {
    return refusal.error();
  }
  if (const auto refusal = detail::check_deny_list(claims, deny_list.get())) return refusal.error();
  facts.not_before = claims.nbf;
  // A deny-list is told the iss, and of the token only the one is known later that was asked for.
  facts.keep = deny_list == nullptr || !claims.iss || !expected.issuer.empty();
  return detail::make_verified(claims, expected);
}

/// What may have changed since the token was accepted: the time, and what has been revoked.
MOMENTO_TOKEN_INLINE detail::Refusal Verifier::State::check_again(const VerifiedToken& token,
                                                                  std::optional<std::int64_t> not_before,
                                                                  std::chrono::sys_seconds now) const {
  const auto seconds = [](std::chrono::sys_seconds time) { return time.time_since_epoch().count(); };
  detail::ClaimsView claims;
  claims.exp = seconds(token.expires_at());
  claims.nbf = not_before;
  if (const auto issued = token.issued_at()) claims.iat = seconds(*issued);
  if (const auto refusal = detail::check_times(claims, detail::sane_seconds(now), expected.leeway)) return refusal;
  if (!expected.issuer.empty()) claims.iss = expected.issuer;
  claims.jti = token.jti();
  claims.tid = token.token_metadata();
  return detail::check_deny_list(claims, deny_list.get());
}

MOMENTO_TOKEN_INLINE Result<VerifiedToken> Verifier::verify(std::string_view compact) const {
  detail::CachedFacts facts;
  detail::SoughtToken sought;
  const detail::VerifiedCache* const cache = state_->cache.get();
  if (cache == nullptr || compact.size() > state_->expected.limits.max_token_bytes || !cache->seek(compact, sought)) {
    return state_->read(compact, facts);
  }
  const std::chrono::sys_seconds now = state_->clock->now();
  auto token = cache->find(sought, state_->generation(), now, facts.not_before);
  if (token) {
    if (const auto refusal = state_->check_again(*token, facts.not_before, now)) token = refusal.error();
  } else {
    token = state_->read(compact, facts);
    if (token) cache->keep(sought, facts, *token, now);
  }
  return token;
}

MOMENTO_TOKEN_INLINE Result<VerifiedJwt> Verifier::verify_jwt(std::string_view compact) const {
  detail::DecodeBuffer buffer(detail::decode_room(compact, state_->expected.limits));
  std::string_view payload;
  if (const auto refusal = state_->check_signature(compact, buffer, payload)) return refusal.error();
  VerifiedJwt jwt{.claims = {}, .payload = std::string(payload)};  // copied before the reader un-escapes in place
  detail::ClaimsView claims;
  std::vector<std::string> audience;
  const detail::AudienceSink sink{.wanted = &state_->expected.audience, .copy = &audience};
  if (const auto refusal = detail::read_claims(buffer.data(), payload.size(), sink, claims)) return refusal.error();
  const std::chrono::sys_seconds now = state_->clock->now();
  if (const auto refusal = detail::check_claims(claims, state_->expected, now, detail::Strictness::any_jwt)) {
    return refusal.error();
  }
  if (const auto refusal = detail::check_deny_list(claims, state_->deny_list.get())) return refusal.error();
  jwt.claims = detail::owned_claims(claims, std::move(audience));
  return jwt;
}

MOMENTO_TOKEN_INLINE Result<Bytes> Verifier::verify_jws(std::string_view compact) const {
  detail::DecodeBuffer buffer(detail::decode_room(compact, state_->expected.limits));
  std::string_view payload;
  if (const auto refusal = state_->check_signature(compact, buffer, payload)) return refusal.error();
  const ByteView bytes = as_bytes(payload);
  return Bytes(bytes.begin(), bytes.end());
}

MOMENTO_TOKEN_END_NAMESPACE
