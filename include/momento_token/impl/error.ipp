#pragma once

#include "momento_token/error.hpp"

#include <ostream>

MOMENTO_TOKEN_BEGIN_NAMESPACE

MOMENTO_TOKEN_INLINE std::string_view to_string(Errc code) noexcept {
  switch (code) {
    case Errc::invalid_argument: return "invalid_argument";
    case Errc::malformed_token: return "malformed_token";
    case Errc::limit_exceeded: return "limit_exceeded";
    case Errc::unknown_key: return "unknown_key";
    case Errc::signature_mismatch: return "signature_mismatch";
    case Errc::expired: return "expired";
    case Errc::not_yet_valid: return "not_yet_valid";
    case Errc::not_accepted: return "not_accepted";
    case Errc::revoked: return "revoked";
    case Errc::ambiguous_scope: return "ambiguous_scope";
    case Errc::permission_denied: return "permission_denied";
    case Errc::internal_error: return "internal_error";
  }
  return "internal_error";
}

MOMENTO_TOKEN_INLINE std::string to_string(const Error& error) {
  std::string text(to_string(error.code));
  if (!error.field.empty()) text.append(": ").append(error.field);
  if (!error.message.view().empty()) text.append(": ").append(error.message.view());
  return text;
}

MOMENTO_TOKEN_INLINE std::ostream& operator<<(std::ostream& out, Errc code) { return out << to_string(code); }
MOMENTO_TOKEN_INLINE std::ostream& operator<<(std::ostream& out, const Error& error) { return out << to_string(error); }

MOMENTO_TOKEN_END_NAMESPACE
