#include "momento_token/client/refreshing_token_source.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "support.hpp"

namespace {

using namespace momento_token;
using namespace std::chrono_literals;
using Source = client::RefreshingTokenSource;

/// A vending machine that does what it is told, and a source without a thread that asks it.
struct Setup {
  std::shared_ptr<testing::ManualClock> clock = test::clock_at();
  std::chrono::seconds lifetime = 600s;
  bool broken = false;
  int fetches = 0;
  std::vector<std::string> events;

  client::RefreshingTokenOptions options() {
    return {.fetch = [this](const client::Cancellation&) -> Result<client::FetchedToken> {
              ++fetches;
              if (broken) return Error{Errc::internal_error, "network", "is down"};
              return client::FetchedToken{"token-" + std::to_string(fetches), clock->now() + lifetime};
            },
            .refresh_ahead = 30s,
            .jitter = 0,
            .on_change = [this](const client::FetchedToken& token) { events.push_back(token.token); },
            .on_failure = [this](const Error& error) { events.push_back(std::string(to_string(error.code))); },
            .own_thread = false,
            .clock = clock,
            .random = [] { return 0.0; }};
  }
  std::unique_ptr<Source> made() { return Source::create(options()).value(); }
};

std::string text_of(const Result<std::shared_ptr<const client::FetchedToken>>& token) {
  return token ? (*token)->token : test::outcome(token);
}

/// A fetch that waits until it is let go.
struct Gate {
  std::promise<void> begun, let_go;
  std::shared_future<void> may_go = let_go.get_future().share();
};

}  // namespace

TEST_CASE("a source that cannot work is not made") {
  Setup setup;
  const auto made = [&](auto change) {
    auto options = setup.options();
    change(options);
    return test::outcome(Source::create(std::move(options)));
  };
  CHECK(made([](auto& o) { o.fetch = {}; }) == "invalid_argument fetch");
  CHECK(made([](auto& o) { o.clock = nullptr; }) == "invalid_argument clock");
  CHECK(made([](auto& o) { o.refresh_ahead = -1s; }) == "invalid_argument refresh_ahead");
  CHECK(made([](auto& o) { o.refresh_ahead = 1h + 1s; }) == "invalid_argument refresh_ahead");
  CHECK(made([](auto& o) { o.jitter = -0.1; }) == "invalid_argument jitter");
  CHECK(made([](auto& o) { o.jitter = 1.1; }) == "invalid_argument jitter");
  CHECK(made([](auto& o) { o.jitter = std::numeric_limits<double>::quiet_NaN(); }) == "invalid_argument jitter");
  CHECK(made([](auto&) {}) == "ok");
}

TEST_CASE("the first who asks fetches, and the others get the same token until it is due") {
  Setup setup;
  const auto source = setup.made();
  CHECK(text_of(source->token()) == "token-1");
  CHECK(text_of(source->token()) == "token-1");
  CHECK(setup.fetches == 1);
}

TEST_CASE("a token is fetched again refresh_ahead before its end, not a second earlier") {
  Setup setup;
  const auto source = setup.made();
  CHECK(source->refresh_if_due() == setup.clock->now() + 570s);
  setup.clock->advance(569s);
  CHECK(source->refresh_if_due() == setup.clock->now() + 1s);
  CHECK(setup.fetches == 1);
  setup.clock->advance(1s);
  CHECK(source->refresh_if_due() == setup.clock->now() + 570s);
  CHECK(text_of(source->token()) == "token-2");
}

TEST_CASE("a short-lived token is kept for half of its life") {
  Setup setup;
  setup.lifetime = 20s;
  CHECK(setup.made()->refresh_if_due() == setup.clock->now() + 10s);
  setup.lifetime = 1s;
  CHECK(setup.made()->refresh_if_due() == setup.clock->now() + 1s);
}

TEST_CASE("jitter makes a refresh earlier, by at most its part of refresh_ahead") {
  Setup setup;
  auto options = setup.options();
  options.jitter = 0.5;
  for (const auto& [random, ahead] : {std::pair{0.0, 30s}, std::pair{0.5, 37s}, std::pair{0.999, 44s}}) {
    options.random = [random = random] { return random; };
    CHECK(Source::create(options).value()->refresh_if_due() == setup.clock->now() + 600s - ahead);
  }
  options.random = {};  // the system's: within the same bounds, and not always the same
  std::vector<std::chrono::seconds> seen;
  for (int i = 0; i < 64; ++i) {
    const auto ahead = setup.clock->now() + 600s - Source::create(options).value()->refresh_if_due();
    CHECK(ahead >= 30s);
    CHECK(ahead <= 45s);
    seen.push_back(ahead);
  }
  CHECK(std::adjacent_find(seen.begin(), seen.end(), std::not_equal_to<>()) != seen.end());
}

