#pragma once

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "momento_token/deny_list.hpp"
#include "momento_token/detail/deny_table.hpp"
#include "momento_token/detail/hmac.hpp"
#include "momento_token/detail/numeric_date.hpp"
#include "momento_token/detail/option_checks.hpp"
#include "momento_token/detail/os_fork.hpp"
#include "momento_token/detail/random_ids.hpp"
#include "momento_token/detail/small_buffer.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

struct InMemoryDenyList::State {
  std::unique_ptr<const detail::HmacState> hash;
  std::vector<std::unique_ptr<detail::DenyShard>> shards;
  std::size_t capacity = 0;
  std::int64_t leeway = 0;
  std::shared_ptr<const Clock> clock;
  std::atomic<bool> has_subjects{false};

  // Not before 1970: 0 is the end of a slot that was never used.
  [[nodiscard]] std::int64_t now() const { return std::max<std::int64_t>(0, clock->now().time_since_epoch().count()); }
  [[nodiscard]] detail::DenyShard& shard(const detail::DenyKey& key) const noexcept {
    return *shards[(key.place >> 48) % shards.size()];
  }
  [[nodiscard]] bool hash_of(char kind, std::string_view text, detail::DenyKey& key) const;
  [[nodiscard]] Result<void> add(char kind, std::string_view text, std::uint64_t data,
                                 std::chrono::sys_seconds expires_at);
  [[nodiscard]] Result<bool> issuer_hash(std::string_view issuer, std::uint64_t& hash) const;
};

namespace detail {

// What a text is hashed with, so that a jti and a token_id of the same letters differ.
inline constexpr char token_entry = 't', subject_entry = 's', issuer_entry = 'i';
inline constexpr std::size_t max_deny_capacity = std::size_t{16} << 20;

[[nodiscard]] MOMENTO_TOKEN_INLINE Error hash_failed() {
  return {Errc::internal_error, "deny_list", "libcrypto failed"};
}

}  // namespace detail

MOMENTO_TOKEN_INLINE bool InMemoryDenyList::State::hash_of(char kind, std::string_view text,
                                                           detail::DenyKey& key) const {
  detail::SmallBuffer<char, 256> message(1 + text.size());
  message.data()[0] = kind;
  std::copy(text.begin(), text.end(), message.data() + 1);
  std::byte mac[32];
  if (!hash->mac(as_bytes({message.data(), 1 + text.size()}), mac)) return false;
  std::memcpy(&key, mac, sizeof key);
  return true;
}

/// 0 for no issuer, never 0 for one.
MOMENTO_TOKEN_INLINE Result<bool> InMemoryDenyList::State::issuer_hash(std::string_view issuer,
                                                                       std::uint64_t& hash_out) const {
  hash_out = 0;
  if (issuer.empty()) return false;
  detail::DenyKey key;
  if (!hash_of(detail::issuer_entry, issuer, key)) return detail::hash_failed();
  hash_out = key.low | 1;
  return true;
}

MOMENTO_TOKEN_INLINE Result<void> InMemoryDenyList::State::add(char kind, std::string_view text, std::uint64_t data,
                                                               std::chrono::sys_seconds expires_at) {
  detail::DenyEntry entry;
  if (!hash_of(kind, text, entry.key)) return detail::hash_failed();
  const std::int64_t now_seconds = now();
  const std::int64_t end = detail::sane_seconds(expires_at) + leeway;
  if (end <= now_seconds || end <= 0) return {};  // nothing of it can be accepted any more
  entry.data = data;
  entry.until = end;
  const bool is_token = kind == detail::token_entry;
  const std::lock_guard lock(detail::fork_safe_mutex());
  std::size_t entries = 0;  // ended ones that are not swept yet included
  for (const auto& one : shards) entries += one->added();
  // Only where some entry has ended, or a full list would be walked through for each one it refuses; and no further than to
  // the first room, for a fork and every change of a key ring wait for the lock.
  for (const auto& one : shards) {
    if (entries < capacity) break;
    if (one->first_end() <= now_seconds) entries -= one->sweep(now_seconds);
  }
  // A token's entry is the same when it is for the same issuer; a subject has one entry, of its latest iat.
  const auto same = [&](std::uint64_t there) { return !is_token || there == data; };
  if (!shard(entry.key).put(entry, now_seconds, same, entries < capacity)) {
    return Error{Errc::limit_exceeded, "deny_list", "is full, and no entry of it has ended"};
  }
  if (!is_token) has_subjects.store(true, std::memory_order_release);
  return {};
}

