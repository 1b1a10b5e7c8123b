#pragma once

#include <algorithm>

#include "momento_token/detail/key_ring_state.hpp"
#include "momento_token/detail/key_set.hpp"
#include "momento_token/detail/numeric_date.hpp"
#include "momento_token/detail/option_checks.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/key_ring.hpp"
#include "momento_token/secret.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

namespace detail {

using RingEntries = std::vector<RingEntry>;

[[nodiscard]] MOMENTO_TOKEN_INLINE RingEntries::iterator find_entry(RingEntries& entries, std::string_view kid) {
  return std::find_if(entries.begin(), entries.end(), [&](const RingEntry& entry) { return entry.key->kid() == kid; });
}

[[nodiscard]] MOMENTO_TOKEN_INLINE Error no_such_kid() { return key_error("kid", "no key of the ring has it"); }

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> check_ring(const RingEntries& entries) {
  for (const RingEntry& entry : entries) {
    if (entry.key == nullptr) return key_error("keys", "holds a null key");
    if (!is_valid_alg(entry.key->alg())) return bad_alg("keys.alg");
    if (entry.key->kid().empty() || !is_valid_kid(entry.key->kid())) {
      return key_error("kid", "every key of a ring needs one: UTF-8 of at most 256 bytes");
    }
  }
  return check_key_set(RingSnapshot::keys_of(entries));
}

/// The next state, if it is one. `signing` stays when it is among the entries.
[[nodiscard]] MOMENTO_TOKEN_INLINE Result<std::shared_ptr<const RingSnapshot>> next_snapshot(
    RingEntries entries, std::shared_ptr<const SigningKey> signing, std::uint64_t generation) {
  if (const auto checked = check_ring(entries); !checked) return checked.error();
  return std::make_shared<const RingSnapshot>(std::move(entries), std::move(signing), generation);
}

[[nodiscard]] MOMENTO_TOKEN_INLINE bool is_signing(const RingEntry& entry,
                                                   const std::shared_ptr<const SigningKey>& signing) {
  return signing != nullptr && entry.signer == signing->signer;
}
[[nodiscard]] MOMENTO_TOKEN_INLINE Error still_signs() {
  return key_error("kid", "the key signs; let another one sign first");
}

/// A symmetric key lies open when others may read the file.
[[nodiscard]] MOMENTO_TOKEN_INLINE Error open_key_file() {
  return key_error("path", "holds a private or symmetric key, and others may read or write it; chmod 600 mends that");
}

}  // namespace detail

struct KeyRing::State {
  State(std::shared_ptr<const detail::RingSnapshot> first, KeyRingOptions&& options)
      : snapshots(std::move(first)),
        promises{options.max_valid_for, options.max_leeway},
        keep_for(seconds_of(options.max_valid_for, options.max_leeway)),
        clock(std::move(options.clock)) {}

  detail::Snapshots<detail::RingSnapshot> snapshots;
  detail::RingPromises promises;
  std::int64_t keep_for;  // seconds
  std::shared_ptr<const Clock> clock;

  /// The sum of two durations, neither negative; at most 2^62, which can be taken from any sane_seconds().
  [[nodiscard]] static std::int64_t seconds_of(std::chrono::seconds a, std::chrono::seconds b) noexcept {
    constexpr std::int64_t most = std::int64_t{1} << 62;
    return a.count() >= most - std::min<std::int64_t>(b.count(), most) ? most : a.count() + b.count();
  }

  /// Lets `edit` change a copy of the entries and of what signs, and puts them in place when they are a ring; again
  /// with newer ones when another thread was faster. No lock is held meanwhile, for a child that is forked would wait
  /// for it.
  template <class Edit>
  [[nodiscard]] Result<void> change(Edit&& edit) {
    for (;;) {
      const std::shared_ptr<const detail::RingSnapshot> seen = snapshots.read().shared();
      detail::RingEntries entries = seen->entries;
      std::shared_ptr<const detail::SigningKey> signing = seen->signing;
      if (auto edited = edit(entries, signing); !edited) return edited;
      auto next = detail::next_snapshot(std::move(entries), std::move(signing), seen->generation + 1);
      if (!next) return next.error();
      if (snapshots.replace_if(seen, std::move(*next))) return {};
    }
  }

