// What gdb_test.py looks at: one value of each kind that a printer knows, and in words[] what to_string() says of some; then
// what the library itself works with.

#include <algorithm>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "momento_token/client.hpp"
#include "momento_token/momento_token.hpp"
#include "momento_token/vending.hpp"

// After the headers that the header-only library reaches them by.
#include "momento_token/detail/asymmetric_key.hpp"
#include "momento_token/detail/claims_reader.hpp"
#include "momento_token/detail/jwk_generating.hpp"
#include "momento_token/detail/jwk_reader.hpp"
#include "momento_token/detail/minting.hpp"
#include "momento_token/detail/password_decisions.hpp"
#include "momento_token/detail/password_hash.hpp"
#include "momento_token/detail/pkcs8.hpp"
#include "momento_token/detail/token_reading.hpp"
#include "momento_token/detail/verified_cache.hpp"

namespace mt = momento_token;

// A signer of the user's own, of which a debugger knows the class alone.
class KmsSigner final : public mt::Signer {
 public:
  [[nodiscard]] std::string_view alg() const noexcept override { return "ES256"; }
  [[nodiscard]] std::string_view kid() const noexcept override { return "kms"; }
  [[nodiscard]] mt::Result<std::size_t> sign(mt::ByteView, std::span<std::byte>) const override {
    return std::size_t{64};
  }
};

// 2030-01-01T00:00:00Z, for ever.
class AlwaysNow final : public mt::Clock {
 public:
  [[nodiscard]] std::chrono::sys_seconds now() const override {
    return std::chrono::sys_seconds(std::chrono::seconds(1893456000));
  }
};

extern "C" __attribute__((noinline)) void stop_here(const void* nothing) {
  asm volatile("" : : "r"(nothing) : "memory");
}

// Bytes and text of the user's own, which no printer can know: no locals, or `info locals` would show what is in them.
std::vector<char> room;
std::string basic = "Basic " + mt::base64_encode(mt::as_bytes("a-user:the-secret-of-a-user"));
std::string plain = "the-secret-of-a-user, which is long enough to fill whatever there is to be filled";
std::string jwk_text = R"({"kty":"oct","k":"the-secret-of-a-user"})";
std::string payload = R"({"ver":1,"p":"the-secret-of-a-user","exp":1893460000,"tid":"a-user"})";

template <class Bytes>
void fill_with_secret(Bytes& bytes) {
  const auto secret = mt::as_bytes(plain);
  std::copy_n(secret.begin(), std::min(bytes.size(), secret.size()), bytes.begin());
}

