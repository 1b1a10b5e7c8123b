#include "momento_token/testing/bad_tokens.hpp"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "momento_token/authorizer.hpp"
#include "momento_token/permissions_proto.hpp"
#include "momento_token/testing/stand_ins.hpp"
#include "support.hpp"

using namespace momento_token;
using namespace std::chrono_literals;

namespace test {

inline testing::VerifierSetup plain_setup(testing::Algorithm algorithm = "ES256") {
  return {.algorithm = algorithm, .clock = clock_at()};
}
inline testing::VerifierSetup full_setup(testing::Algorithm algorithm = "ES256") {
  return {.algorithm = algorithm,
          .clock = clock_at(),
          .issuer = "https://issuer",
          .audience = {"first", "second"},
          .revoked_jti = "lost"};
}
inline Verifier verifier_of(const testing::VerifierSetup& setup) {
  return Verifier::create(testing::verifier_options(setup)).value();
}
inline const testing::BadToken& named(const std::vector<testing::BadToken>& gallery, std::string_view name) {
  const auto found = std::find_if(gallery.begin(), gallery.end(), [&](const auto& bad) { return bad.name == name; });
  REQUIRE_MESSAGE(found != gallery.end(), std::string(name));
  return *found;
}
inline bool has(const std::vector<testing::BadToken>& gallery, std::string_view name) {
  return std::any_of(gallery.begin(), gallery.end(), [&](const auto& bad) { return bad.name == name; });
}

/// The good token is accepted, and each of the gallery refused with the code and field of its entry.
inline void check_gallery(const Verifier& verifier, const testing::VerifierSetup& setup) {
  CHECK(verifier.verify(testing::good_token(setup)));
  for (const auto& bad : testing::bad_tokens(setup)) {
    CAPTURE(std::string(bad.name));
    const auto refused = verifier.verify(bad.token);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == bad.refused_as);
    CHECK(refused.error().field == bad.field);
  }
}

}  // namespace test

TEST_CASE("every bad token is refused as its entry says, with every algorithm and setup") {
  for (const testing::Algorithm algorithm : testing::algorithms) {
    for (const auto& setup : {test::plain_setup(algorithm), test::full_setup(algorithm)}) {
      CAPTURE(std::string(algorithm.name()));
      test::check_gallery(test::verifier_of(setup), setup);
    }
  }
}

// The gallery is made for the time the clock shows; what the verifier remembers has to last as long as the test does.
TEST_CASE("a gallery that is made days after its verifier is refused as its entries say") {
  auto setup = test::full_setup();
  const auto clock = std::make_shared<testing::ManualClock>(test::new_year_2030);
  setup.clock = clock;
  const Verifier verifier = test::verifier_of(setup);
  for (const std::chrono::hours later : {48h, 24h * 365 * 100}) {
    clock->advance(later);
    test::check_gallery(verifier, setup);
  }
}

TEST_CASE("the largest leeway forgives no entry") {
  const auto setup = test::full_setup();
  VerifierOptions options = testing::verifier_options(setup);
  options.leeway = 10min;
  const Verifier verifier = Verifier::create(options).value();

  CHECK(verifier.verify(testing::good_token(setup)));
  for (const auto& bad : testing::bad_tokens(setup)) {
    CAPTURE(std::string(bad.name));
    CHECK_FALSE(verifier.verify(bad.token));
  }
}

TEST_CASE("the gallery has what its page promises") {
  const auto gallery = testing::bad_tokens(test::full_setup());
  for (const char* name : {"expired",
                           "not_yet_valid",
                           "issued_in_the_future",
                           "wrong_key",
                           "unknown_key",
                           "tampered_payload",
                           "tampered_signature",
                           "none",
                           "alg_confusion",
                           "oversized",
                           "not_a_token",
                           "wrong_audience",
                           "missing_audience",
                           "wrong_issuer",
                           "missing_issuer",
                           "revoked",
                           "missing_jti",
                           "overlong_permissions",
                           "unused_bits_of_base64url",
                           "super_user",
                           "missing_exp",
                           "crit",
                           "duplicate_claim",
                           "duplicate_exp",
                           "too_many_statements"}) {
    CHECK_MESSAGE(test::has(gallery, name), name);
  }
}

TEST_CASE("an entry that needs something of the verifier is there only when the setup has it") {
  const auto gallery = testing::bad_tokens(test::plain_setup());
  for (const char* name :
       {"missing_audience", "wrong_issuer", "missing_issuer", "revoked", "missing_jti", "missing_iat"})
    CHECK_FALSE_MESSAGE(test::has(gallery, name), name);
  CHECK(test::has(gallery, "wrong_audience"));
  CHECK_FALSE(test::has(testing::bad_tokens(test::plain_setup("HS256")), "alg_confusion"));
}

