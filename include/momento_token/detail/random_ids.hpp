#pragma once
// 128 random bits at a time, from a pool per thread: one draw of 256 bits from the system for 64 of them, spread by
// AES-256 in counter mode. The system's generator spreads its own seed the same way, but three times slower.

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "momento_token/detail/openssl.hpp"
#include "momento_token/detail/os_fork.hpp"
#include "momento_token/detail/os_random.hpp"
#include "momento_token/detail/traces.hpp"
#include "momento_token/secret.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::size_t random_id_bytes = 16;

/// Plain memory without a destructor, so that ids can be drawn from any destructor of the program.
struct RandomPool {
  std::byte bytes[64 * random_id_bytes];
  std::size_t left;
  std::uint64_t generation;  // of the process that filled it
  bool closed;               // the thread is ending: nothing is kept any more
};

[[nodiscard]] inline RandomPool& random_pool() noexcept {
  static constinit thread_local RandomPool pool{};
  return pool;
}

/// Wipes the pool when its thread ends.
class RandomPoolGuard {
 public:
  RandomPoolGuard() noexcept = default;
  RandomPoolGuard(const RandomPoolGuard&) = delete;
  RandomPoolGuard& operator=(const RandomPoolGuard&) = delete;
  ~RandomPoolGuard() {
    RandomPool& pool = random_pool();
    pool.closed = true;
    pool.left = 0;
    wipe(pool.bytes, sizeof pool.bytes);
  }
  void touch() const noexcept {}
};

/// Fetched beforehand, for fetching takes locks that a forked child may find held. Null where libcrypto has it not.
[[nodiscard]] inline Cipher fetch_id_cipher() noexcept {
  const NoForkHere no_fork;
  const ErrorQueueGuard guard;
  return Cipher(EVP_CIPHER_fetch(nullptr, "AES-256-CTR", nullptr));
}

/// The key stream of a key that is used for nothing else and forgotten. False when libcrypto fails. Takes no lock that a forked
/// child may find held: no error queue is marked here, for the first mark of a thread takes one.
[[nodiscard]] inline bool put_key_stream(const EVP_CIPHER& cipher, const std::byte* key, std::byte* out,
                                         std::size_t size) noexcept {
  static constexpr unsigned char first_counter[16] = {};
  const CipherCtx context(EVP_CIPHER_CTX_new());
  auto* const bytes = reinterpret_cast<unsigned char*>(out);
  int written = 0;
  std::memset(out, 0, size);
  return context != nullptr &&
         EVP_EncryptInit_ex2(context.get(), &cipher, reinterpret_cast<const unsigned char*>(key), first_counter,
                             nullptr) == 1 &&
         EVP_EncryptUpdate(context.get(), bytes, &written, bytes, static_cast<int>(size)) == 1 &&
         static_cast<std::size_t>(written) == size;
}

[[nodiscard]] inline bool fill_pool(RandomPool& pool, const EVP_CIPHER* cipher) noexcept {
  std::byte key[32];
  const bool spread =
      cipher != nullptr && fill_random(key, sizeof key) && put_key_stream(*cipher, key, pool.bytes, sizeof pool.bytes);
  wipe(key, sizeof key);
  forget_vector_registers();
  return spread || fill_random(pool.bytes, sizeof pool.bytes);
}

/// Writes random_id_bytes that no other call, thread or process gets. False when the random source fails. `cipher` comes from
/// fetch_id_cipher(), or is null: then all bits are the system's own.
[[nodiscard]] inline bool random_id(std::byte* out, const EVP_CIPHER* cipher) noexcept {
  RandomPool& pool = random_pool();
  const std::uint64_t generation = fork_generation();
  if (pool.closed || generation == 0) return fill_random(out, random_id_bytes);
  if (pool.left == 0 || pool.generation != generation) {
    static thread_local const RandomPoolGuard guard;
    guard.touch();
    pool.left = 0;
    if (!fill_pool(pool, cipher)) return false;
    pool.left = sizeof pool.bytes;
    pool.generation = generation;
  }
  pool.left -= random_id_bytes;
  std::memcpy(out, pool.bytes + pool.left, random_id_bytes);  // not wiped there: it is about to be in a token
  return true;
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
