#pragma once
// What a JSON text says by nlohmann's parser: no code of ours, compiled without sanitizers so that it costs little.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fuzz {

/// One letter per event, names and strings behind theirs, of a text in which no object has a name twice and at most 32
/// levels are open; "error" for any other; nothing where nlohmann cannot tell: a number that no double holds is JSON.
[[nodiscard]] std::optional<std::string> json_events(std::string_view text);

/// A member of an object.
struct JsonMember {
  enum class Kind { text, texts, number, other };
  Kind kind = Kind::other;
  std::string text = {};                           // of a text
  std::vector<std::string> texts = {};             // of an array of texts; of a text, that one
  double number = 0;                               // of a number
  std::optional<std::uint64_t> whole_number = {};  // of one that is written without sign, fraction and exponent
};
using JsonMembers = std::vector<std::pair<std::string, JsonMember>>;

/// The members of a strict JSON object; nothing for other texts. The text is one that json_events() can tell.
[[nodiscard]] std::optional<JsonMembers> json_members(std::string_view text);

}  // namespace fuzz
