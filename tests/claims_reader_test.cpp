#include "momento_token/detail/claims_reader.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "momento_token/detail/numeric_date.hpp"

namespace {

using namespace momento_token::detail;

const std::vector<std::string> wanted = {"vend", "media"};

std::string show(const std::optional<std::string_view>& text) { return text ? "<" + std::string(*text) + ">" : "-"; }
std::string show(const std::optional<std::int64_t>& number) { return number ? std::to_string(*number) : "-"; }
std::string show(const ClaimsView& c) {
  return show(c.iss) + show(c.sub) + show(c.jti) + show(c.tid) + show(c.p) + " " + show(c.exp) + " " + show(c.nbf) +
         " " + show(c.iat) + " " + (c.has_aud ? "A" : "a") + (c.aud_wanted ? "W" : "w") + (c.ver_is_1 ? "1" : "0") +
         (c.p_is_text ? "t" : "x");
}

std::string strict(std::string json) {
  ClaimsView claims;
  const AudienceSink sink{.wanted = &wanted};
  if (StrictClaims(json.data(), json.size(), sink).read(claims)) return "refused";
  return show(claims);
}
std::optional<std::string> fixed_order(const std::string& json) {
  ClaimsView claims;
  if (!FixedOrderClaims(json.data(), json.size()).read(claims, {.wanted = &wanted})) return std::nullopt;
  return show(claims);
}

}  // namespace

TEST_CASE("the fixed-order reader reads what an issuer writes") {
  CHECK(fixed_order(R"({"ver":1,"p":"EgA","iat":1,"exp":2})") == "----<EgA> 2 - 1 aw1t");
  CHECK(fixed_order(R"({"ver":1,"iss":"i","aud":"vend","p":"EgA","iat":1,"exp":2,"nbf":3,"jti":"j","tid":"t"})") ==
        "<i>-<j><t><EgA> 2 3 1 AW1t");
}

TEST_CASE("the fixed-order reader leaves to the strict one whatever is not letter by letter an issuer's") {
  for (const char* json :
       {R"({"ver":1, "p":"EgA","iat":1,"exp":2})", R"({"ver":1,"p":"EgA","exp":2,"iat":1})",
        R"({"ver":2,"p":"EgA","iat":1,"exp":2})", R"({"ver":1,"p":"E\u0067A","iat":1,"exp":2})",
        R"({"ver":1,"p":"EgA","iat":01,"exp":2})", R"({"ver":1,"p":"EgA","iat":1.0,"exp":2})",
        R"({"ver":1,"p":"EgA","iat":1,"exp":2,"x":3})", R"({"ver":1,"p":"EgA","iat":1,"exp":253402300800})",
        R"({"ver":1,"p":"EgA","iat":1,"exp":2,"jti":"j","jti":"j"})", R"({"ver":1,"p":"EgA","iat":1,"exp":2}})",
        R"({"ver":1,"p":"EgA","iat":-1,"exp":2})", "{\"ver\":1,\"p\":\"Eg\xC3\xA9\",\"iat\":1,\"exp\":2}",
        R"({"ver":1,"aud":["vend"],"p":"EgA","iat":1,"exp":2})"}) {
    CAPTURE(json);
    CHECK_FALSE(fixed_order(json).has_value());
  }
}

TEST_CASE("the strict reader takes the same claims in any order, spacing and spelling") {
  CHECK(
      strict(
          R"( { "tid" : "t" , "exp":2.0,"x":[{"exp":9}], "p":"E\u0067A","iat":1e0,"ver":1.0,"aud":["a","media"]} )") ==
      "---<t><EgA> 2 - 1 AW1t");
  CHECK(strict(R"({"aud":[]})") == "----- - - - Aw0t");
  CHECK(strict(R"({"p":[1],"ver":"1"})") == "----- - - - aw0x");
}

