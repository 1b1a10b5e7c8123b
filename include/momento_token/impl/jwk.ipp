#pragma once

#include "momento_token/detail/jwk_generating.hpp"
#include "momento_token/detail/jwk_making.hpp"
#include "momento_token/detail/key_set.hpp"
#include "momento_token/detail/traces.hpp"
#include "momento_token/jwk.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::size_t max_jwks_keys = 1000;
inline constexpr std::size_t max_jwks_bytes = std::size_t{1} << 20;

[[nodiscard]] MOMENTO_TOKEN_INLINE Error not_a_jwks() {
  return key_error("keys", "is not a JWK Set: strict JSON, an object whose member keys is an array of JWKs");
}

/// The next key of a set, and whether it is to be kept.
[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> add_set_key(const Jwk& jwk, std::vector<VerificationKeyPtr>& keys) {
  if (!is_known_kty(*jwk.get(JwkMember::kty))) return {};
  if (!jwk.wrong_type.empty()) return wrong_jwk_type(jwk.wrong_type);
  if (jwk.get(JwkMember::kid) == std::string_view()) return key_error("kid", "is empty");
  if (!jwk.forbids_verifying().empty()) return {};
  const bool rsa_without_alg = jwk.get(JwkMember::kty) == "RSA" && !jwk.get(JwkMember::alg);
  const JwkAlgorithm found = jwk_algorithm(jwk, rsa_without_alg ? "RS256" : "");
  if (found.unknown) return {};
  if (found.algorithm == nullptr) return found.error;
  const NoForkHere no_fork;
  auto key = jwk_verification_key(jwk, *found.algorithm);
  if (!key) return key.error();
  keys.push_back(std::move(*key));
  return {};
}

/// After the member name `keys`.
[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> read_set_keys(JsonReader& reader,
                                                              std::vector<VerificationKeyPtr>& keys) {
  if (reader.next() != JsonReader::Event::begin_array) return not_a_jwks();
  std::size_t count = 0;
  for (auto event = reader.next(); event != JsonReader::Event::end_array; event = reader.next()) {
    Jwk jwk;
    if (event != JsonReader::Event::begin_object) return not_a_jwks();
    if (auto read = read_jwk(reader, jwk); !read) return read;
    if (++count > max_jwks_keys) return Error{Errc::limit_exceeded, "keys", "has more than 1000 keys"};
    if (auto added = add_set_key(jwk, keys); !added) return added;
  }
  return {};
}

}  // namespace detail

MOMENTO_TOKEN_INLINE Result<KeyPair> key_pair_from_jwk(const SecretBytes& text, std::string_view alg) {
  const detail::TraceGuard guard;
  SecretBytes buffer = SecretBytes::copy_of(text.expose());
  detail::Jwk jwk;
  if (const auto read = detail::read_jwk_text(buffer, jwk); !read) return read.error();
  if (!jwk.forbids_signing().empty()) return detail::key_error(jwk.forbids_signing(), "the key is not for signing");
  const detail::JwkAlgorithm found = detail::jwk_algorithm(jwk, alg);
  if (found.algorithm == nullptr) return found.error;
  if (found.algorithm->family == detail::Family::hmac) return detail::symmetric_key(jwk, *found.algorithm);
  const detail::NoForkHere no_fork;
  auto key = detail::jwk_pkey(jwk, *found.algorithm, true);
  if (!key) return key.error();
  return detail::make_key_pair(std::move(*key), *found.algorithm, detail::jwk_kid(jwk));
}

MOMENTO_TOKEN_INLINE Result<std::shared_ptr<const VerificationKey>> verification_key_from_jwk(std::string_view text,
                                                                                              std::string_view alg) {
  const detail::TraceGuard guard;
  SecretBytes buffer = SecretBytes::copy_of(text);
  detail::Jwk jwk;
  if (const auto read = detail::read_jwk_text(buffer, jwk); !read) return read.error();
  if (!jwk.forbids_verifying().empty())
    return detail::key_error(jwk.forbids_verifying(), "the key is not for verifying");
  const detail::JwkAlgorithm found = detail::jwk_algorithm(jwk, alg);
  if (found.algorithm == nullptr) return found.error;
  const detail::NoForkHere no_fork;
  return detail::jwk_verification_key(jwk, *found.algorithm);
}

MOMENTO_TOKEN_INLINE Result<std::vector<std::shared_ptr<const VerificationKey>>> verification_keys_from_jwks(
    std::string_view jwks) {
  const detail::TraceGuard guard;
  using Event = detail::JsonReader::Event;
  if (jwks.size() > detail::max_jwks_bytes) return Error{Errc::limit_exceeded, "keys", "is longer than 1 MiB"};
  SecretBytes buffer = SecretBytes::copy_of(jwks);
  detail::JsonReader reader(reinterpret_cast<char*>(buffer.expose_for_writing().data()), buffer.size());
  std::vector<std::shared_ptr<const VerificationKey>> keys;
  bool seen = false;
  if (reader.next() != Event::begin_object) return detail::not_a_jwks();
  for (auto event = reader.next(); event != Event::end_object; event = reader.next()) {
    if (event != Event::name) return detail::not_a_jwks();
    if (reader.text() == "keys") {
      seen = true;
      if (const auto read = detail::read_set_keys(reader, keys); !read) return read.error();
    } else if (!reader.skip(event)) {
      return detail::not_a_jwks();
    }
  }
  if (!seen || reader.next() != Event::end) return detail::not_a_jwks();
  if (const auto checked = detail::check_key_set(keys); !checked) return checked.error();
  return keys;
}

MOMENTO_TOKEN_INLINE bool holds_private_key(std::string_view text) {
  const detail::TraceGuard guard;
  using Event = detail::JsonReader::Event;
  SecretBytes buffer = SecretBytes::copy_of(text);
  detail::JsonReader reader(reinterpret_cast<char*>(buffer.expose_for_writing().data()), buffer.size());
  for (;;) {
    const Event event = reader.next();
    if (event == Event::end) return false;
    if (event == Event::error) return true;
    if (event == Event::name && detail::is_private_member(detail::find_jwk_member(reader.text()))) return true;
  }
}

MOMENTO_TOKEN_INLINE Result<std::string> public_jwks(std::span<const std::shared_ptr<const VerificationKey>> keys) {
  std::string text = "{\"keys\":[";
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto* const key = detail::BuiltinVerificationKey::of(keys[i].get());
    const std::string place = "keys[" + std::to_string(i) + "]";
    if (key == nullptr) return Error{Errc::invalid_argument, place, "is null or not a built-in key"};
    if (key->is_symmetric()) return Error{Errc::invalid_argument, place, "is symmetric and must never be published"};
    text.append(i == 0 ? "{" : ",{").append(key->required_members());
    text.append(",\"alg\":\"").append(key->alg()).append("\",\"use\":\"sig\"");
    if (!key->kid().empty()) {
      text.append(",\"kid\":");
      detail::append_json_string(text, key->kid());
    }
    text.append("}");
  }
  return text.append("]}");
}

