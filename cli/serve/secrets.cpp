#include "secrets.hpp"

#include "../echo.hpp"
#include "../key_file.hpp"
#include "../output.hpp"
#include "aws_secrets.hpp"
#include "momento_token/vending/caller_auth.hpp"

namespace cli::serve {

namespace {

std::shared_ptr<const vending::KeySource> source_of(const SecretPlace& place) {
  if (!place.file.empty()) return vending::file_source(place.file);
  if (!place.variable.empty()) return vending::environment_source(place.variable);
  return aws_secret_source(aws_secret_options(place.aws));
}

// As the operator named it, for errors: "--key-env NAME".
std::string place_name(const std::string& option, const SecretPlace& place) {
  if (!place.file.empty()) return option + " " + file_in_quotes(place.file);
  return option + (place.variable.empty() ? "-aws" : "-env");
}

vending::RefreshOptions refresh_of(const std::string& option, const SecretPlace& place, const ServeOptions& options,
                                   Log& log) {
  if (!place.file.empty()) check_is_file_name(place.file, option);
  const auto tell = [&log, name = place_name(option, place)](const mt::Error& error) {
    log.error(Log::Level::error, "refresh_failed", name, error);
  };
  return {.source = source_of(place), .time_to_live = options.secrets_ttl, .on_failure = tell};
}

}  // namespace

std::shared_ptr<vending::RefreshedSigningKey> signing_key_of(const ServeOptions& options, Log& log) {
  vending::SigningKeyOptions key{.refresh = refresh_of("--key", options.key, options, log), .alg = options.key_alg};
  for (const std::string& file : options.also_verify) {
    for (auto& other : read_keys(file, "")) key.ring.verification_keys.push_back(std::move(other));
  }
  return usable(vending::RefreshedSigningKey::create(std::move(key)), place_name("--key", options.key));
}

std::shared_ptr<vending::RefreshedSecret> bootstrap_secret_of(const ServeOptions& options, Log& log) {
  vending::RefreshOptions refresh = refresh_of("--bootstrap", options.bootstrap, options, log);
  refresh.time_to_live = std::chrono::hours(24);  // refreshed before that, and not by a thread that serves
  refresh.check = vending::check_bootstrap_credential;
  return usable(vending::RefreshedSecret::create(std::move(refresh)), place_name("--bootstrap", options.bootstrap));
}

}  // namespace cli::serve
