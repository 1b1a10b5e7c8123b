#include "momento_token/token.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "forge.hpp"
#include "momento_token/permissions_proto.hpp"
#include "support.hpp"

using namespace momento_token;
using namespace std::chrono_literals;

namespace test {

/// n statements, each with a name of its own.
inline Permissions statements(int n) {
  Permissions permissions;
  for (int i = 0; i < n; ++i) {
    permissions = std::move(permissions)
                      .with_cache(CachePermissions::read_only()
                                      .with_cache("cache-" + std::to_string(i))
                                      .with_key_prefix("key/" + std::to_string(i)));
  }
  return permissions;
}

inline std::string claims_of(const Permissions& permissions, std::string_view more) {
  const Bytes p = to_proto(permissions).value();
  return replaced(claims_with(more), published_p, b64u(as_text(p)));
}

/// A token of n statements, verified; one of them fits into the object, twenty do not.
inline VerifiedToken token_of(int n, const std::string& jti, const std::string& tid) {
  return forge_verifier()
      .verify(forge(claims_of(statements(n), ",\"jti\":\"" + jti + "\",\"tid\":\"" + tid + "\"")))
      .value();
}

inline void check_token(const VerifiedToken& token, int n, std::string_view jti, std::string_view tid) {
  CHECK(token.statement_count() == static_cast<std::size_t>(n));
  CHECK(token.permissions() == statements(n));
  CHECK(token.jti() == jti);
  CHECK(token.token_metadata() == tid);
  CHECK(token.expires_at() == new_year_2030 + 1h);
  CHECK(token.issued_at() == new_year_2030);
}

inline std::string decoded(std::string_view header, std::string_view payload) {
  return outcome(decode_unverified(b64u(header) + "." + b64u(payload) + ".c2ln"));
}

}  // namespace test

TEST_CASE("a verified token is made by a verifier and by nothing else") {
  CHECK_FALSE(std::is_default_constructible_v<VerifiedToken>);
  CHECK_FALSE(std::is_constructible_v<VerifiedToken, std::string>);
  CHECK_FALSE(std::is_default_constructible_v<UnverifiedToken>);
  CHECK_FALSE(std::is_constructible_v<VerifiedToken, UnverifiedToken>);
  CHECK(std::is_nothrow_move_constructible_v<VerifiedToken>);
  CHECK(std::is_nothrow_move_assignable_v<VerifiedToken>);
}

TEST_CASE("a verified token holds what was signed, whatever its size") {
  for (const int n : {1, 2, 3, 4, 5, 6, 19, 20}) {
    CAPTURE(n);
    test::check_token(test::token_of(n, "id-" + std::to_string(n), "ann"), n, "id-" + std::to_string(n), "ann");
  }
}

TEST_CASE("a copy holds the same and lives on its own") {
  for (const int n : {1, 20}) {
    CAPTURE(n);
    VerifiedToken original = test::token_of(n, "j", "ann");
    const VerifiedToken copy = original;
    test::check_token(original, n, "j", "ann");

    original = test::token_of(2, "other", "bob");

    test::check_token(copy, n, "j", "ann");
    test::check_token(original, 2, "other", "bob");
  }
}

TEST_CASE("a moved token is where it was moved to") {
  for (const int n : {1, 20}) {
    CAPTURE(n);
    VerifiedToken original = test::token_of(n, "j", "ann");
    VerifiedToken moved = std::move(original);
    test::check_token(moved, n, "j", "ann");

    original = std::move(moved);

    test::check_token(original, n, "j", "ann");
  }
}

TEST_CASE("assigning works between tokens of every two sizes, and to itself") {
  for (const int from : {1, 3, 12, 20}) {
    for (const int to : {1, 3, 12, 20}) {
      CAPTURE(from);
      CAPTURE(to);
      const VerifiedToken source = test::token_of(from, "source", "ann");
      VerifiedToken copied = test::token_of(to, "target", "bob");
      copied = source;
      test::check_token(copied, from, "source", "ann");
      test::check_token(source, from, "source", "ann");

      VerifiedToken moved = test::token_of(to, "target", "bob");
      moved = VerifiedToken(source);
      test::check_token(moved, from, "source", "ann");

      const VerifiedToken& same = moved;
      moved = same;
      test::check_token(moved, from, "source", "ann");
    }
  }
}

TEST_CASE("what a token does not say is empty") {
  const auto verifier = test::forge_verifier();
  const std::string claims = R"({"ver":1,"p":")" + std::string(test::published_p) + R"(","exp":1893459600})";

  const VerifiedToken token = verifier.verify(test::forge(claims)).value();

  CHECK_FALSE(token.jti().has_value());
  CHECK_FALSE(token.token_metadata().has_value());
  CHECK_FALSE(token.issued_at().has_value());
}

TEST_CASE("the longest token_id comes back whole, with every letter of UTF-8") {
  const std::string tid = "\xc3\xa9 \xf0\x9f\x98\x80 {\\\"user\\\":1}\\u0000\\n" + std::string(1000, 't');
  const VerifiedToken token = test::token_of(20, "j", tid);

  CHECK(token.token_metadata() ==
        std::string("\xc3\xa9 \xf0\x9f\x98\x80 {\"user\":1}") + '\0' + "\n" + std::string(1000, 't'));
}

