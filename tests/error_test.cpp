#include "momento_token/error.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "allocations.hpp"

using namespace momento_token;

// design.md §5 names the codes. Their numbers are a promise of the header: "only ever added".
TEST_CASE("every code keeps its number and its name") {
  struct Row {
    Errc code;
    int number;
    std::string_view name;
  };
  for (const Row& row :
       {Row{Errc::invalid_argument, 1, "invalid_argument"}, Row{Errc::malformed_token, 2, "malformed_token"},
        Row{Errc::limit_exceeded, 3, "limit_exceeded"}, Row{Errc::unknown_key, 4, "unknown_key"},
        Row{Errc::signature_mismatch, 5, "signature_mismatch"}, Row{Errc::expired, 6, "expired"},
        Row{Errc::not_yet_valid, 7, "not_yet_valid"}, Row{Errc::not_accepted, 8, "not_accepted"},
        Row{Errc::revoked, 9, "revoked"}, Row{Errc::ambiguous_scope, 10, "ambiguous_scope"},
        Row{Errc::permission_denied, 11, "permission_denied"}, Row{Errc::internal_error, 12, "internal_error"}}) {
    CAPTURE(row.name);
    CHECK(static_cast<int>(row.code) == row.number);
    CHECK(to_string(row.code) == row.name);
  }
}

TEST_CASE("an error in words is its code, its field and its message") {
  const Error with_field{Errc::invalid_argument, "permissions[2].cache", "must be chosen"};
  const Error without_field{Errc::expired, {}, "the token has expired"};

  CHECK(to_string(with_field) == "invalid_argument: permissions[2].cache: must be chosen");
  CHECK(to_string(without_field) == "expired: the token has expired");
}

// design.md §2: refusing a token allocates nothing.
TEST_CASE("an error without a field allocates nothing, copied or moved") {
  const std::size_t before = test::allocations;

  Error error{Errc::malformed_token, {}, "a compact JWS has three parts, each of them base64url without padding"};
  const Error copy = error;
  const Error moved = std::move(error);

  CHECK(test::allocations == before);
  CHECK(copy.message.view() == moved.message.view());
}

TEST_CASE("a static text is its literal without the final zero") {
  CHECK(StaticText("abc").view() == "abc");
  CHECK(StaticText("").view().empty());
  CHECK(StaticText().view().empty());
}
