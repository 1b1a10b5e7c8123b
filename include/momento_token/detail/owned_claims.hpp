#pragma once
// From views into a buffer to Claims of their own.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "momento_token/claims.hpp"
#include "momento_token/detail/claims_reader.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

[[nodiscard]] inline std::optional<std::string> owned(std::optional<std::string_view> view) {
  if (!view) return std::nullopt;
  return std::string(*view);
}
[[nodiscard]] inline std::optional<std::chrono::sys_seconds> as_time(std::optional<std::int64_t> seconds) {
  if (!seconds) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(*seconds));
}

/// `audience` has been filled by the reader.
[[nodiscard]] inline Claims owned_claims(const ClaimsView& view, std::vector<std::string> audience) {
  return {.issuer = owned(view.iss),
          .subject = owned(view.sub),
          .audience = std::move(audience),
          .expires_at = as_time(view.exp),
          .not_before = as_time(view.nbf),
          .issued_at = as_time(view.iat),
          .jti = owned(view.jti),
          .token_id = owned(view.tid)};
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
