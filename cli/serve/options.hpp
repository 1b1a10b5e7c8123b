#pragma once
// What `momento-token serve` is told.

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "log.hpp"

namespace cli::serve {

/// Where a secret comes from; at most one of them is given.
struct SecretPlace {
  std::string file;      ///< a path
  std::string variable;  ///< the name of an environment variable
  std::string aws;       ///< an AWS Secrets Manager id, with #MEMBER where the secret is a JSON object
  [[nodiscard]] bool is_given() const { return !file.empty() || !variable.empty() || !aws.empty(); }
};

/// So many in so long.
struct Rate {
  std::uint32_t count;
  std::chrono::seconds window;
};

struct OidcFlags {
  std::string issuer, jwks, user_claim = "sub", groups_claim, token_use;
  std::vector<std::string> audience;
};

struct ServeOptions {
  std::optional<std::string> listen, admin_listen;
  std::string tls_cert, tls_key;

  SecretPlace key;
  std::string key_alg;
  std::vector<std::string> also_verify;
  std::chrono::seconds secrets_ttl = std::chrono::minutes(5);
  std::string endpoint = "localhost", issuer;
  std::vector<std::string> audience;

  SecretPlace bootstrap;
  std::string users, tokens_jwks, tokens_issuer;
  OidcFlags oidc;
  bool open = false;

  std::string policy;
  std::optional<std::string> ceiling;
  std::string function = "vend";
  std::vector<std::string> hosts;
  std::vector<std::string> cors_origins;
  bool cors_credentials = false;
  std::optional<Rate> limit, limit_all, limit_peer, limit_tries{Rate{60, std::chrono::minutes(1)}};
  std::size_t limit_capacity = 100'000;

  unsigned threads = 0;  // 0: one a core
  std::size_t max_connections = 16'384;
  std::chrono::seconds header_timeout{10}, body_timeout{10}, idle_timeout{60}, write_timeout{10}, drain_timeout{30};
  LogWhat log = LogWhat::requests;

  /// How many ways to tell who may ask are given.
  [[nodiscard]] std::size_t ways_to_ask() const;
  /// Nothing of key, callers and policy is given: the development set-up.
  [[nodiscard]] bool is_development() const { return !key.is_given() && ways_to_ask() == 0 && policy.empty(); }
};

/// Adds them to the command. Exit code 2 for values that are none, while the command line is read.
void add_options(CLI::App& command, ServeOptions& options);
/// Exit code 2 for what is missing or excludes each other.
void check_options(const ServeOptions& options);

}  // namespace cli::serve
