#pragma once
// What the tokens of one scope under one key have in common, and for a second what those of the same dates have.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "momento_token/detail/base64.hpp"
#include "momento_token/detail/minting.hpp"
#include "momento_token/detail/signing_key.hpp"
#include "momento_token/detail/snapshots.hpp"
#include "momento_token/secret.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

[[nodiscard]] inline Error crypto_out_of_memory() {
  return {Errc::internal_error, "signer", "libcrypto is out of memory"};
}

/// The first letters of tokens, encoded and, where an HMAC signs, hashed.
class TokenBeginning {
 public:
  TokenBeginning() = default;
  TokenBeginning(const TokenBeginning&) = delete;
  TokenBeginning& operator=(const TokenBeginning&) = delete;
  ~TokenBeginning() { wipe(text.data(), text.size()); }

  /// `letters` and the JSON that follows them. `before` is null or holds the hash of some of the letters. False when
  /// libcrypto is out of memory.
  [[nodiscard]] bool take(const SigningKey& key, std::string_view letters, std::string_view json,
                          const TokenBeginning* before = nullptr) {
    const std::size_t whole_groups = json.size() / 3 * 3;
    text.reserve(letters.size() + base64url_size(whole_groups));
    text = letters;
    text.resize(letters.size() + base64url_size(whole_groups));
    encode_base64url(json.data(), whole_groups, text.data() + letters.size());
    carry = json.substr(whole_groups);
    if (key.hmac == nullptr) return true;
    const std::size_t block = key.hmac->state().block_bytes();
    absorbed = text.size() / block * block;
    const std::size_t done = before == nullptr ? 0 : before->absorbed;
    const HmacPrefix* const start = before == nullptr ? nullptr : before->midstate.get();
    midstate = key.hmac->state().absorb(start, as_bytes(text).subspan(done, absorbed - done));
    return midstate != nullptr;
  }

  std::string text;
  std::string carry;                           // 0–2 bytes of JSON that did not fill a group of three
  std::unique_ptr<const HmacPrefix> midstate;  // after the text's whole blocks; null for signers of other kinds
  std::size_t absorbed = 0;                    // letters of the text that the midstate holds
};

class PreparedText {
  struct Dated {
    std::chrono::sys_seconds issued_at, expires_at;
    TokenBeginning beginning;
  };

 public:
  /// `claims` is the JSON up to and with p. Null when libcrypto is out of memory.
  [[nodiscard]] static std::shared_ptr<const PreparedText> make(std::shared_ptr<const SigningKey> key,
                                                                std::string_view claims, std::uint64_t generation) {
    auto prepared = std::make_shared<PreparedText>();
    if (!prepared->beginning.take(*key, key->header, claims)) return nullptr;
    prepared->key = std::move(key);
    prepared->generation = generation;
    return prepared;
  }

  PreparedText() = default;
  PreparedText(const PreparedText&) = delete;
  PreparedText& operator=(const PreparedText&) = delete;

  /// f(beginning, has_dates) with the longest beginning of this token that is known.
  template <class F>
  [[nodiscard]] auto with_beginning(const Minting& mint, F&& f) const {
    if (key->hmac != nullptr && count(mint)) {
      const auto dated = dated_.read();
      // Another thread's may be of other dates, or not be there yet.
      if (dated.shared() != nullptr && dated->issued_at == mint.issued_at() && dated->expires_at == mint.expires_at())
        return f(dated->beginning, true);
    }
    return f(beginning, false);
  }

  std::shared_ptr<const SigningKey> key;
  TokenBeginning beginning;
  std::uint64_t generation = 0;  // of the key ring

 private:
  // Hashing the dates costs what it saves on some twenty tokens, and soon it is another second: it is done for the 32nd token
  // of a second. The lowest bits of `second_` count tokens of the second above them, or say what has become of it.
  static constexpr std::int64_t counted_bits = 6, often = 32, hashed = 62, settled = 63;

  /// Counts the token; whether the dates of its second may have been hashed. A count that another thread overwrites is lost.
  [[nodiscard]] bool count(const Minting& mint) const {
    const std::int64_t second = mint.issued_at().time_since_epoch().count() << counted_bits;
    std::int64_t seen = second_.load(std::memory_order_acquire);
    if (seen == (second | hashed)) return true;
    if (seen == (second | settled)) return false;
    const std::int64_t next = (seen >> counted_bits << counted_bits == second ? seen : second) + 1;
    if (next != (second | often))
      second_.store(next, std::memory_order_relaxed);
    else if (second_.compare_exchange_strong(seen, second | settled))
      hash_dates(mint, second);
    return false;
  }

  /// Leaves the second settled when no block of the hash would be saved.
  void hash_dates(const Minting& mint, std::int64_t second) const {
    auto dated = std::make_shared<Dated>();
    dated->issued_at = mint.issued_at();
    dated->expires_at = mint.expires_at();
    char json[64];
    const char* const end = mint.put_dates(put(json, beginning.carry));
    if (!dated->beginning.take(*key, beginning.text, {json, static_cast<std::size_t>(end - json)}, &beginning)) return;
    if (dated->beginning.absorbed == beginning.absorbed) return;
    std::int64_t now = second | settled;
    if (second_.load(std::memory_order_relaxed) != now) return;  // the next second has begun
    dated_.replace(std::move(dated));
    second_.compare_exchange_strong(now, second | hashed);
  }

  mutable std::atomic<std::int64_t> second_{0};
  mutable Snapshots<Dated> dated_{nullptr};  // null until dates are hashed
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
