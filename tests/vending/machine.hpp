#pragma once
// A vending machine for tests, its key, and tokens that it vended, read back by the library's own verifier.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "momento_token/issuer.hpp"
#include "momento_token/keys.hpp"
#include "momento_token/scopes.hpp"
#include "momento_token/vending.hpp"
#include "momento_token/verifier.hpp"
#include "support.hpp"

namespace test {

using namespace std::chrono_literals;
namespace mt = momento_token;
namespace vending = momento_token::vending;

inline constexpr std::string_view bootstrap_secret = "bootstrap-credential-0123456789";

inline mt::KeyPair machine_key() {
  return mt::KeyPair::from_secret("HS256", mt::SecretBytes::copy_of(counting_bytes(32)), "machine").value();
}

/// Lets everybody in as this identity.
inline std::shared_ptr<const vending::CallerAuth> everybody_is(vending::Identity identity) {
  return vending::callback_auth([identity](const vending::Request&) { return identity; }).value();
}
inline std::shared_ptr<const vending::CallerAuth> bootstrap() {
  return vending::bootstrap_auth({.credential = mt::SecretBytes::copy_of(bootstrap_secret)}).value();
}
inline std::shared_ptr<const vending::VendingPolicy> policy_of(const mt::Permissions& scope,
                                                               mt::Lifetime valid_for = 15min) {
  return vending::policy_from_rules({.scope = scope, .valid_for = valid_for}).value();
}

/// Vends "publish to room-7 of chat" for 15 minutes to whoever has the bootstrap credential, unless told otherwise.
inline vending::VendingOptions machine_options(std::shared_ptr<const mt::Clock> clock = clock_at()) {
  return {.issuer = {.signer = machine_key().signer(), .endpoint = "cell.example.com", .clock = std::move(clock)},
          .auth = bootstrap(),
          .policy = policy_of(mt::scopes::topic_publish_only("chat", "room-7"))};
}
inline vending::VendingMachine machine_of(vending::VendingOptions options) {
  return vending::VendingMachine::create(std::move(options)).value();
}

/// A POST with the bootstrap credential.
inline vending::Request post(std::string_view body = {}, std::vector<vending::Header> headers = {}) {
  headers.push_back({"Authorization", bootstrap_secret});
  return {.method = "POST", .target = "/vend", .headers = std::move(headers), .body = body, .peer = "192.0.2.1"};
}

/// The text between `"name":"` and the next quote; empty when it is not there.
inline std::string text_member(std::string_view json, std::string_view name) {
  const std::string start = "\"" + std::string(name) + "\":\"";
  const auto at = json.find(start);
  if (at == json.npos) return {};
  const auto first = at + start.size();
  return std::string(json.substr(first, json.find('"', first) - first));
}
inline std::string code_of(const vending::Response& response) { return text_member(response.body, "code"); }
/// "200", or "401 invalid_token".
inline std::string answer_of(const vending::Response& response) {
  const std::string code = code_of(response);
  return std::to_string(response.status) + (code.empty() ? "" : " " + code);
}

inline std::string field_of(const vending::Response& response, std::string_view name) {
  return std::string(response.header(name));
}

/// A vended token (shape functions), verified.
inline mt::Result<mt::VerifiedToken> vended(const vending::Response& response,
                                            std::shared_ptr<const mt::Clock> clock = clock_at()) {
  const auto verifier =
      mt::Verifier::create({.keys = {machine_key().verification_key()}, .clock = std::move(clock)}).value();
  return verifier.verify(text_member(response.body, "api_key"));
}
/// The token_id of what was vended, or the error.
inline std::string tid_of(const vending::Response& response) {
  const auto token = vended(response);
  return token ? std::string(token->token_metadata().value_or("none")) : answer_of(response);
}
/// The kid in the header of what was vended.
inline std::string kid_of(const vending::Response& response) {
  const auto token = mt::decode_unverified(text_member(response.body, "api_key")).value();
  return token.kid();
}
inline mt::Permissions vended_scope(const vending::Response& response) {
  return vended(response).value().permissions();
}

}  // namespace test