// Issue: "on failure the old token is kept until its `exp` and never handed out after".
TEST_CASE("while fetching fails the old token is handed out up to the second before its end, and never from then on") {
  Setup setup;
  const auto source = setup.made();
  REQUIRE(text_of(source->token()) == "token-1");
  setup.broken = true;
  for (int second = 0; second < 599; ++second) {
    setup.clock->advance(1s);
    static_cast<void>(source->refresh_if_due());
    if (text_of(source->token()) != "token-1") FAIL("gone after ", second);
  }
  setup.clock->advance(1s);
  CHECK(text_of(source->token()) == "internal_error network");
  setup.clock->advance(1000s);
  CHECK(text_of(source->token()) == "internal_error network");
}

// Issue: "back-off doubles from 1 s to 1 min".
TEST_CASE("after failures the next tries come after 1, 2, 4 … 32, 60, 60 seconds, and after a success from the start") {
  Setup setup;
  setup.broken = true;
  const auto source = setup.made();
  for (const auto wait : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s, 60s}) {
    const int before = setup.fetches;
    CHECK(source->refresh_if_due() == setup.clock->now() + wait);
    CHECK(setup.fetches == before + 1);
    setup.clock->advance(wait - 1s);
    static_cast<void>(source->refresh_if_due());
    CHECK(text_of(source->token()) == "internal_error network");  // told at once, not tried
    CHECK(setup.fetches == before + 1);
    setup.clock->advance(1s);
  }
  setup.broken = false;
  CHECK(text_of(source->token()).starts_with("token-"));
  setup.broken = true;
  setup.clock->advance(570s);
  CHECK(source->refresh_if_due() == setup.clock->now() + 1s);
}

// Issue: "a fetched token that ends no later than the one held is an error".
TEST_CASE("a token that ends no later than the one held is a failure, and so is one that has ended or is none") {
  Setup setup;
  const auto source = setup.made();
  REQUIRE(text_of(source->token()) == "token-1");
  setup.clock->advance(570s);
  setup.lifetime = 30s;  // ends with the one held
  CHECK(source->refresh_if_due() == setup.clock->now() + 1s);
  CHECK(setup.events.back() == "invalid_argument");
  CHECK(text_of(source->token()) == "token-1");
  setup.clock->advance(1s);
  setup.lifetime = 30s;  // one second later
  static_cast<void>(source->refresh_if_due());
  CHECK(text_of(source->token()) == "token-3");

  Setup ended;
  ended.lifetime = 0s;
  CHECK(text_of(ended.made()->token()) == "expired expires_at");
  auto options = ended.options();
  options.fetch = [&](const client::Cancellation&) -> Result<client::FetchedToken> {
    return client::FetchedToken{"", ended.clock->now() + 1h};
  };
  CHECK(text_of(Source::create(options).value()->token()) == "invalid_argument token");
}

TEST_CASE("on_change and on_failure are told once each, after token() gives what they are about") {
  Setup setup;
  auto options = setup.options();
  std::unique_ptr<Source> source;
  std::string seen;
  options.on_change = [&](const client::FetchedToken& token) {
    seen = token.token + " " + text_of(source->token());  // no lock is held
  };
  options.on_failure = [&](const Error&) { seen = text_of(source->token()); };
  source = Source::create(std::move(options)).value();
  static_cast<void>(source->refresh_if_due());
  CHECK(seen == "token-1 token-1");
  setup.broken = true;
  setup.clock->advance(570s);
  static_cast<void>(source->refresh_if_due());
  CHECK(seen == "token-1");
}

TEST_CASE("a fetch that asks for its own token is told so instead of waiting for itself") {
  Setup setup;
  std::unique_ptr<Source> source;
  std::string seen;
  auto options = setup.options();
  options.fetch = [&](const client::Cancellation&) -> Result<client::FetchedToken> {
    seen = text_of(source->token());
    return client::FetchedToken{"token", setup.clock->now() + 1h};
  };
  source = Source::create(std::move(options)).value();
  CHECK(text_of(source->token()) == "token");
  CHECK(seen == "invalid_argument fetch");
}