TEST_CASE("each name is the only one of its kind and fit for a parameterised test, each fault is said") {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789_";
  std::set<std::string_view> names, faults;
  for (const auto& bad : testing::bad_tokens(test::full_setup())) {
    CHECK(bad.name.find_first_not_of(letters) == std::string_view::npos);
    CHECK(names.insert(bad.name).second);
    CHECK(faults.insert(bad.fault).second);
  }
  CHECK(names.size() > 50);
}

// A verifier that forgives the one fault of an entry accepts it: so there is no other.
TEST_CASE("nothing is wrong with an entry but its fault") {
  using Change = void (*)(VerifierOptions&);
  struct Row {
    const char* name;
    Change forgive;
  };
  constexpr Row rows[] = {
      {"expired", [](VerifierOptions& o) { o.clock = test::clock_at(test::new_year_2030 - 1h - 1s); }},
      {"not_yet_valid", [](VerifierOptions& o) { o.clock = test::clock_at(test::new_year_2030 + 1h); }},
      {"issued_in_the_future", [](VerifierOptions& o) { o.clock = test::clock_at(test::new_year_2030 + 1h); }},
      {"unknown_key", [](VerifierOptions& o) { o.keys = {testing::other_published_key().verification_key()}; }},
      {"wrong_audience", [](VerifierOptions& o) { o.audience = {"test-somebody-else"}; }},
      {"missing_audience", [](VerifierOptions& o) { o.audience.clear(); }},
      {"wrong_issuer", [](VerifierOptions& o) { o.issuer = "test-somebody-else"; }},
      {"missing_issuer", [](VerifierOptions& o) { o.issuer.clear(); }},
      {"revoked", [](VerifierOptions& o) { o.deny_list = nullptr; }},
      {"missing_jti", [](VerifierOptions& o) { o.deny_list = nullptr; }},
      {"missing_iat", [](VerifierOptions& o) { o.deny_list = nullptr; }},
      {"oversized", [](VerifierOptions& o) { o.limits.max_token_bytes = 64 * 1024; }},
      {"too_many_statements", [](VerifierOptions& o) { o.limits.max_statements = 21; }},
  };
  const auto setup = test::full_setup();
  const auto gallery = testing::bad_tokens(setup);
  for (const Row& row : rows) {
    CAPTURE(row.name);
    VerifierOptions options = testing::verifier_options(setup);
    row.forgive(options);
    CHECK(test::outcome(Verifier::create(options).value().verify(test::named(gallery, row.name).token)) == "ok");
  }
}

TEST_CASE("an entry whose claims are wrong is signed well") {
  const auto setup = test::full_setup();
  const Verifier verifier = test::verifier_of(setup);
  std::size_t well_signed = 0;
  for (const auto& bad : testing::bad_tokens(setup)) {
    CAPTURE(std::string(bad.name));
    const bool about_claims = bad.refused_as == Errc::expired || bad.refused_as == Errc::not_yet_valid ||
                              bad.refused_as == Errc::not_accepted || bad.refused_as == Errc::revoked;
    const bool holds = verifier.verify_jws(bad.token).has_value();
    well_signed += holds;
    if (about_claims) CHECK(holds);
    if (bad.refused_as == Errc::signature_mismatch || bad.refused_as == Errc::unknown_key) CHECK_FALSE(holds);
  }
  // 9 of the codes above, 13 claims, 13 permission sets and one with too many statements.
  CHECK(well_signed == 10 + 13 + 13 + 1);
}

// RFC 4648 §3.5: the unused bits may be set, and a decoder may refuse that. The lax one of support.hpp does not.
TEST_CASE("the entry with an unused bit is a good token to whoever does not look at that bit") {
  for (const std::size_t padding : {0U, 1U, 2U}) {
    auto setup = test::plain_setup();
    setup.issuer = std::string(padding + 1, 'i');
    const auto gallery = testing::bad_tokens(setup);
    const auto jws = test::split(test::named(gallery, "unused_bits_of_base64url").token);
    const auto key = testing::published_key().verification_key();

    CHECK(key->verify(as_bytes(jws.signing_input), as_bytes(jws.signature)));
    CHECK(test::outcome(test::verifier_of(setup).verify(testing::sign_payload(jws.payload))) == "ok");
    CHECK(test::split(testing::sign_payload(jws.payload)).signing_input != jws.signing_input);
  }
}

// design.md §3: depth <= 32. The entry is one level deeper.
TEST_CASE("the entry that is nested too deep is so by one level") {
  const auto setup = test::plain_setup();
  const auto nested = [&](std::size_t arrays) {
    return testing::make_token(
        {.more_claims = "\"x\":" + std::string(arrays, '[') + std::string(arrays, ']'), .clock = setup.clock});
  };
  const auto payload = test::split(test::named(testing::bad_tokens(setup), "nested_too_deep").token).payload;

  CHECK(test::outcome(test::verifier_of(setup).verify(nested(31))) == "ok");
  CHECK(test::outcome(test::verifier_of(setup).verify(nested(32))) == "malformed_token");
  CHECK(payload.find("\"x\":" + std::string(32, '[') + std::string(32, ']')) != std::string::npos);
}

