#pragma once
// JSON as the program passes it on: members of an object as pieces of its text, and objects written as ASCII. No tree
// is built, so a secret in a line is in that line only, and numbers come out as they came in.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cli {

/// The members of a JSON object in their order. Views into the text it was read from, which is known to be JSON.
class JsonMembers {
 public:
  using Member = std::pair<std::string, std::string_view>;  // the name un-escaped, the value as written

  /// Empty when the text is an array or a plain value. The text has to be valid JSON: see check_json().
  [[nodiscard]] static std::optional<JsonMembers> of(std::string_view json);

  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  [[nodiscard]] const std::vector<Member>& all() const { return members_; }

 private:
  std::vector<Member> members_;
};

/// The text of a JSON string, un-escaped; empty when the value is none.
[[nodiscard]] std::optional<std::string> json_string(std::string_view value);
/// A JSON number that is written as an integer and fits.
[[nodiscard]] std::optional<std::int64_t> json_integer(std::string_view value);

/// The same JSON in one line of ASCII: other letters as \uXXXX, line ends as spaces. Written into one piece
/// of memory, so that a caller with a secret has that to wipe and nothing else.
[[nodiscard]] std::string ascii_json(std::string_view json);
/// A text as a JSON string in ASCII; bytes that are not UTF-8 come out as U+FFFD.
[[nodiscard]] std::string quoted_json(std::string_view text);

/// The same text with each surrogate escape that has no partner overwritten, byte for byte in place: such text is JSON
/// by the grammar of RFC 8259 (§8.2), though no strict one.
[[nodiscard]] std::string without_lone_surrogates(std::string_view json);

/// An object being written, member after member.
class JsonObject {
 public:
  JsonObject& text(std::string_view name, std::string_view value) { return raw(name, quoted_json(value)); }
  JsonObject& integer(std::string_view name, std::int64_t value) { return raw(name, std::to_string(value)); }
  JsonObject& boolean(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
  /// Valid JSON, taken as it is.
  JsonObject& json(std::string_view name, std::string_view value) { return raw(name, ascii_json(value)); }

  [[nodiscard]] std::string str() const { return "{" + members_ + "}"; }

 private:
  JsonObject& raw(std::string_view name, std::string_view value);
  std::string members_;
};

/// An array of values that are JSON already.
[[nodiscard]] std::string json_array(const std::vector<std::string>& values);

}  // namespace cli
