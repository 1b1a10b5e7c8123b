#pragma once
// The JOSE header as our issuer writes it (RFC 7515 §4), in base64url.

#include <string>
#include <string_view>

#include "momento_token/detail/base64.hpp"
#include "momento_token/detail/builtin_key.hpp"
#include "momento_token/detail/json_writer.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// What Signer and VerificationKey promise of their alg: [A-Za-z0-9-]{1,16}, not "none" in any letter case.
[[nodiscard]] inline bool is_valid_alg(std::string_view alg) noexcept {
  if (alg.empty() || alg.size() > 16) return false;
  std::string lower;
  for (const char c : alg) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (!upper && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-') return false;
    lower.push_back(upper ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return lower != "none";
}
[[nodiscard]] inline Error bad_alg(std::string_view field) {
  return key_error(field, "must be [A-Za-z0-9-]{1,16} and not none");
}

/// {"alg":ALG,"typ":"JWT","kid":KID} in base64url; without kid when it is empty.
[[nodiscard]] inline std::string encode_header(std::string_view alg, std::string_view kid) {
  std::string json(64 + alg.size() + kid.size() * max_json_expansion, '\0');
  char* end = put(json.data(), "{\"alg\":");
  end = put_json_string(end, alg);
  end = put(end, ",\"typ\":\"JWT\"");
  if (!kid.empty()) {
    end = put(end, ",\"kid\":");
    end = put_json_string(end, kid);
  }
  end = put(end, "}");
  const auto size = static_cast<std::size_t>(end - json.data());
  std::string text(base64url_size(size), '\0');
  encode_base64url(json.data(), size, text.data());
  return text;
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
