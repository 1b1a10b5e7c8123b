#pragma once
// {"users":[{"name":"ann","hash":"$scrypt$…","groups":["writers"]}]}

#include <string>
#include <vector>

#include "momento_token/result.hpp"
#include "momento_token/vending/password_auth.hpp"

namespace cli::serve {

/// invalid_argument, with the place, for a file that others may read or that is not of the form. Strict JSON of at most
/// 1 MiB; unknown members are refused.
[[nodiscard]] momento_token::Result<std::vector<momento_token::vending::PasswordUser>> read_users(
    const std::string& path);

}  // namespace cli::serve
