#include "momento_token/detail/slots.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <thread>
#include <vector>

namespace {

using momento_token::detail::slot_count;

int living = 0;

struct Context {
  explicit Context(int n) : number(n) { ++living; }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { --living; }
  int number;
};
using Slots = momento_token::detail::Slots<Context>;

}  // namespace

// snapshots.hpp and hmac.hpp allocate a context when take() has none: so no more of them are made than are in use at once.
TEST_CASE("as many contexts are kept as there are slots, whoever brings them, and each is handed out once") {
  Slots slots;
  CHECK(slots.take() == nullptr);
  for (int i = 0; i < static_cast<int>(slot_count) + 3; ++i) slots.give_back(std::make_unique<Context>(i));
  CHECK(living == static_cast<int>(slot_count));

  std::vector<bool> seen(slot_count, false);
  for (std::size_t i = 0; i < slot_count; ++i) {
    const auto context = slots.take();
    REQUIRE(context != nullptr);
    REQUIRE(context->number < static_cast<int>(slot_count));
    CHECK_FALSE(seen[static_cast<std::size_t>(context->number)]);
    seen[static_cast<std::size_t>(context->number)] = true;
  }
  CHECK(slots.take() == nullptr);
  CHECK(living == 0);
}

TEST_CASE("a context that another thread has given back is found") {
  Slots slots;
  std::thread([&] { slots.give_back(std::make_unique<Context>(7)); }).join();
  const auto context = slots.take();
  REQUIRE(context != nullptr);
  CHECK(context->number == 7);
}

TEST_CASE("what is idle is freed by clear() and with the slots") {
  {
    Slots slots;
    for (int i = 0; i < 3; ++i) slots.give_back(std::make_unique<Context>(i));
    slots.clear();
    CHECK(living == 0);
    CHECK(slots.take() == nullptr);
    slots.give_back(std::make_unique<Context>(1));
  }
  CHECK(living == 0);
}
