#pragma once
// Secrets of AWS Secrets Manager, through the HTTP endpoint that AWS's secrets extension (or the Secrets Manager Agent)
// opens on this machine. Nothing else is spoken with.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "momento_token/vending/key_source.hpp"

namespace cli::serve {

struct AwsSecretOptions {
  std::string id;      ///< name or ARN
  std::string member;  ///< of the secret, which is then a JSON object; else the secret as a whole
  std::uint16_t port = 2773;
  std::string session_token;  ///< what the extension wants to see: AWS_SESSION_TOKEN
  std::chrono::milliseconds timeout{5'000};
};
/// `id` is ID or ID#MEMBER; port and token are taken from PARAMETERS_SECRETS_EXTENSION_HTTP_PORT and AWS_SESSION_TOKEN,
/// as the extension's documentation has them.
[[nodiscard]] AwsSecretOptions aws_secret_options(const std::string& id);
/// invalid_argument for a secret that is not there or not of the form, internal_error when the extension is not.
[[nodiscard]] std::shared_ptr<const momento_token::vending::KeySource> aws_secret_source(AwsSecretOptions options);

}  // namespace cli::serve
