// check_json(): the language that tokens, key sets and scopes are read in (design.md §3, "Strict JSON").
#include "momento_token/encoding.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "support.hpp"

using namespace momento_token;

namespace test {

inline std::string nested(std::size_t depth, std::string_view open, std::string_view close) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += open;
  for (std::size_t i = 0; i < depth; ++i) text += close;
  return text;
}

/// {"m0":0,"m1":0, …} with the name `again` once more at the end, unless it is empty.
inline std::string object_of(std::size_t members, std::string_view again = "") {
  std::string text = "{";
  for (std::size_t i = 0; i < members; ++i) text += (i == 0 ? "\"m" : ",\"m") + std::to_string(i) + "\":0";
  if (!again.empty()) text += ",\"" + std::string(again) + "\":0";
  return text + "}";
}

}  // namespace test

TEST_CASE("every kind of value of RFC 8259 is JSON, alone and in white space") {
  for (const std::string_view text : {"null",
                                      "true",
                                      "false",
                                      "0",
                                      "-0",
                                      "1",
                                      "-1.5",
                                      "1e9",
                                      "1E+9",
                                      "1.25e-3",
                                      "123456789012345678901234567890",
                                      "1e400",
                                      R"("")",
                                      R"("a")",
                                      "[]",
                                      "{}",
                                      "[1,[2,{}]]",
                                      R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})",
                                      " \t\r\n[ 1 , 2 ] \n",
                                      R"("\"\\\/\b\f\n\r\t\u0041")",
                                      R"("\ud83d\ude00")",
                                      "\"\xf0\x9f\x98\x80\"",
                                      "\"\x7f\"",
                                      R"({"":0})"}) {
    CAPTURE(text);
    CHECK(test::outcome(check_json(text)) == "ok");
  }
}

TEST_CASE("what RFC 8259 does not allow is refused") {
  for (const std::string_view text :
       {"",         " ",         "nul",         "True",        "NaN",       "Infinity",   "+1",          "01",
        "-01",      "-",         "1.",          ".5",          "1e",        "1e+",        "0x1",         "1 2",
        "[1,]",     "[,1]",      "[1 2]",       "[",           "]",         "[1}",        "{",           "}",
        R"({"a"})", R"({"a":})", R"({"a":1,})", R"({,"a":1})", R"({a:1})",  R"({"a" 1})", R"({1:1})",    "'a'",
        "\"",       "\"a",       "\"\t\"",      "\"\n\"",      R"("\x41")", R"("\u12")",  R"("\u12G4")", R"("\)",
        "/**/1",    "1//",       "[1]]",        "{}{}",        "\x0b[]",    "\xc2\xa0[]", "[]\x01"}) {
    CAPTURE(text);
    CHECK(test::outcome(check_json(text)) == "invalid_argument");
  }
  CHECK_FALSE(check_json(std::string_view("[]\0", 3)).has_value());
  CHECK_FALSE(check_json(std::string_view("\"\0\"", 3)).has_value());
}

// RFC 7493 (I-JSON) §2.1 and §2.3; a byte order mark: RFC 8259 §8.1.
TEST_CASE("text that is not clean Unicode is refused") {
  for (const std::string_view text :
       {R"("\ud800")", R"("\udc00")", R"("\ud800\ud800")", R"("\ud800a")", R"("\udc00\ud800")", R"("\uD83Dx\uDE00")",
        "\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"\xe2\x82\"", "\xef\xbb\xbf{}",
        R"({"\ud800":1})"}) {
    CAPTURE(text);
    CHECK(test::outcome(check_json(text)) == "invalid_argument");
  }
}

TEST_CASE("a member named twice in one object is refused, however its name is written") {
  for (const std::string_view text :
       {R"({"a":1,"a":1})", R"({"a":1,"b":2,"a":3})", R"({"a":1,"\u0061":2})", R"({"\u0061":1,"a":2})",
        R"([{"x":{"a":1,"a":2}}])", R"({"a":{"b":1},"a":{"c":1}})", R"({"":1,"":2})", R"({"\n":1,"\u000a":2})",
        R"({"\ud83d\ude00":1,"\uD83D\uDE00":2})", "{\"\\u00e9\":1,\"\xc3\xa9\":2}", R"({"a\/b":1,"a/b":2})"}) {
    CAPTURE(text);
    CHECK(test::outcome(check_json(text)) == "invalid_argument");
  }
  for (const std::string_view text : {R"({"a":1,"A":2})", R"({"a":{"a":{"a":1}}})", R"({"a":1,"a ":2,"a\u0000":3})",
                                      R"([{"a":1},{"a":1}])", R"({"x":{"a":1},"a":2})", R"({"ab":1,"a":2,"b":3})"}) {
    CAPTURE(text);
    CHECK(test::outcome(check_json(text)) == "ok");
  }
}

// design.md §3: up to 32 names are compared as they come, more are sorted when the object closes.
TEST_CASE("the number of members does not matter for finding one that is there twice") {
  for (const std::size_t members : {1U, 2U, 31U, 32U, 33U, 34U, 63U, 64U, 65U, 1000U}) {
    CAPTURE(members);
    const std::string last = "m" + std::to_string(members - 1);
    CHECK(check_json(test::object_of(members)).has_value());
    CHECK(check_json(test::object_of(members, "another")).has_value());
    CHECK_FALSE(check_json(test::object_of(members, "m0")).has_value());
    CHECK_FALSE(check_json(test::object_of(members, last)).has_value());
    CHECK_FALSE(check_json(test::object_of(members, "\\u006d0")).has_value());
  }
}

TEST_CASE("the names of an object that is closed or not yet closed are not mixed up with another's") {
  const std::string big = test::object_of(40);

  CHECK(check_json("[" + big + "," + big + "]").has_value());
  CHECK(check_json("{\"m0\":" + big + ",\"m1\":" + big + "}").has_value());
  CHECK_FALSE(check_json("{\"m0\":" + big + ",\"m0\":" + big + "}").has_value());
  CHECK_FALSE(check_json("{\"a\":" + test::object_of(40, "m7") + "}").has_value());
  CHECK_FALSE(check_json("{\"x\":{},\"y\":" + big + ",\"x\":1}").has_value());
}

TEST_CASE("32 levels are read and 33 are not") {
  CHECK(check_json(test::nested(32, "[", "]")).has_value());
  CHECK_FALSE(check_json(test::nested(33, "[", "]")).has_value());
  CHECK(check_json(test::nested(31, "{\"a\":", "}").insert(31 * 5, "{}")).has_value());
  CHECK_FALSE(check_json(test::nested(32, "{\"a\":", "}").insert(32 * 5, "{}")).has_value());
  CHECK(check_json("[" + test::nested(31, "[", "]") + "," + test::nested(31, "[", "]") + "]").has_value());
}

// A reader that recurses runs out of stack here.
TEST_CASE("a million open brackets are refused like any other text") {
  CHECK_FALSE(check_json(std::string(1000000, '[')).has_value());
  CHECK_FALSE(check_json(test::nested(1000000, "{\"a\":", "}")).has_value());
  CHECK_FALSE(check_json(test::nested(1000000, "[", "]")).has_value());
}

TEST_CASE("brackets are matched with their own kind at every level") {
  CHECK(check_json(R"([{"a":[{"b":[]}]}])").has_value());
  CHECK_FALSE(check_json(R"([{"a":[{"b":[}]}])").has_value());
  CHECK_FALSE(check_json(R"([{"a":[{"b":[]]}])").has_value());
  CHECK_FALSE(check_json(R"([{"a":[{"b":[]}})").has_value());
}
