#include "momento_token/clock.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "momento_token/testing.hpp"

using namespace momento_token;
using namespace std::chrono_literals;

TEST_CASE("a lifetime is made from a duration of whole seconds and from nothing else") {
  CHECK(std::is_convertible_v<std::chrono::seconds, Lifetime>);
  CHECK(std::is_convertible_v<std::chrono::minutes, Lifetime>);
  CHECK(std::is_convertible_v<std::chrono::days, Lifetime>);
  CHECK_FALSE(std::is_default_constructible_v<Lifetime>);
  CHECK_FALSE(std::is_constructible_v<Lifetime, int>);
  CHECK_FALSE(std::is_constructible_v<Lifetime, double>);
  CHECK_FALSE(std::is_constructible_v<Lifetime, std::chrono::milliseconds>);
  CHECK_FALSE(std::is_constructible_v<Lifetime, std::chrono::duration<double>>);
  CHECK_FALSE(std::is_constructible_v<Lifetime, std::chrono::duration<double, std::ratio<3600>>>);
}

TEST_CASE("a lifetime counts seconds whatever its unit was") {
  CHECK(Lifetime(90s).seconds() == 90s);
  CHECK(Lifetime(15min).seconds() == 900s);
  CHECK(Lifetime(25h).seconds() == 90000s);
  CHECK(Lifetime(-1h).seconds() == -3600s);
  CHECK(Lifetime(60min) == Lifetime(1h));
}

// Without saturation, hours::max() * 3600 wraps round to a small or negative number of seconds.
TEST_CASE("a lifetime too long for 64 bits stays too long") {
  using Hours64 = std::chrono::duration<std::int64_t, std::ratio<3600>>;
  using UnsignedHours = std::chrono::duration<std::uint64_t, std::ratio<3600>>;
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 3600;

  CHECK(Lifetime(Hours64(most)).seconds().count() == most * 3600);
  CHECK(Lifetime(Hours64(most + 1)).seconds() == std::chrono::seconds::max());
  CHECK(Lifetime(Hours64::max()).seconds() == std::chrono::seconds::max());
  CHECK(Lifetime(Hours64::min()).seconds() == std::chrono::seconds::min());
  CHECK(Lifetime(UnsignedHours(std::numeric_limits<std::uint64_t>::max())).seconds() == std::chrono::seconds::max());
  CHECK(Lifetime(UnsignedHours(2)).seconds() == 7200s);
}

TEST_CASE("the system clock is one object that tells the system's time in whole seconds") {
  REQUIRE(system_clock() != nullptr);
  CHECK(system_clock().get() == system_clock().get());

  const auto before = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const auto now = system_clock()->now();
  const auto after = std::chrono::system_clock::now();

  CHECK(before <= now);
  CHECK(now <= after);
}
