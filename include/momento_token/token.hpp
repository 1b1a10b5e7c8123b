#pragma once
// A token in its three states: minted, read without checking, verified.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "momento_token/claims.hpp"
#include "momento_token/config.hpp"
#include "momento_token/permissions.hpp"
#include "momento_token/result.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

namespace detail {
struct TokenAccess;
}

/// A token's own id, in place: a string would cost each mint an allocation.
class Jti {
 public:
  static constexpr std::size_t capacity = 64;  ///< bytes

  constexpr Jti() noexcept : Jti(std::string_view()) {}
  /// Keeps at most `capacity` bytes.
  constexpr explicit Jti(std::string_view text) noexcept
      : size_(static_cast<std::uint8_t>(text.size() < capacity ? text.size() : capacity)) {
    // In pieces: for the whole g++ 12 takes `rep stos`, which is slower to start than all of a mint's other copies together.
    for (std::size_t i = 0; i < capacity; i += 16) std::fill_n(text_ + i, 16, '\0');
    std::copy_n(text.data(), size_, text_);
  }
  [[nodiscard]] constexpr std::string_view view() const& noexcept { return {text_, size_}; }
  std::string_view view() const&& = delete;
  [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::string str() const { return {text_, size_}; }

  friend constexpr bool operator==(const Jti& a, const Jti& b) noexcept { return a.view() == b.view(); }
  friend constexpr bool operator==(const Jti& a, std::string_view b) noexcept { return a.view() == b; }

 private:
  char text_[capacity];
  std::uint8_t size_;
};

/// What an Issuer hands out: the members of Momento's answer, and what the issuer knows besides.
struct DisposableToken {
  std::string api_key;                   ///< the bare token: a credential; hand it over, never log it
  std::string endpoint;                  ///< the host it is for; may be empty
  std::chrono::sys_seconds valid_until;  ///< exp: refused from this second on
  std::chrono::sys_seconds issued_at;    ///< iat
  Jti jti;                               ///< for a deny-list; empty when the issuer writes none

  /// How long it lives, counted from its issue.
  [[nodiscard]] std::chrono::seconds expires_in() const noexcept { return valid_until - issued_at; }
};

/// A token whose signature, times, audience and permissions have been checked. Only a Verifier makes one. It owns what it
/// holds, in one block: a token of usual size allocates nothing. Copies and moves; a moved-from one may only be
/// destroyed or assigned. Reading one from several threads is safe.
class MOMENTO_TOKEN_API VerifiedToken {
 public:
  VerifiedToken(const VerifiedToken& other);
  VerifiedToken& operator=(const VerifiedToken& other);
  VerifiedToken(VerifiedToken&& other) noexcept;
  VerifiedToken& operator=(VerifiedToken&& other) noexcept;
  ~VerifiedToken();

  /// The signed token_id given at issue, if any. A view into this token.
  [[nodiscard]] std::optional<std::string_view> token_metadata() const& noexcept;
  std::optional<std::string_view> token_metadata() const&& = delete;
  /// The token's own id, if it has one. A view into this token.
  [[nodiscard]] std::optional<std::string_view> jti() const& noexcept;
  std::optional<std::string_view> jti() const&& = delete;

  /// exp; a fraction counts as the next whole second.
  [[nodiscard]] std::chrono::sys_seconds expires_at() const noexcept { return expires_at_; }
  /// iat, if the token has one.
  [[nodiscard]] std::optional<std::chrono::sys_seconds> issued_at() const noexcept;
  /// The second from which allows() says no: exp and the leeway of the verifier that made this.
  [[nodiscard]] std::chrono::sys_seconds refused_from() const noexcept { return refused_from_; }

  /// How many statements its permissions have.
  [[nodiscard]] std::size_t statement_count() const noexcept { return statements_; }
  /// The permission set, built anew by each call. To ask what it allows use allows(), which builds nothing.
  [[nodiscard]] Permissions permissions() const;

 private:
  friend struct detail::TokenAccess;
  VerifiedToken() noexcept;
  [[nodiscard]] const std::byte* block() const noexcept { return heap_ ? heap_.get() : inline_; }
  void copy_from(const VerifiedToken& other) noexcept;

  static constexpr std::size_t inline_capacity = 336;

  std::chrono::sys_seconds expires_at_{};
  std::chrono::sys_seconds refused_from_{};
  std::chrono::sys_seconds issued_at_{};
  std::unique_ptr<std::byte[]> heap_;
  // The block: the index of the statements, then p, jti and tid.
  std::uint32_t block_size_ = 0;
  std::uint32_t p_offset_ = 0;
  std::uint16_t statements_ = 0;
  std::uint16_t p_size_ = 0;
  std::uint16_t jti_size_ = 0;
  std::uint16_t tid_size_ = 0;
  bool has_jti_ = false;
  bool has_tid_ = false;
  bool has_iat_ = false;
  std::byte inline_[inline_capacity];
};

/// What a token claims about itself. Nothing of it has been checked: not the signature, not the times. For looking at
/// tokens, never for deciding.
class MOMENTO_TOKEN_API UnverifiedToken {
 public:
  /// What the header says; the key decides.
  [[nodiscard]] const std::string& alg() const& noexcept { return alg_; }
  const std::string& alg() const&& = delete;
  /// Empty when the header has none.
  [[nodiscard]] const std::string& kid() const& noexcept { return kid_; }
  const std::string& kid() const&& = delete;
  [[nodiscard]] const Claims& claims() const& noexcept { return claims_; }
  const Claims& claims() const&& = delete;
  /// The header as the JSON text it is written in; strict JSON.
  [[nodiscard]] const std::string& header() const& noexcept { return header_; }
  const std::string& header() const&& = delete;
  /// The claims as the JSON text they are written in; strict JSON.
  [[nodiscard]] const std::string& payload() const& noexcept { return payload_; }
  const std::string& payload() const&& = delete;
  /// The permissions it claims, if it has a `p` claim that reads as from_proto() demands; otherwise the error.
  [[nodiscard]] Result<Permissions> claimed_permissions() const;

 private:
  friend struct detail::TokenAccess;
  UnverifiedToken() = default;
  std::string header_, payload_, alg_, kid_;
  Claims claims_;
  std::optional<std::string> p_;
};

/// Takes a compact JWS apart without a key: strict base64url and JSON, `alg` a text, registered claims of their types,
/// at most `max_bytes` letters. malformed_token or limit_exceeded otherwise.
[[nodiscard]] MOMENTO_TOKEN_API Result<UnverifiedToken> decode_unverified(
    std::string_view compact, std::size_t max_bytes = Limits().max_token_bytes);

MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/token.ipp"
#endif
