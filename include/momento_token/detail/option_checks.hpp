#pragma once
// What Issuer::create and Verifier::create refuse alike.

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "momento_token/claims.hpp"
#include "momento_token/result.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// C0, DEL, and C1 in UTF-8: what a terminal may obey.
[[nodiscard]] inline bool has_control_character(std::string_view text) noexcept {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7F) return true;
    if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) return true;
  }
  return false;
}

/// Offsets into a token are 16 bits wide.
inline constexpr std::size_t max_token_bytes_limit = std::size_t{64} * 1024;

[[nodiscard]] inline Error bad_option(std::string_view field, StaticText message) {
  return {Errc::invalid_argument, std::string(field), message};
}

[[nodiscard]] inline Result<void> check_limits(const Limits& limits) {
  if (limits.max_valid_for < std::chrono::seconds(1)) return bad_option("limits.max_valid_for", "must be at least 1 s");
  if (limits.max_statements == 0) return bad_option("limits.max_statements", "must be at least 1");
  if (limits.max_token_id_bytes > max_token_bytes_limit) {
    return bad_option("limits.max_token_id_bytes", "must be at most 64 KiB");
  }
  if (limits.max_token_bytes == 0 || limits.max_token_bytes > max_token_bytes_limit) {
    return bad_option("limits.max_token_bytes", "must be at least 1 and at most 64 KiB");
  }
  return {};
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
