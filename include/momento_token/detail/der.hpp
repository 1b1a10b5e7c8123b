#pragma once
// Reads DER (X.690): one length per content, no indefinite lengths. Views into the bytes it is given, so that private numbers
// stay where they lie.

#include <cstddef>
#include <optional>

#include "momento_token/encoding.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

namespace der_tag {
inline constexpr unsigned integer = 0x02, bit_string = 0x03, octet_string = 0x04, null = 0x05, object = 0x06,
                          sequence = 0x30;
/// [n], constructed and primitive.
[[nodiscard]] constexpr unsigned context(unsigned n) noexcept { return 0xA0 | n; }
[[nodiscard]] constexpr unsigned implicit(unsigned n) noexcept { return 0x80 | n; }
}  // namespace der_tag

class DerReader {
 public:
  explicit DerReader(ByteView bytes) noexcept : rest_(bytes) {}

  [[nodiscard]] bool done() const noexcept { return rest_.empty(); }

  /// The contents of the next element; nothing, and nothing read, when it has another tag or is malformed.
  [[nodiscard]] std::optional<ByteView> take(unsigned tag) noexcept {
    if (rest_.size() < 2 || at(0) != tag) return {};
    std::size_t size = at(1), head = 2;
    if (size >= 0x80) {
      const std::size_t count = size & 0x7F;  // of the bytes of the length
      if (count == 0 || count > 3 || rest_.size() < 2 + count) return {};
      size = 0;
      for (std::size_t i = 0; i < count; ++i) size = size << 8 | at(2 + i);
      if (at(2) == 0 || size < 0x80) return {};  // could be shorter
      head += count;
    }
    if (size > rest_.size() - head) return {};
    const ByteView contents = rest_.subspan(head, size);
    rest_ = rest_.subspan(head + size);
    return contents;
  }

  /// The next element when it has this tag; whether what follows is in order, the next take() or done() tells.
  void skip(unsigned tag) noexcept { static_cast<void>(take(tag)); }

  /// An INTEGER above zero, without the sign's zero byte.
  [[nodiscard]] std::optional<ByteView> take_positive() noexcept {
    const auto number = take(der_tag::integer);
    if (!number || number->empty() || ((*number)[0] & std::byte{0x80}) != std::byte{0}) return {};
    if ((*number)[0] != std::byte{0}) return number;
    if (number->size() == 1 || ((*number)[1] & std::byte{0x80}) == std::byte{0}) return {};
    return number->subspan(1);
  }

  /// An INTEGER of one byte: a version.
  [[nodiscard]] std::optional<unsigned> take_version() noexcept {
    const auto number = take(der_tag::integer);
    if (!number || number->size() != 1) return {};
    return std::to_integer<unsigned>((*number)[0]);
  }

 private:
  [[nodiscard]] std::size_t at(std::size_t i) const noexcept { return std::to_integer<std::size_t>(rest_[i]); }
  ByteView rest_;
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