// The bytes that follow the tag and the length are those of to_proto(), which is checked against protobuf elsewhere.
TEST_CASE("permissions that are put together by hand are the right ones but for their fault") {
  const Permissions two = test::published_example().with(CachePermissions::read_only().with_cache("test-cache"));
  const std::string both(as_text(to_proto(two).value()));
  const std::string first = testing::detail::statements_of(two, 1);

  CHECK(testing::detail::explicit_set(testing::detail::statements_of(two, 2)) == both);
  CHECK(testing::detail::explicit_set(first) == as_text(to_proto(test::published_example()).value()));
  CHECK(testing::detail::explicit_set(first + testing::detail::cache_statement("\x08\x02", "\x1a\x0c\x0a\x0atest-cache",
                                                                               std::string("\x22\x00", 2))) == both);
}

// A set of 128 bytes and more has a length of two bytes.
TEST_CASE("every length is written as protobuf does") {
  for (const std::size_t size : {1U, 80U, 81U, 82U, 90U, 200U, 16000U}) {
    CAPTURE(size);
    const auto one = scopes::topic_publish_only("chat", std::string(size, 'x'));
    CHECK(testing::detail::explicit_set(testing::detail::statements_of(one, 1)) == as_text(to_proto(one).value()));
  }
}

TEST_CASE("the entries say what the good token says, and a fault in the permissions stands beside them") {
  auto setup = test::full_setup();
  const Action open = function_invoke("fo", "od");
  setup.permissions = test::published_example();
  const auto good = test::verifier_of(setup).verify(testing::good_token(setup));
  REQUIRE(good);
  CHECK(good->permissions() == setup.permissions);

  const std::string statement = testing::detail::statements_of(setup.permissions, 1);
  const std::set<std::string_view> without = {"empty_permissions", "super_user", "truncated_permissions"};
  for (const auto& row : testing::detail::permission_faults(setup.permissions, 20)) {
    CAPTURE(std::string(row.name));
    CHECK((row.p.find(statement) != std::string::npos) == !without.contains(row.name));
  }
  for (const auto& bad : testing::bad_tokens(setup)) {
    CAPTURE(std::string(bad.name));
    const auto read = decode_unverified(bad.token, 64 * 1024);
    const auto claimed = read ? read->claimed_permissions() : Error{};
    if (claimed) CHECK(allows(*claimed, open));
  }
}

TEST_CASE("permissions that fill the limit leave the faults what they are") {
  auto setup = test::plain_setup();
  setup.permissions = {};
  for (int i = 0; i < 20; ++i) {
    setup.permissions = setup.permissions.with_topic(TopicPermissions::publish_only().with_topic(std::to_string(i)));
  }
  test::check_gallery(test::verifier_of(setup), setup);
}

// RFC 8725 §2.1; OpenSSL's HMAC of the PEM text itself.
TEST_CASE("the algorithm is confused with the public key's PEM text as the secret") {
  for (const testing::Algorithm algorithm : testing::algorithms) {
    if (algorithm.is_hmac()) continue;
    CAPTURE(std::string(algorithm.name()));
    const auto gallery = testing::bad_tokens(test::plain_setup(algorithm));
    const auto jws = test::split(test::named(gallery, "alg_confusion").token);
    const std::string_view pem = testing::published_public_pem(algorithm);
    std::string mac(32, '\0');
    HMAC(EVP_sha256(), pem.data(), static_cast<int>(pem.size()),
         reinterpret_cast<const unsigned char*>(jws.signing_input.data()), jws.signing_input.size(),
         reinterpret_cast<unsigned char*>(mac.data()), nullptr);

    CHECK(jws.signature == mac);
    CHECK(jws.header == R"({"alg":"HS256","typ":"JWT","kid":"test-)" + std::string(algorithm.name()) + R"("})");
  }
}

TEST_CASE("the gallery follows the limits of the verifier") {
  auto setup = test::plain_setup();
  setup.limits.max_token_bytes = 2000;
  setup.limits.max_statements = 3;
  const Verifier verifier = test::verifier_of(setup);

  CHECK(verifier.verify(testing::good_token(setup)));
  for (const char* name : {"oversized", "too_many_statements"}) {
    const auto gallery = testing::bad_tokens(setup);
    const auto& bad = test::named(gallery, name);
    CHECK(test::outcome(verifier.verify(bad.token)) == "limit_exceeded");
    CHECK(bad.token.size() < 6000);
  }
}
