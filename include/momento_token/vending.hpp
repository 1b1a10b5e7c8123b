#pragma once
// The vending kit: what hands out tokens over HTTP, without a socket of its own. Any server embeds it.
//
//   using namespace momento_token;
//   const auto machine = vending::VendingMachine::create({
//       .issuer = {.signer = key.signer(), .endpoint = "cell.example.com"},
//       .auth = vending::bootstrap_auth({.credential = std::move(secret)}).value(),
//       .policy = vending::policy_from_json(R"({"valid_for":"15m","scope":{"permissions":[
//           {"role":"publishonly","cache":"chat","topic":"room-7"}]}})").value()}).value();
//   const vending::Response answer = machine.handle(
//       {.method = "POST", .target = "/vend", .headers = {…}, .body = "{}"});
//
// Who asks: caller_auth.hpp, password_auth.hpp. What they get: policy.hpp, ceiling.hpp. How often: rate_limiter.hpp.
// Where keys come from: key_source.hpp. Which pages: cors.hpp. What the operator sees: hooks.hpp. Lambda's events:
// event.hpp.

#include "momento_token/vending/caller_auth.hpp"
#include "momento_token/vending/ceiling.hpp"
#include "momento_token/vending/cors.hpp"
#include "momento_token/vending/event.hpp"
#include "momento_token/vending/hooks.hpp"
#include "momento_token/vending/key_source.hpp"
#include "momento_token/vending/password_auth.hpp"
#include "momento_token/vending/policy.hpp"
#include "momento_token/vending/rate_limiter.hpp"
#include "momento_token/vending/request.hpp"
#include "momento_token/vending/response.hpp"
#include "momento_token/vending/vending_machine.hpp"
