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
#include "momento_token/detail/letters.hpp"
#include "momento_token/detail/os_pages.hpp"
#include "momento_token/detail/os_random.hpp"
#include "momento_token/detail/token_block.hpp"
#include "momento_token/secret.hpp"
#include "momento_token/token.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::size_t max_cached_tokens = std::size_t{1} << 20;
/// A larger one is verified each time, so that the memory has a bound.
inline constexpr std::size_t max_cached_token_bytes = 2048;

/// HMAC-SHA-256 of a whole token under the cache's own key: nobody can aim at a collision.
struct TokenHash {
  std::array<std::byte, 32> bytes;
};

/// What a token is looked for by.
struct SoughtToken {
  std::uint64_t place = 0;  // where it is, if it is there
  TokenHash hash;           // whether it is
};

/// What an accepted token is accepted again by, besides its hash.
struct CachedFacts {
  std::uint64_t generation = 0;            // of the keys that its signature was checked with
  std::optional<std::int64_t> not_before;  // nbf; exp and iat are in the token
  bool keep = false;                       // false for one that has to be read anew each time
};

class VerifiedCache {
 public:
  /// Null when the random source or libcrypto fails. `capacity` is rounded up to whole shards.
  [[nodiscard]] static std::unique_ptr<VerifiedCache> create(std::size_t capacity) {
    SecretBytes key(32);
    if (!fill_random(key.expose_for_writing().data(), key.size())) return nullptr;
    auto hash = make_hmac_state(*find_algorithm("HS256"), key.expose());
    if (hash == nullptr) return nullptr;
    std::unique_ptr<VerifiedCache> cache(new VerifiedCache(std::move(hash), (capacity + ways - 1) / ways));
    if (!fill_random(reinterpret_cast<std::byte*>(&cache->place_key_), sizeof cache->place_key_)) return nullptr;
    return cache;
  }

  /// False when libcrypto fails, or for what is too short to be a token; then there is nothing to look for. The memory that
  /// find() reads is asked for before the hash is worked out, so that it is there afterwards.
  [[nodiscard]] bool seek(std::string_view token, SoughtToken& out) const {
    if (token.size() < shortest_token) return false;
    out.place = place_of(token);
    shard_of(out).fetch(usual_way(out));
    return hash_->mac(as_bytes(token), out.hash.bytes.data());
  }

  /// The token and its nbf, if it was accepted under keys of this generation and has not reached its exp; else an error that
  /// means nothing.
  [[nodiscard]] Result<VerifiedToken> find(const SoughtToken& sought, std::uint64_t generation,
                                           std::chrono::sys_seconds now,
                                           std::optional<std::int64_t>& not_before) const {
    Shard& shard = shard_of(sought);
    const ShardLock lock(shard.busy);
    if (!lock.held()) return Error{};
    for (std::size_t i = 0; i < ways; ++i) {
      const std::size_t way = (usual_way(sought) + i) % ways;
      if (!is_equal(shard.hashes[way], sought.hash)) continue;
      const Entry& entry = shard.entries[way];
      if (is_live(entry, generation, now)) {
        not_before = entry.not_before;
        return Copy{*entry.token};
      }
      if (is_over(entry, generation, now)) shard.forget(way);
    }
    return Error{};
  }

  void keep(const SoughtToken& sought, const CachedFacts& facts, const VerifiedToken& token,
            std::chrono::sys_seconds now) const {
    if (!facts.keep || now >= token.expires_at() || TokenAccess::block_bytes(token) > max_cached_token_bytes) return;
    VerifiedToken copy = token;  // what may fail does so before the shard is busy
    Shard& shard = shard_of(sought);
    const ShardLock lock(shard.busy);
    if (!lock.held()) return;
    for (std::size_t way = 0; way < ways; ++way) {
      const Entry& entry = shard.entries[way];
      const bool over = is_over(entry, facts.generation, now);
      const bool same = is_equal(shard.hashes[way], sought.hash);
      if (same && entry.token && !over) return;  // another thread was faster, or has a newer ring
      if (same || over) shard.forget(way);
    }
    const std::size_t way = free_way(shard, usual_way(sought));
    shard.forget(way);
    shard.hashes[way] = sought.hash;
    Entry& entry = shard.entries[way];
    entry.token.emplace(std::move(copy));
    entry.generation = facts.generation;
    entry.not_before = facts.not_before;
  }

