#pragma once
// Texts of a policy with holes: "${user}" and "${claim:NAME}", filled with values that a caller's credential says.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "momento_token/result.hpp"
#include "momento_token/vending/caller_auth.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::size_t max_template_value_bytes = 256;

/// What comes through unencoded.
[[nodiscard]] inline bool is_plain_in_template(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}
/// What an inserted value may consist of.
[[nodiscard]] inline bool is_insertable(char c) noexcept { return is_plain_in_template(c) || c == '%'; }

inline void append_encoded(std::string& out, std::string_view value) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : value) {
    if (is_plain_in_template(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
  }
}

/// The value of a hole; empty when the identity has none that may be inserted.
[[nodiscard]] inline std::string_view template_value(const vending::Identity& identity,
                                                     std::string_view hole) noexcept {
  std::string_view value;
  if (hole == "user") value = identity.name;
  constexpr std::string_view claim = "claim:";
  if (hole.starts_with(claim)) {
    bool found = false;
    for (const vending::Claim& one : identity.claims) {
      if (one.name != hole.substr(claim.size())) continue;
      if (std::exchange(found, true)) return {};  // of two values neither decides
      value = one.value;
    }
  }
  return value.size() <= max_template_value_bytes ? value : std::string_view();
}

/// Literals and holes in turn: literal, hole, literal, … , literal; a literal may be empty.
class TextTemplate {
 public:
  TextTemplate() = default;
  /// A text that is no template, whatever is in it.
  [[nodiscard]] static TextTemplate literal(std::string_view text) {
    TextTemplate one;
    one.literals_.emplace_back(text);
    return one;
  }
  /// Nothing for "${" that does not begin one of the two.
  [[nodiscard]] static std::optional<TextTemplate> compile(std::string_view text) {
    TextTemplate parsed;
    for (;;) {
      const std::size_t open = text.find("${");
      parsed.literals_.emplace_back(text.substr(0, open));
      if (open == text.npos) return parsed;
      const std::size_t close = text.find('}', open);
      if (close == text.npos) return {};
      const std::string_view hole = text.substr(open + 2, close - open - 2);
      if (hole != "user" && !(hole.starts_with("claim:") && hole.size() > 6)) return {};
      parsed.holes_.emplace_back(hole);
      text.remove_prefix(close + 1);
    }
  }

  [[nodiscard]] bool has_holes() const noexcept { return !holes_.empty(); }
  /// Whether what is inserted last has an end that no value can move: "/" in "room/${user}/".
  [[nodiscard]] bool ends_fixed() const noexcept {
    const std::string& last = literals_.back();
    return !has_holes() || (!last.empty() && !is_insertable(last.back()));
  }

  /// Each hole filled once; nothing when a value is missing. What is inserted is not looked at again.
  [[nodiscard]] std::optional<std::string> fill(const vending::Identity& identity) const {
    std::string out = literals_.front();
    for (std::size_t i = 0; i < holes_.size(); ++i) {
      const std::string_view value = template_value(identity, holes_[i]);
      if (value.empty()) return {};
      append_encoded(out, value);
      out += literals_[i + 1];
    }
    return out;
  }

  /// Whether some values make it equal to `text`, or with `as_prefix` a beginning of it. Never says no wrongly.
  [[nodiscard]] bool may_become(std::string_view text, bool as_prefix) const { return may_match(text, 0, as_prefix); }

 private:
  [[nodiscard]] bool may_match(std::string_view text, std::size_t at, bool as_prefix) const {
    if (!text.starts_with(literals_[at])) return false;
    text.remove_prefix(literals_[at].size());
    if (at == holes_.size()) return as_prefix || text.empty();
    for (std::size_t taken = 1; taken <= text.size() && is_insertable(text[taken - 1]); ++taken) {
      if (may_match(text.substr(taken), at + 1, as_prefix)) return true;
    }
    return false;
  }

  std::vector<std::string> literals_;
  std::vector<std::string> holes_;
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
