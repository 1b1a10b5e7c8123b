// Tokens against a verifier: no changed byte of a valid token still verifies, and what verifies grants what it says.

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz.hpp"
#include "json_oracle.hpp"
#include "momento_token/authorizer.hpp"
#include "momento_token/detail/statement.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/issuer.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/keys.hpp"
#include "momento_token/scopes.hpp"
#include "momento_token/testing.hpp"
#include "momento_token/verifier.hpp"

namespace {

namespace mt = momento_token;
using namespace std::chrono_literals;

constexpr std::chrono::sys_seconds new_year_2030{std::chrono::seconds(1893456000)};
constexpr std::chrono::seconds leeway{60};

mt::KeyPair hmac_key(std::string_view bytes, std::string kid) {
  return fuzz::must(mt::KeyPair::from_secret("HS256", mt::SecretBytes::copy_of(bytes), std::move(kid)),
                    "a key is made");
}

// Two keys, two issuers, the verifier of both, and valid tokens.
struct World {
  std::shared_ptr<mt::testing::ManualClock> clock = std::make_shared<mt::testing::ManualClock>(new_year_2030);
  mt::KeyPair first = hmac_key("0123456789abcdef0123456789abcdef", "first");
  mt::KeyPair second = hmac_key("fedcba9876543210fedcba9876543210", "second");
  mt::Verifier verifier =
      fuzz::must(mt::Verifier::create(
                     {.keys = {first.verification_key(), second.verification_key()}, .leeway = leeway, .clock = clock}),
                 "a verifier is made");
  mt::Issuer issuer = fuzz::must(mt::Issuer::create({.signer = first.signer(), .clock = clock}), "an issuer is made");
  std::vector<std::string> tokens;

