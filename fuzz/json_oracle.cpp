#include "json_oracle.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace fuzz {

namespace {

using Json = nlohmann::json;

class Events final : public nlohmann::json_sax<Json> {
 public:
  std::string seen;
  bool out_of_range = false;

  bool null() override { return add("0"); }
  bool boolean(bool value) override { return add(value ? "t" : "f"); }
  bool number_integer(number_integer_t) override { return add("#"); }
  bool number_unsigned(number_unsigned_t) override { return add("#"); }
  bool number_float(number_float_t, const string_t&) override { return add("#"); }
  bool string(string_t& value) override { return add("S<" + value + ">"); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override {
    names_.emplace_back();
    return open("{");
  }
  bool key(string_t& name) override { return names_.back().insert(name).second && add("N<" + name + ">"); }
  bool end_object() override {
    names_.pop_back();
    return close("}");
  }
  bool start_array(std::size_t) override { return open("["); }
  bool end_array() override { return close("]"); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& error) override {
    out_of_range = error.id == 406;
    return false;
  }

 private:
  bool add(const std::string& event) {
    seen += event;
    return true;
  }
  bool open(const char* event) { return add(event) && ++depth_ <= 32; }
  bool close(const char* event) {
    --depth_;
    return add(event);
  }
  std::vector<std::set<std::string>> names_;
  int depth_ = 0;
};

JsonMember member_of(const Json& value) {
  JsonMember member;
  if (value.is_string()) {
    member.kind = JsonMember::Kind::text;
    member.text = value.get<std::string>();
    member.texts = {member.text};
  } else if (value.is_number()) {
    member.kind = JsonMember::Kind::number;
    member.number = value.get<double>();
    if (value.is_number_unsigned()) member.whole_number = value.get<std::uint64_t>();
  } else if (value.is_array() && std::all_of(value.begin(), value.end(), [](const Json& v) { return v.is_string(); })) {
    member.kind = JsonMember::Kind::texts;
    member.texts = value.get<std::vector<std::string>>();
  }
  return member;
}

}  // namespace

std::optional<std::string> json_events(std::string_view text) {
  // nlohmann takes a zero byte for the end of the text, and skips a byte order mark (RFC 8259 §8.1 lets it).
  if (text.find('\0') != text.npos || text.starts_with("\xEF\xBB\xBF")) return "error";
  Events events;
  if (Json::sax_parse(text, &events)) return std::move(events.seen);
  if (events.out_of_range) return std::nullopt;
  return "error";
}

std::optional<JsonMembers> json_members(std::string_view text) {
  if (json_events(text) == "error") return std::nullopt;
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  JsonMembers members;
  for (const auto& [name, value] : json.items()) members.emplace_back(name, member_of(value));
  return members;
}

}  // namespace fuzz
