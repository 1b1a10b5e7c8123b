#include "momento_token/vending/caller_auth.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "forge.hpp"
#include "machine.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/testing/make_token.hpp"
#include "momento_token/testing/published_keys.hpp"

using namespace test;

// Claims as Amazon Cognito's documentation shows them ("Understanding the identity (ID) token").
namespace {

constexpr const char* issuer = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example";

std::string cognito_claims(const std::string& more) {
  return R"({"sub":"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee","email_verified":true,"iss":")" + std::string(issuer) +
         R"(","cognito:username":"ann","aud":"client-1","event_id":"64f513be","token_use":"id","auth_time":1893455990,)" +
         R"("exp":1893459600,"iat":1893455990,"email":"ann@example.com")" + (more.empty() ? "" : ",") + more + "}";
}
std::string cognito_token(const std::string& more = {}) { return mt::testing::sign_payload(cognito_claims(more)); }
std::string token_with(std::string_view from, std::string_view to) {
  return mt::testing::sign_payload(replaced(cognito_claims({}), from, to));
}

vending::OidcOptions cognito() {
  auto options = vending::OidcOptions::cognito("eu-central-1", "eu-central-1_Example", "client-1");
  options.keys = {mt::testing::published_key().verification_key()};
  options.clock = clock_at();
  return options;
}

vending::AuthOutcome tried(const std::string& token, vending::OidcOptions options = cognito()) {
  const auto auth = vending::oidc_auth(std::move(options)).value();
  const std::string value = "Bearer " + token;
  return auth->authenticate({.method = "POST", .headers = {{"authorization", value}}});
}
std::string name_of(const vending::AuthOutcome& outcome) {
  const auto* identity = std::get_if<vending::Identity>(&outcome);
  return identity != nullptr ? "let in as " + identity->name : "refused";
}

}  // namespace

TEST_CASE("a user pool's ID token says who it is, with its groups, its texts and its end") {
  const auto outcome = tried(cognito_token(R"("cognito:groups":["readers","writers"],"custom:level":3)"));
  const auto& identity = std::get<vending::Identity>(outcome);
  CHECK(identity.name == "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee");
  CHECK(identity.groups == std::vector<std::string>{"readers", "writers"});
  CHECK(identity.expires_at->time_since_epoch() == 1893459600s);
  CHECK(identity.issued_at->time_since_epoch() == 1893455990s);
  std::string email, level = "none";
  for (const auto& claim : identity.claims) {
    if (claim.name == "email") email = claim.value;
    if (claim.name == "custom:level") level = claim.value;
  }
  CHECK(email == "ann@example.com");
  CHECK(level == "none");  // a number is no text
}

// Issue: "`iss`, `aud`, `token_use`, `cognito:groups` from the **verified** token".
TEST_CASE("a token of another issuer, for another client, of another use, or forged is refused") {
  CHECK(name_of(tried(cognito_token())) != "refused");
  CHECK(name_of(tried(token_with("eu-central-1_Example", "eu-central-1_Another"))) == "refused");
  CHECK(name_of(tried(token_with("client-1", "client-2"))) == "refused");
  CHECK(name_of(tried(token_with(R"("token_use":"id")", R"("token_use":"access")"))) == "refused");
  CHECK(name_of(tried(token_with(R"("token_use":"id",)", ""))) == "refused");
  CHECK(name_of(tried(token_with(R"("aud":"client-1",)", ""))) == "refused");
  CHECK(name_of(tried(token_with(R"("exp":1893459600)", R"("exp":1893456000)"))) == "refused");
  std::string forged = cognito_token();
  forged.back() = forged.back() == 'A' ? 'Q' : 'A';
  CHECK(name_of(tried(forged)) == "refused");
  CHECK(name_of(tried(mt::testing::sign_payload(cognito_claims({}), {.algorithm = "EdDSA"}))) == "refused");
  CHECK(name_of(tried("not.a.token")) == "refused");
}

TEST_CASE("groups in headers are nobody's: only the token's count") {
  const auto auth = vending::oidc_auth(cognito()).value();
  const std::string value = "Bearer " + cognito_token(R"("cognito:groups":["readers"])");
  // The headers that the Node.js example decided by.
  const auto outcome = auth->authenticate(
      {.method = "POST",
       .headers = {{"authorization", value}, {"usergroup", "ReadWriteUserGroup"}, {"cachename", "any"}}});
  CHECK(std::get<vending::Identity>(outcome).groups == std::vector<std::string>{"readers"});
}

TEST_CASE("groups that are no array of texts refuse the token, and no groups are none") {
  CHECK(name_of(tried(cognito_token(R"("cognito:groups":"writers")"))) == "refused");
  CHECK(name_of(tried(cognito_token(R"("cognito:groups":["readers",7])"))) == "refused");
  CHECK(name_of(tried(cognito_token(R"("cognito:groups":null)"))) == "refused");
  CHECK(std::get<vending::Identity>(tried(cognito_token())).groups.empty());
}

TEST_CASE("the user claim is a text with something in it") {
  auto by_email = cognito();
  by_email.user_claim = "email";
  CHECK(name_of(tried(cognito_token(), by_email)) == "let in as ann@example.com");
  by_email.user_claim = "phone";
  CHECK(name_of(tried(cognito_token(), by_email)) == "refused");
  CHECK(name_of(tried(cognito_token(R"("phone":"")"), by_email)) == "refused");
  CHECK(name_of(tried(cognito_token(R"("phone":49)"), by_email)) == "refused");
  CHECK(name_of(tried(cognito_token(R"("phone":"49")"), by_email)) == "let in as 49");
}

