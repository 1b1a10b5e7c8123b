#pragma once
// Bytes as text and text as bytes: base64url, base64, hex, UTF-8, and whether a text is strict JSON.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "momento_token/config.hpp"
#include "momento_token/result.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

/// Bytes of one's own, and a view of somebody else's.
using Bytes = std::vector<std::byte>;
using ByteView = std::span<const std::byte>;

/// The bytes of a text. Valid as long as the text is.
[[nodiscard]] inline ByteView as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}
/// The bytes as a text, unchecked. Valid as long as the bytes are.
[[nodiscard]] inline std::string_view as_text(ByteView bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// RFC 4648 §5 without padding (RFC 7515 §2).
[[nodiscard]] MOMENTO_TOKEN_API std::string base64url_encode(ByteView bytes);
/// Takes exactly what base64url_encode writes: padding, white space, a foreign letter or stray bits in the last one
/// are invalid_argument.
[[nodiscard]] MOMENTO_TOKEN_API Result<Bytes> base64url_decode(std::string_view text);

/// RFC 4648 §4 with padding.
[[nodiscard]] MOMENTO_TOKEN_API std::string base64_encode(ByteView bytes);
/// Takes exactly what base64_encode writes, else invalid_argument.
[[nodiscard]] MOMENTO_TOKEN_API Result<Bytes> base64_decode(std::string_view text);

/// Lower-case hexadecimal.
[[nodiscard]] MOMENTO_TOKEN_API std::string hex_encode(ByteView bytes);
/// Takes exactly what hex_encode writes, else invalid_argument.
[[nodiscard]] MOMENTO_TOKEN_API Result<Bytes> hex_decode(std::string_view text);

/// RFC 3629: no surrogates, no over-long forms, nothing above U+10FFFF.
[[nodiscard]] MOMENTO_TOKEN_API bool is_utf8(std::string_view text) noexcept;

/// One RFC 8259 value: UTF-8 without a byte order mark, no member twice in one object, no unpaired surrogates,
/// at most 32 levels deep. Linear in time, without recursion. invalid_argument otherwise.
[[nodiscard]] MOMENTO_TOKEN_API Result<void> check_json(std::string_view text);

/// The text as it may go to a terminal or a log: control characters, DEL, line separators, invisible and bidirectional
/// controls come out as \\u00XX escapes, bytes that are not UTF-8 as \\xXX, quotes and backslashes with a backslash.
[[nodiscard]] MOMENTO_TOKEN_API std::string printable(std::string_view text);

MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/encoding.ipp"
#endif
