// scope convert, scope lint, scope diff.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "batch.hpp"
#include "commands.hpp"
#include "json_text.hpp"
#include "momento_token/authorizer.hpp"
#include "options.hpp"
#include "output.hpp"
#include "scope_argument.hpp"

namespace cli {

namespace {

struct ScopeOptions {
  std::optional<std::string> scope, other;
  std::string from, to, valid_for;
  bool narrower = false, batch = false, json = false;

  [[nodiscard]] ScopeReading reading() const {
    return {.ambiguous = narrower ? mt::AmbiguousSelectors::narrower : mt::AmbiguousSelectors::refuse};
  }
};

/// A scope in its format as one JSON value.
std::string as_json(const std::string& text, ScopeFormat format) {
  return format == ScopeFormat::proto ? quoted_json(text) : text;
}

int convert(const ScopeOptions& options) {
  const auto to = *scope_format(options.to);
  const mt::Permissions scope =
      read_scope(options.scope ? &*options.scope : nullptr, options.reading(), scope_format(options.from));
  const std::string text = accepted(scope_to_text(scope, to));
  if (options.json) {
    print_line(JsonObject().json("scope", as_json(text, to)).str());
  } else {
    print_line(ascii_json(text));
  }
  return done;
}

mt::Result<mt::Permissions> scope_of_line(const BatchLine& line, ScopeFormat format, const ScopeReading& reading) {
  const auto value = line.value("scope");
  if (!value) return value.error();
  if (format != ScopeFormat::proto) return scope_from_text(*value, format, reading);
  const auto hex = line.text("scope");
  if (!hex) return hex.error();
  return scope_from_text(*hex, format, reading);
}

int convert_batch(const ScopeOptions& options) {
  const auto from = *scope_format(options.from);
  const auto to = *scope_format(options.to);
  return run_batch({.members = {"scope"}, .answer = [&](const BatchLine& line, JsonObject& answer) -> mt::Result<void> {
                      const auto scope = scope_of_line(line, from, options.reading());
                      if (!scope) return scope.error();
                      const auto text = scope_to_text(*scope, to);
                      if (!text) return text.error();
                      answer.json("scope", as_json(*text, to));
                      return {};
                    }});
}

std::string json_of(const mt::LintFinding& finding) {
  JsonObject out;
  out.text("lint", to_string(finding.lint));
  if (finding.statement) out.integer("statement", static_cast<std::int64_t>(*finding.statement));
  return out.text("message", finding.message).str();
}

std::string words_of(const mt::LintFinding& finding) {
  return std::string(to_string(finding.lint)) + ": " + finding.message;
}

int lint(const ScopeOptions& options) {
  const auto valid_for =
      options.valid_for.empty() ? std::nullopt : std::optional<mt::Lifetime>(parse_lifetime(options.valid_for));
  const mt::Permissions scope = read_scope(options.scope ? &*options.scope : nullptr, options.reading());
  const auto findings = mt::lint(scope, valid_for);
  std::vector<std::string> values;
  for (const mt::LintFinding& finding : findings) {
    if (options.json) {
      values.push_back(json_of(finding));
    } else {
      print_line(words_of(finding));
    }
  }
  if (options.json) print_line(JsonObject().json("findings", json_array(values)).str());
  if (!options.json && findings.empty()) print_line("nothing useless or dangerous found");
  return findings.empty() ? done : refused;
}

int diff(const ScopeOptions& options) {
  if (*options.scope == "-" && *options.other == "-") throw UsageError("only one of A and B can be standard input");
  const mt::Permissions parent = read_scope(&*options.scope, options.reading());
  const mt::Permissions child = read_scope(&*options.other, options.reading());
  const auto beyond = mt::first_uncovered(parent, child);
  const std::string words = beyond ? to_string(child.items()[*beyond]) : "";
  if (options.json) {
    JsonObject out;
    out.boolean("within", !beyond);
    if (beyond) out.integer("statement", static_cast<std::int64_t>(*beyond)).text("permission", words);
    print_line(out.str());
  } else if (beyond) {
    print_line("B goes beyond A: no single statement of A covers permissions[" + std::to_string(*beyond) +
               "]: " + words);
  } else {
    print_line("B stays within A");
  }
  return beyond ? refused : done;
}

std::shared_ptr<ScopeOptions> add_reading(CLI::App& command, const std::shared_ptr<ScopeOptions>& options) {
  command.add_flag("--narrower", options->narrower, "Read JSON that names both all and one as the one");
  add_json(command, options->json);
  return options;
}

void add_convert(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("convert", "Write a scope in another format; no limits of issuing apply");
  const auto options = add_reading(*command, std::make_shared<ScopeOptions>());
  const auto format = CLI::IsMember({"functions", "sdk", "proto"});
  command
      ->add_option("--from", options->from,
                   "functions (the Rust crate's JSON), sdk (the JavaScript SDK's) or proto (hex)")
      ->required()
      ->check(format)
      ->type_name("FORMAT");
  command->add_option("--to", options->to, "The same names")->required()->check(format)->type_name("FORMAT");
  auto* scope = add_text(*command, "SCOPE", options->scope, "Text, a name or a file; default or -: standard input")
                    ->type_name("");
  add_batch(*command, options->batch, "Lines {id,scope} in, {id,scope} or {id,error} out; exit code 0")
      ->excludes(scope);
  add_example(*command, "momento-token scope convert --from sdk --to proto scope.json");
  command->callback(
      [options, &exit_code] { exit_code = options->batch ? convert_batch(*options) : convert(*options); });
}

void add_lint(CLI::App& app, int& exit_code) {
  auto* command =
      app.add_subcommand("lint", "Say what is useless or dangerous in a scope; exit code 1 when anything is");
  const auto options = add_reading(*command, std::make_shared<ScopeOptions>());
  not_empty(command->add_option("--valid-for", options->valid_for, "How long its tokens live: 90s, 15m, 1h"))
      ->type_name("TIME");
  add_text(*command, "SCOPE", options->scope, "JSON, a name or a file; default or -: standard input")->type_name("");
  add_example(*command, "momento-token scope lint --valid-for 2h 'cache_key_prefix_read_only(media,/movie1)'");
  command->callback([options, &exit_code] { exit_code = lint(*options); });
}

void add_diff(CLI::App& app, int& exit_code) {
  auto* command =
      app.add_subcommand("diff", "Say whether B stays within A; exit code 1, naming the statement, when not");
  const auto options = add_reading(*command, std::make_shared<ScopeOptions>());
  add_text(*command, "A", options->scope, "The wider scope: JSON, a name, a file or -")->required()->type_name("");
  add_text(*command, "B", options->other, "The scope that has to stay within it")->required()->type_name("");
  add_example(*command, "momento-token scope diff 'cache_read_write(media)' 'cache_key_read_only(media,/movie1)'");
  command->callback([options, &exit_code] { exit_code = diff(*options); });
}

}  // namespace

void add_scope(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("scope", "Convert, review and compare scopes");
  command->require_subcommand(1);
  add_convert(*command, exit_code);
  add_lint(*command, exit_code);
  add_diff(*command, exit_code);
  command->footer("Each has its own --help, such as: momento-token scope lint --help");
}

}  // namespace cli
