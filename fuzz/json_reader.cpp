// The strict JSON reader against nlohmann's parser: the same texts, the same events, the same strings.

#include <string>
#include <string_view>
#include <vector>

#include "fuzz.hpp"
#include "json_oracle.hpp"
#include "momento_token/detail/json_reader.hpp"
#include "momento_token/encoding.hpp"

namespace {

namespace mt = momento_token;
using mt::detail::JsonReader;
using Event = JsonReader::Event;

std::string shown(Event event, std::string_view text) {
  switch (event) {
    case Event::begin_object: return "{";
    case Event::end_object: return "}";
    case Event::begin_array: return "[";
    case Event::end_array: return "]";
    case Event::name: return "N<" + std::string(text) + ">";
    case Event::string: return "S<" + std::string(text) + ">";
    case Event::number: return "#";
    case Event::yes: return "t";
    case Event::no: return "f";
    case Event::null: return "0";
    case Event::error:
    case Event::end: break;
  }
  return "";
}

// In memory of exactly its size, so that AddressSanitizer sees a step beyond.
std::string events_of(std::string_view text) {
  std::vector<char> buffer(text.begin(), text.end());
  JsonReader reader(buffer.data(), buffer.size());
  std::string seen;
  for (;;) {
    const Event event = reader.next();
    if (event == Event::error) {
      fuzz::law(reader.next() == Event::error, "an error is for good");
      return "error";
    }
    if (event == Event::end) return seen;
    seen += shown(event, reader.text());
    fuzz::law(reader.depth() <= JsonReader::max_depth, "no more than 32 levels are ever open");
  }
}

// Every second member is skipped instead of read.
bool can_be_skipped_through(std::string_view text) {
  std::vector<char> buffer(text.begin(), text.end());
  JsonReader reader(buffer.data(), buffer.size());
  bool skip = false;
  for (;;) {
    const Event event = reader.next();
    if (event == Event::error || event == Event::end) return event == Event::end;
    if (event != Event::name) continue;
    skip = !skip;
    if (skip && !reader.skip(event)) return false;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string seen = events_of(text);
  const auto expected = fuzz::json_events(text);
  if (expected) fuzz::law(seen == *expected, "the reader says what nlohmann with a set of names says");
  const bool good = seen != "error";
  fuzz::law(mt::check_json(text).has_value() == good, "check_json takes what the reader reads");
  fuzz::law(can_be_skipped_through(text) == good, "what is skipped is held to the same rules");
  fuzz::law(events_of(" \t" + std::string(text) + "\r\n") == seen, "white space around a value changes nothing");
  return 0;
}
