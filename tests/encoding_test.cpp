#include "momento_token/encoding.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "support.hpp"

using namespace momento_token;

namespace test {

inline std::string text_of(const Result<Bytes>& bytes) { return bytes ? std::string(as_text(*bytes)) : outcome(bytes); }

/// RFC 3629 §4, the ABNF of UTF8-octets, rule by rule; the length of the character at the front, 0 for none.
inline std::size_t utf8_rule(std::string_view s) {
  const auto in = [s](std::size_t i, unsigned low, unsigned high) {
    return i < s.size() && static_cast<unsigned char>(s[i]) >= low && static_cast<unsigned char>(s[i]) <= high;
  };
  if (in(0, 0x00, 0x7F)) return 1;
  if (in(0, 0xC2, 0xDF) && in(1, 0x80, 0xBF)) return 2;
  if (in(0, 0xE0, 0xE0) && in(1, 0xA0, 0xBF) && in(2, 0x80, 0xBF)) return 3;
  if (in(0, 0xE1, 0xEC) && in(1, 0x80, 0xBF) && in(2, 0x80, 0xBF)) return 3;
  if (in(0, 0xED, 0xED) && in(1, 0x80, 0x9F) && in(2, 0x80, 0xBF)) return 3;
  if (in(0, 0xEE, 0xEF) && in(1, 0x80, 0xBF) && in(2, 0x80, 0xBF)) return 3;
  if (in(0, 0xF0, 0xF0) && in(1, 0x90, 0xBF) && in(2, 0x80, 0xBF) && in(3, 0x80, 0xBF)) return 4;
  if (in(0, 0xF1, 0xF3) && in(1, 0x80, 0xBF) && in(2, 0x80, 0xBF) && in(3, 0x80, 0xBF)) return 4;
  if (in(0, 0xF4, 0xF4) && in(1, 0x80, 0x8F) && in(2, 0x80, 0xBF) && in(3, 0x80, 0xBF)) return 4;
  return 0;
}
inline bool utf8_by_the_rules(std::string_view s) {
  while (!s.empty()) {
    const std::size_t size = utf8_rule(s);
    if (size == 0) return false;
    s.remove_prefix(size);
  }
  return true;
}

}  // namespace test

// RFC 4648 §10. Base64url drops the padding (RFC 7515 §2); our hex is in lower case.
TEST_CASE("the examples of RFC 4648 come out as printed there and go back in") {
  struct Row {
    std::string_view bytes, base64, hex;
  };
  for (const Row& row : {Row{"", "", ""}, Row{"f", "Zg==", "66"}, Row{"fo", "Zm8=", "666f"},
                         Row{"foo", "Zm9v", "666f6f"}, Row{"foob", "Zm9vYg==", "666f6f62"},
                         Row{"fooba", "Zm9vYmE=", "666f6f6261"}, Row{"foobar", "Zm9vYmFy", "666f6f626172"}}) {
    CAPTURE(row.bytes);
    const std::string_view unpadded = row.base64.substr(0, row.base64.find('='));

    CHECK(base64_encode(as_bytes(row.bytes)) == row.base64);
    CHECK(base64url_encode(as_bytes(row.bytes)) == unpadded);
    CHECK(hex_encode(as_bytes(row.bytes)) == row.hex);
    CHECK(test::text_of(base64_decode(row.base64)) == row.bytes);
    CHECK(test::text_of(base64url_decode(unpadded)) == row.bytes);
    CHECK(test::text_of(hex_decode(row.hex)) == row.bytes);
  }
}

// RFC 7515 Appendix C: the octets 3 236 255 224 193 are "A-z_4ME".
TEST_CASE("the example of RFC 7515 Appendix C uses the two letters that base64 and base64url do not share") {
  const std::string bytes = "\x03\xec\xff\xe0\xc1";

  CHECK(base64url_encode(as_bytes(bytes)) == "A-z_4ME");
  CHECK(test::text_of(base64url_decode("A-z_4ME")) == bytes);
  CHECK(base64_encode(as_bytes(bytes)) == "A+z/4ME=");
  CHECK_FALSE(base64url_decode("A+z/4ME").has_value());
  CHECK_FALSE(base64_decode("A-z_4ME=").has_value());
}

