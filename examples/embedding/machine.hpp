#pragma once
// What the three servers beside this file have in common: the machine that they put a server around.

#include <string>
#include <string_view>
#include <utility>

#include "momento_token/momento_token.hpp"
#include "momento_token/vending.hpp"

// Who knows $VEND_CREDENTIAL may subscribe to all of the cache chat, and narrow that to one topic.
inline momento_token::vending::VendingMachine machine_of(const std::string& key_file) {
  using namespace momento_token;
  constexpr std::string_view policy = R"({"valid_for":"15m","scope":{"permissions":[
      {"role":"subscribeonly","cache":"chat","topic":"*"}]}})";
  const auto secret =
      vending::RefreshedSecret::create({.source = vending::environment_source("VEND_CREDENTIAL")}).value();
  vending::VendingOptions options;
  options.issuer.endpoint = "localhost";
  options.signing_key =
      vending::RefreshedSigningKey::create({.refresh = {.source = vending::file_source(key_file)}}).value();
  options.auth = vending::bootstrap_auth({.source = secret}).value();
  options.policy = vending::policy_from_json(policy).value();
  options.cors = vending::CorsPolicy::create({.origins = {"https://chat.example"}}).value();
  return vending::VendingMachine::create(std::move(options)).value();
}
