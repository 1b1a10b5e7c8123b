#pragma once
// The block of a VerifiedToken: for each statement a fixed record of role bits, selectors and 16-bit offsets into p; above
// four statements two byte columns that let allows() skip most of them; then p, jti and tid.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include "momento_token/detail/statement.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/secret.hpp"
#include "momento_token/token.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

struct StatementRecord {
  std::uint8_t kind_and_role;             // kind << 4 | role
  std::uint8_t operations_and_selectors;  // operations << 4 | cache << 2 | resource
  std::uint16_t cache_offset, cache_size;
  std::uint16_t resource_offset, resource_size;
};
static_assert(sizeof(StatementRecord) == 10);

inline constexpr std::size_t statements_without_columns = 4;

/// One byte of a cache name: different bytes mean different names. 0 stands for "any cache".
[[nodiscard]] inline std::uint8_t cache_tag(std::string_view name) noexcept {
  if (name.empty()) return 1;
  const auto first = static_cast<unsigned char>(name.front());
  const auto last = static_cast<unsigned char>(name.back());
  return static_cast<std::uint8_t>((name.size() * 31U + first * 7U + last) | 1U);
}

/// What the verifier puts into a token and what the authorizer reads.
struct TokenAccess {
  struct Parts {
    std::chrono::sys_seconds expires_at, refused_from;
    std::optional<std::chrono::sys_seconds> issued_at;
    ByteView p;                                   // canonical bytes
    std::span<const StatementRecord> statements;  // offsets relative to p
    std::optional<std::string_view> jti, tid;

    /// Turns into the token where the caller's Result has it; one that was made first and then moved would be read while it
    /// is still on its way to memory.
    operator VerifiedToken() const { return make(*this); }
  };
  [[nodiscard]] static VerifiedToken make(const Parts& parts);
  [[nodiscard]] static UnverifiedToken make_unverified() { return {}; }
  template <class F>
  static void fill(UnverifiedToken& token, F&& f) {
    f(token.header_, token.payload_, token.alg_, token.kid_, token.claims_, token.p_);
  }

  [[nodiscard]] static ByteView p(const VerifiedToken& token) noexcept {
    return {token.block() + token.p_offset_, token.p_size_};
  }
  [[nodiscard]] static StatementRecord record(const VerifiedToken& token, std::size_t i) noexcept {
    StatementRecord record;
    std::memcpy(&record, token.block() + i * sizeof record, sizeof record);
    return record;
  }
  [[nodiscard]] static std::size_t block_bytes(const VerifiedToken& token) noexcept { return token.block_size_; }
  /// Afterwards the token may only be destroyed.
  static void wipe_heap(VerifiedToken& token) noexcept {
    if (token.heap_ != nullptr) wipe(token.heap_.get(), token.block_size_);
  }
  /// The two columns (kind << 4 | operations, then cache_tag) of a token with more than four statements; else null.
  [[nodiscard]] static const std::uint8_t* columns(const VerifiedToken& token) noexcept {
    if (token.statements_ <= statements_without_columns) return nullptr;
    return reinterpret_cast<const std::uint8_t*>(token.block()) + token.statements_ * sizeof(StatementRecord);
  }
  [[nodiscard]] static StatementView statement(const VerifiedToken& token, std::size_t i) noexcept {
    const StatementRecord r = record(token, i);
    const std::string_view text = as_text(p(token));
    return {static_cast<std::uint8_t>(r.kind_and_role >> 4),
            static_cast<std::int8_t>(r.kind_and_role & 15),
            {static_cast<Select>((r.operations_and_selectors >> 2) & 3), text.substr(r.cache_offset, r.cache_size)},
            {static_cast<Select>(r.operations_and_selectors & 3), text.substr(r.resource_offset, r.resource_size)}};
  }
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
