#pragma once
// A keyed hash whose key nobody knows: for tables that strangers fill, and to compare secrets of unequal length.

#include <memory>

#include "momento_token/detail/hmac.hpp"
#include "momento_token/detail/os_random.hpp"
#include "momento_token/secret.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// HMAC-SHA-256 under 32 random bytes. Null when the random source or libcrypto fails.
[[nodiscard]] inline std::unique_ptr<const HmacState> random_hmac() {
  SecretBytes key(32);
  if (!fill_random(key.expose_for_writing().data(), key.size())) return nullptr;
  return make_hmac_state(*find_algorithm("HS256"), key.expose());
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
