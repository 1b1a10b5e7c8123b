#pragma once
// What is done for each token: the request is checked, its claims are written, the whole is signed in one buffer.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "momento_token/claims.hpp"
#include "momento_token/clock.hpp"
#include "momento_token/detail/base64.hpp"
#include "momento_token/detail/json_writer.hpp"
#include "momento_token/detail/numeric_date.hpp"
#include "momento_token/detail/option_checks.hpp"
#include "momento_token/detail/random_ids.hpp"
#include "momento_token/detail/small_buffer.hpp"
#include "momento_token/detail/utf8.hpp"
#include "momento_token/signer.hpp"
#include "momento_token/token.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// The JSON of the claims while it is written.
using ClaimsBuffer = SmallBuffer<char, 2048>;

[[nodiscard]] inline Error token_too_long() {
  return {Errc::limit_exceeded, {}, "the token would be longer than Limits::max_token_bytes"};
}
/// As JavaScript counts: two for each sequence of four bytes. The text is UTF-8.
[[nodiscard]] inline std::size_t utf16_units(std::string_view text) noexcept {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80) units += byte >= 0xF0 ? 2U : 1U;
  }
  return units;
}

class Minting {
 public:
  Minting(const Limits& limits, const std::string& endpoint, bool random_jti) noexcept
      : limits_(limits), endpoint_(endpoint), random_jti_(random_jti) {}

  /// Checks everything but the permissions. The request outlives this object.
  template <class Request>
  [[nodiscard]] std::optional<Error> take(const Request& request, const Clock& clock) {
    const std::chrono::seconds valid_for = request.valid_for.seconds();
    if (valid_for < std::chrono::seconds(1) || valid_for > limits_.max_valid_for) {
      return bad_option("valid_for", "must be at least 1 s and at most Limits::max_valid_for");
    }
    issued_at_ = clock.now();
    const std::int64_t now = issued_at_.time_since_epoch().count();
    if (now < 0 || now > max_date || valid_for.count() > max_date - now) {
      return bad_option("valid_for", "does not end between the years 1970 and 9999");
    }
    expires_at_ = issued_at_ + valid_for;
    if (request.token_id) token_id_ = *request.token_id;
    if (const auto refused = check_token_id()) return refused;
    if (const auto refused = take_not_before(request.not_before)) return refused;
    return take_jti(request.jti);
  }

  /// An upper bound of what put_claims writes.
  [[nodiscard]] std::size_t max_claims_bytes() const noexcept {
    return 128 + (jti_.size() + token_id_.size()) * max_json_expansion;
  }

  /// "iat":N,"exp":N[,"nbf":N][,"jti":J][,"tid":T]}
  char* put_claims(char* out) const noexcept {
    out = put_number(put(out, "\"iat\":"), issued_at_.time_since_epoch().count());
    out = put_number(put(out, ",\"exp\":"), expires_at_.time_since_epoch().count());
    if (not_before_) out = put_number(put(out, ",\"nbf\":"), not_before_->time_since_epoch().count());
    if (!jti_.empty()) out = put_json_string(put(out, ",\"jti\":"), jti_.view());
    if (!token_id_.empty()) out = put_json_string(put(out, ",\"tid\":"), token_id_);
    return put(out, "}");
  }

  /// `text` is the token's beginning, header and dot included; `json` what follows it, yet to be encoded. `mac` signs
  /// in place with a signature of known size.
  template <class Mac>
  [[nodiscard]] Result<DisposableToken> sign(std::string_view text, std::string_view json, std::size_t mac_bytes,
                                             Mac&& mac) const {
    const std::size_t input = text.size() + base64url_size(json.size());
    const std::size_t total = input + 1 + base64url_size(mac_bytes);
    if (total > limits_.max_token_bytes) return token_too_long();
    std::string token(total, '\0');
    put_signing_input(token.data(), text, json);
    std::byte signature[max_signature_bytes];
    if (!mac(as_bytes(token).first(input), signature)) return Error{Errc::internal_error, "signer", "libcrypto failed"};
    token[input] = '.';
    encode_base64url(signature, mac_bytes, token.data() + input + 1);
    return finish(std::move(token));
  }

  /// The same with any signer.
  [[nodiscard]] Result<DisposableToken> sign(std::string_view text, std::string_view json, const Signer& signer) const {
    const std::size_t input = text.size() + base64url_size(json.size());
    if (input > limits_.max_token_bytes) return token_too_long();
    std::string token;
    token.reserve(input + 1 + base64url_size(64));  // the signature of ES256 and EdDSA
    token.resize(input);
    put_signing_input(token.data(), text, json);
    std::byte signature[max_signature_bytes] = {};  // a signer that writes less than it says gives nothing away
    const auto size = signer.sign(as_bytes(token), signature);
    if (!size) return size.error();
    if (*size == 0 || *size > sizeof signature) {
      return Error{Errc::internal_error, "signer", "wrote no signature, or more than it had room for"};
    }
    token.resize(input + 1 + base64url_size(*size), '.');
    if (token.size() > limits_.max_token_bytes) return token_too_long();
    encode_base64url(signature, *size, token.data() + input + 1);
    return finish(std::move(token));
  }

 private:
  [[nodiscard]] std::optional<Error> check_token_id() const {
    if (token_id_.size() > limits_.max_token_id_bytes) {
      return bad_option("token_id", "is longer than Limits::max_token_id_bytes");
    }
    if (!valid_utf8(token_id_)) return bad_option("token_id", "is not UTF-8");
    // No text has more units than bytes.
    if (token_id_.size() > limits_.max_token_id_utf16_units &&
        utf16_units(token_id_) > limits_.max_token_id_utf16_units) {
      return bad_option("token_id", "is longer than Limits::max_token_id_utf16_units");
    }
    return {};
  }

  [[nodiscard]] std::optional<Error> take_not_before(std::optional<std::chrono::sys_seconds> not_before) {
    if (not_before && (not_before->time_since_epoch().count() < 0 || *not_before >= expires_at_)) {
      return bad_option("not_before", "must be before the token expires, and not before 1970");
    }
    not_before_ = not_before;
    return {};
  }

  [[nodiscard]] std::optional<Error> take_jti(const std::optional<std::string>& jti) {
    if (jti) {
      if (jti->empty() || jti->size() > Jti::capacity || !valid_utf8(*jti)) {
        return bad_option("jti", "must be 1 to 64 bytes of UTF-8");
      }
      jti_ = Jti(*jti);
    } else if (random_jti_) {
      std::byte id[random_id_bytes];
      if (!random_id(id)) return Error{Errc::internal_error, "jti", "the random source failed"};
      char text[base64url_size(random_id_bytes)];
      encode_base64url(id, sizeof id, text);
      jti_ = Jti(std::string_view(text, sizeof text));
    }
    return {};
  }

  static void put_signing_input(char* out, std::string_view text, std::string_view json) noexcept {
    encode_base64url(json.data(), json.size(), put(out, text));
  }

  [[nodiscard]] DisposableToken finish(std::string&& token) const {
    return {std::move(token), endpoint_, expires_at_, issued_at_, jti_};
  }

  const Limits& limits_;
  const std::string& endpoint_;
  const bool random_jti_;
  std::chrono::sys_seconds issued_at_{}, expires_at_{};
  std::optional<std::chrono::sys_seconds> not_before_;
  std::string_view token_id_;
  Jti jti_;
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