// What lies in the library's own frames and on its heap.
void look_inside(const mt::DisposableToken& token, const mt::DisposableTokenRequest& request) {
  namespace detail = mt::detail;
  auto jwk_bytes = mt::SecretBytes::copy_of(jwk_text);
  detail::Jwk jwk;
  (void)detail::read_jwk_text(jwk_bytes, jwk).value();
  detail::SecretText jwk_writer;
  jwk_writer.put(plain);
  const detail::DerReader der(mt::as_bytes(plain));
  const detail::Pkcs8 pkcs8{.object = {}, .key = mt::as_bytes(plain), .public_half = {}};
  const detail::EcPrivateKey ec_key{.d = mt::as_bytes(plain), .curve = {}, .point = {}};
  const detail::PaddedKey padded(mt::as_bytes(plain), 64, 0);

  detail::JsonReader json(payload.data(), payload.size());
  const detail::NameStack names(payload.data(), payload.size(), {});
  const detail::AudienceSink audience;
  const detail::StrictClaims strict(payload.data(), payload.size(), audience);
  detail::FixedOrderClaims fixed(payload.data(), payload.size());
  detail::ClaimsView claims;
  (void)fixed.read(claims, audience);
  const detail::ProtoReader proto(mt::as_bytes(plain));
  const detail::StatementCollector collector(plain, 1);
  const detail::TokenAccess::Parts parts{
      .expires_at = {}, .refused_from = {}, .issued_at = {}, .p = {}, .statements = {}, .jti = {}, .tid = plain};
  detail::Compact compact;
  (void)detail::split_compact(token.api_key, compact);

  const mt::Limits limits;
  detail::Minting minting(limits, true, nullptr);
  (void)minting.take(request, token.issued_at);
  detail::ClaimsBuffer claims_buffer(plain.size());
  std::copy(plain.begin(), plain.end(), claims_buffer.data());
  detail::TokenString token_string;
  (void)token_string.begin(token.api_key, token.api_key.size(), token.api_key.size());
  std::copy(token.api_key.begin(), token.api_key.end(), room.begin());
  const detail::TokenSpan token_span(room);
  detail::RandomPool pool{};
  auto pool_bytes = std::span(pool.bytes);
  fill_with_secret(pool_bytes);

  detail::PasswordHash password_hash;
  fill_with_secret(password_hash.salt);
  fill_with_secret(password_hash.hash);
  detail::DecisionKey decision_key{};
  fill_with_secret(decision_key);
  detail::DecisionCache decisions;
  decisions.keep(decision_key, true, {});
  detail::ChecksUnderWay under_way;
  const detail::OnlyCheck only_check(under_way, decision_key);

  const auto verified_cache = detail::VerifiedCache::create(8);
  detail::SoughtToken sought;
  (void)verified_cache->seek(token.api_key, sought);
  fill_with_secret(sought.hash.bytes);

  const void* all[] = {
      &jwk,       &jwk_writer, &der,           &pkcs8,          &ec_key,     &padded,    &json,
      &names,     &strict,     &fixed,         &claims,         &proto,      &collector, &parts,
      &compact,   &minting,    &claims_buffer, &token_string,   &token_span, &pool,      &password_hash,
      &decisions, &under_way,  &only_check,    &verified_cache, &sought};
  stop_here(all);
}