MOMENTO_TOKEN_INLINE InMemoryDenyList::InMemoryDenyList(std::unique_ptr<State> state) noexcept
    : state_(std::move(state)) {}
MOMENTO_TOKEN_INLINE InMemoryDenyList::~InMemoryDenyList() = default;

MOMENTO_TOKEN_INLINE Result<std::shared_ptr<InMemoryDenyList>> InMemoryDenyList::create(DenyListOptions options) {
  if (options.capacity == 0 || options.capacity > detail::max_deny_capacity) {
    return detail::bad_option("capacity", "must be 1 to 16 million");
  }
  if (options.max_leeway < std::chrono::seconds(0) || options.max_leeway > std::chrono::hours(24)) {
    return detail::bad_option("max_leeway", "must be 0 s to 24 h");
  }
  if (options.clock == nullptr) return detail::bad_option("clock", "is null");
  SecretBytes key(32);
  if (!detail::fill_random(key.expose_for_writing().data(), key.size())) {
    return Error{Errc::internal_error, "deny_list", "the random source failed"};
  }
  auto state = std::make_unique<State>();
  state->hash = detail::make_hmac_state(*detail::find_algorithm("HS256"), key.expose());
  if (state->hash == nullptr) return detail::hash_failed();
  // Small ones in one piece: their entries would not spread evenly. Half of the slots stay free at least.
  const std::size_t count = options.capacity < 4096 ? 1 : 64;
  const std::size_t slots = options.capacity / count * 2 + 16;
  for (std::size_t i = 0; i < count; ++i) state->shards.push_back(std::make_unique<detail::DenyShard>(slots));
  state->capacity = options.capacity;
  state->leeway = options.max_leeway.count();
  state->clock = std::move(options.clock);
  static_cast<void>(detail::fork_generation());
  return std::shared_ptr<InMemoryDenyList>(new InMemoryDenyList(std::move(state)));
}

MOMENTO_TOKEN_INLINE Result<void> InMemoryDenyList::deny_token(std::string_view jti,
                                                               std::chrono::sys_seconds expires_at,
                                                               std::string_view issuer) {
  if (jti.empty()) return detail::bad_option("jti", "is empty");
  std::uint64_t hash = 0;
  if (const auto hashed = state_->issuer_hash(issuer, hash); !hashed) return hashed.error();
  return state_->add(detail::token_entry, jti, hash, expires_at);
}

MOMENTO_TOKEN_INLINE Result<void> InMemoryDenyList::deny_subject(std::string_view token_id,
                                                                 std::chrono::sys_seconds issued_until,
                                                                 std::chrono::sys_seconds expires_at) {
  if (token_id.empty()) return detail::bad_option("token_id", "is empty");
  const std::int64_t until = std::max<std::int64_t>(0, detail::sane_seconds(issued_until));
  return state_->add(detail::subject_entry, token_id, static_cast<std::uint64_t>(until), expires_at);
}

MOMENTO_TOKEN_INLINE Result<bool> InMemoryDenyList::is_denied(const DenyQuery& query) const {
  const std::int64_t now = state_->now();
  detail::DenyKey key;
  std::uint64_t issuer = 0;
  if (!state_->hash_of(detail::token_entry, query.jti, key)) return detail::hash_failed();
  if (const auto hashed = state_->issuer_hash(query.issuer, issuer); !hashed) return hashed.error();
  const auto of_issuer = [&](std::uint64_t data) { return data == 0 || data == issuer; };
  if (state_->shard(key).find(key, now, of_issuer)) return true;
  if (!query.token_id || !state_->has_subjects.load(std::memory_order_acquire)) return false;
  if (!state_->hash_of(detail::subject_entry, *query.token_id, key)) return detail::hash_failed();
  const std::int64_t issued_at = detail::sane_seconds(query.issued_at);
  return state_->shard(key).find(key, now,
                                 [&](std::uint64_t last) { return issued_at <= static_cast<std::int64_t>(last); });
}

MOMENTO_TOKEN_INLINE std::size_t InMemoryDenyList::size() const {
  const std::int64_t now = state_->now();
  std::size_t living = 0;
  for (const auto& shard : state_->shards) living += shard->count(now);
  return living;
}

MOMENTO_TOKEN_INLINE std::size_t InMemoryDenyList::memory_bytes() const noexcept {
  return state_->shards.size() * state_->shards.front()->slots() * detail::DenyShard::slot_bytes();
}

MOMENTO_TOKEN_END_NAMESPACE
