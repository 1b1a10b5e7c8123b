#pragma once
// HMAC (RFC 2104) from precomputed states: the two blocks that depend on the key alone are hashed once, when the key is
// loaded, and copied for each message. A further state may stand behind a constant prefix of many messages.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <new>

#include "momento_token/detail/algorithms.hpp"
#include "momento_token/detail/openssl.hpp"
#include "momento_token/detail/os_fork.hpp"
#include "momento_token/detail/slots.hpp"
#include "momento_token/detail/traces.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/secret.hpp"

// SHA256_CTX needs no context object and no reference counts: 289 ns where EVP takes 348 (docs/decisions.md).
#if !defined(OPENSSL_NO_DEPRECATED_3_0) && !defined(MOMENTO_TOKEN_EVP_ONLY)
#define MOMENTO_TOKEN_LOW_LEVEL_SHA 1
#include <openssl/sha.h>
#endif

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::size_t max_digest_bytes = 64;
inline constexpr std::size_t max_block_bytes = 128;

/// The state after the key and a constant beginning of the message. Wiped: it is worth as much as the key.
class HmacPrefix {
 public:
  HmacPrefix() = default;
  HmacPrefix(const HmacPrefix&) = delete;
  HmacPrefix& operator=(const HmacPrefix&) = delete;
  virtual ~HmacPrefix() = default;
};

/// A key's precomputed states. Const functions are thread-safe.
class HmacState {
 public:
  HmacState() = default;
  HmacState(const HmacState&) = delete;
  HmacState& operator=(const HmacState&) = delete;
  virtual ~HmacState() = default;

  /// Writes digest_bytes. False only when libcrypto cannot allocate.
  [[nodiscard]] virtual bool mac(ByteView message, std::byte* out) const = 0;
  /// The state after `blocks`, a multiple of block_bytes() long, which follow what `before` has absorbed; it comes from this
  /// object, or is null. Null when libcrypto cannot allocate.
  [[nodiscard]] virtual std::unique_ptr<const HmacPrefix> absorb(const HmacPrefix* before, ByteView blocks) const = 0;
  /// The MAC of the absorbed blocks followed by `rest`. `prefix` comes from this object.
  [[nodiscard]] virtual bool mac_after(const HmacPrefix& prefix, ByteView rest, std::byte* out) const = 0;
  [[nodiscard]] virtual std::size_t block_bytes() const noexcept = 0;
};

/// The key padded to one block and xor-ed with RFC 2104's ipad or opad.
class PaddedKey {
 public:
  PaddedKey(ByteView block_key, std::size_t block_bytes, unsigned char pad) noexcept : size_(block_bytes) {
    std::memset(block_, pad, sizeof block_);
    const std::size_t key_bytes = std::min(block_key.size(), block_bytes);
    for (std::size_t i = 0; i < key_bytes; ++i) block_[i] ^= std::to_integer<unsigned char>(block_key[i]);
  }
  PaddedKey(const PaddedKey&) = delete;
  PaddedKey& operator=(const PaddedKey&) = delete;
  ~PaddedKey() { wipe(block_, sizeof block_); }
  [[nodiscard]] const unsigned char* data() const noexcept { return block_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  unsigned char block_[max_block_bytes];
  std::size_t size_;
};
inline constexpr unsigned char inner_pad = 0x36, outer_pad = 0x5C;

#if defined(MOMENTO_TOKEN_LOW_LEVEL_SHA)
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#elif defined(_MSC_VER)
#pragma warning(push)
#pragma warning(disable : 4996)
#endif
template <class Context, int (*Init)(Context*), int (*Update)(Context*, const void*, std::size_t),
          int (*Final)(unsigned char*, Context*), std::size_t Block, std::size_t Digest>
struct LowLevelSha {
  using State = Context;
  static constexpr std::size_t block = Block, digest = Digest;
  static void init(State& state) noexcept { Init(&state); }
  static void update(State& state, const void* data, std::size_t size) noexcept { Update(&state, data, size); }
  static void final(State& state, std::byte* out) noexcept { Final(reinterpret_cast<unsigned char*>(out), &state); }
};
using LowLevelSha256 = LowLevelSha<SHA256_CTX, SHA256_Init, SHA256_Update, SHA256_Final, 64, 32>;
using LowLevelSha384 = LowLevelSha<SHA512_CTX, SHA384_Init, SHA384_Update, SHA384_Final, 128, 48>;
using LowLevelSha512 = LowLevelSha<SHA512_CTX, SHA512_Init, SHA512_Update, SHA512_Final, 128, 64>;
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#elif defined(_MSC_VER)
#pragma warning(pop)
#endif

template <class Sha>
class LowLevelHmac final : public HmacState {
 public:
  explicit LowLevelHmac(ByteView block_key) noexcept {
    start(inner_, PaddedKey(block_key, Sha::block, inner_pad));
    start(outer_, PaddedKey(block_key, Sha::block, outer_pad));
  }
  ~LowLevelHmac() override {
    wipe(&inner_, sizeof inner_);
    wipe(&outer_, sizeof outer_);
  }