  /// No token that the key signed can be valid any more. A key that never signed has none of ours; of a key that only
  /// verifies we cannot know, and its owner says when it goes.
  [[nodiscard]] bool is_finished(const detail::RingEntry& entry) const {
    if (!entry.signed_until) return true;
    return detail::sane_seconds(clock->now()) - keep_for >= detail::sane_seconds(*entry.signed_until);
  }
};

MOMENTO_TOKEN_INLINE const detail::Snapshots<detail::RingSnapshot>& detail::KeyRingAccess::snapshots(
    const KeyRing& ring) noexcept {
  return ring.state_->snapshots;
}

MOMENTO_TOKEN_INLINE const detail::RingPromises& detail::KeyRingAccess::promises(const KeyRing& ring) noexcept {
  return ring.state_->promises;
}

MOMENTO_TOKEN_INLINE KeyRing::KeyRing(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
MOMENTO_TOKEN_INLINE KeyRing::~KeyRing() = default;

MOMENTO_TOKEN_INLINE Result<std::shared_ptr<KeyRing>> KeyRing::create(KeyRingOptions options) {
  if (options.clock == nullptr) return detail::bad_option("clock", "is null");
  if (options.max_valid_for < std::chrono::seconds(0)) return detail::bad_option("max_valid_for", "is negative");
  if (options.max_leeway < std::chrono::seconds(0)) return detail::bad_option("max_leeway", "is negative");
  detail::RingEntries entries;
  std::shared_ptr<const detail::SigningKey> signing;
  if (options.signing_key) {
    if (options.signing_key->signer() == nullptr || options.signing_key->verification_key() == nullptr) {
      return detail::bad_option("signing_key", "has been moved from");
    }
    entries.push_back({options.signing_key->verification_key(), options.signing_key->signer()});
    signing = std::make_shared<const detail::SigningKey>(options.signing_key->signer());
  }
  for (auto& key : options.verification_keys) entries.push_back({std::move(key)});
  auto first = detail::next_snapshot(std::move(entries), std::move(signing), 1);
  if (!first) return first.error();
  return std::shared_ptr<KeyRing>(new KeyRing(std::make_unique<State>(std::move(*first), std::move(options))));
}

MOMENTO_TOKEN_INLINE Result<void> KeyRing::publish(KeyPair next) {
  return state_->change([&](detail::RingEntries& entries, auto&) -> Result<void> {
    entries.push_back({next.verification_key(), next.signer()});
    return {};
  });
}

MOMENTO_TOKEN_INLINE Result<void> KeyRing::sign_with(std::string_view kid) {
  auto changed = state_->change(
      [&](detail::RingEntries& entries, std::shared_ptr<const detail::SigningKey>& signing) -> Result<void> {
        const auto next = detail::find_entry(entries, kid);
        if (next == entries.end()) return detail::no_such_kid();
        if (next->signer == nullptr) return detail::key_error("kid", "the key was not published with its signer");
        if (detail::is_signing(*next, signing)) return {};
        // Whatever fails from here on: it has signed, so it is not retired before its time is known.
        if (signing != nullptr)
          detail::find_entry(entries, signing->signer->kid())->signed_until = detail::not_known_yet;
        next->signed_until.reset();
        signing = std::make_shared<const detail::SigningKey>(next->signer);
        return {};
      });
  const auto is_open = [](const detail::RingEntry& entry) { return entry.signed_until == detail::not_known_yet; };
  const auto has_open = [&](const detail::RingEntries& all) { return std::any_of(all.begin(), all.end(), is_open); };
  if (!changed || !has_open(state_->snapshots.read()->entries)) return changed;
  return state_->change([&](detail::RingEntries& entries, const auto&) -> Result<void> {
    // Nobody can begin to sign with these keys any more, or the ring changes and this is done again: no token of theirs
    // is younger.
    const std::chrono::sys_seconds now = state_->clock->now();
    for (detail::RingEntry& entry : entries) {
      if (is_open(entry)) entry.signed_until = now;
    }
    return {};
  });
}

MOMENTO_TOKEN_INLINE Result<void> KeyRing::retire(std::string_view kid) {
  return state_->change([&](detail::RingEntries& entries, const auto& signing) -> Result<void> {
    const auto old = detail::find_entry(entries, kid);
    if (old == entries.end()) return detail::no_such_kid();
    if (detail::is_signing(*old, signing)) return detail::still_signs();
    if (!state_->is_finished(*old)) {
      return detail::key_error("kid", "tokens of the key may still be valid; wait, or revoke() it if it has leaked");
    }
    entries.erase(old);
    return {};
  });
}

MOMENTO_TOKEN_INLINE std::size_t KeyRing::retire_finished() {
  std::size_t count = 0;
  static_cast<void>(state_->change([&](detail::RingEntries& entries, const auto& signing) -> Result<void> {
    count = std::erase_if(entries, [&](const detail::RingEntry& entry) {
      return entry.signed_until && !detail::is_signing(entry, signing) && state_->is_finished(entry);
    });
    return {};
  }));
  return count;
}

MOMENTO_TOKEN_INLINE Result<void> KeyRing::revoke(std::string_view kid) {
  return state_->change([&](detail::RingEntries& entries, const auto& signing) -> Result<void> {
    const auto leaked = detail::find_entry(entries, kid);
    if (leaked == entries.end()) return detail::no_such_kid();
    if (detail::is_signing(*leaked, signing)) return detail::still_signs();
    entries.erase(leaked);
    return {};
  });
}

MOMENTO_TOKEN_INLINE Result<void> KeyRing::reload_jwks(std::string_view jwks) {
  auto keys = verification_keys_from_jwks(jwks);
  if (!keys) return keys.error();
  return state_->change([&](detail::RingEntries& entries, const auto&) -> Result<void> {
    std::erase_if(entries, [](const detail::RingEntry& entry) { return entry.signer == nullptr; });
    for (const auto& key : *keys) {
      // Ours has its signer, and whoever wrote the file meant the same key.
      if (detail::find_entry(entries, key->kid()) == entries.end()) entries.push_back({key});
    }
    return {};
  });
}

MOMENTO_TOKEN_INLINE Result<void> KeyRing::reload_file(const std::string& path) {
  const auto file = read_key_file(path);
  if (!file) return file.error();
  if (!file->is_private && holds_private_key(file->bytes.expose_text())) return detail::open_key_file();
  return reload_jwks(file->bytes.expose_text());
}

MOMENTO_TOKEN_INLINE std::uint64_t KeyRing::generation() const { return state_->snapshots.read()->generation; }

MOMENTO_TOKEN_INLINE std::string KeyRing::signing_kid() const {
  const auto ring = state_->snapshots.read();
  return ring->signing == nullptr ? std::string() : std::string(ring->signing->signer->kid());
}

MOMENTO_TOKEN_INLINE std::vector<std::string> KeyRing::kids() const {
  const auto ring = state_->snapshots.read();
  std::vector<std::string> kids;
  for (const detail::RingEntry& entry : ring->entries) kids.emplace_back(entry.key->kid());
  return kids;
}

MOMENTO_TOKEN_INLINE Result<std::string> KeyRing::public_jwks() const {
  const auto ring = state_->snapshots.read();
  return momento_token::public_jwks(detail::RingSnapshot::keys_of(ring->entries));
}

MOMENTO_TOKEN_END_NAMESPACE
