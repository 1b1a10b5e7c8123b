#pragma once
// Tokens that a verifier has accepted, found again by a keyed hash of their whole text. Nothing of a token's text is kept.

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "momento_token/detail/hmac.hpp"
#include "momento_token/detail/os_random.hpp"
#include "momento_token/detail/token_block.hpp"
#include "momento_token/secret.hpp"
#include "momento_token/token.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::size_t max_cached_tokens = std::size_t{1} << 20;
/// A larger one is verified each time, so that the memory has a bound.
inline constexpr std::size_t max_cached_token_bytes = 2048;

/// HMAC-SHA-256 of a token under the cache's own key: whoever sends tokens can neither aim at a place nor at a collision.
struct TokenHash {
  std::array<std::byte, 32> bytes;
};

/// What an accepted token is accepted again by, besides its hash.
struct CachedFacts {
  std::uint64_t generation = 0;            // of the keys that its signature was checked with
  std::optional<std::int64_t> not_before;  // nbf; exp and iat are in the token
  bool keep = false;                       // false for one that has to be read anew each time
};

class VerifiedCache {
 public:
  struct Found {
    VerifiedToken token;
    std::optional<std::int64_t> not_before;
  };

  /// Null when the random source or libcrypto fails. `capacity` is rounded up to whole shards.
  [[nodiscard]] static std::unique_ptr<VerifiedCache> create(std::size_t capacity) {
    SecretBytes key(32);
    if (!fill_random(key.expose_for_writing().data(), key.size())) return nullptr;
    auto hash = make_hmac_state(*find_algorithm("HS256"), key.expose());
    if (hash == nullptr) return nullptr;
    return std::unique_ptr<VerifiedCache>(new VerifiedCache(std::move(hash), (capacity + ways - 1) / ways));
  }

  /// False when libcrypto fails; then there is nothing to look for.
  [[nodiscard]] bool hash_of(std::string_view token, TokenHash& out) const {
    return hash_->mac(as_bytes(token), out.bytes.data());
  }

  /// The token of this hash, if it was accepted under keys of this generation and has not reached its exp.
  [[nodiscard]] std::optional<Found> find(const TokenHash& hash, std::uint64_t generation,
                                          std::chrono::sys_seconds now) const {
    Shard& shard = shard_of(hash);
    shard.fetch(usual_way(hash));
    const ShardLock lock(shard.busy);
    if (!lock.held()) return {};
    for (std::size_t i = 0; i < ways; ++i) {
      const std::size_t way = (usual_way(hash) + i) % ways;
      if (!is_equal(shard.hashes[way], hash)) continue;
      const Entry& entry = shard.entries[way];
      if (is_live(entry, generation, now)) return Found{*entry.token, entry.not_before};
      if (is_over(entry, generation, now)) shard.forget(way);
    }
    return {};
  }

  void keep(const TokenHash& hash, const CachedFacts& facts, const VerifiedToken& token,
            std::chrono::sys_seconds now) const {
    if (!facts.keep || now >= token.expires_at() || TokenAccess::block_bytes(token) > max_cached_token_bytes) return;
    VerifiedToken copy = token;  // what may fail does so before the shard is busy
    Shard& shard = shard_of(hash);
    const ShardLock lock(shard.busy);
    if (!lock.held()) return;
    for (std::size_t way = 0; way < ways; ++way) {
      if (is_equal(shard.hashes[way], hash) || is_over(shard.entries[way], facts.generation, now)) shard.forget(way);
    }
    const std::size_t way = free_way(shard, hash);
    shard.forget(way);
    shard.hashes[way] = hash;
    Entry& entry = shard.entries[way];
    entry.token.emplace(std::move(copy));
    entry.generation = facts.generation;
    entry.not_before = facts.not_before;
  }

  VerifiedCache(const VerifiedCache&) = delete;
  VerifiedCache& operator=(const VerifiedCache&) = delete;
  ~VerifiedCache() {
    for (Shard& shard : shards_) {
      // Busy for ever: its holder was lost in a fork, and what it was about to do is half done.
      const bool half_done = shard.busy.load(std::memory_order_acquire);
      for (std::size_t way = 0; way < ways; ++way) half_done ? shard.wipe_half_done(way) : shard.forget(way);
    }
  }

  [[nodiscard]] std::size_t memory_bytes() const noexcept { return shards_.size() * sizeof(Shard); }

