#include "momento_token/result.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

using namespace momento_token;

namespace test {

struct Base {
  virtual ~Base() = default;
  [[nodiscard]] virtual int number() const { return 1; }
};
struct Derived final : Base {
  [[nodiscard]] int number() const override { return 2; }
};

inline Error no_luck() { return {Errc::internal_error, "luck", "there was none"}; }

template <class R>
concept arrow_on_temporary = requires(R&& r) {
  std::forward<R>(r).operator->();
};
template <class R>
concept star_on_temporary = requires(R&& r) {
  *std::forward<R>(r);
};
template <class R>
concept error_on_temporary = requires(R&& r) {
  std::forward<R>(r).error();
};

}  // namespace test

TEST_CASE("a result holds a value or an error, never both") {
  const Result<int> value = 7;
  const Result<int> error = test::no_luck();

  REQUIRE(value.has_value());
  CHECK(*value == 7);
  CHECK(value.value() == 7);
  REQUIRE_FALSE(error);
  CHECK(error.error().code == Errc::internal_error);
  CHECK(error.error().field == "luck");
}

#if !defined(MOMENTO_TOKEN_TEST_NO_EXCEPTIONS)
TEST_CASE("value() of an error throws that error") {
  const Result<std::string> error = test::no_luck();

  try {
    (void)error.value();
    FAIL("it did not throw");
  } catch (const BadResultAccess& caught) {
    CHECK(caught.error().code == Errc::internal_error);
    CHECK(caught.error().field == "luck");
    CHECK(std::string_view(caught.what()).find("there was none") != std::string_view::npos);
  }
  CHECK_THROWS_AS((void)Result<std::string>(test::no_luck()).value(), BadResultAccess);
  CHECK_THROWS_AS(Result<void>(test::no_luck()).value(), BadResultAccess);
}

TEST_CASE("a caught error can be copied and outlives the result it came from") {
  std::exception_ptr kept;
  try {
    (void)Result<int>(test::no_luck()).value();
  } catch (const BadResultAccess& caught) {
    kept = std::make_exception_ptr(BadResultAccess(caught));
  }

  REQUIRE(kept != nullptr);
  try {
    std::rethrow_exception(kept);
  } catch (const BadResultAccess& caught) {
    CHECK(caught.error().message.view() == "there was none");
  }
}
#endif

TEST_CASE("value() of a temporary moves the value out") {
  auto made = []() -> Result<std::unique_ptr<int>> { return std::make_unique<int>(3); };

  const std::unique_ptr<int> owned = made().value();

  REQUIRE(owned != nullptr);
  CHECK(*owned == 3);
}

TEST_CASE("a result of a base pointer takes a derived one") {
  const Result<std::shared_ptr<const test::Base>> result = std::make_shared<test::Derived>();

  REQUIRE(result);
  CHECK((*result)->number() == 2);
}

TEST_CASE("and_then goes on with a value and stops at an error") {
  const auto half = [](int n) -> Result<int> {
    if (n % 2 != 0) return test::no_luck();
    return n / 2;
  };

  const Result<int> three = Result<int>(12).and_then(half).and_then(half);
  const Result<int> stopped = Result<int>(6).and_then(half).and_then(half);

  REQUIRE(three);
  CHECK(*three == 3);
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().field == "luck");
}

TEST_CASE("a result of nothing is success or an error") {
  const Result<void> fine;
  const Result<void> error = test::no_luck();

  CHECK(fine.has_value());
  CHECK_NOTHROW(fine.value());
  REQUIRE_FALSE(error);
  CHECK(error.error().field == "luck");
}

// design.md §2: they are deleted on temporaries, where they would be views into what is gone.
TEST_CASE("what is inside a temporary cannot be looked at") {
  CHECK_FALSE(test::star_on_temporary<Result<int>>);
  CHECK_FALSE(test::arrow_on_temporary<Result<std::string>>);
  CHECK_FALSE(test::error_on_temporary<Result<int>>);
  CHECK_FALSE(test::error_on_temporary<Result<void>>);
  CHECK(test::star_on_temporary<Result<int>&>);
  CHECK(test::error_on_temporary<const Result<void>&>);
}
