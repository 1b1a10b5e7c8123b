#pragma once
// By which name limits count the one who is connected.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

using Ipv6Groups = std::array<std::uint16_t, 8>;

/// The next number of `text`, up to `most`, which is taken off; none when there is none.
[[nodiscard]] inline std::optional<std::uint32_t> take_number(std::string_view& text, std::uint32_t base,
                                                              std::uint32_t most) noexcept {
  constexpr std::string_view digits = "0123456789abcdef";
  std::uint32_t number = 0;
  std::size_t used = 0;
  for (; used < text.size(); ++used) {
    const char lower = text[used] >= 'A' && text[used] <= 'F' ? static_cast<char>(text[used] + 32) : text[used];
    const std::size_t digit = digits.substr(0, base).find(lower);
    if (digit == digits.npos) break;
    number = number * base + static_cast<std::uint32_t>(digit);
    if (number > most) return {};
  }
  if (used == 0) return {};
  text.remove_prefix(used);
  return number;
}

/// "192.0.2.1".
[[nodiscard]] inline std::optional<std::uint32_t> read_ipv4(std::string_view text) noexcept {
  std::uint32_t address = 0;
  for (int part = 0; part < 4; ++part) {
    if (part != 0 && !text.starts_with('.')) return {};
    if (part != 0) text.remove_prefix(1);
    const auto number = take_number(text, 10, 255);
    if (!number) return {};
    address = address << 8 | *number;
  }
  return text.empty() ? std::optional(address) : std::nullopt;
}

/// RFC 4291 §2.2, without a zone.
[[nodiscard]] inline std::optional<Ipv6Groups> read_ipv6(std::string_view text) noexcept {
  Ipv6Groups groups{};
  std::size_t count = 0;
  std::optional<std::size_t> gap;  // where "::" stands
  if (text.starts_with("::")) {
    gap = 0;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    if (count == groups.size()) return {};
    if (const auto v4 = count <= 6 ? read_ipv4(text) : std::nullopt) {
      groups[count++] = static_cast<std::uint16_t>(*v4 >> 16);
      groups[count++] = static_cast<std::uint16_t>(*v4 & 0xFFFF);
      break;
    }
    const auto group = take_number(text, 16, 0xFFFF);
    if (!group) return {};
    groups[count++] = static_cast<std::uint16_t>(*group);
    if (text.empty()) break;
    if (!text.starts_with(':') || text == ":") return {};
    text.remove_prefix(1);
    if (!text.starts_with(':')) continue;
    if (gap) return {};
    gap = count;
    text.remove_prefix(1);
  }
  if (!gap) return count == groups.size() ? std::optional(groups) : std::nullopt;
  if (count == groups.size()) return {};
  const std::size_t moved = count - *gap;
  for (std::size_t i = 0; i < moved; ++i) {
    groups[groups.size() - 1 - i] = groups[count - 1 - i];
    groups[count - 1 - i] = 0;
  }
  return groups;
}

/// Of IPv6 the first 64 bits, for whoever has one such address has all of them (RFC 6177); an IPv4 address by its own
/// name, also where a socket shows it as ::ffff:192.0.2.1. What is no address stays as it is.
[[nodiscard]] inline std::string peer_for_limits(std::string_view peer) {
  const auto groups = read_ipv6(peer.substr(0, peer.find('%')));
  if (!groups) return std::string(peer);
  const Ipv6Groups& g = *groups;
  const bool mapped = g[0] == 0 && g[1] == 0 && g[2] == 0 && g[3] == 0 && g[4] == 0 && g[5] == 0xFFFF;
  std::string text;
  if (mapped) {
    for (const int part : {g[6] >> 8, g[6] & 0xFF, g[7] >> 8, g[7] & 0xFF}) {
      text.append(text.empty() ? "" : ".").append(std::to_string(part));
    }
    return text;
  }
  constexpr std::string_view digits = "0123456789abcdef";
  for (std::size_t i = 0; i < 4; ++i) {
    for (int shift = 12; shift >= 0; shift -= 4) text += digits[static_cast<std::size_t>((g[i] >> shift) & 0xF)];
    text += ':';
  }
  return text + ":/64";
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
