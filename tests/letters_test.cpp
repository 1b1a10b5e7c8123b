#include "momento_token/detail/letters.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <string>

using namespace momento_token::detail;

namespace {

// The edges of what is plain, on both sides.
constexpr unsigned char around_the_edges[] = {0x00, 0x1F, 0x20, 0x21, '"',  0x23, 0x5B,
                                              '\\', 0x5D, 0x7E, 0x7F, 0x80, 0xFF};
// Over what is looked at eight and sixteen letters at a time, and what is left.
constexpr std::size_t longest = 70;

bool is_plain_by_the_book(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';  // RFC 8259 §7, and ASCII
}

/// How many texts it is wrong about.
template <class F>
int wrong_of(F&& is_right) {
  int wrong = 0;
  for (std::size_t size = 0; size <= longest; ++size) {
    for (std::size_t at = 0; at <= size; ++at) {
      for (const unsigned char letter : around_the_edges) {
        std::string text(size, 'a');
        if (at < size) text[at] = static_cast<char>(letter);
        if (!is_right(text)) ++wrong;
      }
    }
  }
  return wrong;
}

}  // namespace

TEST_CASE("a run of plain letters ends at the first that is not plain, wherever it is") {
  CHECK(wrong_of([](const std::string& text) {
          const char* const end = text.data() + text.size();
          return plain_run_end(text.data(), end) == std::find_if_not(text.data(), end, is_plain_by_the_book);
        }) == 0);
}

TEST_CASE("a plain text of eight letters and more is copied, another told apart, and nothing else written") {
  CHECK(wrong_of([](const std::string& text) {
          const bool plain = std::all_of(text.begin(), text.end(), is_plain_by_the_book);
          std::string out(text.size() + 1, '?');
          const bool copied = copy_plain(out.data(), text.data(), text.size());
          if (copied != (plain && text.size() >= 8) || out.back() != '?') return false;
          return !copied || out.compare(0, text.size(), text) == 0;
        }) == 0);
}

TEST_CASE("a text is ASCII when no letter of it is beyond") {
  CHECK(wrong_of([](const std::string& text) {
          const bool ascii =
              std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
          return is_ascii(text.data(), text.size()) == ascii;
        }) == 0);
}
