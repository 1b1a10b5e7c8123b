#pragma once

#include <openssl/crypto.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "momento_token/detail/option_checks.hpp"
#include "momento_token/detail/traces.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/keys.hpp"
#include "momento_token/vending/key_source.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

[[nodiscard]] MOMENTO_TOKEN_INLINE std::size_t without_line_end(std::string_view text) noexcept {
  if (!text.ends_with('\n')) return text.size();
  return text.size() - (text.ends_with("\r\n") ? 2 : 1);
}

class FileSource final : public vending::KeySource {
 public:
  explicit FileSource(std::string path) : path_(std::move(path)) {}
  [[nodiscard]] Result<SecretBytes> read() const override {
    auto file = read_key_file(path_);
    if (!file) return file.error();
    if (!file->is_private) return bad_option("path", "may be read or written by others; chmod 600 mends it");
    file->bytes.truncate(without_line_end(file->bytes.expose_text()));
    if (file->bytes.empty()) return bad_option("path", "the file is empty");
    return std::move(file->bytes);
  }

 private:
  std::string path_;
};

class EnvironmentSource final : public vending::KeySource {
 public:
  explicit EnvironmentSource(std::string variable) : variable_(std::move(variable)) {}
  [[nodiscard]] Result<SecretBytes> read() const override {
    const char* const value = std::getenv(variable_.c_str());  // NOLINT(concurrency-mt-unsafe): said in the header
    if (value == nullptr || *value == '\0') return bad_option("variable", "is not set in the environment, or empty");
    return SecretBytes::copy_of(std::string_view(value));
  }

 private:
  std::string variable_;
};

class CallbackSource final : public vending::KeySource {
 public:
  explicit CallbackSource(std::function<Result<SecretBytes>()> read) : read_(std::move(read)) {}
  [[nodiscard]] Result<SecretBytes> read() const override {
    if (!read_) return bad_option("read", "is empty");
    auto secret = read_();
    if (secret && secret->empty()) return bad_option("read", "gives an empty secret");
    return secret;
  }

 private:
  std::function<Result<SecretBytes>()> read_;
};

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> check_refresh(const vending::RefreshOptions& options) {
  if (options.source == nullptr) return bad_option("source", "is null");
  if (options.time_to_live < std::chrono::seconds(1) || options.time_to_live > std::chrono::hours(24)) {
    return bad_option("time_to_live", "must be 1 s to 24 h");
  }
  if (!options.ticks) return bad_option("ticks", "is empty");
  return {};
}

/// The secret as it is now, if it passes.
[[nodiscard]] MOMENTO_TOKEN_INLINE Result<SecretBytes> read_checked(const vending::RefreshOptions& options) {
  auto fresh = options.source->read();
  if (!fresh || !options.check) return fresh;
  if (const auto passed = options.check(*fresh); !passed) return passed.error();
  return fresh;
}

/// Reads may overlap, and what the one found that began later is newer: a slow one must not bring an old secret back.
class ReadOrder {
 public:
  [[nodiscard]] std::uint64_t begin() noexcept { return ++begun_; }
  /// Under the owner's lock, as what follows: whether something newer has been taken.
  [[nodiscard]] bool is_stale(std::uint64_t read) const noexcept { return read < taken_; }
  void took(std::uint64_t read) noexcept { taken_ = read; }

 private:
  std::atomic<std::uint64_t> begun_{0};
  std::uint64_t taken_ = 0;
};

/// A JWK begins with a brace, after white space perhaps.
[[nodiscard]] MOMENTO_TOKEN_INLINE bool looks_like_jwk(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != text.npos && text[first] == '{';
}

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<KeyPair> key_from_secret_text(const SecretBytes& text, std::string_view alg) {
  return looks_like_jwk(text.expose_text()) ? key_pair_from_jwk(text, alg) : KeyPair::from_pem(alg, text);
}

[[nodiscard]] MOMENTO_TOKEN_INLINE bool equal_secrets(const SecretBytes& a, const SecretBytes& b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.expose().data(), b.expose().data(), a.size()) == 0;
}

