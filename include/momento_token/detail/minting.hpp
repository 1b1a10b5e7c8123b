#pragma once
// What is done for each token: the request is checked, its claims are written, the whole is signed in one buffer.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "momento_token/claims.hpp"
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

[[nodiscard]] inline Error room_too_small() {
  return {Errc::invalid_argument, "buffer", "is too small for the tokens; room_for() tells how much each may need"};
}

/// Room for a token that grows with it.
class TokenString {
 public:
  /// Begins with `text` and has room for `now` letters, and `soon` for `soon`.
  [[nodiscard]] bool begin(std::string_view text, std::size_t now, std::size_t soon) {
    text_.reserve(soon);
    text_.append(text);  // what is copied here need not be cleared by resize()
    text_.resize(now);
    return true;
  }
  [[nodiscard]] bool resize(std::size_t size) {
    text_.resize(size);
    return true;
  }
  [[nodiscard]] char* data() noexcept { return text_.data(); }
  [[nodiscard]] std::string&& take() && noexcept { return std::move(text_); }

 private:
  std::string text_;
};

/// Room for a token at the front of a caller's buffer.
class TokenSpan {
 public:
  explicit TokenSpan(std::span<char> room) noexcept : room_(room) {}
  [[nodiscard]] bool begin(std::string_view text, std::size_t now, std::size_t) noexcept {
    if (!resize(now)) return false;
    put(room_.data(), text);
    return true;
  }
  [[nodiscard]] bool resize(std::size_t size) noexcept {
    size_ = size;
    return size <= room_.size();
  }
  [[nodiscard]] char* data() noexcept { return room_.data(); }
  [[nodiscard]] std::string_view text() const noexcept { return {room_.data(), size_}; }

 private:
  std::span<char> room_;
  std::size_t size_ = 0;
};

/// The jti of a token that is given none: ,"jti":"…"
inline constexpr std::size_t random_jti_claim_bytes = 9 + base64url_size(random_id_bytes);

class Minting {
 public:
  /// `id_cipher` is random_id's.
  Minting(const Limits& limits, bool random_jti, const EVP_CIPHER* id_cipher) noexcept
      : limits_(limits), random_jti_(random_jti), id_cipher_(id_cipher) {}
  Minting(const Minting&) = delete;
  Minting& operator=(const Minting&) = delete;

  /// Checks everything but the permissions. The request outlives this object.
  template <class Request>
  [[nodiscard]] std::optional<Error> take(const Request& request, std::chrono::sys_seconds issued_at) {
    const std::chrono::seconds valid_for = request.valid_for.seconds();
    if (valid_for < std::chrono::seconds(1) || valid_for > limits_.max_valid_for) {
      return bad_option("valid_for", "must be at least 1 s and at most Limits::max_valid_for");
    }
    issued_at_ = issued_at;
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
    return 128 + (jti_text_.size() + token_id_.size()) * max_json_expansion;
  }

  /// What put_claims writes at most, without the room that texts without escapes do not take.
  [[nodiscard]] std::size_t claims_bytes() const noexcept {
    return 128 + json_string_size(jti_text_) + json_string_size(token_id_);
  }

  /// Room for `before` letters and put_claims: the bound where a ClaimsBuffer has it on the stack, else what is taken, which
  /// is counted letter by letter.
  [[nodiscard]] std::size_t room_after(std::size_t before) const noexcept {
    const std::size_t most = before + max_claims_bytes();
    return most <= ClaimsBuffer::inline_size ? most : before + claims_bytes();
  }

