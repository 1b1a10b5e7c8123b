#pragma once
// NumericDate (RFC 7519 §2): a JSON number of seconds, exactly, without floating point.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// 9999-12-31T23:59:59Z.
inline constexpr std::int64_t max_date = 253402300799;

/// A clock may say anything; within ±2^62 no sum below overflows.
[[nodiscard]] inline std::int64_t sane_seconds(std::chrono::sys_seconds time) noexcept {
  constexpr std::int64_t most = std::int64_t{1} << 62;
  const std::int64_t seconds = time.time_since_epoch().count();
  return seconds > most ? most : seconds < -most ? -most : seconds;
}

/// A JSON number as a whole number of seconds, rounded up: for whole x, `x >= n` is `x >= ceil(n)` and `x < n` is
/// `x < ceil(n)`, so every comparison stays exact.
struct DecimalNumber {
  bool in_range = false;  // within [0, max_date]
  bool whole = false;
  std::int64_t ceiling = 0;
};

/// The digits of a JSON number without its point, and where the point is.
class Digits {
 public:
  explicit Digits(std::string_view number) noexcept {
    negative_ = number.starts_with('-');
    if (negative_) number.remove_prefix(1);
    const std::size_t e = number.find_first_of("eE");
    if (e != number.npos) {
      read_exponent(number.substr(e + 1));
      number = number.substr(0, e);
    }
    const std::size_t point = number.find('.');
    whole_ = number.substr(0, point);
    if (point != number.npos) fraction_ = number.substr(point + 1);
    while (first_ < size() && at(first_) == '0') ++first_;
  }
  [[nodiscard]] bool negative() const noexcept { return negative_; }
  [[nodiscard]] bool zero() const noexcept { return first_ == size(); }
  /// Digits before the point, counted from the first that is not 0; at most 0 for a number below 1.
  [[nodiscard]] std::int64_t integer_digits() const noexcept {
    return static_cast<std::int64_t>(whole_.size()) - static_cast<std::int64_t>(first_) + exponent_;
  }
  /// The i-th digit from the first that is not 0; 0 beyond the last.
  [[nodiscard]] int digit(std::size_t i) const noexcept { return first_ + i < size() ? at(first_ + i) - '0' : 0; }
  [[nodiscard]] std::size_t significant() const noexcept { return size() - first_; }

 private:
  [[nodiscard]] std::size_t size() const noexcept { return whole_.size() + fraction_.size(); }
  [[nodiscard]] char at(std::size_t i) const noexcept {
    return i < whole_.size() ? whole_[i] : fraction_[i - whole_.size()];
  }
  void read_exponent(std::string_view text) noexcept {
    const bool minus = text.starts_with('-');
    if (minus || text.starts_with('+')) text.remove_prefix(1);
    // Larger than any text is long, small enough never to overflow.
    constexpr std::int64_t cap = std::int64_t{1} << 40;
    for (const char c : text) exponent_ = std::min(cap, exponent_ * 10 + (c - '0'));
    if (minus) exponent_ = -exponent_;
  }

  bool negative_ = false;
  std::string_view whole_, fraction_;
  std::int64_t exponent_ = 0;
  std::size_t first_ = 0;
};

/// `number` follows the grammar of RFC 8259 §6. Linear in its length.
[[nodiscard]] inline DecimalNumber read_decimal(std::string_view number) noexcept {
  const Digits digits(number);
  if (digits.zero()) return {true, true, 0};  // -0 is 0
  if (digits.negative() || digits.integer_digits() > 12) return {};
  const auto before = static_cast<std::size_t>(std::max<std::int64_t>(0, digits.integer_digits()));
  std::int64_t value = 0;
  for (std::size_t i = 0; i < before; ++i) value = value * 10 + digits.digit(i);
  bool whole = true;
  for (std::size_t i = before; whole && i < digits.significant(); ++i) whole = digits.digit(i) == 0;
  const std::int64_t ceiling = whole ? value : value + 1;
  return {ceiling <= max_date, whole, ceiling};
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