  VerifiedCache(const VerifiedCache&) = delete;
  VerifiedCache& operator=(const VerifiedCache&) = delete;
  ~VerifiedCache() {
    wipe(&place_key_, sizeof place_key_);
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
  /// Made where the caller's Result has it.
  struct Copy {
    const VerifiedToken& token;
    operator VerifiedToken() const { return token; }
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

  /// Waits some microseconds and no longer: who does not get in verifies the token itself. So nobody hangs on a shard whose
  /// holder was lost in a fork.
  class ShardLock {
   public:
    explicit ShardLock(std::atomic<bool>& busy) noexcept : busy_(busy) {
      for (int i = 0; i < 200 && !held_; ++i) {
        if (i != 0) pause();
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
    /// Leaves the processor to the one who holds the shard.
    static void pause() noexcept {
#if defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__))
      __builtin_ia32_pause();
#elif defined(__GNUC__) && defined(__aarch64__)
      __asm__ volatile("yield");
#endif
    }

    std::atomic<bool>& busy_;
    bool held_ = false;
  };

  static constexpr std::size_t shortest_token = 64;
  /// What each eight letters are mixed with and multiplied by.
  struct PlaceKey {
    struct Pair {
      std::uint64_t mask, factor;
    };
    std::array<Pair, shortest_token / 8 + 1> pairs;
  };

  VerifiedCache(std::unique_ptr<const HmacState> hash, std::size_t shards) : hash_(std::move(hash)), shards_(shards) {}

  /// Each bit of it decides about each bit of the answer (the end of MurmurHash3).
  [[nodiscard]] static std::uint64_t mix(std::uint64_t x) noexcept {
    x = (x ^ x >> 33) * 0xFF51'AFD7'ED55'8CCD;
    x = (x ^ x >> 33) * 0xC4CE'B9FE'1A85'EC53;
    return x ^ x >> 33;
  }
  /// Of the last 64 letters and eight from the middle: of the signature, which differs for each token, and of the claims, for a
  /// signature of somebody's own make may end in the same letters each time. Under a random key, so that whoever has tokens
  /// cannot see which of them share a place. It is no cryptographic hash, and need not be one: nothing is accepted by it.
  [[nodiscard]] std::uint64_t place_of(std::string_view token) const noexcept {
    const char* const last = token.data() + token.size() - shortest_token;
    const auto part = [](const char* letters, const PlaceKey::Pair& key) {
      return (eight_letters(letters) ^ key.mask) * (key.factor | 1);
    };
    std::uint64_t sum = part(token.data() + token.size() / 2, place_key_.pairs.back());
    for (std::size_t i = 0; i < shortest_token / 8; ++i) sum += part(last + 8 * i, place_key_.pairs[i]);
    return mix(sum);
  }
  [[nodiscard]] Shard& shard_of(const SoughtToken& sought) const noexcept {
    return shards_[sought.place % shards_.size()];
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
  /// Where a token is when that was free.
  [[nodiscard]] static std::size_t usual_way(const SoughtToken& sought) noexcept {
    return static_cast<std::size_t>(sought.place >> 48) % ways;
  }
  /// Its usual one when that is empty, else any that is, else its usual one.
  [[nodiscard]] static std::size_t free_way(const Shard& shard, std::size_t usual) noexcept {
    for (std::size_t way = 0; way < ways && shard.entries[usual].token; ++way) {
      if (!shard.entries[way].token) return way;
    }
    return usual;
  }

  std::unique_ptr<const HmacState> hash_;
  PlaceKey place_key_{};
  mutable std::vector<Shard, LargePages<Shard>> shards_;
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
