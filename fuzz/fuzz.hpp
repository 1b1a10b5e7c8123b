#pragma once
// What the fuzzers share. A fuzzer states laws; one that does not hold ends the program, and libFuzzer keeps the input.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "momento_token/error.hpp"
#include "momento_token/result.hpp"

namespace fuzz {

/// `what` is the law, said as a sentence.
inline void law(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "This law does not hold: %s\n", what);
  std::abort();
}

/// The value that a law says is there.
template <class T>
[[nodiscard]] T must(momento_token::Result<T> result, const char* what) {
  if (!result) std::fprintf(stderr, "%s\n", to_string(result.error()).c_str());
  law(result.has_value(), what);
  return std::move(result).value();
}

/// The input, taken apart from front to back; zeros and empty texts once it has ended.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  [[nodiscard]] bool empty() const { return rest_.empty(); }
  [[nodiscard]] std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto value = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  /// 0 to n - 1.
  [[nodiscard]] std::size_t below(std::size_t n) { return (std::size_t{byte()} << 8 | byte()) % n; }
  /// Up to the next byte `end`, which is dropped.
  [[nodiscard]] std::string_view until(char end) {
    const std::string_view text = rest_.substr(0, rest_.find(end));
    rest_.remove_prefix(text.size() == rest_.size() ? text.size() : text.size() + 1);
    return text;
  }
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace fuzz
