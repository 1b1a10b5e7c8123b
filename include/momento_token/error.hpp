#pragma once
// What went wrong: a stable code for the program, a field for the form, a sentence for the person.

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

/// Why an operation failed. Values are only ever added, so store and compare them freely.
enum class Errc : std::uint8_t {
  invalid_argument = 1,  ///< a caller's value is out of range; Error::field is its path
  malformed_token,       ///< shape, base64url, JSON, types, `crit`, a missing `exp` or `p`, a `p` that no issuer writes
  limit_exceeded,        ///< over a cap of Limits
  unknown_key,           ///< no key, or several, fit the token
  signature_mismatch,    ///< wrong signature, `alg` not the key's, `none`
  expired,               ///< now >= exp + leeway
  not_yet_valid,         ///< now < nbf - leeway, or iat in the future
  not_accepted,          ///< `iss` or `aud` is not one the verifier names; Error::field says which
  revoked,               ///< on the deny-list
  ambiguous_scope,       ///< JSON that names both "all" and one
  permission_denied,     ///< the scope does not allow it
  internal_error,        ///< a signer or the random source failed
};

/// The code's name, such as "invalid_argument".
[[nodiscard]] MOMENTO_TOKEN_API std::string_view to_string(Errc code) noexcept;

/// A string literal, and nothing else: a message can neither dangle nor carry what an attacker sent.
class StaticText {
 public:
  template <std::size_t N>
  consteval StaticText(const char (&literal)[N]) noexcept : data_(literal), size_(N - 1) {}
  constexpr StaticText() noexcept = default;
  [[nodiscard]] constexpr std::string_view view() const noexcept { return {data_, size_}; }
  constexpr operator std::string_view() const noexcept { return view(); }

 private:
  const char* data_ = "";
  std::size_t size_ = 0;
};

/// Holds no key bytes, token text or token_id, ever. Making one for a refused token allocates nothing.
struct Error {
  Errc code = Errc::internal_error;  ///< for the program
  std::string field = {};   ///< "permissions[2].cache"; empty when it is not about one field, and on token errors
                            ///< (but for not_accepted: "iss" or "aud")
  StaticText message = {};  ///< one sentence: what was wrong, what is accepted
};

/// "code: field: message", safe to log.
[[nodiscard]] MOMENTO_TOKEN_API std::string to_string(const Error& error);

/// As to_string() writes them; take std::setw and the like.
MOMENTO_TOKEN_API std::ostream& operator<<(std::ostream& out, Errc code);
MOMENTO_TOKEN_API std::ostream& operator<<(std::ostream& out, const Error& error);

MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/error.ipp"
#endif
