#pragma once
// What the tests share: results as texts, vectors, keys, a clock, and base64 that is not the library's own.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "momento_token/error.hpp"
#include "momento_token/permissions.hpp"
#include "momento_token/result.hpp"
#include "momento_token/secret.hpp"
#include "momento_token/testing/stand_ins.hpp"

// The build says where the vectors are; by hand, tests are run from the project's root.
#ifndef MOMENTO_TOKEN_TEST_VECTORS
#define MOMENTO_TOKEN_TEST_VECTORS "tests/vectors"
#endif

namespace test {

/// "ok", or the code and the field: "invalid_argument valid_for". What most cases compare.
template <class T>
[[nodiscard]] std::string outcome(const momento_token::Result<T>& result) {
  if (result.has_value()) return "ok";
  std::string text(to_string(result.error().code));
  return result.error().field.empty() ? text : text + " " + result.error().field;
}

[[nodiscard]] inline std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot open " + path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// A file of tests/vectors.
[[nodiscard]] inline std::string vector_text(const std::string& name) {
  return read_file(std::string(MOMENTO_TOKEN_TEST_VECTORS) + "/" + name);
}

/// 2030-01-01T00:00:00Z, the clock of attacks.json and of fixtures/foreign_tokens.hpp.
inline constexpr std::chrono::sys_seconds new_year_2030{std::chrono::seconds(1893456000)};

[[nodiscard]] inline std::shared_ptr<momento_token::testing::ManualClock> clock_at(
    std::chrono::sys_seconds time = new_year_2030) {
  return std::make_shared<momento_token::testing::ManualClock>(time);
}

[[nodiscard]] inline momento_token::SecretBytes secret(std::string_view text) {
  return momento_token::SecretBytes::copy_of(text);
}

/// The bytes 0, 1, 2 … : the HMAC keys of the fixtures.
[[nodiscard]] inline std::string counting_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i);
  return bytes;
}

/// RFC 4648 §5 without padding, written for the tests alone.
[[nodiscard]] inline std::string b64u(std::string_view bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  unsigned bits = 0;
  int held = 0;
  for (const char c : bytes) {
    bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xffffff;
    for (held += 8; held >= 6; held -= 6) text += letters[bits >> (held - 6) & 63];
  }
  if (held > 0) text += letters[bits << (6 - held) & 63];
  return text;
}

/// Reads both alphabets, with padding or without; throws at anything else. Written for the tests alone.
[[nodiscard]] inline std::string unb64(std::string_view text) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string bytes;
  unsigned bits = 0;
  int held = 0;
  for (const char letter : text) {
    const auto at = letters.find(letter == '+' ? '-' : letter == '/' ? '_' : letter);
    if (at == letters.npos) throw std::runtime_error("not base64");
    bits = (bits << 6 | static_cast<unsigned>(at)) & 0xffffff;
    held += 6;
    if (held >= 8) bytes += static_cast<char>(bits >> (held -= 8) & 0xff);
  }
  return bytes;
}

[[nodiscard]] inline std::string unhex(std::string_view hex) {
  const auto digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(digit(hex[i]) << 4 | digit(hex[i + 1]));
  return bytes;
}

/// The three parts of a compact JWS; header and payload as JSON text, the signature as bytes.
struct Jws {
  std::string signing_input, header, payload, signature;
};
[[nodiscard]] inline Jws split(std::string_view compact) {
  const auto first = compact.find('.');
  const auto last = compact.rfind('.');
  if (first == compact.npos || first == last) throw std::runtime_error("not a compact JWS");
  return {std::string(compact.substr(0, last)), unb64(compact.substr(0, first)),
          unb64(compact.substr(first + 1, last - first - 1)), unb64(compact.substr(last + 1))};
}

[[nodiscard]] inline std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  if (at == text.npos) throw std::runtime_error("nothing to replace: " + std::string(from));
  return text.replace(at, from.size(), to);
}

/// The published example: may invoke the function od of the cache fo.
[[nodiscard]] inline momento_token::Permissions published_example() {
  return momento_token::Permissions().with_function(
      momento_token::FunctionPermissions().with_cache("fo").with_function("od"));
}

}  // namespace test
