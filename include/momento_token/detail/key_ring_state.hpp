#pragma once
// One state of a key ring, and how issuers and verifiers get at it.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "momento_token/detail/key_table.hpp"
#include "momento_token/detail/signing_key.hpp"
#include "momento_token/detail/snapshots.hpp"
#include "momento_token/key_ring.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// A key of the ring.
struct RingEntry {
  std::shared_ptr<const VerificationKey> key;
  std::shared_ptr<const Signer> signer = {};                  // null for a key that only verifies
  std::optional<std::chrono::sys_seconds> signed_until = {};  // when another took over; empty if it never signed
};

/// RingEntry::signed_until of a key that another has just taken over from.
inline constexpr std::chrono::sys_seconds not_known_yet = std::chrono::sys_seconds::max();

/// Immutable once it is in the ring.
struct RingSnapshot {
  RingSnapshot(std::vector<RingEntry> e, std::shared_ptr<const SigningKey> s, std::uint64_t g)
      : entries(std::move(e)), signing(std::move(s)), generation(g), table(keys_of(entries)) {}

  [[nodiscard]] static std::vector<std::shared_ptr<const VerificationKey>> keys_of(
      const std::vector<RingEntry>& entries) {
    std::vector<std::shared_ptr<const VerificationKey>> keys;
    keys.reserve(entries.size());
    for (const RingEntry& entry : entries) keys.push_back(entry.key);
    return keys;
  }

  std::vector<RingEntry> entries;
  std::shared_ptr<const SigningKey> signing;  // null when none signs
  std::uint64_t generation;
  KeyTable table;
};

/// What every issuer and verifier of a ring keeps to, or a key would be retired while tokens of it are valid.
struct RingPromises {
  std::chrono::seconds max_valid_for, max_leeway;
};

struct KeyRingAccess {
  [[nodiscard]] static const RingPromises& promises(const KeyRing& ring) noexcept;
  [[nodiscard]] static const Snapshots<RingSnapshot>& snapshots(const KeyRing& ring) noexcept;
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