/// Whether the one verifies what the other signs.
[[nodiscard]] MOMENTO_TOKEN_INLINE bool is_same_key(const KeyPair& a, const KeyPair& b) {
  std::byte signature[max_signature_bytes];
  const ByteView probe = as_bytes("momento_token: the same key?");
  const auto size = b.signer()->sign(probe, signature);
  return size && a.signer()->alg() == b.signer()->alg() &&
         a.verification_key()->verify(probe, std::span(signature).first(*size));
}

}  // namespace detail
namespace vending {

MOMENTO_TOKEN_INLINE std::shared_ptr<const KeySource> file_source(std::string path) {
  return std::make_shared<const detail::FileSource>(std::move(path));
}
MOMENTO_TOKEN_INLINE std::shared_ptr<const KeySource> environment_source(std::string variable) {
  return std::make_shared<const detail::EnvironmentSource>(std::move(variable));
}
MOMENTO_TOKEN_INLINE std::shared_ptr<const KeySource> callback_source(std::function<Result<SecretBytes>()> read) {
  return std::make_shared<const detail::CallbackSource>(std::move(read));
}

struct RefreshedSecret::State {
  RefreshOptions options;
  detail::ReadOrder order;
  std::mutex mutex;  // of the two below
  std::shared_ptr<const SecretBytes> secret;
  std::chrono::steady_clock::time_point due;

  /// True for the one caller who is to read it again.
  [[nodiscard]] bool take_turn(std::shared_ptr<const SecretBytes>& held) {
    const auto now = options.ticks();
    const std::lock_guard lock(mutex);
    held = secret;
    if (now < due) return false;
    due = now + options.time_to_live;
    return true;
  }
  void replace(SecretBytes fresh, std::uint64_t read) {
    auto next = std::make_shared<const SecretBytes>(std::move(fresh));
    const auto now = options.ticks();
    const std::lock_guard lock(mutex);
    if (order.is_stale(read)) return;
    order.took(read);
    secret.swap(next);  // the old one goes after the lock
    due = now + options.time_to_live;
  }
};

MOMENTO_TOKEN_INLINE RefreshedSecret::RefreshedSecret(std::unique_ptr<State> state) noexcept
    : state_(std::move(state)) {}
MOMENTO_TOKEN_INLINE RefreshedSecret::~RefreshedSecret() = default;

MOMENTO_TOKEN_INLINE Result<std::shared_ptr<RefreshedSecret>> RefreshedSecret::create(RefreshOptions options) {
  if (const auto checked = detail::check_refresh(options); !checked) return checked.error();
  const detail::TraceGuard traces;
  auto first = detail::read_checked(options);
  if (!first) return first.error();
  auto state = std::make_unique<State>();
  state->options = std::move(options);
  state->replace(std::move(first).value(), state->order.begin());
  return std::shared_ptr<RefreshedSecret>(new RefreshedSecret(std::move(state)));
}

MOMENTO_TOKEN_INLINE std::shared_ptr<const SecretBytes> RefreshedSecret::current() {
  std::shared_ptr<const SecretBytes> held;
  if (!state_->take_turn(held)) return held;
  if (const auto refreshed = refresh(); !refreshed) return held;
  const std::lock_guard lock(state_->mutex);
  return state_->secret;
}

MOMENTO_TOKEN_INLINE Result<void> RefreshedSecret::refresh() {
  const detail::TraceGuard traces;
  const std::uint64_t read = state_->order.begin();
  auto fresh = detail::read_checked(state_->options);
  if (!fresh) {
    if (state_->options.on_failure) state_->options.on_failure(fresh.error());
    return fresh.error();
  }
  state_->replace(std::move(fresh).value(), read);
  return {};
}

struct RefreshedSigningKey::State {
  RefreshOptions options;
  std::string alg;
  detail::ReadOrder order;
  std::mutex mutex;  // of what is below; also: one change of the ring at a time
  SecretBytes text;
  std::vector<KeyPair> known;  // those that signed and still verify
  std::chrono::steady_clock::time_point due;