std::shared_ptr<const mt::vending::PasswordAuth> password_auth() {
  using Function = mt::vending::PasswordHashing::Function;
  auto hash = mt::vending::hash_password(mt::SecretBytes::copy_of("the-secret-of-a-user"),
                                         {.function = Function::pbkdf2, .iterations = 100'000});
  return mt::vending::PasswordAuth::create({.users = {{"a-user", std::move(hash).value(), {"writers"}}}}).value();
}

int main() {
  using namespace std::chrono_literals;
  const mt::Permissions nothing;
  const mt::Permissions published = mt::scopes::function_invoke("fo", "od");
  const mt::Permissions many =
      mt::Permissions()
          .with_cache(mt::CachePermissions::read_only().with_cache("media").with_key_prefix(
              "/a long movie's prefix/\n\x01\xFF"))
          .with_cache(mt::CachePermissions::write_only().with_key("k\"\\"))
          .with_cache(mt::CachePermissions())
          .with_topic(mt::TopicPermissions::publish_subscribe().with_all_caches().with_topic("r\xC3\xBC\xE2\x80\xAE"))
          .with_function(mt::FunctionPermissions().with_role(mt::FunctionRole::permit_none).with_function_prefix("f"));
  const mt::Action read = mt::cache_read("media", "k\n");
  const mt::Action publish = mt::topic_publish("chat");
  const mt::Action invoke = mt::function_invoke("fo", "od");
  const mt::Error error{mt::Errc::invalid_argument, "valid_for", "must be at least 1 s"};
  const mt::Error short_error{mt::Errc::expired};

  const auto secret = mt::SecretBytes::copy_of("the-secret-of-32-bytes-or-a-bit-longer");
  const mt::KeyPair hmac = mt::KeyPair::from_secret("HS256", secret, "shared").value();
  mt::KeyPair ed25519 = mt::KeyPair::generate("EdDSA", "ed").value();
  const mt::KeyPair moved = std::move(ed25519);
  const KmsSigner kms;

  const auto clock = std::make_shared<AlwaysNow>();
  const mt::Issuer issuer =
      mt::Issuer::create({.signer = hmac.signer(), .endpoint = "cell.example.com", .clock = clock}).value();
  const mt::PreparedScope prepared = issuer.prepare(published).value();
  const mt::DisposableTokenRequest request{
      .permissions = published, .valid_for = 1h, .token_id = "a-user", .jti = "an-id"};
  const mt::PreparedTokenRequest prepared_request{.valid_for = 1h, .token_id = "a-user"};
  const mt::Result<mt::DisposableToken> minted = issuer.generate_disposable_token(request);
  const mt::DisposableToken token = *minted;
  const mt::Credential credential{token.api_key, token.endpoint};
  const mt::Verifier verifier = mt::Verifier::create({.keys = {hmac.verification_key()}, .clock = clock}).value();
  const mt::VerifiedToken verified = verifier.verify(token.api_key).value();
  const mt::VerifiedJwt jwt = verifier.verify_jwt(token.api_key).value();
  const mt::UnverifiedToken unverified = mt::decode_unverified(token.api_key).value();
  const mt::Claims claims = unverified.claims();
  const mt::Claims no_claims;
  const mt::DenyQuery query{"", "an-id", "a-user", clock->now()};
  room.resize(prepared.room_for(prepared_request).value());
  mt::BatchToken batch_token;
  (void)prepared.generate_batch(std::span(&prepared_request, 1), room, std::span(&batch_token, 1)).value();
  const mt::client::FetchedToken fetched{token.api_key, token.valid_until};
  const mt::vending::Header header{"authorization", "the-secret-of-a-user"};
  const mt::vending::Request vend{
      .method = "POST", .target = "/vend?name=a-user", .headers = {header}, .body = "the-secret-of-a-user"};
  const mt::vending::FieldLookup field = mt::vending::find_field(vend, "Authorization");
  const mt::vending::EventRequest event =
      mt::vending::EventRequest::read(
          R"({"version":"2.0","rawPath":"/vend","rawQueryString":"name=a-user","headers":{"authorization":"the-secret-of-a-user"},
          "requestContext":{"http":{"method":"POST","sourceIp":"::1"}},"isBase64Encoded":false})")
          .value();
  const mt::vending::Response answer{200, {{"cache-control", "no-store"}}, token.api_key};
  const mt::vending::Claim email{"email", "a-user@example.com"};
  const mt::vending::Identity identity{.name = "a-user", .claims = {email}, .groups = {"writers"}};
  const mt::vending::VendingGrant grant{.permissions = published, .valid_for = 1h, .token_id = "a-user"};
  const mt::vending::PolicyRules rules{.scope = published, .valid_for = 1h, .token_id = "a-user"};
  const mt::vending::PasswordUser user{"a-user", "$scrypt$the-secret-of-a-user"};
  const auto policy = mt::vending::policy_from_rules(rules).value();
  const auto passwords = password_auth();
  const mt::Result<mt::DisposableToken> refused = error;
  const mt::Result<void> done;
  const mt::Result<void> failed = short_error;

  const std::string words[] = {to_string(nothing), to_string(published), to_string(many),  to_string(read),
                               to_string(publish), to_string(invoke),    to_string(error), to_string(short_error)};
  const void* all[] = {&nothing, &published,        &many,     &read,       &publish, &invoke,
                       &error,   &short_error,      &secret,   &hmac,       &moved,   &ed25519,
                       &kms,     &issuer,           &prepared, &credential, &token,   &minted,
                       &done,    &failed,           &verified, &unverified, &refused, words,
                       &request, &prepared_request, &verifier, &jwt,        &claims,  &no_claims,
                       &query,   &batch_token,      &fetched,  &header,     &vend,    &field,
                       &event,   &answer,           &email,    &identity,   &grant,   &rules,
                       &user,    &policy,           &passwords};
  stop_here(all);

  look_inside(token, request);
  const mt::vending::Header basic_header{"authorization", basic};
  (void)passwords->authenticate({.method = "POST", .target = "/vend", .headers = {basic_header}});
  (void)prepared.generate_batch(std::span(&prepared_request, 1), room, std::span(&batch_token, 1)).value();
}