  /// "iat":N,"exp":N[,"nbf":N][,"jti":J][,"tid":T]}
  char* put_claims(char* out) const noexcept { return put_after_dates(put_dates(out)); }
  /// "iat":N,"exp":N
  char* put_dates(char* out) const noexcept {
    out = put_number(put(out, "\"iat\":"), issued_at_.time_since_epoch().count());
    return put_number(put(out, ",\"exp\":"), expires_at_.time_since_epoch().count());
  }
  char* put_after_dates(char* out) const noexcept {
    if (not_before_) out = put_number(put(out, ",\"nbf\":"), not_before_->time_since_epoch().count());
    if (!jti_text_.empty()) out = put_json_string(put(out, ",\"jti\":"), jti_text_);
    if (!token_id_.empty()) out = put_json_string(put(out, ",\"tid\":"), token_id_);
    return put(out, "}");
  }

  /// `text` is the token's beginning, header and dot included; `json` what follows it, yet to be encoded. `mac` signs
  /// in place with a signature of known size.
  template <class Room, class Mac>
  [[nodiscard]] std::optional<Error> sign(std::string_view text, std::string_view json, std::size_t mac_bytes,
                                          Mac&& mac, Room& room) const {
    const std::size_t input = text.size() + base64url_size(json.size());
    const std::size_t total = input + 1 + base64url_size(mac_bytes);
    if (total > limits_.max_token_bytes) return token_too_long();
    if (!room.begin(text, total, total)) return room_too_small();
    char* const token = room.data();
    encode_base64url(json.data(), json.size(), token + text.size());
    std::byte signature[max_signature_bytes];
    if (!mac(as_bytes({token, input}), signature)) return Error{Errc::internal_error, "signer", "libcrypto failed"};
    token[input] = '.';
    encode_base64url(signature, mac_bytes, token + input + 1);
    return {};
  }

  /// The same with any signer.
  template <class Room>
  [[nodiscard]] std::optional<Error> sign(std::string_view text, std::string_view json, const Signer& signer,
                                          Room& room) const {
    const std::size_t input = text.size() + base64url_size(json.size());
    if (input > limits_.max_token_bytes) return token_too_long();
    const std::size_t usual = input + 1 + base64url_size(64);  // ES256 and EdDSA
    if (!room.begin(text, input, usual)) return room_too_small();
    encode_base64url(json.data(), json.size(), room.data() + text.size());
    std::byte signature[max_signature_bytes] = {};  // a signer that writes less than it says gives nothing away
    const auto size = signer.sign(as_bytes({room.data(), input}), signature);
    if (!size) return size.error();
    if (*size == 0 || *size > sizeof signature) {
      return Error{Errc::internal_error, "signer", "wrote no signature, or more than it had room for"};
    }
    const std::size_t total = input + 1 + base64url_size(*size);
    if (total > limits_.max_token_bytes) return token_too_long();
    if (!room.resize(total)) return room_too_small();
    room.data()[input] = '.';
    encode_base64url(signature, *size, room.data() + input + 1);
    return {};
  }

  [[nodiscard]] std::chrono::sys_seconds issued_at() const noexcept { return issued_at_; }
  [[nodiscard]] std::chrono::sys_seconds expires_at() const noexcept { return expires_at_; }
  [[nodiscard]] const Jti& jti() const noexcept { return *jti_; }

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
      jti_text_ = *jti;
    } else if (random_jti_) {
      std::byte id[random_id_bytes];
      if (!random_id(id, id_cipher_)) return Error{Errc::internal_error, "jti", "the random source failed"};
      encode_base64url(id, sizeof id, random_text_);
      jti_text_ = {random_text_, sizeof random_text_};
    }
    jti_.emplace(jti_text_);  // long before it is copied: a copy waits for what has only just been written in pieces
    return {};
  }

  const Limits& limits_;
  const bool random_jti_;
  const EVP_CIPHER* const id_cipher_;
  std::chrono::sys_seconds issued_at_{}, expires_at_{};
  std::optional<std::chrono::sys_seconds> not_before_;
  std::string_view token_id_;
  std::string_view jti_text_;  // the request's, or the one below
  char random_text_[base64url_size(random_id_bytes)];
  std::optional<Jti> jti_;
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
