#pragma once

#include <openssl/crypto.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "momento_token/detail/hmac.hpp"
#include "momento_token/detail/option_checks.hpp"
#include "momento_token/detail/random_hmac.hpp"
#include "momento_token/detail/traces.hpp"
#include "momento_token/detail/vending_text.hpp"
#include "momento_token/token.hpp"
#include "momento_token/vending/caller_auth.hpp"
#include "momento_token/verifier.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

using vending::AuthFailure;
using vending::AuthOutcome;
using vending::Identity;
using vending::NotLetIn;

[[nodiscard]] inline AuthOutcome unauthenticated(StaticText detail) {
  return NotLetIn{.why = AuthFailure::unauthenticated, .detail = detail};
}

enum class BareCredential : std::uint8_t { refuse, take };

/// The credential of the one Authorization field; empty when there is none or several.
[[nodiscard]] MOMENTO_TOKEN_INLINE std::string_view credential_of(const vending::Request& request,
                                                                  BareCredential bare) noexcept {
  const vending::FieldLookup field = vending::find_field(request, "authorization");
  if (field.count != 1) return {};
  constexpr std::string_view scheme = "bearer ";
  if (equal_ignoring_case(field.value.substr(0, scheme.size()), scheme)) return field.value.substr(scheme.size());
  return bare == BareCredential::take ? field.value : std::string_view();
}

class OpenAuth final : public vending::CallerAuth {
 public:
  [[nodiscard]] AuthOutcome authenticate(const vending::Request&) const override { return Identity{}; }
  [[nodiscard]] std::vector<std::string> request_headers() const override { return {}; }
  [[nodiscard]] bool is_open() const noexcept override { return true; }
};

class CallbackAuth final : public vending::CallerAuth {
 public:
  CallbackAuth(std::function<AuthOutcome(const vending::Request&)> authenticate, std::vector<std::string> headers)
      : authenticate_(std::move(authenticate)), headers_(std::move(headers)) {}
  [[nodiscard]] AuthOutcome authenticate(const vending::Request& request) const override {
    return authenticate_(request);
  }
  [[nodiscard]] std::vector<std::string> request_headers() const override { return headers_; }

 private:
  std::function<AuthOutcome(const vending::Request&)> authenticate_;
  std::vector<std::string> headers_;
};

// ---- a fixed secret ----

inline constexpr std::size_t min_bootstrap_bytes = 16, max_bootstrap_bytes = 4096;

