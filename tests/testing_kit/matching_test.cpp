#include "momento_token/testing/matching.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "situation.hpp"
#include "support.hpp"

using namespace momento_token;
using namespace std::chrono_literals;
using testing::ActionQuestion;
using testing::LifetimeQuestion;
using testing::RefusalQuestion;

// A project's own type, with a function that happens to be named like ours.
namespace shop {
struct Order {};
inline std::string describe(const Order&) { return "an order"; }
}  // namespace shop

TEST_CASE("a question about an action owns the action's names") {
  std::string cache = "media";
  const ActionQuestion question(cache_read(cache, std::string("/movie1/a")), true, nullptr);
  cache = "other";

  CHECK(question.text() == R"(Allows(cache.read, "media", "/movie1/a"))");
  CHECK(question(test::Situation().scope).matches);
}

TEST_CASE("a remembering question says why its last answer was what it was, and nothing before the first") {
  const test::Situation s;
  const testing::RememberingQuestion question(ActionQuestion(cache_write("media"), true, nullptr));
  const std::string asked = R"(Allows(cache.write, "media"))";
  CHECK(question.text() == asked);

  CHECK_FALSE(question(s.scope));
  CHECK(question.text() == asked + ": " + ActionQuestion(cache_write("media"), true, nullptr)(s.scope).why);
  CHECK_FALSE(question(Result<Permissions>(Error{Errc::signature_mismatch, {}, {}})));
  CHECK(question.text() == asked + ": it was refused as " + std::string(to_string(Errc::signature_mismatch)));
}

TEST_CASE("an action without a resource is told from one with an empty name") {
  CHECK(ActionQuestion(cache_read("media"), true, nullptr).text() == R"(Allows(cache.read, "media"))");
  CHECK(ActionQuestion(cache_read("media", ""), false, nullptr).text() == R"(Denies(cache.read, "media", ""))");
  CHECK(ActionQuestion(topic_publish("a\n\"b"), true, nullptr).text() == R"(Allows(topic.publish, "a\u000a\"b"))");
}

TEST_CASE("without a clock an expired token still allows, with one it does not from its exp on") {
  const test::Situation s;
  const auto a_second_before = std::make_shared<testing::ManualClock>(s.an_hour_later->now() - 1s);
  const Action read = cache_read("media", "/movie1/a");

  CHECK(ActionQuestion(read, true, nullptr)(s.accepted).matches);
  CHECK(ActionQuestion(read, true, a_second_before)(s.accepted).matches);
  CHECK_FALSE(ActionQuestion(read, true, s.an_hour_later)(s.accepted).matches);
  CHECK(ActionQuestion(read, false, s.an_hour_later)(s.accepted).matches);
}

TEST_CASE("a refused token neither allows nor denies") {
  const test::Situation s;
  const Action read = cache_read("media", "/movie1/a");

  CHECK_FALSE(ActionQuestion(read, true, nullptr)(s.refused).matches);
  CHECK_FALSE(ActionQuestion(read, false, nullptr)(s.refused).matches);
  CHECK(ActionQuestion(read, false, nullptr)(s.refused).why == "it was refused as expired");
}

TEST_CASE("a lifetime counts from the issue, or from now") {
  const test::Situation s;

  CHECK(LifetimeQuestion(1h, nullptr)(s.minted).matches);
  CHECK_FALSE(LifetimeQuestion(1h - 1s, nullptr)(s.minted).matches);
  CHECK(LifetimeQuestion(59min, s.a_minute_later)(*s.minted).matches);
  CHECK(LifetimeQuestion(59min, s.a_minute_later)(s.accepted).matches);
  CHECK_FALSE(LifetimeQuestion(1h, nullptr)(s.refused).matches);
}

TEST_CASE("a lifetime without an iat needs a clock") {
  const test::Situation s;
  const std::string p = std::string(R"("p":")") + base64url_encode(to_proto(s.scope).value()) + "\"";
  const std::string claims = R"({"ver":1,)" + p + R"(,"exp":1893459600})";
  const auto token = s.verify(testing::sign_payload(claims));

  REQUIRE(token);
  CHECK(LifetimeQuestion(1h, s.clock)(token).matches);
  CHECK(LifetimeQuestion(1h, nullptr)(token).why == "it does not say when it was issued: give ExpiresIn a clock");
}

TEST_CASE("a refusal is told by its code, and by its field where one is named") {
  const Result<int> refused = Error{Errc::not_accepted, "aud", "is somebody else"};

  CHECK(RefusalQuestion(Errc::not_accepted, {})(refused).matches);
  CHECK(RefusalQuestion(Errc::not_accepted, "aud")(refused).matches);
  CHECK_FALSE(RefusalQuestion(Errc::not_accepted, "iss")(refused).matches);
  CHECK_FALSE(RefusalQuestion(Errc::not_accepted, "")(refused).matches);
  CHECK_FALSE(RefusalQuestion(Errc::revoked, {})(refused).matches);
  CHECK(RefusalQuestion(Errc::not_accepted, {})(refused.error()).matches);
  CHECK_FALSE(RefusalQuestion(Errc::not_accepted, {})(Result<int>(1)).matches);
  CHECK_FALSE(RefusalQuestion(Errc::internal_error, {})(Result<void>()).matches);
}

TEST_CASE("what is described is told without its token, its key or its token_id") {
  const test::Situation s;
  const std::string scope = R"(permissions to read the items that start with "/movie1/" of the cache "media")";

  CHECK(testing::describe(s.scope) == scope);
  CHECK(testing::describe(s.accepted) == "accepted: a verified token with " + scope);
  CHECK(testing::describe(s.minted) == "accepted: a minted token that expires in 3600 s");
  CHECK(testing::describe(s.refused) == "refused: expired: the token has expired");
  CHECK(testing::describe(Result<int>(1)) == "accepted");
  CHECK(testing::describe(Result<void>()) == "accepted");
}

TEST_CASE("a type of the project's own is printed as the framework does, whatever functions it has") {
  static_assert(!testing::Described<shop::Order>);
  static_assert(!testing::Described<Errc>);
  static_assert(!testing::Described<std::string>);

  CHECK(testing::describe(Result<shop::Order>(shop::Order{})) == "accepted");
}
