#pragma once
// Options that several commands share, and how their texts are read.

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "momento_token/clock.hpp"
#include "momento_token/result.hpp"
#include "momento_token/verifier.hpp"

namespace cli {

namespace mt = momento_token;

/// Always the same time: --now.
class FixedClock final : public mt::Clock {
 public:
  explicit FixedClock(std::chrono::sys_seconds time) : time_(time) {}
  [[nodiscard]] std::chrono::sys_seconds now() const override { return time_; }

 private:
  std::chrono::sys_seconds time_;
};

/// The clock for `now` seconds since 1970, else the system's. invalid_argument with the field "now" outside the years
/// 1970–9999, which are the dates a token can name.
[[nodiscard]] mt::Result<std::shared_ptr<const mt::Clock>> clock_at(std::optional<std::int64_t> now);

/// A whole number, and nothing around it.
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text);
/// `90s`, `15m`, `1h`; exit code 2 without a number or unit.
[[nodiscard]] mt::Lifetime parse_lifetime(const std::string& text);

/// An option that may be left out, and is "" when it is given so.
CLI::Option* add_text(CLI::App& app, const char* name, std::optional<std::string>& text, const char* help);
/// Exit code 2 when it is given as "", such as from a shell variable that is not set: that is no way to leave it out.
CLI::Option* not_empty(CLI::Option* option);
/// A whole number between two bounds; exit code 2 otherwise.
CLI::Option* add_integer(CLI::App& app, const char* name, std::optional<std::int64_t>& number, std::int64_t least,
                         std::int64_t most, const char* help);
CLI::Option* add_now(CLI::App& app, std::optional<std::int64_t>& now);
/// --json; main() looks for it itself.
CLI::Option* add_json(CLI::App& app, bool& json,
                      const char* help = "Print one JSON object; an error too, on standard error");
CLI::Option* add_batch(CLI::App& app, bool& batch, const char* help);

/// What a command that verifies tokens is told.
struct VerifyingOptions {
  std::string jwks, key, alg;
  std::string issuer;
  std::vector<std::string> audience;

  void add_to(CLI::App& app);
  [[nodiscard]] bool has_keys() const { return !jwks.empty() || !key.empty(); }
  [[nodiscard]] bool has_expectations() const { return !issuer.empty() || !audience.empty(); }
  /// --jwks or --key; exit code 2 for neither.
  [[nodiscard]] std::vector<std::shared_ptr<const mt::VerificationKey>> keys() const;
  [[nodiscard]] mt::VerifierOptions with_keys(std::vector<std::shared_ptr<const mt::VerificationKey>> keys) const;
};

/// The last line of a command's help.
void add_example(CLI::App& app, const std::string& text);

}  // namespace cli
