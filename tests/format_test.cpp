#include "momento_token/format.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <string>

#include "momento_token/token.hpp"
#include "support.hpp"

using namespace momento_token;

TEST_CASE("codes, errors and permissions are formatted as to_string() writes them") {
  const Error error{Errc::invalid_argument, "valid_for", "must be at least 1 s"};
  const Permissions permissions = test::published_example();

  CHECK(fmt::format("{}", Errc::expired) == "expired");
  CHECK(fmt::format("<{}>", error) == "<invalid_argument: valid_for: must be at least 1 s>");
  CHECK(fmt::format("{}", permissions) == to_string(permissions));
  CHECK(fmt::format("{}", permissions.items()[0]) == to_string(permissions.items()[0]));
}

// The words that permissions.hpp gives as its example.
TEST_CASE("the published example in words names its function and its cache") {
  CHECK(fmt::format("{}", test::published_example()) == R"(invoke the function "od" of the cache "fo")");
}

TEST_CASE("the options of a text apply") {
  CHECK(fmt::format("{:>10}", Errc::expired) == "   expired");
  CHECK(fmt::format("{:.3}", Errc::expired) == "exp");
}

// style.md: no token in a formatter.
TEST_CASE("nothing that holds a credential can be formatted") {
  CHECK(fmt::is_formattable<Permissions>::value);
  CHECK_FALSE(fmt::is_formattable<DisposableToken>::value);
  CHECK_FALSE(fmt::is_formattable<VerifiedToken>::value);
  CHECK_FALSE(fmt::is_formattable<UnverifiedToken>::value);
  CHECK_FALSE(fmt::is_formattable<SecretBytes>::value);
}
