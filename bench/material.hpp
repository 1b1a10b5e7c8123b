#pragma once
// What every row works on: 4096 different tokens of each kind, all of one size, so that nothing is learnt by heart.

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "momento_token/momento_token.hpp"
#include "momento_token/testing.hpp"

namespace bench {

namespace mt = momento_token;

inline constexpr std::size_t token_count = 4096;
inline constexpr std::size_t usual_input = 323;  // letters of the signing input of the rows named "usual"
inline constexpr std::chrono::sys_seconds now{std::chrono::seconds(1893456000)};

/// The bytes 0, 1, 2 … 31.
[[nodiscard]] std::string_view hmac_secret();
[[nodiscard]] mt::KeyPair hs256_key();
[[nodiscard]] std::shared_ptr<const mt::Clock> still_clock();

/// One statement whose `p` claim has 68 letters; different for each i.
[[nodiscard]] mt::Permissions usual_scope(std::size_t i);
/// `count` statements with names of usual length; different for each i.
[[nodiscard]] mt::Permissions scope_of(std::size_t count, std::size_t i);
/// A 46-byte token_id; different for each i. With `bytes`, one of that size.
[[nodiscard]] std::string token_id_of(std::size_t i, std::size_t bytes = 46);

[[nodiscard]] mt::Issuer issuer_of(const mt::KeyPair& key, bool random_jti, std::shared_ptr<const mt::Clock> clock,
                                   mt::Limits limits = {});
[[nodiscard]] mt::Verifier verifier_of(const mt::KeyPair& key, mt::Limits limits = {});

/// Token i for the scope and id of i.
template <class Scope>
[[nodiscard]] std::vector<std::string> tokens_of(const mt::Issuer& issuer, Scope&& scope, std::size_t id_bytes = 46,
                                                 std::size_t count = token_count) {
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i < count; ++i) {
    tokens.push_back(
        issuer
            .generate_disposable_token(
                {.permissions = scope(i), .valid_for = std::chrono::hours(1), .token_id = token_id_of(i, id_bytes)})
            .value()
            .api_key);
  }
  return tokens;
}
/// HS256, one statement, a signing input of usual_input letters.
[[nodiscard]] const std::vector<std::string>& usual_tokens();

[[nodiscard]] inline std::string_view signing_input(std::string_view token) {
  return token.substr(0, token.rfind('.'));
}

}  // namespace bench
