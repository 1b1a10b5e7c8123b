// inspect: what a token says, believed by nobody.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "batch.hpp"
#include "commands.hpp"
#include "input.hpp"
#include "json_text.hpp"
#include "momento_token/clock.hpp"
#include "momento_token/credential.hpp"
#include "momento_token/permissions_json.hpp"
#include "momento_token/token.hpp"
#include "options.hpp"
#include "output.hpp"

namespace cli {

namespace {

struct InspectOptions {
  std::optional<std::string> token;
  std::optional<std::int64_t> now;
  bool batch = false, json = false;
};

/// A wrapper around anything, or a bare JWT.
struct Inspected {
  std::optional<mt::Credential> wrapper;
  std::optional<mt::UnverifiedToken> jwt;
};

mt::Result<Inspected> inspect_text(std::string_view text) {
  Inspected seen;
  auto wrapper = mt::unwrap(text);
  auto jwt = mt::decode_unverified(wrapper ? std::string_view(wrapper->api_key) : text, max_inspected_bytes);
  // A dot is no letter of base64, and no JWT is without one: so much for which error helps.
  if (!wrapper && !jwt) return text.find('.') == std::string_view::npos ? wrapper.error() : jwt.error();
  if (wrapper) seen.wrapper = std::move(wrapper).value();
  if (jwt) seen.jwt = std::move(jwt).value();
  return seen;
}

std::string time_left(const mt::Claims& claims, std::chrono::sys_seconds now) {
  if (!claims.expires_at) return "unknown, it has no exp";
  if (now >= *claims.expires_at) return "none, expired " + in_words(now - *claims.expires_at) + " ago";
  std::string left = in_words(*claims.expires_at - now) + ", until " + utc(*claims.expires_at);
  if (!claims.not_before || now >= *claims.not_before) return left;
  return left + "; not valid before another " + in_words(*claims.not_before - now);
}

// Texts as people read them, all else as JSON.
void print_members(std::string_view title, std::string_view json) {
  print_line(title);
  const auto members = JsonMembers::of(json);
  if (!members) return;
  for (const auto& [name, value] : members->all()) {
    const auto text = json_string(value);
    print_line("  " + mt::printable(name) + ": " + (text ? in_quotes(*text) : ascii_json(value)));
  }
}

void print_permissions(const mt::UnverifiedToken& jwt) {
  const auto permissions = jwt.claimed_permissions();
  print_line("permissions it claims");
  if (!permissions) return (void)print_line("  none that can be read: " + to_string(permissions.error()));
  if (permissions->empty()) print_line("  nothing");
  for (const mt::Permission& permission : permissions->items()) print_line("  " + to_string(permission));
}

void print_words(const Inspected& seen, std::chrono::sys_seconds now) {
  print_line("UNVERIFIED: neither the signature nor anything below has been checked; `momento-token verify` does that");
  if (seen.wrapper) {
    print_line("SDK wrapper");
    print_line("  cache endpoint: " + in_quotes(seen.wrapper->cache_endpoint()));
    print_line("  control endpoint: " + in_quotes(seen.wrapper->control_endpoint()));
    print_line("  token endpoint: " + in_quotes(seen.wrapper->token_endpoint()));
  }
  if (!seen.jwt) return (void)print_line("api_key: no JWT, nothing to be read from it");
  print_members("header", seen.jwt->header());
  print_members("claims", seen.jwt->payload());
  print_permissions(*seen.jwt);
  print_line("time left: " + time_left(seen.jwt->claims(), now));
}

void add_endpoints(const mt::Credential& wrapper, JsonObject& out) {
  out.text("endpoint", wrapper.endpoint)
      .text("cache_endpoint", wrapper.cache_endpoint())
      .text("control_endpoint", wrapper.control_endpoint())
      .text("token_endpoint", wrapper.token_endpoint());
}

std::string json_of(const Inspected& seen, std::chrono::sys_seconds now) {
  JsonObject out;
  out.boolean("verified", false).text("kind", seen.wrapper ? "envelope" : "jwt");
  if (seen.wrapper) add_endpoints(*seen.wrapper, out);
  if (!seen.jwt) return out.str();
  out.json("header", seen.jwt->header()).json("claims", seen.jwt->payload());
  const auto permissions = seen.jwt->claimed_permissions();
  if (permissions) {
    std::vector<std::string> words;
    for (const mt::Permission& permission : permissions->items()) words.push_back(quoted_json(to_string(permission)));
    out.json("permissions", json_array(words));
    if (const auto scope = mt::to_functions_json(*permissions)) out.json("scope", *scope);
  }
  const auto expires_at = seen.jwt->claims().expires_at;
  if (expires_at) out.integer("seconds_left", (*expires_at - now).count());
  return out.str();
}

int inspect(const InspectOptions& options) {
  const auto clock = usable(clock_at(options.now), "--now");
  const std::string text = argument_or_input(options.token ? &*options.token : nullptr, "a token", max_inspected_bytes);
  const Inspected seen = accepted(inspect_text(text));
  if (options.json) {
    print_line(json_of(seen, clock->now()));
  } else {
    print_words(seen, clock->now());
  }
  return done;
}

mt::Result<void> inspect_line(const BatchLine& line, JsonObject& answer) {
  const auto text = line.text("token");
  if (!text) return text.error();
  const auto seen = inspect_text(*text);
  if (!seen) return seen.error();
  answer.text("kind", seen->wrapper ? "envelope" : "jwt");
  answer.text("api_key", seen->wrapper ? seen->wrapper->api_key : *text);
  if (seen->wrapper) add_endpoints(*seen->wrapper, answer);
  if (seen->jwt) answer.json("claims", seen->jwt->payload());
  return {};
}

}  // namespace

void add_inspect(CLI::App& app, int& exit_code) {
  auto* command =
      app.add_subcommand("inspect", "Show what a token says about itself, UNVERIFIED; unwraps the SDK wrapper");
  const auto options = std::make_shared<InspectOptions>();
  auto* token = add_text(*command, "TOKEN", options->token, "The token; default or -: standard input")->type_name("");
  auto* now = add_now(*command, options->now);
  add_json(*command, options->json);
  auto* batch = add_batch(*command, options->batch,
                          "Lines {id,token} in, {id,kind,api_key,…} or {id,error} out, with the whole\n"
                          "api_key; exit code 0");
  batch->excludes(token)->excludes(now);
  add_example(*command, "momento-token inspect < token.txt");
  command->callback([options, &exit_code] {
    exit_code = options->batch ? run_batch({.members = {"token"}, .answer = inspect_line}) : inspect(*options);
  });
}

}  // namespace cli