// claims.hpp: dates with a fraction come out as the next whole second.
TEST_CASE("a token says when it ends and from when it is refused") {
  const auto verifier = test::forge_verifier({.keys = {}, .leeway = 60s});
  const std::string claims =
      R"({"ver":1,"p":")" + std::string(test::published_p) + R"(","iat":1893455999.5,"exp":1893459600.25})";

  const VerifiedToken token = verifier.verify(test::forge(claims)).value();

  CHECK(token.expires_at() == test::new_year_2030 + 3601s);
  CHECK(token.refused_from() == test::new_year_2030 + 3661s);
  CHECK(token.issued_at() == test::new_year_2030);
}

TEST_CASE("a disposable token knows how long it lives") {
  const DisposableToken token{.api_key = "",
                              .endpoint = "",
                              .valid_until = test::new_year_2030,
                              .issued_at = test::new_year_2030 - 90s,
                              .jti = {}};
  CHECK(token.expires_in() == 90s);
}

TEST_CASE("a jti is its text, up to 64 bytes of it") {
  const std::string longest(64, 'j');
  CHECK(Jti().empty());
  const Jti abc("abc");
  CHECK(abc.view() == "abc");
  CHECK(Jti("abc").str() == "abc");
  CHECK(Jti("abc").size() == 3);
  CHECK(Jti("abc") == "abc");
  CHECK(Jti("abc") == Jti("abc"));
  CHECK_FALSE(Jti("abc") == Jti("abd"));
  CHECK(Jti(longest) == longest);
  CHECK(Jti(longest + "x") == longest);
}

TEST_CASE("a token can be read without a key, and says what it claims") {
  const std::string compact = test::forge(
      test::claims_with(R"(,"iss":"me","sub":"who","aud":["a","b"],"nbf":1893456000,"jti":"j","tid":"ann","x":[1])"));

  const auto token = decode_unverified(compact);

  REQUIRE(token);
  CHECK(token->alg() == "HS256");
  CHECK(token->kid() == "k");
  CHECK(token->header() == test::forged_header);
  CHECK(token->payload() == test::split(compact).payload);
  CHECK(token->claims() == Claims{.issuer = "me",
                                  .subject = "who",
                                  .audience = {"a", "b"},
                                  .expires_at = test::new_year_2030 + 1h,
                                  .not_before = test::new_year_2030,
                                  .issued_at = test::new_year_2030,
                                  .jti = "j",
                                  .token_id = "ann"});
  const auto permissions = token->claimed_permissions();
  REQUIRE(permissions);
  CHECK(*permissions == test::published_example());
}

TEST_CASE("reading without a key asks neither for a known algorithm nor for a right signature nor for permissions") {
  const auto token = decode_unverified(test::b64u(R"({"alg":"XYZ"})") + "." + test::b64u("{}") + ".");

  REQUIRE(token);
  CHECK(token->alg() == "XYZ");
  CHECK(token->kid().empty());
  CHECK(token->claims() == Claims());
  CHECK_FALSE(token->claimed_permissions().has_value());
}

TEST_CASE("claimed permissions are read as strictly as from_proto reads") {
  const auto of = [](std::string_view p) { return decode_unverified(test::forge(R"({"p":)" + std::string(p) + "}")); };
  const auto nothing = of(R"("EgA")");
  REQUIRE(nothing);
  CHECK(nothing->claimed_permissions().value().empty());
  for (const char* p : {R"("")", R"("EgA=")", R"("Eg")", R"("CAA")", R"("****")", R"("EgAA")"}) {
    CAPTURE(p);
    const auto token = of(p);
    if (token) CHECK_FALSE(token->claimed_permissions().has_value());
  }
}

TEST_CASE("what is no strict compact JWS is malformed without a key, too") {
  CHECK(test::decoded(R"({"alg":"HS256"})", "{}") == "ok");
  CHECK(test::decoded(R"({"alg":1})", "{}") == "malformed_token");
  CHECK(test::decoded("{}", "{}") == "malformed_token");
  CHECK(test::decoded("[]", "{}") == "malformed_token");
  CHECK(test::decoded(R"({"alg":"HS256","alg":"HS256"})", "{}") == "malformed_token");
  CHECK(test::decoded(R"({"alg":"HS256"})", "[]") == "malformed_token");
  CHECK(test::decoded(R"({"alg":"HS256"})", "text") == "malformed_token");
  CHECK(test::decoded(R"({"alg":"HS256"})", R"({"exp":"1"})") == "malformed_token");
  CHECK(test::decoded(R"({"alg":"HS256"})", R"({"exp":null})") == "malformed_token");
  CHECK(test::decoded(R"({"alg":"HS256"})", R"({"iss":1})") == "malformed_token");
  CHECK(test::decoded(R"({"alg":"HS256"})", R"({"aud":[1]})") == "malformed_token");
  CHECK(test::decoded(R"({"alg":"HS256"})", R"({"x":1,"x":1})") == "malformed_token");
  for (const char* compact : {"", ".", "..", "a.b", "a.b.c.d", "e30.e30.e30=", "e30=.e30.", "e30.e30. ", " e30.e30."}) {
    CAPTURE(compact);
    CHECK(test::outcome(decode_unverified(compact)) == "malformed_token");
  }
}

TEST_CASE("a text over its cap is not read") {
  const std::string compact = test::forge(test::claims_with());

  CHECK(test::outcome(decode_unverified(compact, compact.size())) == "ok");
  CHECK(test::outcome(decode_unverified(compact, compact.size() - 1)) == "limit_exceeded");
  CHECK(test::outcome(decode_unverified(std::string(16384, 'A'))) == "malformed_token");
  CHECK(test::outcome(decode_unverified(std::string(16385, 'A'))) == "limit_exceeded");
}
