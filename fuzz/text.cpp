// UTF-8, and text made safe to print: nothing that moves a cursor, hides or re-orders letters comes through.

#include <cstdint>
#include <string>
#include <string_view>

#include "fuzz.hpp"
#include "momento_token/encoding.hpp"

namespace {

namespace mt = momento_token;

// Code point after code point, by the definition of RFC 3629 §3; calls back with each, false at the first fault.
template <class F>
bool read_utf8(std::string_view text, F&& each) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t size = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
    if (size == 0 || size > text.size() - i) return false;
    std::uint32_t code = size == 1 ? lead : lead & (0x7FU >> size);
    for (std::size_t k = 1; k < size; ++k) {
      const auto byte = static_cast<unsigned char>(text[i + k]);
      if (byte >> 6 != 2) return false;
      code = code << 6 | (byte & 63U);
    }
    constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[size] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
    each(code);
    i += size;
  }
  return true;
}

// Of Unicode's categories Cc, Cf, Zl and Zp, and the byte order mark: what moves, hides or re-orders letters.
bool acts_on_text(std::uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x61C || (code >= 0x200B && code <= 0x200F) ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF ||
         (code >= 0xFFF9 && code <= 0xFFFB) || (code >= 0xE0000 && code <= 0xE007F);
}

// Printable ASCII but what is escaped between quotes, and the letters of Latin-1 and Latin Extended.
bool is_plain_letter(std::uint32_t code) {
  if (code < 0x7F) return code >= 0x20 && code != '"' && code != '\\';
  return code > 0xA0 && code < 0x250 && code != 0xAD;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  bool plain = true;
  const bool utf8 = read_utf8(text, [&](std::uint32_t code) { plain = plain && is_plain_letter(code); });
  fuzz::law(mt::is_utf8(text) == utf8, "is_utf8 says what RFC 3629 says");

  const std::string shown = mt::printable(text);
  fuzz::law(
      read_utf8(shown,
                [](std::uint32_t code) { fuzz::law(!acts_on_text(code), "nothing that acts on text is printed"); }),
      "what is printed is UTF-8");
  if (utf8 && plain) fuzz::law(shown == text, "plain letters are printed as they are");
  // Without its escapes the text has no bare quote, so that it can stand between quotes.
  for (std::size_t i = 0; i < shown.size(); ++i) {
    fuzz::law(shown[i] != '"', "a quote is always escaped");
    if (shown[i] == '\\') ++i;
  }
  return 0;
}
