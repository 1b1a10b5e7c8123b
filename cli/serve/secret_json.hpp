#pragma once
// A text out of a JSON object whose members are secrets: it goes from one wiped memory to another, and nowhere else.

#include <string_view>

#include "momento_token/result.hpp"
#include "momento_token/secret.hpp"

namespace cli::serve {

/// The un-escaped text of a member. invalid_argument, with the member as the field, when the text is no strict JSON, or
/// the member is missing or no string.
[[nodiscard]] momento_token::Result<momento_token::SecretBytes> secret_member(std::string_view json,
                                                                              std::string_view name);

}  // namespace cli::serve
