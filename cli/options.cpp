#include "options.hpp"

#include <fmt/format.h>

#include <charconv>

#include "key_file.hpp"
#include "output.hpp"

namespace cli {

namespace {

constexpr std::int64_t last_date = 253402300799;  // 9999-12-31T23:59:59Z

std::optional<std::int64_t> seconds_of_unit(char unit) {
  switch (unit) {
    case 's': return 1;
    case 'm': return 60;
    case 'h': return 3600;
    default: return std::nullopt;
  }
}

}  // namespace

mt::Result<std::shared_ptr<const mt::Clock>> clock_at(std::optional<std::int64_t> now) {
  if (!now) return mt::system_clock();
  if (*now < 0 || *now > last_date) {
    return mt::Error{mt::Errc::invalid_argument, "now", "must be seconds since 1970, up to the year 9999"};
  }
  return std::shared_ptr<const mt::Clock>(
      std::make_shared<FixedClock>(std::chrono::sys_seconds(std::chrono::seconds(*now))));
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

mt::Lifetime parse_lifetime(const std::string& text) {
  const auto unit = text.empty() ? std::nullopt : seconds_of_unit(text.back());
  const auto number = unit ? parse_integer(std::string_view(text).substr(0, text.size() - 1)) : std::nullopt;
  if (!number) throw UsageError("--valid-for needs a whole number with a unit, such as 90s, 15m or 1h");
  if (*unit == 60) return std::chrono::duration<std::int64_t, std::ratio<60>>(*number);
  if (*unit == 3600) return std::chrono::duration<std::int64_t, std::ratio<3600>>(*number);
  return std::chrono::duration<std::int64_t>(*number);
}

CLI::Option* add_text(CLI::App& app, const char* name, std::optional<std::string>& text, const char* help) {
  return app.add_option_function<std::string>(
      name, [&text](const std::string& given) { text = given; }, help);
}

CLI::Option* not_empty(CLI::Option* option) {
  return option->each([name = option->get_name()](const std::string& given) {
    if (given.empty()) throw UsageError(name + " is empty");
  });
}

CLI::Option* add_integer(CLI::App& app, const char* name, std::optional<std::int64_t>& number, std::int64_t least,
                         std::int64_t most, const char* help) {
  const auto read = [&number, name, least, most](const std::string& text) {
    number = parse_integer(text);
    if (number && *number >= least && *number <= most) return;
    throw UsageError(fmt::format("{} must be a whole number from {} to {}", name, least, most));
  };
  return app.add_option_function<std::string>(name, read, help);
}

CLI::Option* add_now(CLI::App& app, std::optional<std::int64_t>& now) {
  return add_integer(app, "--now", now, 0, last_date, "Seconds since 1970 to take for the present time")
      ->type_name("EPOCH");
}

CLI::Option* add_json(CLI::App& app, bool& json, const char* help) { return app.add_flag("--json", json, help); }

CLI::Option* add_batch(CLI::App& app, bool& batch, const char* help) { return app.add_flag("--batch", batch, help); }

void VerifyingOptions::add_to(CLI::App& app) {
  auto* set = not_empty(app.add_option("--jwks", jwks, "A JWK Set to verify with"))->type_name("FILE");
  auto* one = not_empty(app.add_option("--key", key, "One key to verify with: JWK or PEM, public or private"))
                  ->type_name("FILE");
  set->excludes(one);
  not_empty(app.add_option("--alg", alg, "The algorithm of a --key that does not say it, such as RS256"))
      ->needs(one)
      ->type_name("ALG");
  not_empty(app.add_option("--issuer", issuer, "The `iss` that the token must have"))->type_name("TEXT");
  not_empty(app.add_option("--audience", audience, "An `aud` that is accepted; may be given more than once"))
      ->type_name("TEXT")
      ->allow_extra_args(false);
}

std::vector<std::shared_ptr<const mt::VerificationKey>> VerifyingOptions::keys() const {
  if (!jwks.empty()) return read_key_set(jwks);
  if (!key.empty()) return {read_verification_key(key, alg)};
  throw UsageError("a key is needed: --jwks FILE or --key FILE");
}

mt::VerifierOptions VerifyingOptions::with_keys(std::vector<std::shared_ptr<const mt::VerificationKey>> keys) const {
  mt::VerifierOptions options;
  options.keys = std::move(keys);
  options.issuer = issuer;
  options.audience = audience;
  return options;
}

void add_example(CLI::App& app, const std::string& text) { app.footer("Example:\n  " + text); }

}  // namespace cli
