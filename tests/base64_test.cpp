#include "momento_token/detail/base64.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace momento_token::detail;

// Exactly as long as said, so that AddressSanitizer sees any byte read or written beyond.
using Block = std::vector<char>;

Block random_block(std::mt19937& random, std::size_t size) {
  Block block(size);
  for (char& c : block) c = static_cast<char>(random());
  return block;
}
std::string_view text_of(const Block& block) { return {block.data(), block.size()}; }

Block scalar_text(const Block& bytes) {
  Block text(base64url_size(bytes.size()));
  encode_base64(base64url_pairs, bytes.data(), bytes.size(), text.data());
  return text;
}

struct Decoded {
  bool good;
  Block bytes;
};
Decoded decode(const Block& text) {
  Block bytes(base64url_bytes(text.size()));
  const bool good = decode_base64url(text_of(text), bytes.data());
  return {good, bytes};
}
Decoded decode_scalar(const Block& text) {
  Block bytes(base64url_bytes(text.size()));
  const bool good = decode_base64(base64url_values, text_of(text), bytes.data());
  return {good, bytes};
}

}  // namespace

TEST_CASE("the vector path writes the letters of the scalar path, for every length up to 300") {
  std::mt19937 random(1);
  for (std::size_t size = 0; size <= 300; ++size) {
    CAPTURE(size);
    for (int i = 0; i < 20; ++i) {
      const Block bytes = random_block(random, size);
      Block text(base64url_size(size));
      CHECK(encode_base64url(bytes.data(), size, text.data()) == text.data() + text.size());
      CHECK(text == scalar_text(bytes));
    }
  }
}

TEST_CASE("every value of six bits has its letter at every place of a vector") {
  for (unsigned value = 0; value < 64; ++value) {
    for (std::size_t place = 0; place < 64; ++place) {
      Block text(128, 'A');
      text[place] = base64url_alphabet[value];
      const Decoded decoded = decode(text);
      REQUIRE(decoded.good);
      CHECK(decoded.bytes == decode_scalar(text).bytes);
      CHECK(scalar_text(decoded.bytes) == text);
      Block again(text.size());
      encode_base64url(decoded.bytes.data(), decoded.bytes.size(), again.data());
      CHECK(again == text);
    }
  }
}

// Up to 140 letters a text takes every way through the vector paths: AVX2's ends, its loop and its rest, NEON's loop.
TEST_CASE("the vector path takes and refuses the bytes that the scalar path does, at every place of every length") {
  for (std::size_t size = 1; size <= 140; ++size) {
    CAPTURE(size);
    Block text(size, 'w');  // 110000: no bits are left over at any end
    for (std::size_t place = 0; place < size; ++place) {
      std::size_t differing = 0;
      for (unsigned byte = 0; byte < 256; ++byte) {
        text[place] = static_cast<char>(byte);
        differing += decode(text).good != decode_scalar(text).good;
      }
      text[place] = 'w';
      REQUIRE(differing == 0);
    }
  }
}

TEST_CASE("every byte that is no letter is refused") {
  for (unsigned byte = 0; byte < 256; ++byte) {
    CAPTURE(byte);
    const bool is_letter = base64url_alphabet.find(static_cast<char>(byte)) != std::string_view::npos;
    for (std::size_t place = 0; place < 80; ++place) {
      Block text(80, 'z');
      text[place] = static_cast<char>(byte);
      CHECK(decode(text).good == is_letter);
      CHECK(decode_scalar(text).good == is_letter);
    }
  }
}

TEST_CASE("what decodes, decodes to the bytes of the scalar path, for every length up to 300, and in place") {
  std::mt19937 random(2);
  for (std::size_t size = 0; size <= 300; ++size) {
    CAPTURE(size);
    for (int i = 0; i < 20; ++i) {
      Block text(size);
      for (char& letter : text) letter = base64url_alphabet[random() % 64];
      const Decoded vector = decode(text), scalar = decode_scalar(text);
      REQUIRE(vector.good == scalar.good);
      if (!scalar.good) continue;
      CHECK(vector.bytes == scalar.bytes);
      REQUIRE(decode_base64url(text_of(text), text.data()));
      text.resize(vector.bytes.size());
      CHECK(text == scalar.bytes);
    }
  }
}
