#pragma once
// What was decided about passwords in the last seconds, and what is being decided now.

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <mutex>
#include <optional>
#include <vector>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::size_t remembered_decisions = 1024;

using DecisionKey = std::array<std::byte, 32>;

/// Decisions of the last seconds. A newer one may take an older one's place; then the function runs again.
class DecisionCache {
 public:
  using Time = std::chrono::steady_clock::time_point;

  [[nodiscard]] std::optional<bool> find(const DecisionKey& key, Time now) const {
    const std::lock_guard lock(mutex_);
    const Slot& slot = slots_[place(key)];
    if (!slot.used || now >= slot.until || CRYPTO_memcmp(slot.key.data(), key.data(), key.size()) != 0) return {};
    return slot.allowed;
  }
  void keep(const DecisionKey& key, bool allowed, Time until) {
    const std::lock_guard lock(mutex_);
    slots_[place(key)] = {key, until, true, allowed};
  }

 private:
  struct Slot {
    DecisionKey key{};
    Time until{};
    bool used = false;
    bool allowed = false;
  };
  [[nodiscard]] static std::size_t place(const DecisionKey& key) noexcept {
    std::size_t bits = 0;
    std::memcpy(&bits, key.data(), sizeof bits);
    return bits % remembered_decisions;
  }

  mutable std::mutex mutex_;
  std::array<Slot, remembered_decisions> slots_;
};

/// What is being checked now. No more than there are slots.
class ChecksUnderWay {
 public:
  [[nodiscard]] bool begin(const DecisionKey& key) {
    const std::lock_guard lock(mutex_);
    if (std::find(keys_.begin(), keys_.end(), key) != keys_.end()) return false;
    keys_.push_back(key);
    return true;
  }
  void end(const DecisionKey& key) {
    const std::lock_guard lock(mutex_);
    std::erase(keys_, key);
  }

 private:
  std::mutex mutex_;
  std::vector<DecisionKey> keys_;
};

/// One check, alone with its user name and password until its end.
class OnlyCheck {
 public:
  OnlyCheck(ChecksUnderWay& all, const DecisionKey& key) : all_(all), key_(key), is_only_(all.begin(key)) {}
  OnlyCheck(const OnlyCheck&) = delete;
  OnlyCheck& operator=(const OnlyCheck&) = delete;
  ~OnlyCheck() {
    if (is_only_) all_.end(key_);
  }
  [[nodiscard]] bool is_only() const noexcept { return is_only_; }

 private:
  ChecksUnderWay& all_;
  const DecisionKey& key_;
  bool is_only_;
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
