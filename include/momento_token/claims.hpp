#pragma once
// What a token says besides its permissions, and how much of it there may be.

#include <chrono>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

/// Caps. The defaults of the first two are the documented limits of Momento's service.
struct Limits {
  /// The longest lifetime an issuer grants.
  std::chrono::seconds max_valid_for = std::chrono::hours(25);
  /// Statements in one permission set, at issue and in a token.
  std::size_t max_statements = 20;
  /// UTF-8 bytes of a token_id at issue.
  std::size_t max_token_id_bytes = 1024;
  /// Letters of a whole token, at issue and before anything of it is read. At most 64 KiB.
  std::size_t max_token_bytes = std::size_t{16} * 1024;
  /// UTF-16 units of a token_id at issue, as the JavaScript SDK counts. No limit by default.
  std::size_t max_token_id_utf16_units = std::numeric_limits<std::size_t>::max();

  /// Also holds token_id to the 64 UTF-16 units of Momento's JavaScript SDK.
  [[nodiscard]] static Limits momento_sdk() {
    Limits limits;
    limits.max_token_id_utf16_units = 64;
    return limits;
  }
};

/// The registered claims of RFC 7519 §4.1 and Momento's `tid`. A claim that the token does not have is empty.
/// Dates with a fraction come out as the next whole second, which makes every comparison with whole seconds exact.
struct Claims {
  std::optional<std::string> issuer = {};                   ///< iss
  std::optional<std::string> subject = {};                  ///< sub
  std::vector<std::string> audience = {};                   ///< aud: one text or several
  std::optional<std::chrono::sys_seconds> expires_at = {};  ///< exp: already too late at this second
  std::optional<std::chrono::sys_seconds> not_before = {};  ///< nbf
  std::optional<std::chrono::sys_seconds> issued_at = {};   ///< iat
  std::optional<std::string> jti = {};                      ///< jti: the token's own id
  std::optional<std::string> token_id = {};                 ///< tid

  friend bool operator==(const Claims&, const Claims&) = default;
};

MOMENTO_TOKEN_END_NAMESPACE
