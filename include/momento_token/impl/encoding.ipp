#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "momento_token/detail/base64.hpp"
#include "momento_token/detail/json_reader.hpp"
#include "momento_token/detail/utf8.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/secret.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

[[nodiscard]] MOMENTO_TOKEN_INLINE Error not_base64() {
  return {Errc::invalid_argument, {}, "is not canonical base64: a foreign letter, wrong padding or stray bits"};
}

// What a reader may take for a line, for an order of letters, or for nothing at all.
[[nodiscard]] MOMENTO_TOKEN_INLINE bool is_deceptive(std::uint32_t code) noexcept {
  struct Range {
    std::uint32_t first, last;
  };
  // Unicode's Cc, Cf, Zl, Zp and Default_Ignorable_Code_Point.
  static constexpr Range ranges[] = {{0x0000, 0x001F},   {0x007F, 0x009F},   {0x00AD, 0x00AD},   {0x034F, 0x034F},
                                     {0x0600, 0x0605},   {0x061C, 0x061C},   {0x06DD, 0x06DD},   {0x070F, 0x070F},
                                     {0x0890, 0x0891},   {0x08E2, 0x08E2},   {0x115F, 0x1160},   {0x17B4, 0x17B5},
                                     {0x180B, 0x180F},   {0x200B, 0x200F},   {0x2028, 0x202E},   {0x2060, 0x206F},
                                     {0x3164, 0x3164},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},
                                     {0xFFF0, 0xFFFB},   {0x110BD, 0x110BD}, {0x110CD, 0x110CD}, {0x13430, 0x1345F},
                                     {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [code](const Range& range) { return code >= range.first && code <= range.last; });
}

[[nodiscard]] MOMENTO_TOKEN_INLINE std::uint32_t decode_utf8(const unsigned char* p, std::size_t size) noexcept {
  switch (size) {
    case 1: return p[0];
    case 2: return (p[0] & 31U) << 6 | (p[1] & 63U);
    case 3: return (p[0] & 15U) << 12 | (p[1] & 63U) << 6 | (p[2] & 63U);
    default: return (p[0] & 7U) << 18 | (p[1] & 63U) << 12 | (p[2] & 63U) << 6 | (p[3] & 63U);
  }
}

}  // namespace detail

MOMENTO_TOKEN_INLINE std::string base64url_encode(ByteView bytes) {
  std::string text(detail::base64url_size(bytes.size()), '\0');
  detail::encode_base64url(bytes.data(), bytes.size(), text.data());
  return text;
}

MOMENTO_TOKEN_INLINE Result<Bytes> base64url_decode(std::string_view text) {
  Bytes bytes(detail::base64url_bytes(text.size()));
  if (!detail::decode_base64url(text, bytes.data())) return detail::not_base64();
  return bytes;
}

MOMENTO_TOKEN_INLINE std::string base64_encode(ByteView bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '=');
  detail::encode_base64(detail::base64_pairs, bytes.data(), bytes.size(), text.data());
  return text;
}

MOMENTO_TOKEN_INLINE Result<Bytes> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return detail::not_base64();
  if (text.ends_with('=')) text.remove_suffix(text.ends_with("==") ? 2 : 1);
  Bytes bytes(detail::base64url_bytes(text.size()));
  if (!detail::decode_base64(detail::base64_values, text, bytes.data())) return detail::not_base64();
  return bytes;
}

MOMENTO_TOKEN_INLINE std::string hex_encode(ByteView bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::byte byte : bytes) {
    text.push_back("0123456789abcdef"[std::to_integer<unsigned>(byte) >> 4]);
    text.push_back("0123456789abcdef"[std::to_integer<unsigned>(byte) & 15]);
  }
  return text;
}

MOMENTO_TOKEN_INLINE Result<Bytes> hex_decode(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  const Error error{Errc::invalid_argument, {}, "is not lower-case hexadecimal with two digits a byte"};
  if (text.size() % 2 != 0) return error;
  Bytes bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::size_t high = digits.find(text[i]);
    const std::size_t low = digits.find(text[i + 1]);
    if (high == digits.npos || low == digits.npos) return error;
    bytes.push_back(static_cast<std::byte>(high << 4 | low));
  }
  return bytes;
}

MOMENTO_TOKEN_INLINE bool is_utf8(std::string_view text) noexcept { return detail::valid_utf8(text); }

MOMENTO_TOKEN_INLINE Result<void> check_json(std::string_view text) {
  // The reader un-escapes in place; the copy is wiped, since the text may be a key file.
  SecretBytes copy = SecretBytes::copy_of(text);
  detail::JsonReader reader(reinterpret_cast<char*>(copy.expose_for_writing().data()), copy.size());
  for (;;) {
    const auto event = reader.next();
    if (event == detail::JsonReader::Event::end) return {};
    if (event == detail::JsonReader::Event::error) {
      return Error{
          Errc::invalid_argument, {}, "is not strict JSON (RFC 8259, no member twice, at most 32 levels deep)"};
    }
  }
}

MOMENTO_TOKEN_INLINE std::string printable(std::string_view text) {
  std::string out;
  const auto* p = reinterpret_cast<const unsigned char*>(text.data());
  const auto* const end = p + text.size();
  while (p != end) {
    const std::size_t size = detail::utf8_sequence(p, end);
    if (size == 0) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", *p++);
      continue;
    }
    const std::uint32_t code = detail::decode_utf8(p, size);
    if (detail::is_deceptive(code)) {
      if (code > 0xFFFF)
        fmt::format_to(std::back_inserter(out), "\\U{:08x}", code);
      else
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", code);
    } else {
      if (code == '"' || code == '\\') out.push_back('\\');
      out.append(reinterpret_cast<const char*>(p), size);
    }
    p += size;
  }
  return out;
}

MOMENTO_TOKEN_END_NAMESPACE
