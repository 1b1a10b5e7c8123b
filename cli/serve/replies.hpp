#pragma once
// Answers that the vending kit does not make: errors of the same form, and small texts.

#include <string>
#include <string_view>

#include "momento_token/error.hpp"
#include "momento_token/vending/response.hpp"

namespace cli::serve {

namespace mt = momento_token;
namespace vending = momento_token::vending;

/// {"code","message","request_id"} of literals of ours, never cached.
[[nodiscard]] vending::Response error_reply(int status, mt::StaticText code, mt::StaticText message,
                                            std::string_view request_id);
/// 405 with the methods that there are.
[[nodiscard]] vending::Response wrong_method(std::string_view allowed, std::string_view request_id);
[[nodiscard]] vending::Response text_reply(std::string_view content_type, std::string body,
                                           std::string_view request_id);

/// The name of a status (RFC 9110 §15).
[[nodiscard]] std::string_view reason_of(int status) noexcept;

}  // namespace cli::serve
