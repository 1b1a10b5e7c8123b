// can: does this scope, or this token, allow that?

#include <memory>
#include <optional>
#include <string>

#include "batch.hpp"
#include "commands.hpp"
#include "input.hpp"
#include "json_text.hpp"
#include "momento_token/authorizer.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/verifier.hpp"
#include "options.hpp"
#include "output.hpp"
#include "scope_argument.hpp"

namespace cli {

namespace {

struct CanOptions {
  VerifyingOptions keys;
  std::optional<std::string> scope, token;
  std::optional<std::int64_t> now;
  std::string action, cache;
  std::optional<std::string> resource;
  bool narrower = false, batch = false, json = false;
};

ScopeReading reading(const CanOptions& options) {
  return {.ambiguous = options.narrower ? mt::AmbiguousSelectors::narrower : mt::AmbiguousSelectors::refuse};
}

mt::Decision decide_by_token(const CanOptions& options, const mt::Action& action) {
  mt::VerifierOptions made = options.keys.with_keys(options.keys.keys());
  made.clock = usable(clock_at(options.now), "--now");
  const auto clock = made.clock;
  const auto verifier = usable(mt::Verifier::create(std::move(made)), "can");
  const std::string text = argument_or_input(options.token ? &*options.token : nullptr, "a token", max_token_bytes);
  return explain(accepted(verifier.verify(text)), action, *clock);
}

void check_usage(const CanOptions& options) {
  if (options.action.empty()) throw UsageError("an ACTION and a CACHE are needed, such as cache.read media");
  if (options.scope && options.keys.has_keys()) throw UsageError("--scope goes without --jwks and --key");
  if (options.scope && (options.keys.has_expectations() || options.now)) {
    throw UsageError("--scope is no token: it goes without --issuer, --audience and --now");
  }
  if (options.token && !options.keys.has_keys()) throw UsageError("--token needs --jwks or --key to verify it with");
  if (!options.scope && !options.keys.has_keys()) {
    throw UsageError("give --scope SCOPE, or --jwks FILE or --key FILE with --token TOKEN");
  }
}

int can(const CanOptions& options) {
  check_usage(options);
  const auto resource = options.resource ? std::optional<std::string_view>(*options.resource) : std::nullopt;
  const auto action = usable(mt::action_from_name(options.action, options.cache, resource), "ACTION");
  const mt::Decision decision =
      options.scope ? explain(read_scope(&*options.scope, reading(options)), action) : decide_by_token(options, action);
  if (options.json) {
    JsonObject out;
    out.boolean("allowed", decision.allowed);
    if (decision.statement) out.integer("statement", static_cast<std::int64_t>(*decision.statement));
    print_line(out.text("reason", decision.reason).str());
  } else {
    print_line(decision.reason);
  }
  return decision.allowed ? done : refused;
}

mt::Result<std::optional<mt::Bytes>> resource_of(const BatchLine& line) {
  const auto text = line.optional_text("resource_b64");
  if (!text) return text.error();
  if (!*text) return std::optional<mt::Bytes>();
  auto bytes = mt::base64_decode(**text);
  if (!bytes) return mt::Error{bytes.error().code, "resource_b64", bytes.error().message};
  return std::optional(std::move(bytes).value());
}

mt::Result<mt::Decision> decide_line(const CanOptions& options, const BatchLine& line) {
  const auto scope_text = line.value("scope");
  if (!scope_text) return scope_text.error();
  const auto scope = scope_from_text(*scope_text, ScopeFormat::functions, reading(options));
  if (!scope) return scope.error();
  const auto name = line.text("action");
  if (!name) return name.error();
  const auto cache = line.text("cache");
  if (!cache) return cache.error();
  const auto bytes = resource_of(line);
  if (!bytes) return bytes.error();
  const auto resource = *bytes ? std::optional(mt::as_text(**bytes)) : std::nullopt;
  const auto action = mt::action_from_name(*name, *cache, resource);
  if (!action) return action.error();
  return explain(*scope, *action);
}

int can_batch(const CanOptions& options) {
  if (options.scope || options.token || options.keys.has_keys() || !options.action.empty()) {
    throw UsageError("with --batch each line brings its own scope, action, cache and resource_b64");
  }
  if (options.keys.has_expectations() || options.now) {
    throw UsageError("--batch asks scopes and no tokens: it goes without --issuer, --audience and --now");
  }
  return run_batch({.members = {"scope", "action", "cache", "resource_b64"},
                    .answer = [&](const BatchLine& line, JsonObject& answer) -> mt::Result<void> {
                      const auto decision = decide_line(options, line);
                      if (!decision) return decision.error();
                      answer.boolean("allowed", decision->allowed).text("reason", decision->reason);
                      return {};
                    }});
}

}  // namespace

void add_can(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("can", "Say whether a scope or a token allows an action, and why");
  const auto options = std::make_shared<CanOptions>();
  add_text(*command, "--scope", options->scope, "A scope: JSON, a name (see mint --help) or a file")
      ->type_name("SCOPE");
  options->keys.add_to(*command);
  add_text(*command, "--token", options->token, "A token to verify and ask; default or -: standard input")
      ->type_name("TOKEN");
  add_now(*command, options->now);
  auto* action = command
                     ->add_option("ACTION", options->action,
                                  "cache.read, cache.write, cache.conditional_write, topic.publish,\n"
                                  "topic.subscribe or function.invoke")
                     ->type_name("");
  auto* cache = command->add_option("CACHE", options->cache, "The cache it is about")->type_name("");
  action->needs(cache);
  add_text(*command, "RESOURCE", options->resource, "The key, topic or function; without it: all of the cache")
      ->type_name("");
  command->add_flag("--narrower", options->narrower, "Read JSON that names both all and one as the one");
  add_json(*command, options->json);
  add_batch(*command, options->batch,
            "Lines {id,scope,action,cache,resource_b64?} in, {id,allowed,reason} or {id,error} out; exit code 0");
  add_example(*command, "momento-token can --scope 'topic_publish_only(chat,room-7)' topic.publish chat room-7");
  command->callback([options, &exit_code] { exit_code = options->batch ? can_batch(*options) : can(*options); });
}

}  // namespace cli