[[nodiscard]] MOMENTO_TOKEN_INLINE bool is_bootstrap_credential(std::string_view text) noexcept {
  return text.size() >= min_bootstrap_bytes && text.size() <= max_bootstrap_bytes &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

/// MACs under a key of its own are compared, so that neither length nor letters of the secret show in the time it
/// takes.
class BootstrapAuth final : public vending::CallerAuth {
 public:
  BootstrapAuth(vending::BootstrapOptions options, std::unique_ptr<const HmacState> hash)
      : options_(std::move(options)), hash_(std::move(hash)) {}

  [[nodiscard]] AuthOutcome authenticate(const vending::Request& request) const override {
    const std::string_view presented = credential_of(request, BareCredential::take);
    if (presented.empty() || presented.size() > max_bootstrap_bytes) return unauthenticated("there is no credential");
    const TraceGuard traces;
    const auto held = options_.source ? options_.source->current() : nullptr;
    const std::string_view secret = held ? held->expose_text() : options_.credential.expose_text();
    std::byte wanted[32], given[32];
    if (!is_bootstrap_credential(secret) || !hash_->mac(as_bytes(secret), wanted) ||
        !hash_->mac(as_bytes(presented), given)) {
      return NotLetIn{.why = AuthFailure::unavailable, .detail = "the bootstrap credential of the source is none"};
    }
    if (CRYPTO_memcmp(wanted, given, sizeof wanted) != 0) return unauthenticated("the credential is a wrong one");
    return Identity{.name = options_.name, .groups = options_.groups};
  }

 private:
  vending::BootstrapOptions options_;
  std::unique_ptr<const HmacState> hash_;
};

// ---- our own tokens ----

class TokenAuth final : public vending::CallerAuth {
 public:
  explicit TokenAuth(Verifier verifier) : verifier_(std::move(verifier)) {}

  [[nodiscard]] AuthOutcome authenticate(const vending::Request& request) const override {
    const std::string_view token = credential_of(request, BareCredential::take);
    if (token.empty()) return unauthenticated("there is no token");
    const auto verified = verifier_.verify(token);
    if (!verified) return refused(verified.error());
    if (!is_for_vending_alone(token)) return unauthenticated("the token is for others, too");
    Identity identity{.expires_at = verified->expires_at(), .issued_at = verified->issued_at()};
    if (const auto name = verified->token_metadata()) identity.name = *name;
    if (identity.name.empty()) identity.counted_as = verified->jti().value_or("");
    return identity;
  }

 private:
  [[nodiscard]] static AuthOutcome refused(const Error& error) {
    if (error.code == Errc::internal_error) {
      return NotLetIn{.why = AuthFailure::unavailable, .detail = "the deny-list could not answer"};
    }
    return NotLetIn{.why = AuthFailure::unauthenticated, .detail = error.message};
  }
  // The signature has been checked: what it claims is what was signed.
  [[nodiscard]] static bool is_for_vending_alone(std::string_view token) {
    const auto claims = decode_unverified(token);
    return claims && claims->claims().audience.size() == 1 && claims->claims().audience[0] == vending::vend_audience;
  }

  Verifier verifier_;
};

// ---- OpenID Connect ----

class OidcAuth final : public vending::CallerAuth {
 public:
  OidcAuth(Verifier verifier, vending::OidcOptions options)
      : verifier_(std::move(verifier)), options_(std::move(options)) {}

  [[nodiscard]] AuthOutcome authenticate(const vending::Request& request) const override {
    const std::string_view token = credential_of(request, BareCredential::refuse);
    if (token.empty()) return unauthenticated("there is no bearer token");
    const auto jwt = verifier_.verify_jwt(token);
    if (!jwt) return NotLetIn{.why = AuthFailure::unauthenticated, .detail = jwt.error().message};
    if (!is_plain_jwt(token)) return unauthenticated("the header's typ or alg is not an ID token's");
    // Strict JSON, as verify_jwt has seen.
    const auto claims = nlohmann::json::parse(jwt->payload, nullptr, false);
    if (!is_for_us(claims, jwt->claims)) return unauthenticated("azp or token_use is not what is wanted");
    // Required by OpenID Connect Core §2. Without it a deny-list could not tell old tokens from new ones.
    if (!jwt->claims.issued_at) return unauthenticated("the token does not say when it was issued");
    Identity identity{.expires_at = jwt->claims.expires_at, .issued_at = jwt->claims.issued_at};
    identity.name = text_claim(claims, options_.user_claim);
    if (identity.name.empty()) return unauthenticated("the user claim is missing, empty or no text");
    read_texts(claims, identity);
    if (!read_groups(claims, identity)) return unauthenticated("the groups claim is no array of texts");
    return identity;
  }

 private:
  using Json = nlohmann::json;

  [[nodiscard]] static std::string text_claim(const Json& claims, const std::string& name) {
    const auto found = claims.find(name);
    if (found == claims.end()) return {};
    const auto* text = found->get_ptr<const Json::string_t*>();
    return text != nullptr ? *text : std::string();
  }
  // RFC 9068's access tokens and the logout tokens of OpenID Connect say another typ; a shared secret is no provider's
  // key.
  [[nodiscard]] static bool is_plain_jwt(std::string_view token) {
    const auto decoded = decode_unverified(token);
    if (!decoded || decoded->alg().starts_with("HS")) return false;
    const auto header = Json::parse(decoded->header(), nullptr, false);
    return header.find("typ") == header.end() || equal_ignoring_case(text_claim(header, "typ"), "JWT");
  }
  // OpenID Connect Core §3.1.3.7, 3 to 5.
  [[nodiscard]] bool is_for_us(const Json& claims, const Claims& registered) const {
    if (!options_.token_use.empty() && text_claim(claims, "token_use") != options_.token_use) return false;
    if (claims.find("azp") == claims.end()) return registered.audience.size() == 1;
    const std::string party = text_claim(claims, "azp");
    return std::find(options_.audience.begin(), options_.audience.end(), party) != options_.audience.end();
  }
  static void read_texts(const Json& claims, Identity& identity) {
    const auto* members = claims.get_ptr<const Json::object_t*>();
    if (members == nullptr) return;
    for (const auto& [name, value] : *members) {
      if (const auto* text = value.get_ptr<const Json::string_t*>()) identity.claims.push_back({name, *text});
    }
  }
  [[nodiscard]] bool read_groups(const Json& claims, Identity& identity) const {
    if (options_.groups_claim.empty()) return true;
    const auto found = claims.find(options_.groups_claim);
    if (found == claims.end()) return true;
    const auto* groups = found->get_ptr<const Json::array_t*>();
    if (groups == nullptr) return false;
    for (const Json& group : *groups) {
      const auto* text = group.get_ptr<const Json::string_t*>();
      if (text == nullptr) return false;
      identity.groups.push_back(*text);
    }
    return true;
  }

  Verifier verifier_;
  vending::OidcOptions options_;
};

[[nodiscard]] MOMENTO_TOKEN_INLINE Result<void> check_oidc(const vending::OidcOptions& options) {
  if (options.issuer.empty()) return bad_option("issuer", "is empty; a token of anybody would do");
  if (options.audience.empty()) return bad_option("audience", "is empty; a token for anybody would do");
  if (options.user_claim.empty()) return bad_option("user_claim", "is empty");
  for (const auto& key : options.keys) {
    if (key != nullptr && key->alg().starts_with("HS")) {
      return bad_option("keys", "holds a symmetric key; a provider's keys are public");
    }
  }
  return {};
}

}  // namespace detail
namespace vending {

MOMENTO_TOKEN_INLINE std::shared_ptr<const CallerAuth> open_to_anyone() {
  return std::make_shared<const detail::OpenAuth>();
}

MOMENTO_TOKEN_INLINE Result<void> check_bootstrap_credential(const SecretBytes& credential) {
  if (detail::is_bootstrap_credential(credential.expose_text())) return {};
  return detail::bad_option("credential", "must be 16 to 4096 letters of visible ASCII, without spaces");
}

MOMENTO_TOKEN_INLINE Result<std::shared_ptr<const CallerAuth>> bootstrap_auth(BootstrapOptions options) {
  if (options.source != nullptr && !options.credential.empty()) {
    return detail::bad_option("credential", "is given beside a source; one of them decides");
  }
  const auto held = options.source ? options.source->current() : nullptr;
  if (const auto checked = check_bootstrap_credential(held ? *held : options.credential); !checked) {
    return checked.error();
  }
  if (options.name.empty()) return detail::bad_option("name", "is empty");
  auto hash = detail::random_hmac();
  if (hash == nullptr) return Error{Errc::internal_error, "credential", "the random source or libcrypto failed"};
  return std::make_shared<const detail::BootstrapAuth>(std::move(options), std::move(hash));
}

MOMENTO_TOKEN_INLINE Result<std::shared_ptr<const CallerAuth>> token_auth(TokenAuthOptions options) {
  auto verifier = Verifier::create({.keys = std::move(options.keys),
                                    .issuer = std::move(options.issuer),
                                    .audience = {std::string(vend_audience)},
                                    .leeway = options.leeway,
                                    .clock = std::move(options.clock),
                                    .key_ring = std::move(options.key_ring),
                                    .deny_list = std::move(options.deny_list)});
  if (!verifier) return verifier.error();
  return std::make_shared<const detail::TokenAuth>(std::move(verifier).value());
}

MOMENTO_TOKEN_INLINE OidcOptions OidcOptions::cognito(std::string_view region, std::string_view user_pool_id,
                                                      std::string client_id) {
  std::string issuer("https://cognito-idp.");
  issuer.append(region).append(".amazonaws.com/").append(user_pool_id);
  OidcOptions options{.issuer = std::move(issuer), .audience = {}};
  options.audience.push_back(std::move(client_id));
  options.groups_claim = "cognito:groups";
  options.token_use = "id";
  return options;
}

MOMENTO_TOKEN_INLINE Result<std::shared_ptr<const CallerAuth>> oidc_auth(OidcOptions options) {
  if (const auto checked = detail::check_oidc(options); !checked) return checked.error();
  auto verifier = Verifier::create({.keys = std::move(options.keys),
                                    .issuer = options.issuer,
                                    .audience = options.audience,
                                    .leeway = options.leeway,
                                    .clock = std::move(options.clock),
                                    .key_ring = std::move(options.key_ring)});
  if (!verifier) return verifier.error();
  return std::make_shared<const detail::OidcAuth>(std::move(verifier).value(), std::move(options));
}

MOMENTO_TOKEN_INLINE Result<std::shared_ptr<const CallerAuth>> callback_auth(
    std::function<AuthOutcome(const Request&)> authenticate, std::vector<std::string> request_headers) {
  if (!authenticate) return detail::bad_option("authenticate", "is empty");
  return std::make_shared<const detail::CallbackAuth>(std::move(authenticate), std::move(request_headers));
}

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE
