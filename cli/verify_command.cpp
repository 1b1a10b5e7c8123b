// verify: is this token good?

#include <memory>
#include <optional>
#include <string>

#include "batch.hpp"
#include "commands.hpp"
#include "input.hpp"
#include "json_text.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/permissions_json.hpp"
#include "momento_token/verifier.hpp"
#include "options.hpp"
#include "output.hpp"

namespace cli {

namespace {

struct VerifyOptions {
  VerifyingOptions keys;
  std::optional<std::int64_t> now, leeway;
  std::string profile = "token";
  std::optional<std::string> token;
  bool batch = false, json = false;
};

mt::Result<mt::Verifier> make_verifier(mt::VerifierOptions options, std::optional<std::int64_t> now,
                                       std::optional<std::int64_t> leeway) {
  const auto clock = clock_at(now);
  if (!clock) return clock.error();
  options.clock = *clock;
  options.leeway = std::chrono::seconds(leeway.value_or(0));
  return mt::Verifier::create(std::move(options));
}

std::string json_of(const mt::VerifiedToken& token) {
  JsonObject out;
  out.boolean("valid", true).text("profile", "token");
  out.integer("expires_at", token.expires_at().time_since_epoch().count());
  if (const auto at = token.issued_at()) out.integer("issued_at", at->time_since_epoch().count());
  if (const auto jti = token.jti()) out.text("jti", *jti);
  if (const auto id = token.token_metadata()) out.text("token_id", *id);
  const auto scope = mt::to_functions_json(token.permissions());
  if (scope) out.json("scope", *scope);
  return out.str();
}

void print_words_of(const mt::VerifiedToken& token) {
  print_line("valid");
  print_line("expires      " + utc(token.expires_at()));
  if (const auto id = token.token_metadata()) print_line("token_id     " + in_quotes(*id));
  const mt::Permissions permissions = token.permissions();
  if (permissions.empty()) print_line("permission   none");
  for (const mt::Permission& permission : permissions.items()) print_line("permission   " + to_string(permission));
}

void verify_token(const mt::Verifier& verifier, std::string_view text, bool json) {
  const auto token = accepted(verifier.verify(text));
  if (json) {
    print_line(json_of(token));
  } else {
    print_words_of(token);
  }
}

void verify_jwt(const mt::Verifier& verifier, std::string_view text, bool json) {
  const auto token = accepted(verifier.verify_jwt(text));
  if (json) {
    print_line(JsonObject().boolean("valid", true).text("profile", "jwt").json("claims", token.payload).str());
  } else {
    print_line("valid: signature, header and registered claims; permissions were not looked at");
    if (token.claims.expires_at) print_line("expires      " + utc(*token.claims.expires_at));
  }
}

void verify_jws(const mt::Verifier& verifier, std::string_view text, bool json) {
  const mt::Bytes payload = accepted(verifier.verify_jws(text));
  if (json) {
    const std::string encoded = mt::base64_encode(payload);
    print_line(JsonObject().boolean("valid", true).text("profile", "jws").text("payload_b64", encoded).str());
  } else {
    print_line("valid: the signature; times and claims were not looked at");
  }
}

int verify(const VerifyOptions& options) {
  if (options.profile == "jws" && options.keys.has_expectations()) {
    throw UsageError("--profile jws looks at no claim: leave out --issuer and --audience");
  }
  const auto verifier =
      usable(make_verifier(options.keys.with_keys(options.keys.keys()), options.now, options.leeway), "verify");
  const std::string token = argument_or_input(options.token ? &*options.token : nullptr, "a token", max_token_bytes);
  if (options.profile == "jwt") {
    verify_jwt(verifier, token, options.json);
  } else if (options.profile == "jws") {
    verify_jws(verifier, token, options.json);
  } else {
    verify_token(verifier, token, options.json);
  }
  return done;
}

template <class T>
mt::Result<void> without_value(const mt::Result<T>& result) {
  if (!result) return result.error();
  return {};
}

mt::Result<void> verify_in_mode(const mt::Verifier& verifier, std::string_view mode, std::string_view token) {
  if (mode == "scope") return without_value(verifier.verify(token));
  if (mode == "jwt") return without_value(verifier.verify_jwt(token));
  if (mode == "jws") return without_value(verifier.verify_jws(token));
  return mt::Error{mt::Errc::invalid_argument, "mode", "must be scope, jwt or jws"};
}

mt::Result<void> verify_line(const VerifyOptions& options, const BatchLine& line) {
  const auto mode = line.text("mode");
  if (!mode) return mode.error();
  const auto token = line.text("token");
  if (!token) return token.error();
  const auto now = line.optional_integer("now");
  if (!now) return now.error();
  const auto leeway = line.optional_integer("leeway");
  if (!leeway) return leeway.error();
  // A view into the line, which is wiped: the keys are copied nowhere else.
  const auto jwks = line.value("jwks");
  if (!jwks) return jwks.error();
  auto keys = mt::verification_keys_from_jwks(*jwks);
  if (!keys) return keys.error();
  const auto verifier = make_verifier(options.keys.with_keys(std::move(keys).value()), *now ? *now : options.now,
                                      *leeway ? *leeway : options.leeway);
  if (!verifier) return verifier.error();
  return verify_in_mode(*verifier, *mode, *token);
}

int verify_batch(const VerifyOptions& options) {
  if (options.keys.has_keys() || options.token) {
    throw UsageError("with --batch each line brings its own jwks and token: leave out --jwks, --key and TOKEN");
  }
  return run_batch(
      {.members = {"jwks", "token", "mode", "now", "leeway"},
       .answer = [&](const BatchLine& line, JsonObject& answer) -> mt::Result<void> {
         const auto verified = verify_line(options, line);
         if (!verified) return verified.error();
         answer.boolean("valid", true).json("error", "null");
         return {};
       },
       .refuse = [](const mt::Error& error,
                    JsonObject& answer) { answer.boolean("valid", false).text("error", mt::to_string(error.code)); }});
}

}  // namespace

void add_verify(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("verify", "Check a token's signature, times and permissions");
  const auto options = std::make_shared<VerifyOptions>();
  options->keys.add_to(*command);
  add_now(*command, options->now);
  add_integer(*command, "--leeway", options->leeway, 0, 600, "Clock drift to forgive, in seconds, 0 to 600; default 0")
      ->type_name("SECONDS");
  auto* profile =
      command
          ->add_option("--profile", options->profile,
                       "token: everything; jwt: signature, header, registered claims; jws: the signature alone")
          ->check(CLI::IsMember({"token", "jwt", "jws"}))
          ->type_name("PROFILE")
          ->capture_default_str();
  add_text(*command, "TOKEN", options->token, "The token; default or -: standard input")->type_name("");
  add_json(*command, options->json);
  add_batch(*command, options->batch,
            "Lines {id,jwks,token,mode:scope|jwt|jws,now?,leeway?} in, {id,valid,error} out; exit code 0")
      ->excludes(profile);
  add_example(*command, "momento-token verify --jwks jwks.json < token.txt");
  command->callback([options, &exit_code] { exit_code = options->batch ? verify_batch(*options) : verify(*options); });
}

}  // namespace cli
