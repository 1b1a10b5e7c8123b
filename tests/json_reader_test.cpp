#include "momento_token/detail/json_reader.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace {

using momento_token::detail::JsonReader;
using Event = JsonReader::Event;

// Everything the reader says of the front of a text, or "error".
std::string read(std::string text, std::size_t size) {
  JsonReader reader(text.data(), size);
  std::string seen;
  for (;;) {
    const Event event = reader.next();
    switch (event) {
      case Event::error: return "error";
      case Event::end: return seen;
      case Event::begin_object: seen += "{"; break;
      case Event::end_object: seen += "}"; break;
      case Event::begin_array: seen += "["; break;
      case Event::end_array: seen += "]"; break;
      case Event::name: seen += "N<" + std::string(reader.text()) + ">"; break;
      case Event::string: seen += "S<" + std::string(reader.text()) + ">"; break;
      case Event::number: seen += "#"; break;
      case Event::yes: seen += "t"; break;
      case Event::no: seen += "f"; break;
      case Event::null: seen += "0"; break;
    }
  }
}

std::string read(const std::string& text) { return read(text, text.size()); }

// The same with nlohmann's SAX parser, a set of names per open object and a depth limit: the oracle.
class Oracle final : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::string seen;
  bool null() override { return add("0"); }
  bool boolean(bool value) override { return add(value ? "t" : "f"); }
  bool number_integer(number_integer_t) override { return add("#"); }
  bool number_unsigned(number_unsigned_t) override { return add("#"); }
  bool number_float(number_float_t, const string_t&) override { return add("#"); }
  bool string(string_t& value) override { return add("S<" + value + ">"); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override {
    names_.emplace_back();
    return add("{") && ++depth_ <= 32;
  }
  bool key(string_t& name) override { return names_.back().insert(name).second && add("N<" + name + ">"); }
  bool end_object() override {
    names_.pop_back();
    --depth_;
    return add("}");
  }
  bool start_array(std::size_t) override { return add("[") && ++depth_ <= 32; }
  bool end_array() override {
    --depth_;
    return add("]");
  }
  // A number beyond double's range is valid JSON that nlohmann cannot hold.
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& error) override {
    out_of_range = error.id == 406;
    return false;
  }
  bool out_of_range = false;

 private:
  bool add(const std::string& event) {
    seen += event;
    return true;
  }
  std::vector<std::set<std::string>> names_;
  int depth_ = 0;
};

struct Expected {
  std::string events;
  bool known = true;
};
Expected oracle(const std::string& text) {
  Oracle sax;
  // nlohmann skips a byte order mark, which RFC 8259 §8.1 lets a reader refuse; ours does.
  if (text.rfind("\xEF\xBB\xBF", 0) == 0) return {"error"};
  const bool accepted = nlohmann::json::sax_parse(text, &sax);
  return {accepted ? sax.seen : "error", !sax.out_of_range};
}

}  // namespace

TEST_CASE("the events of a text are its values in order, un-escaped") {
  CHECK(read(R"( {"a":[1,-2.5e+3,true,false,null],"b":{"c":"d"}} )") == "{N<a>[##tf0]N<b>{N<c>S<d>}}");
  CHECK(read(R"("A\u00e9\ud83d\ude00\n\/\"\\")") == "S<A\u00e9\U0001F600\n/\"\\>");
  CHECK(read("\"plain, longer than eight letters\\tand on\"") == "S<plain, longer than eight letters\tand on>");
}

TEST_CASE("a member that is there twice is an error at any level and number of members, escaped or not") {
  CHECK(read(R"({"a":1,"a":2})") == "error");
  CHECK(read(R"({"a":1,"\u0061":2})") == "error");
  CHECK(read(R"({"x":{"a":1,"b":{"c":1,"c":1}}})") == "error");
  CHECK(read(R"({"x":{"a":1},"y":{"a":1},"a":[{"a":1},{"a":1}]})") != "error");
  for (const int members : {2, 31, 32, 33, 34, 35, 64, 65, 300}) {
    for (const int doubled : {0, (members - 1) / 2, members - 2}) {
      CAPTURE(members);
      CAPTURE(doubled);
      std::string text = "{";
      for (int i = 0; i < members; ++i) {
        const int name = i == members - 1 ? doubled : i;
        text += (i == 0 ? "\"m" : ",\"m") + std::to_string(name) + "\":" + std::to_string(i);
      }
      CHECK(read(text + "}") == "error");
    }
  }
}

TEST_CASE("32 levels are read and 33 are not, however deep the text goes on") {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  CHECK(read(nested(32)) != "error");
  CHECK(read(nested(33)) == "error");
  CHECK(read(std::string(1000000, '[')) == "error");
  std::string objects;
  for (int i = 0; i < 32; ++i) objects += "{\"a\":";
  CHECK(read(objects + "1" + std::string(32, '}')) != "error");
  CHECK(read(objects + "{}" + std::string(32, '}')) == "error");
}

