#pragma once
// Tokens signed with OpenSSL's HMAC and no code of the library, so that a test can put anything into one.

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "momento_token/keys.hpp"
#include "momento_token/verifier.hpp"
#include "support.hpp"

namespace test {

inline constexpr std::string_view forged_header = R"({"alg":"HS256","typ":"JWT","kid":"k"})";
/// {explicit: may invoke od in fo}; see fixtures/foreign_tokens.hpp.
inline constexpr std::string_view published_p = "EhIKEBoOCAEaBAoCZm8qBAoCb2Q";

[[nodiscard]] inline std::string hmac(std::string_view alg, std::string_view key, std::string_view text) {
  const EVP_MD* digest = alg == "HS256" ? EVP_sha256() : alg == "HS384" ? EVP_sha384() : EVP_sha512();
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(digest, key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), out, &size);
  return {reinterpret_cast<const char*>(out), size};
}

/// Signs two segments as they are, whatever they hold.
[[nodiscard]] inline std::string forge_segments(const std::string& header, const std::string& payload) {
  const std::string input = header + "." + payload;
  return input + "." + b64u(hmac("HS256", counting_bytes(32), input));
}

/// A compact JWS of this payload, with the key that forge_keys() holds.
[[nodiscard]] inline std::string forge(std::string_view payload, std::string_view header = forged_header) {
  return forge_segments(b64u(header), b64u(payload));
}

/// Claims of a valid token for the clock of 2030, with `more` members behind: ,"nbf":1.
[[nodiscard]] inline std::string claims_with(std::string_view more = "") {
  return R"({"ver":1,"p":")" + std::string(published_p) + R"(","iat":1893456000,"exp":1893459600)" + std::string(more) +
         "}";
}

[[nodiscard]] inline std::shared_ptr<const momento_token::VerificationKey> forge_key(std::string kid = "k",
                                                                                     std::string_view alg = "HS256",
                                                                                     std::size_t size = 32) {
  return momento_token::KeyPair::from_secret(alg, secret(counting_bytes(size)), std::move(kid))
      .value()
      .verification_key();
}

/// A verifier of forged tokens; its clock stands at 2030-01-01.
[[nodiscard]] inline momento_token::Verifier forge_verifier(momento_token::VerifierOptions options = {}) {
  if (options.keys.empty()) options.keys = {forge_key()};
  if (options.clock == momento_token::system_clock()) options.clock = clock_at();
  return momento_token::Verifier::create(std::move(options)).value();
}

[[nodiscard]] inline std::string verified(std::string_view token, momento_token::VerifierOptions options = {}) {
  return outcome(forge_verifier(std::move(options)).verify(token));
}

}  // namespace test