TEST_CASE("the strict reader refuses claims of other types than theirs") {
  for (const char* name : {"iss", "sub", "jti", "tid", "aud"}) {
    for (const char* value : {"1", "null", "true", "{}", "[1]", "[null]", "[[\"a\"]]"}) {
      CAPTURE(name);
      CAPTURE(value);
      CHECK(strict("{\"" + std::string(name) + "\":" + value + "}") == "refused");
    }
  }
  for (const char* name : {"exp", "nbf", "iat"}) {
    for (const char* value :
         {"\"1\"", "null", "true", "{}", "[1]", "-1", "253402300800", "253402300799.1", "1e12", "1e400"}) {
      CAPTURE(name);
      CAPTURE(value);
      CHECK(strict("{\"" + std::string(name) + "\":" + value + "}") == "refused");
    }
  }
}

TEST_CASE("neither reader looks behind the end of the claims") {
  const std::string whole =
      R"({"ver":1,"iss":"i","aud":"vend","p":"EgA","iat":1893456000,"exp":1893459600,"nbf":3,"jti":"j","tid":"t"})";
  REQUIRE(fixed_order(whole));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    std::string json = whole;
    ClaimsView claims;
    const AudienceSink sink{.wanted = &wanted};
    CHECK_FALSE(FixedOrderClaims(json.data(), size).read(claims, sink));
    CHECK(StrictClaims(json.data(), size, sink).read(claims));
  }
}

TEST_CASE("where the fixed-order reader reads, the strict one reads the same: a million mutated payloads") {
  const std::vector<std::string> seeds = {
      R"({"ver":1,"p":"EgA","iat":1893456000,"exp":1893459600})",
      R"({"ver":1,"iss":"https://a","p":"EgsKCQoHCAISABoA","iat":1893456000,"exp":1893459600,"jti":"0123456789012345678901","tid":"user-1"})",
      R"({"ver":1,"iss":"i","aud":"media","p":"EgA","iat":0,"exp":253402300799,"nbf":12,"jti":"j","tid":"{\"a\":1}"})"};
  const std::string alphabet = "{}[]:,\"\\0123456789abcdefijpnxtvrsu .eE-+ \n\x01\x7F\x80\xC3\xA9";
  std::mt19937_64 random(7519);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  std::size_t read_fast = 0;
  for (int round = 0; round < 1000000; ++round) {
    std::string json = seeds[below(seeds.size())];
    for (std::size_t changes = below(2); changes < 2; ++changes) {
      const std::size_t at = below(json.size());
      switch (below(3)) {
        case 0: json[at] = alphabet[below(alphabet.size())]; break;
        case 1: json.insert(at, 1, alphabet[below(alphabet.size())]); break;
        default: json.erase(at, 1); break;
      }
    }
    const auto fast = fixed_order(json);
    if (!fast) continue;
    ++read_fast;
    if (strict(json) != *fast) FAIL_CHECK("differs on: " << json);
  }
  CHECK(read_fast > 100000);
}

// RFC 7519 §2: a NumericDate may have a fraction. Exact values worked out by hand.
TEST_CASE("a number is read exactly, without floating point") {
  struct Row {
    const char* number;
    bool in_range, whole;
    std::int64_t ceiling;
  };
  for (const Row& row :
       {Row{"0", true, true, 0}, Row{"-0", true, true, 0}, Row{"-0.0e9", true, true, 0}, Row{"1", true, true, 1},
        Row{"1.0", true, true, 1}, Row{"10e-1", true, true, 1}, Row{"0.1e1", true, true, 1}, Row{"1.5", true, false, 2},
        Row{"0.0000001", true, false, 1}, Row{"1e-400", true, false, 1}, Row{"253402300799", true, true, 253402300799},
        Row{"2534023007990e-1", true, true, 253402300799}, Row{"253402300798.5", true, false, 253402300799},
        Row{"1893456000.000000000000001", true, false, 1893456001}, Row{"0.00001893456e14", true, true, 1893456000},
        Row{"0e99999999999999999999", true, true, 0}}) {
    CAPTURE(row.number);
    const DecimalNumber number = read_decimal(row.number);
    CHECK(number.in_range == row.in_range);
    CHECK(number.whole == row.whole);
    CHECK(number.ceiling == row.ceiling);
  }
  for (const char* number :
       {"-1", "-1e-400", "253402300800", "253402300799.0000001", "1e12", "1e400", "9e99999999999999999999",
        "18446744073709551616", "1000000000000000000000000000000000000000000"}) {
    CAPTURE(number);
    CHECK_FALSE(read_decimal(number).in_range);
  }
}