TEST_CASE("nothing behind the end of the text is looked at") {
  for (const std::string whole :
       {R"({"a":[1,{"b":"x\u00e9\ud83d\ude00\n"}],"c":true,"d":false,"e":null,"f":-10.25e+30})",
        "[\"plain text that is long\",\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\", 0 , -0.5E-1 ]",
        "{ \"\" : [ ] , \"x\" : { } }"}) {
    REQUIRE(read(whole) != "error");
    for (std::size_t size = 0; size < whole.size(); ++size) {
      CAPTURE(whole.substr(0, size));
      CHECK(read(whole, size) == "error");
    }
  }
  for (const std::string whole : {"10.25e+30", "-10", "0.5"}) {  // here a shorter front may be a number
    for (std::size_t size = 0; size < whole.size(); ++size) {
      CAPTURE(whole.substr(0, size));
      CHECK(read(whole, size) == read(whole.substr(0, size)));
    }
  }
}

TEST_CASE("an error is final") {
  std::string text = "[1,]";
  JsonReader reader(text.data(), text.size());
  Event event = reader.next();
  while (event != Event::error) event = reader.next();
  CHECK(reader.next() == Event::error);
  CHECK(reader.next() == Event::error);
}

TEST_CASE("the place of an error is where reading stopped, and stays there") {
  struct Row {
    std::string text;
    std::size_t place;
  };
  for (const Row& row : {Row{"", 0}, Row{"!", 0}, Row{"{\"a\" 1}", 5}, Row{"[1,]", 3}, Row{"[1] 2", 4}, Row{"[tru]", 1},
                         Row{"[\"\\u0041\", !]", 11}}) {
    CAPTURE(row.text);
    std::string text = row.text;
    JsonReader reader(text.data(), text.size());
    Event event = reader.next();
    while (event != Event::error && event != Event::end) event = reader.next();
    REQUIRE(event == Event::error);
    CHECK(reader.failed_at() == text.data() + row.place);
    static_cast<void>(reader.next());
    CHECK(reader.failed_at() == text.data() + row.place);
  }
}

TEST_CASE("skip reads exactly one value of any kind") {
  for (const char* value : {"1", "\"s\"", "null", "[]", "{}", "[1,[2,{\"a\":3}]]", "{\"a\":{\"b\":[1]},\"c\":2}"}) {
    CAPTURE(value);
    std::string text = std::string("{\"x\":") + value + ",\"y\":7}";
    JsonReader reader(text.data(), text.size());
    REQUIRE(reader.next() == Event::begin_object);
    REQUIRE(reader.next() == Event::name);
    REQUIRE(reader.skip(Event::name));
    REQUIRE(reader.next() == Event::name);
    CHECK(reader.text() == "y");
    CHECK(reader.next() == Event::number);
    CHECK(reader.next() == Event::end_object);
  }
}

TEST_CASE("on a million mutated texts the reader says what nlohmann's SAX parser with a set of names says") {
  const std::vector<std::string> seeds = {
      R"({"ver":1,"iss":"https://auth.example","p":"EgA","iat":1893456000,"exp":1893459600,"jti":"x","tid":"user"})",
      R"({"a":{"b":[1,2,{"c":"d"}],"e":-0.5e-7},"f":[],"g":{},"h":[[[]]]})",
      R"(["\u00e9\ud83d\ude00","\\\"\/\b\f\n\r\t","caf)"
      "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"
      R"("])",
      R"( [ true , false , null , 0 , -1 , 1.5 , 1E5 ] )", R"({"aa":1,"ab":2,"ba":3,"bb":4})"};
  const std::string alphabet =
      "{}[]:,\"\\u0123456789abcdefDd8-+.eE \n\t\x01\x7F\x80\xBF\xC3\xA9\xED\xA0\xF4\x90\xFF"
      "tfn";
  std::mt19937_64 random(20301);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  std::size_t accepted = 0, compared = 0;
  for (int round = 0; round < 1000000; ++round) {
    std::string text = seeds[below(seeds.size())];
    for (std::size_t changes = below(3); changes < 3; ++changes) {
      const std::size_t at = below(text.size());
      const char letter = alphabet[below(alphabet.size())];
      switch (below(4)) {
        case 0: text[at] = letter; break;
        case 1: text.insert(at, 1, letter); break;
        case 2: text.erase(at, 1); break;
        default: text.insert(at, text.substr(below(text.size()), below(12))); break;
      }
      if (text.empty()) text = "1";
    }
    const Expected expected = oracle(text);
    if (!expected.known) continue;
    ++compared;
    const std::string seen = read(text);
    accepted += seen != "error";
    if (seen != expected.events) FAIL_CHECK("differs on: " << text);
  }
  CHECK(compared > 990000);
  CHECK(accepted > 50000);
}