// Issue: "single flight".
TEST_CASE("however many threads ask, one fetch goes out, and all get what it brings") {
  Setup setup;
  Gate gate;
  std::atomic<int> fetches{0};
  auto options = setup.options();
  options.on_change = {};
  options.fetch = [&](const client::Cancellation&) -> Result<client::FetchedToken> {
    ++fetches;
    gate.begun.set_value();  // a second fetch would throw here
    gate.may_go.wait();
    return client::FetchedToken{"shared", setup.clock->now() + 1h};
  };
  const auto source = Source::create(std::move(options)).value();
  std::vector<std::future<std::string>> askers;
  for (int i = 0; i < 8; ++i) {
    askers.push_back(std::async(std::launch::async, [&] { return text_of(source->token()); }));
  }
  gate.begun.get_future().wait();
  static_cast<void>(source->refresh_if_due());  // somebody else is at it
  gate.let_go.set_value();
  for (auto& asker : askers) CHECK(asker.get() == "shared");
  CHECK(fetches == 1);
}

TEST_CASE("those who wait for a fetch that fails get its failure") {
  Setup setup;
  Gate gate;
  auto options = setup.options();
  options.on_failure = {};
  options.fetch = [&](const client::Cancellation&) -> Result<client::FetchedToken> {
    gate.begun.set_value();
    gate.may_go.wait();
    return Error{Errc::internal_error, "network", "is down"};
  };
  const auto source = Source::create(std::move(options)).value();
  auto first = std::async(std::launch::async, [&] { return text_of(source->token()); });
  gate.begun.get_future().wait();
  auto second = std::async(std::launch::async, [&] { return text_of(source->token()); });
  gate.let_go.set_value();
  CHECK(first.get() == "internal_error network");
  CHECK(second.get() == "internal_error network");
}

TEST_CASE("a source with a thread of its own fetches without being asked") {
  Setup setup;
  std::promise<std::string> changed;
  auto options = setup.options();
  options.own_thread = true;
  options.on_change = [&](const client::FetchedToken& token) { changed.set_value(token.token); };
  const auto source = Source::create(std::move(options)).value();
  CHECK(changed.get_future().get() == "token-1");
  CHECK(text_of(source->token()) == "token-1");
}

// Issue: "the destructor cancels and joins".
TEST_CASE("the destructor tells the fetch that is going on to stop, and returns when it has") {
  Setup setup;
  std::promise<void> begun, interrupted;
  std::atomic<bool> ended{false};
  auto options = setup.options();
  options.own_thread = true;
  options.on_failure = {};
  options.on_cancel = [&] { interrupted.set_value(); };
  options.fetch = [&](const client::Cancellation& cancellation) -> Result<client::FetchedToken> {
    begun.set_value();
    interrupted.get_future().wait();  // as a socket that is closed by on_cancel
    CHECK(cancellation.cancelled());
    ended = true;
    return Error{Errc::internal_error, {}, "was cancelled"};
  };
  auto source = Source::create(std::move(options)).value();
  begun.get_future().wait();
  source.reset();
  CHECK(ended);
}

TEST_CASE("the destructor does not wait for the time of the next refresh") {
  Setup setup;
  std::promise<void> changed;
  auto options = setup.options();
  options.own_thread = true;
  options.on_change = [&](const client::FetchedToken&) { changed.set_value(); };
  auto source = Source::create(std::move(options)).value();
  changed.get_future().wait();
  const auto begin = std::chrono::steady_clock::now();
  source.reset();
  CHECK(std::chrono::steady_clock::now() - begin < 8s);  // a nap of its thread takes 10 s
}

#if !defined(MOMENTO_TOKEN_TEST_NO_EXCEPTIONS)
TEST_CASE("a fetch that throws passes through token(), counts as a failure and leaves the source usable") {
  Setup setup;
  auto options = setup.options();
  bool throws = true;
  options.fetch = [&](const client::Cancellation&) -> Result<client::FetchedToken> {
    if (throws) throw std::runtime_error("thrown");
    return client::FetchedToken{"token", setup.clock->now() + 1h};
  };
  const auto source = Source::create(std::move(options)).value();
  CHECK_THROWS_AS(static_cast<void>(source->token()), std::runtime_error);
  throws = false;
  CHECK_FALSE(source->token());  // held back for a second
  setup.clock->advance(1s);
  CHECK(text_of(source->token()) == "token");
}
#endif
