// What gdb_test.py looks at: one value of each kind that a printer knows, and in words[] what to_string() says of some.

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "momento_token/client.hpp"
#include "momento_token/momento_token.hpp"
#include "momento_token/vending.hpp"

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

// Bytes of the user's own, which no printer can know: no local, or `info locals` would show the tokens in it.
std::vector<char> room;

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
                       &user};
  stop_here(all);
}