  [[nodiscard]] bool mac(ByteView message, std::byte* out) const override {
    finish(inner_, message, out);
    return true;
  }
  [[nodiscard]] std::unique_ptr<const HmacPrefix> absorb(const HmacPrefix* before, ByteView blocks) const override {
    auto prefix = std::make_unique<Prefix>(before == nullptr ? inner_ : static_cast<const Prefix*>(before)->state);
    Sha::update(prefix->state, blocks.data(), blocks.size());
    forget_vector_registers();
    return prefix;
  }
  [[nodiscard]] bool mac_after(const HmacPrefix& prefix, ByteView rest, std::byte* out) const override {
    finish(static_cast<const Prefix&>(prefix).state, rest, out);
    return true;
  }
  [[nodiscard]] std::size_t block_bytes() const noexcept override { return Sha::block; }

 private:
  using State = typename Sha::State;
  struct Prefix final : HmacPrefix {
    explicit Prefix(const State& s) noexcept : state(s) {}
    ~Prefix() override { wipe(&state, sizeof state); }
    State state;
  };

  static void start(State& state, const PaddedKey& key) noexcept {
    Sha::init(state);
    Sha::update(state, key.data(), key.size());
  }
  // Hashing overwrites the copied state, so nothing of the key stays on the stack; registers are another matter.
  void finish(State state, ByteView rest, std::byte* out) const noexcept {
    std::byte digest[Sha::digest];
    Sha::update(state, rest.data(), rest.size());
    Sha::final(state, digest);
    state = outer_;
    Sha::update(state, digest, sizeof digest);
    Sha::final(state, out);
    forget_vector_registers();
  }

  State inner_, outer_;
};
#endif

/// The same through EVP alone.
class EvpHmac final : public HmacState {
 public:
  /// Null when libcrypto refuses or cannot allocate.
  [[nodiscard]] static std::unique_ptr<EvpHmac> create(const Algorithm& algorithm, ByteView block_key) {
    Md md(EVP_MD_fetch(nullptr, algorithm.digest, nullptr));
    if (md == nullptr) return nullptr;
    auto hmac = std::unique_ptr<EvpHmac>(new EvpHmac(std::move(md)));
    hmac->inner_ = hmac->start(PaddedKey(block_key, hmac->block_bytes(), inner_pad));
    hmac->outer_ = hmac->start(PaddedKey(block_key, hmac->block_bytes(), outer_pad));
    return hmac->inner_ != nullptr && hmac->outer_ != nullptr ? std::move(hmac) : nullptr;
  }

