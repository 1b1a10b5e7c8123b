#include "json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <nlohmann/json.hpp>

namespace cli {

namespace {

using Json = nlohmann::json;

constexpr std::string_view spaces = " \t\r\n";

// Walks over valid JSON without looking into it.
class Walker {
 public:
  explicit Walker(std::string_view json) : json_(json) {}

  [[nodiscard]] char skip_spaces_and_peek() {
    at_ = std::min(json_.find_first_not_of(spaces, at_), json_.size());
    return at_ < json_.size() ? json_[at_] : '\0';
  }
  void step() { ++at_; }
  [[nodiscard]] std::string_view take_value() {
    (void)skip_spaces_and_peek();
    const std::size_t begin = at_;
    skip_value();
    return json_.substr(begin, at_ - begin);
  }

 private:
  void skip_value() {
    for (std::size_t depth = 0; at_ < json_.size(); ++at_) {
      const char c = json_[at_];
      if (c == '"') skip_string();
      if (c == '[' || c == '{') ++depth;
      if ((c == ']' || c == '}' || c == ',') && depth == 0) return;
      if (c == ']' || c == '}') --depth;
      if (depth == 0 && (c == '"' || c == ']' || c == '}')) {
        ++at_;
        return;
      }
      if (depth == 0 && spaces.find(c) != std::string_view::npos) return;
    }
  }
  // From the opening quote to the closing one.
  void skip_string() {
    for (++at_; at_ < json_.size() && json_[at_] != '"'; ++at_) {
      if (json_[at_] == '\\') ++at_;
    }
  }

  std::string_view json_;
  std::size_t at_ = 0;
};

// The code unit of the escape \uXXXX at the front of a text; nothing else is one.
std::optional<unsigned> unicode_escape(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
  unsigned unit = 0;
  const char* end = text.data() + 6;
  const auto [stop, error] = std::from_chars(text.data() + 2, end, unit, 16);
  if (error != std::errc() || stop != end) return std::nullopt;
  return unit;
}

bool is_high_surrogate(unsigned unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low_surrogate(unsigned unit) { return unit >= 0xDC00 && unit < 0xE000; }

// A UTF-8 sequence as UTF-16 escapes; the text is valid JSON, so the sequence is whole.
std::size_t append_escaped(std::string& out, std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t size = byte(0) < 0x80 ? 1 : byte(0) < 0xE0 ? 2 : byte(0) < 0xF0 ? 3 : 4;
  unsigned code = size == 1 ? byte(0) : byte(0) & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size && i < text.size(); ++i) code = code << 6 | (byte(i) & 63U);
  if (code < 0x10000) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", code);
  } else {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}\\u{:04x}", 0xD7C0 + (code >> 10), 0xDC00 + (code & 0x3FF));
  }
  return size;
}

}  // namespace

std::optional<JsonMembers> JsonMembers::of(std::string_view json) {
  Walker walker(json);
  if (walker.skip_spaces_and_peek() != '{') return std::nullopt;
  walker.step();
  JsonMembers members;
  while (walker.skip_spaces_and_peek() == '"') {
    const std::string_view name = walker.take_value();
    if (walker.skip_spaces_and_peek() == ':') walker.step();
    members.members_.emplace_back(json_string(name).value_or(std::string()), walker.take_value());
    if (walker.skip_spaces_and_peek() == ',') walker.step();
  }
  return members;
}

std::optional<std::string_view> JsonMembers::find(std::string_view name) const {
  for (const Member& member : members_) {
    if (member.first == name) return member.second;
  }
  return std::nullopt;
}

std::optional<std::string> json_string(std::string_view value) {
  Json parsed = Json::parse(value, nullptr, false);
  if (auto* text = parsed.get_ptr<std::string*>()) return std::move(*text);
  return std::nullopt;
}

std::optional<std::int64_t> json_integer(std::string_view value) {
  std::int64_t number = 0;
  const char* end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::string ascii_json(std::string_view json) {
  std::string out;
  const auto longer =
      std::count_if(json.begin(), json.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x7F; });
  out.reserve(json.size() + 5 * static_cast<std::size_t>(longer));  // \u007f for a byte is the most
  while (!json.empty()) {
    const auto c = static_cast<unsigned char>(json.front());
    std::size_t used = 1;
    if (c < 0x20) {
      out.push_back(' ');  // only between tokens: RFC 8259 §7 has no raw control character in a string
    } else if (c >= 0x7F) {
      used = append_escaped(out, json);
    } else {
      out.push_back(json.front());
    }
    json.remove_prefix(std::min(used, json.size()));
  }
  return out;
}

std::string quoted_json(std::string_view text) {
  return Json(std::string(text)).dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::string without_lone_surrogates(std::string_view json) {
  std::string out(json);
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] != '\\') continue;
    const std::string_view rest = std::string_view(out).substr(i);
    const unsigned unit = unicode_escape(rest).value_or(0);
    if (is_high_surrogate(unit) && is_low_surrogate(unicode_escape(rest.substr(6)).value_or(0))) {
      i += 11;
    } else if (is_high_surrogate(unit) || is_low_surrogate(unit)) {
      out.replace(i, 6, "\\ufffd");
      i += 5;
    } else {
      ++i;  // the escaped letter is no beginning of another escape
    }
  }
  return out;
}

JsonObject& JsonObject::raw(std::string_view name, std::string_view value) {
  if (!members_.empty()) members_ += ',';
  members_ += quoted_json(name);
  members_ += ':';
  members_ += value;
  return *this;
}

std::string json_array(const std::vector<std::string>& values) {
  std::string out = "[";
  for (const std::string& value : values) {
    if (out.size() > 1) out += ',';
    out += value;
  }
  return out + "]";
}

}  // namespace cli
