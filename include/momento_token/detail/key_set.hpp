#pragma once
// What makes several verification keys a set.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "momento_token/detail/algorithms.hpp"
#include "momento_token/detail/builtin_key.hpp"
#include "momento_token/signer.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// Two keys of one kid leave open which one vouches; a symmetric key among public ones may be mistaken for one.
[[nodiscard]] inline Result<void> check_key_set(const std::vector<std::shared_ptr<const VerificationKey>>& keys) {
  if (keys.empty()) return key_error("keys", "has no key that can verify");
  std::vector<std::string_view> kids;
  std::size_t symmetric = 0;
  for (const auto& key : keys) {
    if (!key->kid().empty()) kids.push_back(key->kid());
    if (find_algorithm(key->alg()) != nullptr && find_algorithm(key->alg())->family == Family::hmac) ++symmetric;
  }
  std::sort(kids.begin(), kids.end());
  if (std::adjacent_find(kids.begin(), kids.end()) != kids.end()) return key_error("kid", "is there twice");
  if (symmetric != 0 && symmetric != keys.size()) return key_error("keys", "holds symmetric and public keys together");
  return {};
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
