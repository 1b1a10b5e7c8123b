#pragma once
// The test kit: tokens, keys and clocks for unit tests, in any framework. NEVER IN PRODUCTION: its keys are public.
//
//   using namespace momento_token;
//   const auto clock = std::make_shared<testing::ManualClock>();
//   const testing::VerifierSetup setup{.clock = clock};
//   const auto verifier = Verifier::create(testing::verifier_options(setup)).value();
//   const auto token = testing::make_token({.permissions = scopes::cache_read_only("media"), .clock = clock});
//   const auto seen = verifier.verify(token).value();  // fails the test when it is refused
//   CHECK(allows(seen, cache_read("media", "/movie1")));
//   for (const auto& bad : testing::bad_tokens(setup)) {
//     const auto refused = verifier.verify(bad.token);
//     REQUIRE(!refused);
//     CHECK(refused.error().code == bad.refused_as);
//   }
//
// CHECK and REQUIRE are those of doctest and Catch2, EXPECT_TRUE and ASSERT_TRUE in GoogleTest.
//
// stand_ins.hpp has the clock and what fails on purpose, published_keys.hpp a key of each algorithm, make_token.hpp
// tokens in one line, bad_tokens.hpp those to refuse. Not included: testing/doctest.hpp, testing/catch2.hpp,
// testing/gtest.hpp, which have matchers for these frameworks, and testing/matching.hpp, to make your own for another.
//
// All of it is in headers: no library of ours holds any of it. What makes something throws BadResultAccess with the
// error when it cannot be made, so that the test fails and says why. Thread-safe unless something else is said.

#include "momento_token/testing/bad_tokens.hpp"
#include "momento_token/testing/make_token.hpp"
#include "momento_token/testing/published_keys.hpp"
#include "momento_token/testing/stand_ins.hpp"
