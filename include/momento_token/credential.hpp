#pragma once
// How a token is handed over: the wrapper that Momento's SDKs take, and the answers of the known vending machines.

#include <cstdint>
#include <string>
#include <string_view>

#include "momento_token/config.hpp"
#include "momento_token/result.hpp"
#include "momento_token/token.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

/// What the SDKs' CredentialProvider.fromDisposableToken reads: base64 of {"endpoint":E,"api_key":K}.
struct Credential {
  std::string api_key;   ///< the bare token
  std::string endpoint;  ///< the host the three below are made from

  /// The hosts that the SDKs talk to.
  [[nodiscard]] std::string cache_endpoint() const { return "cache." + endpoint; }
  [[nodiscard]] std::string control_endpoint() const { return "control." + endpoint; }
  [[nodiscard]] std::string token_endpoint() const { return "token." + endpoint; }

  friend bool operator==(const Credential&, const Credential&) = default;
};

/// Byte for byte what the JavaScript SDK writes. invalid_argument when a member is empty or not UTF-8.
[[nodiscard]] MOMENTO_TOKEN_API Result<std::string> wrap(const Credential& credential);

/// Takes what the JavaScript SDK takes: canonical standard base64 with padding, JSON with the two non-empty texts, other
/// members ignored; and refuses a member named twice. At most 64 KiB (limit_exceeded); otherwise malformed_token.
[[nodiscard]] MOMENTO_TOKEN_API Result<Credential> unwrap(std::string_view wrapper);

/// What the clients of the known vending machines expect; T is the bare token, W the wrapper. Times are seconds since 1970.
enum class ResponseShape : std::uint8_t {
  functions,  ///< {"api_key":T,"endpoint":E,"valid_until":N}: the Functions vending machine; T is the bare token
  node,       ///< {"authToken":W,"expiresAt":N}: the Node.js vending machine; W is the wrapper
  rust,       ///< {"auth_token":W,"expires_at":N}: the Rust Lambda vending machine
  envelope,   ///< W as plain text: the Next.js chat
  jwt,        ///< T as plain text
};

/// The answer's body. invalid_argument with the field "endpoint" when `node`, `rust` or `envelope` has none to wrap, or
/// when it is no host[:port] (a scheme, slash or control character).
[[nodiscard]] MOMENTO_TOKEN_API Result<std::string> response_body(const DisposableToken& token, ResponseShape shape);

MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/credential.ipp"
#endif
