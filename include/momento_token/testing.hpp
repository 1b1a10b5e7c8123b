#pragma once
// Stand-ins for unit tests, yours and ours: a clock that stands still, a signer that fails.

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "momento_token/clock.hpp"
#include "momento_token/config.hpp"
#include "momento_token/signer.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace testing {

/// Stands still until told to move. Thread-safe.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(std::chrono::sys_seconds start) : seconds_(start.time_since_epoch().count()) {}
  [[nodiscard]] std::chrono::sys_seconds now() const override {
    return std::chrono::sys_seconds(std::chrono::seconds(seconds_.load()));
  }
  void set(std::chrono::sys_seconds time) { seconds_ = time.time_since_epoch().count(); }
  void advance(std::chrono::seconds by) { seconds_ += by.count(); }

 private:
  std::atomic<std::chrono::seconds::rep> seconds_;
};

/// Says `alg` and `kid`, and answers every sign() with the error it was made with.
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

}  // namespace testing
MOMENTO_TOKEN_END_NAMESPACE