TEST_CASE("every length up to 200 agrees with another base64url and with base64 both ways") {
  std::string bytes;
  unsigned state = 1;
  for (int length = 0; length <= 200; ++length) {
    CAPTURE(length);
    const std::string expected = test::b64u(bytes);
    const std::string padded = base64_encode(as_bytes(bytes));
    CHECK(base64url_encode(as_bytes(bytes)) == expected);
    CHECK(test::text_of(base64url_decode(expected)) == bytes);
    CHECK(padded.size() % 4 == 0);
    CHECK(test::unb64(padded) == bytes);
    CHECK(test::text_of(base64_decode(padded)) == bytes);
    CHECK(test::text_of(hex_decode(hex_encode(as_bytes(bytes)))) == bytes);
    state = state * 1664525 + 1013904223;
    bytes += static_cast<char>(state >> 24);
  }
}

TEST_CASE("base64url takes no letter outside its alphabet, at any place of a group") {
  const std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (const std::size_t place : {0U, 1U, 2U, 3U, 4U, 9U, 14U, 31U, 39U}) {
    for (int letter = 0; letter < 256; ++letter) {
      std::string text(40, 'A');
      text[place] = static_cast<char>(letter);
      CAPTURE(place);
      CAPTURE(letter);
      CHECK(base64url_decode(text).has_value() == (letters.find(static_cast<char>(letter)) != letters.npos));
    }
  }
}

// RFC 4648 §3.5: the bits of the last letter that belong to no byte must be zero, else one value would have many
// texts.
TEST_CASE("a last letter with stray bits is refused") {
  const std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (std::size_t i = 0; i < letters.size(); ++i) {
    CAPTURE(i);
    const std::string two = std::string("A") + letters[i];
    const std::string three = std::string("AA") + letters[i];
    CHECK(base64url_decode(two).has_value() == (i % 16 == 0));
    CHECK(base64url_decode(three).has_value() == (i % 4 == 0));
    if (letters[i] == '-' || letters[i] == '_') continue;
    CHECK(base64_decode(two + "==").has_value() == (i % 16 == 0));
    CHECK(base64_decode(three + "=").has_value() == (i % 4 == 0));
  }
}

TEST_CASE("what another encoder might have written is refused") {
  for (const std::string_view text :
       {"A", "AAAAA", "AA==", "AAA=", "AA=", "=", "AAAA=", "AAA A", " AAAA", "AAAA\n", "AA\r\nAA"}) {
    CAPTURE(text);
    CHECK(test::outcome(base64url_decode(text)) == "invalid_argument");
  }
  for (const std::string_view text : {"A", "AA", "AAA", "AA=", "AA===", "AAA==", "=",
                                      "====", "A===", "AAAA====", "AA==AA==", "AA=A", "AAAA\n", "AAAA "}) {
    CAPTURE(text);
    CHECK(test::outcome(base64_decode(text)) == "invalid_argument");
  }
  for (const std::string_view text : {"0", "0A", "AF", "0g", "0x", " 0", "00 ", "00\n", "/0", ":0", "`0"}) {
    CAPTURE(text);
    CHECK(test::outcome(hex_decode(text)) == "invalid_argument");
  }
}

TEST_CASE("UTF-8 is what the rules of RFC 3629 make, for every text of up to three bytes") {
  std::size_t wrong = 0;
  std::size_t right = 0;
  for (unsigned n = 0; n < 0x1000000; n += (n < 0x20000 ? 1 : 3)) {
    const char bytes[] = {static_cast<char>(n >> 16), static_cast<char>(n >> 8 & 255), static_cast<char>(n & 255)};
    for (std::size_t skip = 0; skip < (n < 0x100 ? 3U : n < 0x10000 ? 2U : 1U); ++skip) {
      const std::string_view text(bytes + skip, 3 - skip);
      const bool valid = test::utf8_by_the_rules(text);
      right += valid;
      wrong += is_utf8(text) != valid;
    }
  }

  CHECK(wrong == 0);
  CHECK(right > 1000);
}

