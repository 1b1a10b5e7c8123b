#pragma once
// Stand-ins for the interfaces that users plug in: a clock that stands still, a signer and a deny-list that fail. (As a
// VerificationKey take one of testing/published_keys.hpp, as a deny-list that answers InMemoryDenyList.)

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "momento_token/clock.hpp"
#include "momento_token/config.hpp"
#include "momento_token/deny_list.hpp"
#include "momento_token/signer.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace testing {

/// Stands still until told to move; at 2030-01-01T00:00:00Z unless told otherwise. Thread-safe. Issuers and verifiers
/// share it: const auto clock = std::make_shared<testing::ManualClock>();
class ManualClock final : public Clock {
 public:
  static constexpr std::chrono::sys_seconds default_start{std::chrono::seconds(1893456000)};

  explicit ManualClock(std::chrono::sys_seconds start = default_start) : seconds_(start.time_since_epoch().count()) {}
  [[nodiscard]] std::chrono::sys_seconds now() const override {
    return std::chrono::sys_seconds(std::chrono::seconds(seconds_.load()));
  }
  /// Back or forth.
  void set(std::chrono::sys_seconds time) { seconds_ = time.time_since_epoch().count(); }
  /// Back, too, by less than nothing.
  void advance(std::chrono::seconds by) { seconds_ += by.count(); }

 private:
  std::atomic<std::chrono::seconds::rep> seconds_;
};

/// Says `alg` and `kid`, and answers every sign() with the error it was made with. Thread-safe.
class FailingSigner final : public Signer {
 public:
  explicit FailingSigner(Error error = {Errc::internal_error, "signer", "the key service did not answer"},
                         std::string alg = "ES256", std::string kid = "failing")
      : error_(std::move(error)), alg_(std::move(alg)), kid_(std::move(kid)) {}
  [[nodiscard]] std::string_view alg() const noexcept override { return alg_; }
  [[nodiscard]] std::string_view kid() const noexcept override { return kid_; }
  [[nodiscard]] Result<std::size_t> sign(ByteView, std::span<std::byte>) const override { return error_; }

 private:
  Error error_;
  std::string alg_;
  std::string kid_;
};

/// A deny-list that cannot answer: a verifier that asks it refuses every token with internal_error. Thread-safe.
class FailingDenyList final : public DenyList {
 public:
  [[nodiscard]] Result<bool> is_denied(const DenyQuery&) const override {
    return Error{Errc::internal_error, "deny_list", "the deny-list did not answer"};
  }
};

}  // namespace testing
MOMENTO_TOKEN_END_NAMESPACE