  World() {
    add(issuer, mt::scopes::function_invoke("fo", "od"), {});
    add(issuer, mt::scopes::all_data_read_write(), "ann");
    const auto other = fuzz::must(
        mt::Issuer::create({.signer = second.signer(), .issuer = "https://vend", .clock = clock, .random_jti = false}),
        "an issuer is made");
    add(other, mt::scopes::cache_key_prefix_read_only("media", "room-7/"), R"({"user":"ann"})");
    mt::Permissions many;
    for (int i = 0; i < 20; ++i) {
      many = std::move(many).with_topic(
          mt::TopicPermissions::publish_only().with_cache("chat").with_topic("room-" + std::to_string(i)));
    }
    add(other, many, {});
  }
  void add(const mt::Issuer& from, mt::Permissions scope, std::optional<std::string> token_id) {
    auto made =
        fuzz::must(mt::generate_disposable_token(from, 1h, std::move(scope), std::move(token_id)), "it is issued");
    fuzz::law(verifier.verify(made.api_key).has_value(), "what was issued verifies");
    tokens.push_back(std::move(made.api_key));
  }
  [[nodiscard]] bool is_valid(std::string_view text) const {
    return std::find(tokens.begin(), tokens.end(), text) != tokens.end();
  }
};

const World& world() {
  static const World it;
  return it;
}

void check_unsigned(std::string_view text) {
  const bool valid = world().is_valid(text);
  fuzz::law(world().verifier.verify(text).has_value() == valid, "only what an issuer wrote verifies");
  fuzz::law(world().verifier.verify_jwt(text).has_value() == valid, "only what an issuer wrote verifies as a JWT");
  fuzz::law(world().verifier.verify_jws(text).has_value() == valid, "only what an issuer wrote verifies as a JWS");
}

// Letters replaced, put in, taken out, moved; bits turned, as the input says.
std::string edited(std::string text, fuzz::Input& input) {
  while (!input.empty() && !text.empty()) {
    const std::uint8_t how = input.byte();
    const std::size_t at = input.below(text.size());
    switch (how % 6) {
      case 0: text[at] = static_cast<char>(input.byte()); break;
      case 1: text.insert(at, 1, static_cast<char>(input.byte())); break;
      case 2: text.erase(at, 1 + input.byte()); break;
      case 3: text[at] = static_cast<char>(text[at] ^ 1 << how % 7); break;
      case 4: std::swap(text[at], text[input.below(text.size())]); break;
      default: text.insert(at, text.substr(input.below(text.size()), input.byte())); break;
    }
  }
  return text;
}

std::string signed_token(const mt::KeyPair& key, std::string_view header, std::string_view claims) {
  std::string text = mt::base64url_encode(mt::as_bytes(header)) + "." + mt::base64url_encode(mt::as_bytes(claims));
  std::array<std::byte, mt::max_signature_bytes> signature;
  const std::size_t size = fuzz::must(key.signer()->sign(mt::as_bytes(text), signature), "a key signs anything");
  return text + "." + mt::base64url_encode({signature.data(), size});
}

// ---- public keys ----

mt::KeyPair key_of(std::string_view jwk) {
  return fuzz::must(mt::key_pair_from_jwk(mt::SecretBytes::copy_of(jwk)), "a key is read");
}

// RFC 8037 §A.1 and RFC 7517 §A.2, the verifier of both, a token of each, and the public x as somebody's HMAC key.
struct PublicWorld {
  mt::KeyPair ed =
      key_of(R"({"kty":"OKP","crv":"Ed25519","kid":"ed","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",)"
             R"("d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"})");
  mt::KeyPair ec = key_of(R"({"kty":"EC","crv":"P-256","kid":"ec","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",)"
                          R"("y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",)"
                          R"("d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"})");
  mt::KeyPair confused =
      hmac_key(mt::as_text(fuzz::must(mt::base64url_decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"), "x")), "ed");
  mt::Verifier verifier =
      fuzz::must(mt::Verifier::create({.keys = {ed.verification_key(), ec.verification_key()}, .clock = world().clock}),
                 "a verifier is made");
  std::string ed_token = token_of(ed), ec_token = token_of(ec);

  static std::string token_of(const mt::KeyPair& key) {
    const auto issuer =
        fuzz::must(mt::Issuer::create({.signer = key.signer(), .clock = world().clock}), "an issuer is made");
    return fuzz::must(mt::generate_disposable_token(issuer, 1h, mt::scopes::function_invoke("fo", "od")),
                      "it is issued")
        .api_key;
  }
};

const PublicWorld& public_world() {
  static const PublicWorld it;
  return it;
}

std::string_view signed_part(std::string_view text) { return text.substr(0, text.rfind('.')); }

void check_edited_public(fuzz::Input& input) {
  const PublicWorld& keys = public_world();
  const bool is_ec = input.byte() % 2 != 0;
  const std::string& token = is_ec ? keys.ec_token : keys.ed_token;
  const std::string text = edited(token, input);
  // Of an ECDSA signature (r, s) anybody can make (r, n - s): RFC 7515 §3.4 leaves no way to tell them apart.
  const bool valid = text == token;
  const bool verifies = keys.verifier.verify(text).has_value();
  if (valid) fuzz::law(verifies, "what was issued verifies");
  if (verifies) fuzz::law(valid || (is_ec && signed_part(text) == signed_part(token)), "and nothing else does");
}

void check_confused(std::string_view header, std::string_view claims) {
  const std::string text = signed_token(public_world().confused, header, claims);
  fuzz::law(!public_world().verifier.verify_jws(text), "a public key is nobody's secret, whatever the header says");
}

// ---- any header and claims, rightly signed ----

// What the statement names, and a neighbour of it.
void check_decisions(const mt::VerifiedToken& token, const mt::Permissions& permissions) {
  for (const mt::Permission& permission : permissions.items()) {
    const mt::detail::StatementView s = mt::detail::view_of(permission);
    const std::string longer = std::string(s.resource.text) + "0";
    const std::string_view caches[] = {s.cache.text, "fo"};
    const std::optional<std::string_view> resources[] = {std::nullopt, s.resource.text, longer, ""};
    for (const std::string_view cache : caches) {
      for (const auto& resource : resources) {
        for (const mt::Action& action : {mt::cache_read(cache, resource), mt::cache_conditional_write(cache, resource),
                                         mt::topic_publish(cache, resource), mt::function_invoke(cache, resource)}) {
          fuzz::law(mt::allows(token, action, *world().clock) == mt::allows(permissions, action),
                    "a token allows what its permissions allow");
        }
      }
    }
  }
}

mt::Permissions granting_part(const mt::Permissions& permissions) {
  mt::Permissions part;
  for (const mt::Permission& permission : permissions.items()) {
    if (mt::detail::operations_of(mt::detail::view_of(permission)) != 0) part = std::move(part).with(permission);
  }
  return part;
}

// By nlohmann: the claims have an aud, be it empty.
bool names_audience(std::string_view claims) {
  const auto members = fuzz::json_members(claims);
  return members && std::any_of(members->begin(), members->end(), [](const auto& m) { return m.first == "aud"; });
}

void check_verified(const mt::VerifiedToken& token, std::string_view text) {
  const auto seen = fuzz::must(mt::decode_unverified(text), "what verifies can be read");
  const mt::Permissions permissions = token.permissions();
  fuzz::law(fuzz::must(seen.claimed_permissions(), "what verifies has permissions") == permissions,
            "the permissions are those of p");
  fuzz::law(token.statement_count() == permissions.size() && permissions.size() <= 20, "at most 20 statements");
  fuzz::law(token.expires_at() == seen.claims().expires_at, "expires_at is exp");
  fuzz::law(token.issued_at() == seen.claims().issued_at, "issued_at is iat");
  fuzz::law(token.token_metadata() == seen.claims().token_id && token.jti() == seen.claims().jti, "tid and jti");
  fuzz::law(token.expires_at() + leeway > new_year_2030, "an expired token is refused");
  fuzz::law(!seen.claims().not_before || *seen.claims().not_before - leeway <= new_year_2030, "nbf is kept");
  fuzz::law(!names_audience(seen.payload()), "a token for another audience is refused");
  const mt::Permissions granting = granting_part(permissions);
  if (!granting.empty()) fuzz::law(world().issuer.prepare(granting).has_value(), "a token grants what can be issued");
  check_decisions(token, permissions);
  const mt::VerifiedToken copy = token;
  fuzz::law(copy.permissions() == permissions && copy.jti() == token.jti(), "a copy says the same");
}

// A rightly signed token, by what it says. Whom it is for matters to verify() only.
bool is_good_now(std::string_view text) {
  const auto seen = mt::decode_unverified(text);
  if (!seen || seen->alg() != "HS256" || seen->kid() != "first") return false;
  const mt::Claims& claims = seen->claims();
  const auto has_come = [](const auto& date) { return !date || *date - leeway <= new_year_2030; };
  return claims.expires_at && *claims.expires_at + leeway > new_year_2030 && has_come(claims.not_before) &&
         has_come(claims.issued_at);
}

void check_signed(std::string_view header, std::string_view claims, std::size_t where) {
  std::string text = signed_token(world().first, header, claims);
  const auto jws = world().verifier.verify_jws(text);
  const auto jwt = world().verifier.verify_jwt(text);
  const auto token = world().verifier.verify(text);
  if (jws) fuzz::law(mt::as_text(*jws) == claims, "the payload is what was signed");
  if (jwt) fuzz::law(jws.has_value() && jwt->payload == claims, "a JWT that verifies is a JWS that verifies");
  if (token) fuzz::law(jwt.has_value(), "a token that verifies is a JWT that verifies");
  fuzz::law(jwt.has_value() == is_good_now(text), "a JWT is taken exactly when what it says is good now");
  if (token) check_verified(*token, text);
  char& letter = text[where % text.size()];
  letter = letter == 'A' ? 'B' : 'A';
  check_unsigned(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  switch (input.byte() % 6) {
    case 0: check_unsigned(edited(world().tokens[input.below(world().tokens.size())], input)); break;
    case 1: check_unsigned(input.rest()); break;
    case 2: check_signed(R"({"alg":"HS256","typ":"JWT","kid":"first"})", input.rest(), size); break;
    case 3: check_edited_public(input); break;
    case 4: {
      const std::string_view header = input.until('\n');
      check_confused(header, input.rest());
      break;
    }
    default: {
      const std::size_t where = input.below(4096);
      const std::string_view header = input.until('\n');
      check_signed(header, input.rest(), where);
      break;
    }
  }
  return 0;
}
