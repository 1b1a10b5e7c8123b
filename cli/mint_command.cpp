// mint: a token from a key, a scope and a lifetime.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "batch.hpp"
#include "commands.hpp"
#include "json_text.hpp"
#include "key_file.hpp"
#include "momento_token/credential.hpp"
#include "momento_token/issuer.hpp"
#include "options.hpp"
#include "output.hpp"
#include "scope_argument.hpp"

namespace cli {

namespace {

struct MintOptions {
  std::string key, alg, valid_for, endpoint, issuer, shape = "functions";
  std::optional<std::string> scope, token_id;
  std::vector<std::string> audience;
  std::optional<std::int64_t> now;
  bool narrower = false, batch = false, json = false;
};

ScopeReading reading(const MintOptions& options) {
  return {.ambiguous = options.narrower ? mt::AmbiguousSelectors::narrower : mt::AmbiguousSelectors::refuse,
          .missing_item = mt::MissingItem::all_items};
}

mt::Issuer make_issuer(const MintOptions& options, std::shared_ptr<const mt::Clock> clock) {
  mt::IssuerOptions made{.signer = read_key_pair(options.key, options.alg).signer()};
  made.endpoint = options.endpoint;
  made.issuer = options.issuer;
  made.audience = options.audience;
  made.clock = std::move(clock);
  return usable(mt::Issuer::create(std::move(made)), "mint");
}

mt::ResponseShape shape_of(std::string_view name) {
  if (name == "node") return mt::ResponseShape::node;
  if (name == "rust") return mt::ResponseShape::rust;
  if (name == "envelope") return mt::ResponseShape::envelope;
  return name == "jwt" ? mt::ResponseShape::jwt : mt::ResponseShape::functions;
}

bool needs_endpoint(std::string_view shape) { return shape == "node" || shape == "rust" || shape == "envelope"; }

int mint(const MintOptions& options) {
  if (options.valid_for.empty()) throw UsageError("--valid-for is required, such as --valid-for 1h");
  if (needs_endpoint(options.shape) && options.endpoint.empty()) {
    throw UsageError("--shape " + options.shape + " needs --endpoint, the host that the token is for");
  }
  const mt::Lifetime valid_for = parse_lifetime(options.valid_for);
  const mt::Issuer issuer = make_issuer(options, usable(clock_at(options.now), "--now"));
  const mt::Permissions scope = read_scope(options.scope ? &*options.scope : nullptr, reading(options));
  const auto token = accepted(
      issuer.generate_disposable_token({.permissions = scope, .valid_for = valid_for, .token_id = options.token_id}));
  const std::string body = usable(mt::response_body(token, shape_of(options.shape)), "mint");
  const bool is_text = options.shape == "envelope" || options.shape == "jwt";
  print_line(options.json && is_text ? JsonObject().text("token", body).str() : ascii_json(body));
  return done;
}

/// The time of the line that is being answered.
class LineClock final : public mt::Clock {
 public:
  void set(std::shared_ptr<const mt::Clock> clock) { clock_ = std::move(clock); }
  [[nodiscard]] std::chrono::sys_seconds now() const override { return clock_->now(); }

 private:
  std::shared_ptr<const mt::Clock> clock_ = mt::system_clock();
};

mt::Result<std::string> token_for(const mt::Issuer& issuer, LineClock& clock, const MintOptions& options,
                                  const BatchLine& line) {
  const auto scope_text = line.value("scope");
  if (!scope_text) return scope_text.error();
  const auto scope = scope_from_text(*scope_text, ScopeFormat::functions, reading(options));
  if (!scope) return scope.error();
  const auto valid_for = line.integer("valid_for_seconds");
  if (!valid_for) return valid_for.error();
  const auto token_id = line.optional_text("token_id");
  if (!token_id) return token_id.error();
  const auto now = line.optional_integer("now");
  if (!now) return now.error();
  auto line_clock = clock_at(*now ? *now : options.now);
  if (!line_clock) return line_clock.error();

  clock.set(*line_clock);
  auto token = issuer.generate_disposable_token(
      {.permissions = *scope, .valid_for = std::chrono::duration<std::int64_t>(*valid_for), .token_id = *token_id});
  if (!token) return token.error();
  return std::move(token->api_key);
}

int mint_batch(const MintOptions& options) {
  if (options.scope || options.token_id || !options.valid_for.empty()) {
    throw UsageError("with --batch each line brings its own scope, valid_for_seconds and token_id");
  }
  const auto clock = std::make_shared<LineClock>();
  const mt::Issuer issuer = make_issuer(options, clock);
  return run_batch({.members = {"scope", "valid_for_seconds", "token_id", "now"},
                    .answer = [&](const BatchLine& line, JsonObject& answer) -> mt::Result<void> {
                      const auto token = token_for(issuer, *clock, options, line);
                      if (!token) return token.error();
                      answer.text("token", *token);
                      return {};
                    }});
}

void add_texts(CLI::App& command, MintOptions& options) {
  not_empty(command.add_option("--key", options.key, "The signing key: private or symmetric JWK, or PKCS#8 PEM"))
      ->required()
      ->type_name("FILE");
  not_empty(command.add_option("--alg", options.alg, "The algorithm of a key that does not say it, such as RS256"))
      ->type_name("ALG");
  add_text(command, "--scope", options.scope, "What the token allows; default: read from standard input")
      ->type_name("FILE|JSON|NAME");
  not_empty(command.add_option("--valid-for", options.valid_for, "How long, with a unit: 90s, 15m, 1h; at most 25h"))
      ->type_name("TIME");
  add_text(command, "--token-id", options.token_id, "Signed into the token, such as a user's id")->type_name("TEXT");
  not_empty(command.add_option("--issuer", options.issuer, "`iss`"))->type_name("TEXT");
  not_empty(command.add_option("--audience", options.audience, "`aud`; may be given more than once"))
      ->type_name("TEXT")
      ->allow_extra_args(false);
}

void add_options(CLI::App& command, MintOptions& options) {
  add_texts(command, options);
  auto* endpoint = command.add_option("--endpoint", options.endpoint, "The host the token is for; no scheme");
  endpoint->type_name("HOST");
  add_now(command, options.now);
  auto* shape = command
                    .add_option("--shape", options.shape,
                                "functions {api_key,endpoint,valid_until}, node {authToken,expiresAt}, rust\n"
                                "{auth_token,expires_at}, envelope (the SDK wrapper) or jwt (the bare token); node,\n"
                                "rust and envelope need --endpoint")
                    ->check(CLI::IsMember({"functions", "node", "rust", "envelope", "jwt"}))
                    ->type_name("SHAPE")
                    ->capture_default_str();
  command.add_flag("--narrower", options.narrower, "Read JSON that names both all and one as the one");
  add_json(command, options.json);
  add_batch(command, options.batch,
            "Lines {id,scope,valid_for_seconds,token_id?,now?} in, {id,token} or {id,error} out; exit code 0")
      ->excludes(endpoint)
      ->excludes(shape);
}

}  // namespace

void add_mint(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("mint", "Sign a token for a scope and a lifetime");
  const auto options = std::make_shared<MintOptions>();
  add_options(*command, *options);
  add_example(*command,
              "momento-token mint --key key.json --scope 'topic_publish_only(chat,room-7)' --valid-for 15m\n\n" +
                  scope_names_help());
  command->callback([options, &exit_code] { exit_code = options->batch ? mint_batch(*options) : mint(*options); });
}

}  // namespace cli
