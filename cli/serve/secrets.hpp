#pragma once
// Keys and credentials from where the options say they are. What is wrong with one is exit code 2.

#include <memory>
#include <string>

#include "log.hpp"
#include "momento_token/vending/key_source.hpp"
#include "options.hpp"

namespace cli::serve {

namespace vending = momento_token::vending;

/// A ring whose key is read again when it is due; failures go to the log, and the old key stays.
[[nodiscard]] std::shared_ptr<vending::RefreshedSigningKey> signing_key_of(const ServeOptions& options, Log& log);
[[nodiscard]] std::shared_ptr<vending::RefreshedSecret> bootstrap_secret_of(const ServeOptions& options, Log& log);

}  // namespace cli::serve