// OpenID Connect Core §3.1.3.7, 3 to 5.
TEST_CASE("a token for several clients, or for another party, is refused unless azp names one of ours") {
  const auto several = [](const std::string& more) {
    return token_with(R"("aud":"client-1")", R"("aud":["client-1","other"])" + more);
  };
  CHECK(name_of(tried(several(""))) == "refused");
  CHECK(name_of(tried(several(R"(,"azp":"other")"))) == "refused");
  CHECK(name_of(tried(several(R"(,"azp":"client-1")"))) != "refused");
  CHECK(name_of(tried(cognito_token(R"("azp":"other")"))) == "refused");
  CHECK(name_of(tried(cognito_token(R"("azp":7)"))) == "refused");
}

// RFC 9068 §2.1: access tokens say at+jwt, so that nobody takes one for an ID token.
TEST_CASE("a token that says it is something else than a JWT is refused") {
  const auto typed = [](const std::string& typ) {
    const std::string header = R"({"alg":"ES256",)" + typ + R"("kid":"test-ES256"})";
    return name_of(tried(mt::testing::sign_payload(cognito_claims({}), {.header = header})));
  };
  CHECK(typed(R"("typ":"at+jwt",)") == "refused");
  CHECK(typed(R"("typ":"logout+jwt",)") == "refused");
  CHECK(typed(R"("typ":"jwt",)") != "refused");
  CHECK(typed("") != "refused");
}

// OpenID Connect Core §2: iat is required. A deny-list takes subjects out up to a date.
TEST_CASE("a token that does not say when it was issued is refused") {
  CHECK(name_of(tried(token_with(R"("iat":1893455990,)", ""))) == "refused");
  CHECK(name_of(tried(token_with(R"("iat":1893455990)", R"("iat":null)"))) == "refused");
  CHECK(name_of(tried(token_with(R"("iat":1893455990)", R"("iat":"1893455990")"))) == "refused");
}

// RFC 8725 §2.1: the public key, which everybody has, as the secret of an HMAC.
TEST_CASE(
    "a token signed with the provider's public key as a shared secret is refused, and so is one without signature") {
  const auto published = mt::testing::published_key();
  const std::vector<std::shared_ptr<const mt::VerificationKey>> keys = {published.verification_key()};
  const std::string jwks = mt::public_jwks(keys).value();
  const std::string jwk = jwks.substr(jwks.find('[') + 1, jwks.rfind(']') - jwks.find('[') - 1);
  const std::string claims = b64u(cognito_claims({}));
  const auto with_header = [&](const std::string& header, const auto& signature_of) {
    const std::string input = b64u(header) + "." + claims;
    return name_of(tried(input + "." + signature_of(input)));
  };
  const std::string kid(published.signer()->kid());
  for (const std::string& secret : {jwks, jwk}) {
    const auto mac = [&](const std::string& input) { return b64u(hmac("HS256", secret, input)); };
    CHECK(with_header(R"({"alg":"HS256","typ":"JWT","kid":")" + kid + "\"}", mac) == "refused");
    CHECK(with_header(R"({"alg":"ES256","typ":"JWT","kid":")" + kid + "\"}", mac) == "refused");
  }
  for (const char* none : {"none", "None", "nOnE"}) {
    const auto nothing = [](const std::string&) { return std::string(); };
    CHECK(with_header(R"({"alg":")" + std::string(none) + R"(","typ":"JWT","kid":")" + kid + "\"}", nothing) ==
          "refused");
  }
}

TEST_CASE("a ring with a shared secret lets nobody in: whoever knows it could sign for anybody") {
  auto options = cognito();
  options.keys.clear();
  options.key_ring = mt::KeyRing::create({.verification_keys = {mt::testing::published_key("HS256").verification_key()},
                                          .clock = clock_at()})
                         .value();
  const std::string token = mt::testing::sign_payload(cognito_claims({}), {.algorithm = "HS256"});
  CHECK(name_of(tried(token, options)) == "refused");
}

TEST_CASE("only a bearer token is looked at") {
  const auto auth = vending::oidc_auth(cognito()).value();
  const std::string token = cognito_token();
  for (const std::string& value : std::vector<std::string>{token, "Basic " + token, "Bearer", ""}) {
    CHECK(name_of(auth->authenticate({.headers = {{"authorization", value}}})) == "refused");
  }
}

TEST_CASE("keys of a ring change while the provider rotates them") {
  auto options = cognito();
  const auto key = mt::testing::published_key();
  const auto ring = mt::KeyRing::create({.verification_keys = {mt::testing::published_key("EdDSA").verification_key()},
                                         .clock = clock_at()})
                        .value();
  options.keys.clear();
  options.key_ring = ring;
  CHECK(name_of(tried(cognito_token(), options)) == "refused");
  const std::vector<std::shared_ptr<const mt::VerificationKey>> published = {key.verification_key()};
  REQUIRE(ring->reload_jwks(mt::public_jwks(published).value()));
  CHECK(name_of(tried(cognito_token(), options)) != "refused");
}

TEST_CASE("options that would let anybody in are refused") {
  const auto made = [](auto change) {
    auto options = cognito();
    change(options);
    return test::outcome(vending::oidc_auth(std::move(options)));
  };
  CHECK(made([](auto& o) { o.issuer.clear(); }) == "invalid_argument issuer");
  CHECK(made([](auto& o) { o.audience.clear(); }) == "invalid_argument audience");
  CHECK(made([](auto& o) { o.audience = {""}; }) == "invalid_argument audience");
  CHECK(made([](auto& o) { o.user_claim.clear(); }) == "invalid_argument user_claim");
  CHECK(made([](auto& o) { o.keys.clear(); }) == "invalid_argument keys");
  CHECK(made([](auto& o) { o.keys = {mt::testing::published_key("HS256").verification_key()}; }) ==
        "invalid_argument keys");
  CHECK(made([](auto&) {}) == "ok");
}
