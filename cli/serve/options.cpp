#include "options.hpp"

#include <fmt/format.h>

#include <map>

#include "../options.hpp"
#include "../output.hpp"

namespace cli::serve {

namespace {

std::optional<std::chrono::seconds> unit_of(std::string_view text) {
  if (text == "s") return std::chrono::seconds(1);
  if (text == "m") return std::chrono::minutes(1);
  if (text == "h") return std::chrono::hours(1);
  return std::nullopt;
}

std::chrono::seconds duration_of(const std::string& option, const std::string& text) {
  const auto unit = text.empty() ? std::nullopt : unit_of(std::string_view(text).substr(text.size() - 1));
  const auto number = unit ? parse_integer(std::string_view(text).substr(0, text.size() - 1)) : std::nullopt;
  if (!number || *number < 1 || *number > 86'400 || *number * unit->count() > 86'400) {
    throw UsageError(option + " needs a whole number with a unit, from 1s to 24h");
  }
  return *number * *unit;
}

Rate rate_of(const std::string& option, const std::string& text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto unit = slash < text.size() ? unit_of(std::string_view(text).substr(slash + 1)) : std::nullopt;
  const auto number = parse_integer(std::string_view(text).substr(0, slash));
  if (!unit || !number || *number < 1 || *number > 1'000'000) {
    throw UsageError(option + " needs 1 to 1000000 in a second, minute or hour, such as 60/m");
  }
  return {static_cast<std::uint32_t>(*number), *unit};
}

CLI::Option* add_duration(CLI::App& command, const std::string& name, std::chrono::seconds& value, const char* help) {
  return command
      .add_option_function<std::string>(
          name, [&value, name](const std::string& text) { value = duration_of(name, text); },
          fmt::format("{}; default {}s", help, value.count()))
      ->type_name("TIME");
}

CLI::Option* add_rate(CLI::App& command, const std::string& name, std::optional<Rate>& value, const char* help) {
  return command
      .add_option_function<std::string>(
          name, [&value, name](const std::string& text) { value = rate_of(name, text); }, help)
      ->type_name("N/UNIT");
}

template <class Number>
CLI::Option* add_count(CLI::App& command, const std::string& name, Number& value, std::int64_t most, const char* help) {
  return command
      .add_option_function<std::string>(
          name,
          [&value, name, most](const std::string& text) {
            const auto number = parse_integer(text);
            if (!number || *number < 1 || *number > most) {
              throw UsageError(fmt::format("{} must be a whole number from 1 to {}", name, most));
            }
            value = static_cast<Number>(*number);
          },
          help)
      ->type_name("N");
}

CLI::Option* add_name(CLI::App& command, const std::string& name, std::string& value, const char* help,
                      const char* type = "FILE") {
  return not_empty(command.add_option(name, value, help))->type_name(type);
}

CLI::Option* add_names(CLI::App& command, const std::string& name, std::vector<std::string>& values, const char* help,
                       const char* type) {
  return not_empty(command.add_option(name, values, help))->type_name(type)->allow_extra_args(false);
}

void add_secret(CLI::App& command, const std::string& name, SecretPlace& place, const std::string& what) {
  const auto add = [&](const std::string& suffix, std::string& value, const std::string& where, const char* type) {
    return add_name(command, name + suffix, value, (what + where).c_str(), type);
  };
  auto* file = add("", place.file, "", "FILE");
  auto* variable = add("-env", place.variable, ", in an environment variable", "NAME");
  auto* aws = add("-aws", place.aws, ", in AWS Secrets Manager: its name or ARN, and #MEMBER of a JSON object", "ID");
  file->excludes(variable)->excludes(aws);
  variable->excludes(aws);
}

void add_addresses(CLI::App& command, ServeOptions& options) {
  add_text(command, "--listen", options.listen, "HOST:PORT or PORT; default 127.0.0.1:8080")->type_name("ADDRESS");
  add_text(command, "--admin-listen", options.admin_listen,
           "Where /metrics is: HOST:PORT, PORT (on loopback) or off; default 127.0.0.1:8081")
      ->type_name("ADDRESS");
  auto* cert = add_name(command, "--tls-cert", options.tls_cert, "Speak TLS, with this PEM certificate chain");
  auto* key = add_name(command, "--tls-key", options.tls_key, "Its private key, PEM");
  cert->needs(key);
  key->needs(cert);
  add_names(command, "--host", options.hosts, "Answer only to this name in Host; may be given more than once", "NAME");
}

void add_tokens(CLI::App& command, ServeOptions& options) {
  add_secret(command, "--key", options.key, "The key that signs: private or symmetric JWK, or PKCS#8 PEM");
  add_name(command, "--alg", options.key_alg, "The algorithm of a key that does not say it, such as RS256", "ALG");
  add_names(command, "--also-verify", options.also_verify,
            "A key, or set, that verifies besides, such as the one before; read once", "FILE");
  add_name(command, "--endpoint", options.endpoint, "The host that the tokens are for; no scheme", "HOST")
      ->capture_default_str();
  add_name(command, "--issuer", options.issuer, "`iss`", "TEXT");
  add_names(command, "--audience", options.audience, "`aud`; may be given more than once", "TEXT");
  add_name(command, "--policy", options.policy, "What callers get: JSON, see the guide on vending");
  add_text(command, "--ceiling", options.ceiling, "A scope that nothing exceeds, whatever the policy says")
      ->type_name("SCOPE");
  add_name(command, "--function", options.function,
           "What vends, in the path /functions/CACHE/FUNCTION: FUNCTION, or CACHE/FUNCTION", "NAME")
      ->capture_default_str();
}

void add_callers(CLI::App& command, ServeOptions& options) {
  add_secret(command, "--bootstrap", options.bootstrap, "Callers have this credential, 16 letters or more");
  add_name(command, "--users", options.users,
           "Callers have a user name and a password: {\"users\":[{\"name\",\"hash\",\"groups\"}]}");
  auto* issuer = add_name(command, "--oidc-issuer", options.oidc.issuer,
                          "Callers have an ID token with this `iss` of an OpenID Connect provider", "URL");
  const auto of_oidc = [issuer](CLI::Option* option) { option->needs(issuer); };
  of_oidc(add_name(command, "--oidc-jwks", options.oidc.jwks, "The provider's JWK Set"));
  of_oidc(add_names(command, "--oidc-audience", options.oidc.audience, "A client id of yours, `aud`", "ID"));
  of_oidc(add_name(command, "--oidc-user", options.oidc.user_claim, "The claim that is the user's name", "CLAIM")
              ->capture_default_str());
  of_oidc(add_name(command, "--oidc-groups", options.oidc.groups_claim,
                   "The claim that lists groups, such as cognito:groups", "CLAIM"));
  of_oidc(add_name(command, "--oidc-token-use", options.oidc.token_use,
                   "What `token_use` must say; `id` for Amazon Cognito", "TEXT"));
  auto* tokens = add_name(command, "--tokens", options.tokens_jwks,
                          "Callers have a token with the audience `vend`, by a key of this JWK Set");
  add_name(command, "--tokens-issuer", options.tokens_issuer, "The `iss` of these tokens", "TEXT")->needs(tokens);
  command.add_flag("--open", options.open, "Anybody who reaches the server gets a token. For demonstrations");
}

void add_limits(CLI::App& command, ServeOptions& options) {
  add_rate(command, "--limit", options.limit, "Requests of one identity, such as 60/m; default: no limit");
  add_rate(command, "--limit-all", options.limit_all, "Requests of all identities together; needs the unit of --limit");
  add_rate(command, "--limit-peer", options.limit_peer, "Requests of one address, counted before anything is checked");
  add_rate(command, "--limit-tries", options.limit_tries,
           "Wrong passwords of one address, with --users; behind a proxy, which is one, choose more; default 60/m");
  add_count(command, "--limit-capacity", options.limit_capacity, 16'000'000,
            "Identities, or addresses, that are counted at a time: when full, new ones are told 429; default 100000");
  add_names(command, "--cors-origin", options.cors_origins,
            "Pages of this origin may ask, such as https://chat.example; `*` for any", "ORIGIN");
  command.add_flag("--cors-credentials", options.cors_credentials, "Such pages may send cookies along");
}

void add_resources(CLI::App& command, ServeOptions& options) {
  add_duration(command, "--secrets-ttl", options.secrets_ttl,
               "How long a key or credential is used before it is read again");
  add_count(command, "--threads", options.threads, 1024, "Threads that serve; default: one a core");
  add_count(command, "--max-connections", options.max_connections, 1'000'000,
            "Connections of callers at a time; more are told 503; default 16384");
  add_duration(command, "--header-timeout", options.header_timeout, "For a request's head, and a TLS handshake");
  add_duration(command, "--body-timeout", options.body_timeout, "For a request's body");
  add_duration(command, "--idle-timeout", options.idle_timeout, "Between requests of a connection");
  add_duration(command, "--write-timeout", options.write_timeout, "For a client to take an answer");
  add_duration(command, "--drain-timeout", options.drain_timeout, "For what was begun when SIGTERM came");
  const std::map<std::string, LogWhat> kinds{
      {"requests", LogWhat::requests}, {"events", LogWhat::events}, {"nothing", LogWhat::nothing}};
  command
      .add_option_function<std::string>(
          "--log", [&options, kinds](const std::string& kind) { options.log = kinds.at(kind); },
          "JSON lines on standard error: a line a request too, events alone, or nothing; default requests")
      ->check(CLI::IsMember({"requests", "events", "nothing"}))
      ->type_name("WHAT");
}

}  // namespace

std::size_t ServeOptions::ways_to_ask() const {
  return static_cast<std::size_t>(bootstrap.is_given()) + static_cast<std::size_t>(!users.empty()) +
         static_cast<std::size_t>(!oidc.issuer.empty()) + static_cast<std::size_t>(!tokens_jwks.empty()) +
         static_cast<std::size_t>(open);
}

void add_options(CLI::App& command, ServeOptions& options) {
  add_addresses(command, options);
  add_tokens(command, options);
  add_callers(command, options);
  add_limits(command, options);
  add_resources(command, options);
}

void check_options(const ServeOptions& options) {
  if (options.ways_to_ask() > 1) throw UsageError("only one of --bootstrap, --users, --oidc-issuer, --tokens, --open");
  if (!options.oidc.issuer.empty() && (options.oidc.jwks.empty() || options.oidc.audience.empty())) {
    throw UsageError("--oidc-issuer needs --oidc-jwks and --oidc-audience");
  }
  if (options.cors_credentials && options.cors_origins.empty()) {
    throw UsageError("--cors-credentials is for a --cors-origin");
  }
  if (options.limit_all && options.limit && options.limit_all->window != options.limit->window) {
    throw UsageError("--limit-all needs the unit of --limit");
  }
  if (options.is_development()) return;
  const char* const hint = "; with none of a key, callers and a policy, a development set-up is made";
  if (!options.key.is_given()) throw UsageError(std::string("a key is needed: --key FILE") + hint);
  if (options.ways_to_ask() == 0) {
    throw UsageError(std::string("who may ask? --bootstrap, --users, --oidc-issuer, --tokens or --open") + hint);
  }
  if (options.policy.empty()) throw UsageError(std::string("a policy is needed: --policy FILE") + hint);
}

}  // namespace cli::serve