  [[nodiscard]] bool take_turn() {
    const auto now = options.ticks();
    const std::lock_guard lock(mutex);
    if (now < due) return false;
    due = now + options.time_to_live;
    return true;
  }
  [[nodiscard]] Result<void> take_over(SecretBytes fresh, std::uint64_t read, KeyRing& ring);
  [[nodiscard]] Result<void> sign_with(const KeyPair& key, KeyRing& ring);
  void retire_finished(KeyRing& ring);
};

MOMENTO_TOKEN_INLINE RefreshedSigningKey::RefreshedSigningKey(std::unique_ptr<State> state,
                                                              std::shared_ptr<KeyRing> ring) noexcept
    : state_(std::move(state)), ring_(std::move(ring)) {}
MOMENTO_TOKEN_INLINE RefreshedSigningKey::~RefreshedSigningKey() = default;

MOMENTO_TOKEN_INLINE Result<std::shared_ptr<RefreshedSigningKey>> RefreshedSigningKey::create(
    SigningKeyOptions options) {
  if (const auto checked = detail::check_refresh(options.refresh); !checked) return checked.error();
  if (options.ring.signing_key) return detail::bad_option("ring.signing_key", "is given; it comes from the source");
  const detail::TraceGuard traces;
  auto text = detail::read_checked(options.refresh);
  if (!text) return text.error();
  auto key = detail::key_from_secret_text(*text, options.alg);
  if (!key) return key.error();
  options.ring.signing_key = *key;
  auto ring = KeyRing::create(std::move(options.ring));
  if (!ring) return ring.error();
  auto state = std::make_unique<State>();
  state->due = options.refresh.ticks() + options.refresh.time_to_live;
  state->options = std::move(options.refresh);
  state->alg = std::move(options.alg);
  state->text = std::move(text).value();
  state->known.push_back(std::move(key).value());
  return std::shared_ptr<RefreshedSigningKey>(new RefreshedSigningKey(std::move(state), std::move(ring).value()));
}

/// A kid that is there already must stand for the same key: with another one behind it, verifiers would disagree.
MOMENTO_TOKEN_INLINE Result<void> RefreshedSigningKey::State::sign_with(const KeyPair& key, KeyRing& ring) {
  const std::string kid(key.signer()->kid());
  const auto same_kid = [&kid](const KeyPair& other) { return other.signer()->kid() == kid; };
  const auto before = std::find_if(known.begin(), known.end(), same_kid);
  if (before == known.end()) {
    if (auto published = ring.publish(key); !published) return published;
    known.push_back(key);
  } else if (!detail::is_same_key(*before, key)) {
    return detail::bad_option("kid", "is that of another key; a new key needs a new one");
  }
  return ring.sign_with(kid);
}

MOMENTO_TOKEN_INLINE Result<void> RefreshedSigningKey::State::take_over(SecretBytes fresh, std::uint64_t read,
                                                                        KeyRing& ring) {
  const std::lock_guard lock(mutex);
  if (order.is_stale(read)) return {};
  if (!detail::equal_secrets(text, fresh)) {
    const auto key = detail::key_from_secret_text(fresh, alg);
    if (!key) return key.error();
    if (auto signing = sign_with(*key, ring); !signing) return signing;
    text = std::move(fresh);
  }
  order.took(read);
  return {};
}

/// The last token of a key may end long after the change that made it an old one.
MOMENTO_TOKEN_INLINE void RefreshedSigningKey::State::retire_finished(KeyRing& ring) {
  const std::lock_guard lock(mutex);
  if (known.size() < 2) return;
  ring.retire_finished();
  const auto kids = ring.kids();
  std::erase_if(known, [&kids](const KeyPair& pair) {
    return std::find(kids.begin(), kids.end(), pair.signer()->kid()) == kids.end();
  });
}

MOMENTO_TOKEN_INLINE void RefreshedSigningKey::refresh_if_due() {
  if (state_->take_turn()) static_cast<void>(refresh());  // on_failure has been told
}

MOMENTO_TOKEN_INLINE Result<void> RefreshedSigningKey::refresh() {
  const detail::TraceGuard traces;
  const std::uint64_t read = state_->order.begin();
  auto fresh = detail::read_checked(state_->options);
  Result<void> taken = fresh ? state_->take_over(std::move(fresh).value(), read, *ring_) : Result<void>(fresh.error());
  state_->retire_finished(*ring_);
  if (!taken && state_->options.on_failure) state_->options.on_failure(taken.error());
  return taken;
}

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE
