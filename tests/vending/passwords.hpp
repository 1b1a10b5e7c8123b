#pragma once
// A user with a password, and requests with passwords.

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "machine.hpp"
#include "momento_token/vending/password_auth.hpp"

namespace test {

// The cheapest that is taken, made once: the suite is not about the function's cost.
inline const std::string& hash_of_secret() {
  static const std::string hash =
      vending::hash_password(mt::SecretBytes::copy_of("correct horse"), {.log2_n = 14}).value();
  return hash;
}

struct Setup {
  std::chrono::steady_clock::time_point now{1000s};
  std::shared_ptr<vending::PasswordSlots> slots = std::make_shared<vending::PasswordSlots>(1);
  std::shared_ptr<vending::RateLimiter> attempts = {}, peers = {};
  std::chrono::seconds remember_for{5};

  std::shared_ptr<const vending::PasswordAuth> made(const std::string& hash = hash_of_secret()) {
    return vending::PasswordAuth::create({.users = {{.name = "ann", .hash = hash, .groups = {"writers"}}},
                                          .attempts = attempts,
                                          .slots = slots,
                                          .remember_for = remember_for,
                                          .ticks = [this] { return now; },
                                          .peers = peers})
        .value();
  }
};

inline vending::Request asking(std::string_view user, std::string_view password, std::string_view peer = "192.0.2.1") {
  return {.method = "POST", .headers = {{"username", user}, {"password", password}}, .peer = peer};
}
inline vending::Request basic(std::string_view value) {
  return {.method = "POST", .headers = {{"authorization", value}}};
}

inline std::string outcome_of(const vending::AuthOutcome& outcome) {
  if (const auto* identity = std::get_if<vending::Identity>(&outcome)) return "let in as " + identity->name;
  const auto why = std::get_if<vending::NotLetIn>(&outcome)->why;
  if (why == vending::AuthFailure::limited) return "limited";
  if (why == vending::AuthFailure::busy) return "busy";
  return why == vending::AuthFailure::unauthenticated ? "unauthenticated" : "unavailable";
}

inline std::shared_ptr<vending::RateLimiter> limiter_of(const Setup& setup, std::uint32_t each, std::uint32_t all) {
  return vending::InMemoryRateLimiter::create(
             {.per_identity = each, .global = all, .ticks = [&setup] { return setup.now; }})
      .value();
}

}  // namespace test