TEST_CASE("the edges of four-byte characters are where RFC 3629 puts them") {
  for (const std::string_view text :
       {"\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "\xf1\x80\x80\x80", "a\xf3\xbf\xbf\xbfz", ""}) {
    CAPTURE(text);
    CHECK(is_utf8(text));
  }
  for (const std::string_view text :
       {"\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf0\x90\x80", "\xf0\x90\x80\x80\x80", "\xff",
        "abcdefgh\xed\xa0\x80", "abcdefghijklmnop\xc0\x80", "abcdefghijklmno\xe2\x82"}) {
    CAPTURE(text);
    CHECK_FALSE(is_utf8(text));
  }
}

// The header: control characters, DEL, U+2028, U+2029, the bidirectional controls, what is not UTF-8.
TEST_CASE("what could drive a terminal or forge a log line comes out as an escape") {
  struct Row {
    std::string_view text, shown;
  };
  for (const Row& row : {Row{"plain text, \xc3\xa9 and \xf0\x9f\x98\x80", "plain text, \xc3\xa9 and \xf0\x9f\x98\x80"},
                         Row{"a\x1b[31m", "a\\u001b[31m"}, Row{"\x7f", "\\u007f"}, Row{"\xc2\x85", "\\u0085"},
                         Row{"\xe2\x80\xa8", "\\u2028"}, Row{"\xe2\x80\xa9", "\\u2029"}, Row{"\xe2\x80\xae", "\\u202e"},
                         Row{"\xe2\x81\xa6", "\\u2066"}, Row{"\xe2\x81\xa9", "\\u2069"}, Row{"\xff", "\\xff"},
                         Row{"\"q\"", "\\\"q\\\""}, Row{"back\\slash", "back\\\\slash"}}) {
    CAPTURE(row.shown);
    CHECK(printable(row.text) == row.shown);
  }
}

// Unicode's format characters and Default_Ignorable_Code_Point: "room" and "ro<soft hyphen>om" look the same.
TEST_CASE("letters that nobody sees come out as escapes") {
  for (const char* hidden :
       {"\xC2\xAD", "\xCD\x8F", "\xE1\xA0\x8E", "\xE3\x85\xA4", "\xEF\xB8\x8F", "\xF3\xA0\x84\x80", "\xF0\x9D\x85\xB3",
        "\xD8\x80", "\xE2\x80\x8B", "\xE2\x80\xAE", "\xEF\xBB\xBF", "\xC2\x9B"}) {
    const std::string shown = printable(std::string("a") + hidden + "b");
    CAPTURE(shown);
    CHECK((shown.starts_with("a\\u") || shown.starts_with("a\\U")));
    CHECK(shown.ends_with("b"));
  }
  CHECK(printable("caf\xC3\xA9 \xE6\xBC\xA2 \xF0\x9F\xA6\x80") == "caf\xC3\xA9 \xE6\xBC\xA2 \xF0\x9F\xA6\x80");
}

// The same sets of Unicode 15: Cc, Cf, Zl, Zp, Default_Ignorable_Code_Point, and the block of the hieroglyphs' controls.
TEST_CASE("each range of hidden letters is escaped from its first to its last, and its neighbours are not") {
  const auto utf8 = [](char32_t code) {
    std::string text;
    if (code < 0x80) return text += static_cast<char>(code);
    const int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    text += static_cast<char>((0xFF00 >> (more + 1) & 0xFF) | code >> 6 * more);
    for (int i = more - 1; i >= 0; --i) text += static_cast<char>(0x80 | (code >> 6 * i & 63));
    return text;
  };
  struct Range {
    char32_t first, last;
  };
  for (const Range& range : std::vector<Range>{
           {0x01, 0x1f},       {0x7f, 0x9f},       {0xad, 0xad},       {0x34f, 0x34f},     {0x600, 0x605},
           {0x61c, 0x61c},     {0x6dd, 0x6dd},     {0x70f, 0x70f},     {0x890, 0x891},     {0x8e2, 0x8e2},
           {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},
           {0x2060, 0x206f},   {0x3164, 0x3164},   {0xfe00, 0xfe0f},   {0xfeff, 0xfeff},   {0xffa0, 0xffa0},
           {0xfff0, 0xfffb},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd}, {0x13430, 0x1345f}, {0x1bca0, 0x1bca3},
           {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}}) {
    CAPTURE(static_cast<std::uint32_t>(range.first));
    CHECK(printable(utf8(range.first)).front() == '\\');
    CHECK(printable(utf8(range.last)).front() == '\\');
    CHECK(printable(utf8(range.last + 1)) == utf8(range.last + 1));
    if (range.first != 0x01) CHECK(printable(utf8(range.first - 1)) == utf8(range.first - 1));
  }
  CHECK(printable(std::string(1, '\0')) == "\\u0000");
  CHECK(printable(utf8(0xe0001)) == "\\U000e0001");
}

TEST_CASE("no byte comes out of printable() as a control character or as broken UTF-8") {
  for (int byte = 0; byte < 256; ++byte) {
    CAPTURE(byte);
    const std::string shown = printable(std::string("x") + static_cast<char>(byte) + "y");
    CHECK(is_utf8(shown));
    CHECK(shown.front() == 'x');
    CHECK(shown.back() == 'y');
    bool control = false;
    for (const char c : shown) control = control || static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    CHECK_FALSE(control);
  }
}
