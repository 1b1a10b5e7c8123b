// base64url, base64 and hexadecimal: whatever is encoded comes back, and a text has one spelling only.

#include <optional>
#include <string>
#include <string_view>

#include "fuzz.hpp"
#include "momento_token/encoding.hpp"

namespace {

namespace mt = momento_token;

constexpr std::string_view url_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view plain_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// RFC 4648 §4 and §5 bit by bit; no value for a foreign letter, a lone last letter or stray bits.
std::optional<std::string> slowly_decoded(std::string_view text, std::string_view letters) {
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  unsigned bits = 0;
  int held = 0;
  for (const char letter : text) {
    const std::size_t value = letters.find(letter);
    if (value == letters.npos) return std::nullopt;
    bits = bits << 6 | static_cast<unsigned>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes.push_back(static_cast<char>(bits >> held));
    bits &= (1U << held) - 1;
  }
  if (bits != 0) return std::nullopt;
  return bytes;
}

std::optional<std::string> slowly_decoded_with_padding(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  return slowly_decoded(text, plain_letters);
}

template <class Decode, class Encode>
void check_text(std::string_view text, const std::optional<std::string>& expected, Decode decode, Encode encode) {
  const mt::Result<mt::Bytes> decoded = decode(text);
  fuzz::law(decoded.has_value() == expected.has_value(), "what RFC 4648 calls canonical is taken, and nothing else");
  if (!decoded) return fuzz::law(decoded.error().code == mt::Errc::invalid_argument, "a refusal is invalid_argument");
  fuzz::law(mt::as_text(*decoded) == *expected, "the bytes are those of RFC 4648");
  fuzz::law(encode(*decoded) == text, "decoded text encodes to itself again");
}

template <class Decode, class Encode>
void check_bytes(std::string_view bytes, Decode decode, Encode encode) {
  const std::string text = encode(mt::as_bytes(bytes));
  const mt::Bytes decoded = fuzz::must(decode(text), "what was encoded can be decoded");
  fuzz::law(mt::as_text(decoded) == bytes, "what was encoded comes back");
}

bool is_hex(std::string_view text) {
  return text.size() % 2 == 0 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_text(text, slowly_decoded(text, url_letters), mt::base64url_decode, mt::base64url_encode);
  check_text(text, slowly_decoded_with_padding(text), mt::base64_decode, mt::base64_encode);
  check_bytes(text, mt::base64url_decode, mt::base64url_encode);
  check_bytes(text, mt::base64_decode, mt::base64_encode);
  check_bytes(text, mt::hex_decode, mt::hex_encode);
  const auto bytes = mt::hex_decode(text);
  fuzz::law(bytes.has_value() == is_hex(text), "pairs of lower-case digits are taken, and nothing else");
  if (bytes) fuzz::law(mt::hex_encode(*bytes) == text, "decoded text encodes to itself again");
  return 0;
}
