#include "momento_token/format.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <iomanip>
#include <memory>
#include <sstream>
#include <string>

#include "momento_token/client.hpp"
#include "momento_token/momento_token.hpp"
#include "momento_token/vending.hpp"
#include "support.hpp"

using namespace momento_token;

namespace {

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) {
  out << value;
};

/// Through whatever there is: fmt, a stream, and std::format where the standard library has it.
template <class T>
constexpr bool can_be_printed() {
#if defined(__cpp_lib_format)
  if (std::is_default_constructible_v<std::formatter<T, char>>) return true;
#endif
  return fmt::is_formattable<T>::value || Streamable<T>;
}

template <class T>
std::string streamed(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

/// In fmt, std::format and a stream alike.
template <class T>
void check_written_as(const T& value, const std::string& words) {
  CHECK(fmt::format("<{}>", value) == "<" + words + ">");
  CHECK(streamed(value) == words);
#if defined(__cpp_lib_format)
  CHECK(std::format("<{}>", value) == "<" + words + ">");
#endif
}

}  // namespace

TEST_CASE("codes, errors, permissions and actions are written in words wherever they are printed") {
  const Error error{Errc::invalid_argument, "valid_for", "must be at least 1 s"};
  const Permissions permissions = test::published_example();

  check_written_as(Errc::expired, "expired");
  check_written_as(error, "invalid_argument: valid_for: must be at least 1 s");
  check_written_as(permissions, to_string(permissions));
  check_written_as(permissions.items()[0], to_string(permissions.items()[0]));
  check_written_as(topic_publish("chat", "room-7"), R"(topic.publish on the topic "room-7" of the cache "chat")");
  check_written_as(cache_read("media"), R"(cache.read on all items of the cache "media")");
}

// The words that permissions.hpp gives as its example.
TEST_CASE("the published example in words names its function and its cache") {
  check_written_as(test::published_example(), R"(invoke the function "od" of the cache "fo")");
}

TEST_CASE("one kind's permissions are written as the statement they are") {
  const auto cache = CachePermissions::read_only().with_cache("media").with_key_prefix("/movie1/");
  const auto topic = TopicPermissions::publish_only();
  const auto function = FunctionPermissions().with_cache("fo");

  check_written_as(cache, to_string(Permission(cache)));
  check_written_as(topic, "publish to all topics of all caches");
  check_written_as(function, to_string(Permission(function)));
}

// A key is any bytes, and comes from whoever asks; U+001B starts a terminal's commands.
TEST_CASE("an action's names are escaped") {
  CHECK(streamed(cache_read("a\x1b[2J\"", "k\n")) ==
        "cache.read on the item \"k\\u000a\" of the cache \"a\\u001b[2J\\\"\"");
}

TEST_CASE("the options of a text apply") {
  CHECK(fmt::format("{:>10}", Errc::expired) == "   expired");
  CHECK(fmt::format("{:.3}", Errc::expired) == "exp");
  CHECK(fmt::format("{:*<10}", Error{Errc::revoked}) == "revoked***");
#if defined(__cpp_lib_format)
  CHECK(std::format("{:>10}", Errc::expired) == "   expired");
#endif
  std::ostringstream out;
  out << std::setw(10) << Errc::expired << std::setw(9) << std::left << Error{Errc::revoked} << '|';
  CHECK(out.str() == "   expiredrevoked  |");
}

TEST_CASE("what is no credential can be printed") {
  CHECK(can_be_printed<Errc>());
  CHECK(can_be_printed<Error>());
  CHECK(can_be_printed<Action>());
  CHECK(can_be_printed<Permission>());
  CHECK(can_be_printed<Permissions>());
}

// style.md: no token, key or token_id in a formatter. Checked by the compiler, so that a new one cannot slip in unseen.
TEST_CASE("nothing that holds a key, a token or a token_id can be printed") {
  static_assert(!can_be_printed<SecretBytes>());
  static_assert(!can_be_printed<KeyFile>());
  static_assert(!can_be_printed<KeyPair>());
  static_assert(!can_be_printed<Signer>());
  static_assert(!can_be_printed<VerificationKey>());
  static_assert(!can_be_printed<KeyRing>());
  static_assert(!can_be_printed<Issuer>());
  static_assert(!can_be_printed<PreparedScope>());
  static_assert(!can_be_printed<DisposableTokenRequest>());
  static_assert(!can_be_printed<PreparedTokenRequest>());
  static_assert(!can_be_printed<DisposableToken>());
  static_assert(!can_be_printed<BatchToken>());
  static_assert(!can_be_printed<VerifiedToken>());
  static_assert(!can_be_printed<UnverifiedToken>());
  static_assert(!can_be_printed<Credential>());
  static_assert(!can_be_printed<Claims>());
  static_assert(!can_be_printed<VerifiedJwt>());
  static_assert(!can_be_printed<DenyQuery>());
  static_assert(!can_be_printed<Result<DisposableToken>>());
  static_assert(!can_be_printed<client::FetchedToken>());
  static_assert(!can_be_printed<vending::Header>());
  static_assert(!can_be_printed<vending::FieldLookup>());
  static_assert(!can_be_printed<vending::Request>());
  static_assert(!can_be_printed<vending::EventRequest>());
  static_assert(!can_be_printed<vending::Response>());
  static_assert(!can_be_printed<vending::Claim>());
  static_assert(!can_be_printed<vending::Identity>());
  static_assert(!can_be_printed<vending::BootstrapOptions>());
  static_assert(!can_be_printed<vending::PasswordUser>());
  static_assert(!can_be_printed<vending::VendingGrant>());
  static_assert(!can_be_printed<vending::PolicyRules>());
}