 private:
  // With 4, one in a thousand tokens finds its shard full when an eighth of the capacity is used; with 8, one in a million.
  static constexpr std::size_t ways = 8;
  struct Entry {
    std::uint64_t generation = 0;
    std::optional<std::int64_t> not_before;
    std::optional<VerifiedToken> token;
  };
  /// What is searched stands together.
  struct alignas(64) Shard {
    std::atomic<bool> busy{false};
    std::array<TokenHash, ways> hashes{};  // zeros where there is no token
    std::array<Entry, ways> entries;

    /// Asks for the memory that a look-up reads, all at once: a lock, a hash and a token would be waited for one by one.
    void fetch([[maybe_unused]] std::size_t way) const noexcept {
#if defined(__GNUC__)
      __builtin_prefetch(this, 1);
      __builtin_prefetch(&hashes[way]);
      const char* const entry = reinterpret_cast<const char*>(&entries[way]);
      for (std::size_t i = 0; i < sizeof(Entry); i += 64) __builtin_prefetch(entry + i);
#endif
    }
    void forget(std::size_t way) noexcept {
      if (entries[way].token) TokenAccess::wipe_heap(*entries[way].token);
      std::destroy_at(&entries[way]);
      wipe_half_done(way);
    }
    /// What it has on the heap is lost, for nobody knows whether it is whole.
    void wipe_half_done(std::size_t way) noexcept {
      wipe(&hashes[way], sizeof hashes[way]);
      wipe(&entries[way], sizeof entries[way]);
      ::new (&entries[way]) Entry;
    }
  };

  /// Waits a moment and no longer: who does not get in verifies the token itself. So nobody hangs on a shard whose holder was
  /// lost in a fork.
  class ShardLock {
   public:
    explicit ShardLock(std::atomic<bool>& busy) noexcept : busy_(busy) {
      for (int i = 0; i < 100 && !held_; ++i) {
        held_ = !busy_.load(std::memory_order_relaxed) && !busy_.exchange(true, std::memory_order_acquire);
      }
    }
    ShardLock(const ShardLock&) = delete;
    ShardLock& operator=(const ShardLock&) = delete;
    ~ShardLock() {
      if (held_) busy_.store(false, std::memory_order_release);
    }
    [[nodiscard]] bool held() const noexcept { return held_; }

   private:
    std::atomic<bool>& busy_;
    bool held_ = false;
  };

  VerifiedCache(std::unique_ptr<const HmacState> hash, std::size_t shards) : hash_(std::move(hash)), shards_(shards) {}

  [[nodiscard]] Shard& shard_of(const TokenHash& hash) const noexcept {
    std::uint64_t place = 0;
    std::memcpy(&place, hash.bytes.data(), sizeof place);
    return shards_[place % shards_.size()];
  }
  /// All of it, in constant time.
  [[nodiscard]] static bool is_equal(const TokenHash& a, const TokenHash& b) noexcept {
    return CRYPTO_memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size()) == 0;
  }
  /// Never at or after exp, whatever the leeway: then the token is read anew.
  [[nodiscard]] static bool is_live(const Entry& entry, std::uint64_t generation,
                                    std::chrono::sys_seconds now) noexcept {
    return entry.token && entry.generation == generation && now < entry.token->expires_at();
  }
  /// Of no use to anybody any more; a thread with an older key ring in hand leaves newer entries alone.
  [[nodiscard]] static bool is_over(const Entry& entry, std::uint64_t generation,
                                    std::chrono::sys_seconds now) noexcept {
    return entry.token && (entry.generation < generation || now >= entry.token->expires_at());
  }
  /// Where a token is when that place was free; which one only the hash says, so nobody can aim.
  [[nodiscard]] static std::size_t usual_way(const TokenHash& hash) noexcept {
    return std::to_integer<std::size_t>(hash.bytes.back()) % ways;
  }
  /// Its usual place when that is empty, else any that is, else its usual one.
  [[nodiscard]] static std::size_t free_way(const Shard& shard, const TokenHash& hash) noexcept {
    const std::size_t usual = usual_way(hash);
    for (std::size_t way = 0; way < ways && shard.entries[usual].token; ++way) {
      if (!shard.entries[way].token) return way;
    }
    return usual;
  }

  std::unique_ptr<const HmacState> hash_;
  mutable std::vector<Shard> shards_;
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
