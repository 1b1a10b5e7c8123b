#pragma once
// Callers with a user name and a password, which cost a memory-hard function to check.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "momento_token/config.hpp"
#include "momento_token/result.hpp"
#include "momento_token/secret.hpp"
#include "momento_token/vending/caller_auth.hpp"
#include "momento_token/vending/rate_limiter.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace vending {

/// How a password is hashed for keeping.
struct PasswordHashing {
  /// scrypt (RFC 7914), or PBKDF2 with HMAC-SHA-256 where no memory is to spare.
  enum class Function : std::uint8_t { scrypt, pbkdf2 };
  Function function = Function::scrypt;  ///< which of the two
  unsigned log2_n = 16;                  ///< of scrypt, with r = 8 and p = 2: 14 … 18. 16 takes 64 MiB
  unsigned iterations = 600'000;         ///< of PBKDF2: 100 000 … 10 million
};
/// "$scrypt$ln=16,r=8,p=2$SALT$HASH" or "$pbkdf2-sha256$i=600000$SALT$HASH" with a random salt. 1–1024 bytes; a
/// password that people choose should have 12 letters at least.
[[nodiscard]] MOMENTO_TOKEN_API Result<std::string> hash_password(const SecretBytes& password,
                                                                  PasswordHashing hashing = {});

/// One who may ask.
struct PasswordUser {
  std::string name;                      ///< 1–256 bytes of UTF-8, no control characters; with Basic also no colon
  std::string hash;                      ///< what hash_password() made
  std::vector<std::string> groups = {};  ///< Identity::groups
};

/// How many passwords may be checked at once. Thread-safe.
class MOMENTO_TOKEN_API PasswordSlots {
 public:
  /// 0 is the number of cores.
  explicit PasswordSlots(unsigned most = 0) noexcept;
  PasswordSlots(const PasswordSlots&) = delete;
  PasswordSlots& operator=(const PasswordSlots&) = delete;
  /// False when all are taken. Never waits.
  [[nodiscard]] bool try_take() noexcept;
  /// Of one that was taken.
  void give_back() noexcept;
  /// The one of the process, with a slot for each core.
  [[nodiscard]] static const std::shared_ptr<PasswordSlots>& of_process();

 private:
  std::atomic<unsigned> free_;
};

/// Set them by name.
struct PasswordOptions {
  std::vector<PasswordUser> users;  ///< 1 … 100 000; hashed all alike
  /// Asked before each check that costs; counted by name and peer, so that nobody is locked out by strangers. A password
  /// that is right is given back. A limiter of 10 a minute for each, and 600 for all, when null.
  std::shared_ptr<RateLimiter> attempts = {};
  std::shared_ptr<PasswordSlots> slots = PasswordSlots::of_process();  ///< when none is free: 503
  std::chrono::seconds remember_for = std::chrono::seconds(5);         ///< decisions; 0 s … 60 s
  Ticks ticks = std::chrono::steady_clock::now;                        ///< another for tests
  /// Asked before `attempts`, in the same way, and counted by peer, so that one cannot use up what is there for all. A
  /// limiter of 60 a minute for each when null; behind a proxy, which is the peer of everybody, choose a wider one.
  std::shared_ptr<RateLimiter> peers = {};
};

/// Reads the headers `username` and `password`, or `authorization: Basic`, never both. Never answers with a challenge
/// that makes a browser ask for a password. Hashes are compared in constant time, and an unknown name costs as much as
/// a known one. While a password is being checked the same one is told to come again (503), which costs no attempt.
/// Decisions are kept under a hash with a random key, 1024 of them. Thread-safe.
class MOMENTO_TOKEN_API PasswordAuth final : public CallerAuth {
 public:
  /// invalid_argument, naming the field, for no user, one there twice, a hash that hash_password() does not make,
  /// hashes of different cost, a null `slots`, an option out of range.
  [[nodiscard]] static Result<std::shared_ptr<const PasswordAuth>> create(PasswordOptions options);
  ~PasswordAuth() override;

  [[nodiscard]] AuthOutcome authenticate(const Request& request) const override;
  [[nodiscard]] std::vector<std::string> request_headers() const override;
  /// How often the costly function has run: for metrics.
  [[nodiscard]] std::uint64_t checks() const noexcept;

 private:
  struct State;
  explicit PasswordAuth(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/vending/password_auth.ipp"
#endif