MOMENTO_TOKEN_INLINE Result<SecretBytes> generate_private_jwk(std::string_view alg, const GenerateOptions& options) {
  const detail::TraceGuard guard;
  const detail::Algorithm* const algorithm = detail::find_algorithm(alg);
  if (algorithm == nullptr) return detail::unknown_algorithm();
  if (options.kid && (options.kid->empty() || !detail::is_valid_kid(*options.kid))) return detail::bad_kid();
  if (options.rsa_bits < detail::min_rsa_bits || options.rsa_bits > detail::max_rsa_bits) {
    return detail::key_error("rsa_bits", "must be 2048 to 8192");
  }
  const std::string_view kid = options.kid ? std::string_view(*options.kid) : std::string_view();
  if (algorithm->family == detail::Family::hmac) return detail::generate_symmetric_jwk(*algorithm, kid);
  return detail::generate_asymmetric_jwk(*algorithm, kid, options.rsa_bits);
}

MOMENTO_TOKEN_INLINE Result<KeyPair> KeyPair::generate(std::string_view alg, std::optional<std::string> kid,
                                                       unsigned rsa_bits) {
  const auto jwk = generate_private_jwk(alg, {.kid = std::move(kid), .rsa_bits = rsa_bits});
  if (!jwk) return jwk.error();
  return key_pair_from_jwk(*jwk);
}

MOMENTO_TOKEN_END_NAMESPACE
