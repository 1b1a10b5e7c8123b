#pragma once
// Revocation before expiry: tokens and subjects that a verifier refuses although everything else about them holds.

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "momento_token/clock.hpp"
#include "momento_token/config.hpp"
#include "momento_token/result.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

/// What a verifier knows of a token when it asks. Views into the token, for one call.
struct DenyQuery {
  std::string_view issuer;                   ///< iss; empty when the token has none
  std::string_view jti;                      ///< the token's own id
  std::optional<std::string_view> token_id;  ///< tid
  std::chrono::sys_seconds issued_at;        ///< iat
};

/// A list of your own (a database, a cache) derives from this. Must be thread-safe; it is asked for every token that holds
/// otherwise. A verifier with a list refuses tokens without `jti` or `iat`.
class MOMENTO_TOKEN_API DenyList {
 public:
  DenyList() = default;
  DenyList(const DenyList&) = delete;
  DenyList& operator=(const DenyList&) = delete;
  virtual ~DenyList() = default;
  /// True for a token on the list. Answer an error when you cannot tell: the token is then refused.
  [[nodiscard]] virtual Result<bool> is_denied(const DenyQuery& query) const = 0;
};

/// How large an InMemoryDenyList is, and for whom.
struct DenyListOptions {
  std::size_t capacity;  ///< entries, 1 … 16 million; no default: it decides the memory
  std::chrono::seconds max_leeway = std::chrono::minutes(10);  ///< the largest of any verifier that asks
  std::shared_ptr<const Clock> clock = system_clock();         ///< another for tests
};

/// In memory: 80 to 160 bytes for each entry of the capacity (640 more at least), allocated at once. Entries live until
/// their end and the leeway, and never go earlier: a full list refuses new ones. Looking up takes no lock and is safe
/// while another thread adds, and across fork. Names are kept as 128-bit hashes under a random key of the list.
class MOMENTO_TOKEN_API InMemoryDenyList final : public DenyList {
 public:
  /// invalid_argument for a capacity or leeway out of range or a null clock; internal_error when the random source fails.
  [[nodiscard]] static Result<std::shared_ptr<InMemoryDenyList>> create(DenyListOptions options);
  ~InMemoryDenyList() override;

  /// One token, until its `expires_at`. With an issuer only that issuer's. limit_exceeded when the list is full,
  /// invalid_argument for an empty jti.
  [[nodiscard]] Result<void> deny_token(std::string_view jti, std::chrono::sys_seconds expires_at,
                                        std::string_view issuer = {});
  /// Every token of this token_id with iat ≤ `issued_until`, until `expires_at`: when the last of them ends.
  [[nodiscard]] Result<void> deny_subject(std::string_view token_id, std::chrono::sys_seconds issued_until,
                                          std::chrono::sys_seconds expires_at);

  [[nodiscard]] Result<bool> is_denied(const DenyQuery& query) const override;

  /// Entries that have not ended yet. Looks at every slot, which takes milliseconds for a large list and holds nobody up;
  /// while others add, about as many.
  [[nodiscard]] std::size_t size() const;
  /// What the table takes, whatever is in it.
  [[nodiscard]] std::size_t memory_bytes() const noexcept;

 private:
  struct State;
  explicit InMemoryDenyList(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/deny_list.ipp"
#endif