  [[nodiscard]] bool mac(ByteView message, std::byte* out) const override { return finish(*inner_, message, out); }
  [[nodiscard]] std::unique_ptr<const HmacPrefix> absorb(const HmacPrefix* before, ByteView blocks) const override {
    const MdCtx& start = before == nullptr ? inner_ : static_cast<const Prefix*>(before)->state;
    auto prefix = std::make_unique<Prefix>();
    prefix->state.reset(EVP_MD_CTX_new());
    if (prefix->state == nullptr || EVP_MD_CTX_copy_ex(prefix->state.get(), start.get()) != 1 ||
        EVP_DigestUpdate(prefix->state.get(), blocks.data(), blocks.size()) != 1) {
      return nullptr;
    }
    return prefix;
  }
  [[nodiscard]] bool mac_after(const HmacPrefix& prefix, ByteView rest, std::byte* out) const override {
    return finish(*static_cast<const Prefix&>(prefix).state, rest, out);
  }
  [[nodiscard]] std::size_t block_bytes() const noexcept override {
    return static_cast<std::size_t>(EVP_MD_get_block_size(md_.get()));
  }

 private:
  struct Prefix final : HmacPrefix {
    MdCtx state;  // libcrypto wipes its digest states when it frees them
  };
  struct Scratch {
    MdCtx context;
  };

  explicit EvpHmac(Md md) noexcept : md_(std::move(md)) {}

  [[nodiscard]] MdCtx start(const PaddedKey& key) const {
    MdCtx state(EVP_MD_CTX_new());
    if (state == nullptr || EVP_DigestInit_ex2(state.get(), md_.get(), nullptr) != 1 ||
        EVP_DigestUpdate(state.get(), key.data(), key.size()) != 1) {
      return nullptr;
    }
    return state;
  }

  [[nodiscard]] bool finish(const EVP_MD_CTX& start, ByteView rest, std::byte* out) const {
    auto scratch = scratch_.take();
    if (scratch == nullptr) scratch.reset(new (std::nothrow) Scratch{MdCtx(EVP_MD_CTX_new())});
    if (scratch == nullptr) return false;
    EVP_MD_CTX* const context = scratch->context.get();
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (context == nullptr || EVP_MD_CTX_copy_ex(context, &start) != 1 ||
        EVP_DigestUpdate(context, rest.data(), rest.size()) != 1 || EVP_DigestFinal_ex(context, digest, &size) != 1 ||
        EVP_MD_CTX_copy_ex(context, outer_.get()) != 1 || EVP_DigestUpdate(context, digest, size) != 1 ||
        EVP_DigestFinal_ex(context, reinterpret_cast<unsigned char*>(out), &size) != 1) {
      return false;
    }
    scratch_.give_back(std::move(scratch));
    forget_copies();
    forget_vector_registers();
    return true;
  }

  Md md_;
  MdCtx inner_, outer_;
  Slots<Scratch> scratch_;
};

enum class HmacBackend : std::uint8_t { fastest, evp };

/// A secret longer than a block counts as its digest (RFC 2104 §2). Null when libcrypto refuses or cannot allocate.
[[nodiscard]] inline std::unique_ptr<const HmacState> make_hmac_state(const Algorithm& algorithm, ByteView secret,
                                                                      HmacBackend backend = HmacBackend::fastest) {
  const NoForkHere no_fork;
  const std::size_t block = algorithm.digest_bytes == 32 ? 64 : 128;
  SecretBytes hashed;
  if (secret.size() > block) {
    hashed = SecretBytes(algorithm.digest_bytes);
    std::size_t size = 0;
    if (EVP_Q_digest(nullptr, algorithm.digest, nullptr, secret.data(), secret.size(),
                     reinterpret_cast<unsigned char*>(hashed.expose_for_writing().data()), &size) != 1) {
      return nullptr;
    }
    secret = hashed.expose();
  }
#if defined(MOMENTO_TOKEN_LOW_LEVEL_SHA)
  if (backend == HmacBackend::fastest) {
    switch (algorithm.digest_bytes) {
      case 32: return std::make_unique<LowLevelHmac<LowLevelSha256>>(secret);
      case 48: return std::make_unique<LowLevelHmac<LowLevelSha384>>(secret);
      case 64: return std::make_unique<LowLevelHmac<LowLevelSha512>>(secret);
      default: break;
    }
  }
#else
  static_cast<void>(backend);
#endif
  return EvpHmac::create(algorithm, secret);
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
