// momento-token: makes keys and tokens, looks into one, and says what it allows.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "command_tree.hpp"
#include "commands.hpp"
#include "completion.hpp"
#include "echo.hpp"
#include "man_page.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/version.hpp"
#include "os.hpp"
#include "output.hpp"

namespace {

using Words = std::vector<std::string_view>;  // of the command line

// "momento-token scope lint": what --help belongs to.
std::string named_command(const CLI::App& app) {
  std::string name = app.get_name();
  for (const CLI::App* command : app.get_subcommands()) name += " " + named_command(*command);
  return name;
}

const CLI::App& innermost(const CLI::App& app) {
  const auto named = app.get_subcommands();
  return named.empty() ? app : innermost(*named.front());
}

// "keygen, jwks, mint": what may follow; empty where no command does.
std::string names_of_commands(const CLI::App& app) {
  std::string names;
  for (const CLI::App* command : cli::commands_of(app)) names += (names.empty() ? "" : ", ") + command->get_name();
  return names;
}

// What CLI11 says, unless it repeats a value that could be a token: then which option had it.
std::string words_of(const CLI::App& command, const CLI::ParseError& error, const Words& words) {
  const std::string said = error.what();
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto [name, value] = cli::split_option(words[i]);
    if (cli::may_be_repeated(value) || said.find(value) == std::string::npos) continue;
    const std::string_view given_as = name.empty() ? words[i - 1] : name;
    const bool is_option = command.get_option_no_throw(std::string(given_as)) != nullptr;
    return (is_option ? std::string(given_as) : "an option") + " cannot have the value it was given";
  }
  return momento_token::printable(said);
}

// CLI11 would repeat an argument that is too many, and it could be a token.
std::string words_for(const CLI::App& app, const CLI::ParseError& error, const Words& words) {
  const std::string commands = names_of_commands(innermost(app));
  const std::vector<std::string> extras = app.remaining(true);
  for (const std::string& extra : extras) {
    const std::string_view name = std::string_view(extra).substr(0, extra.find('='));
    if (name.starts_with('-') && cli::may_be_repeated(name)) {
      return "there is no option " + momento_token::printable(name);
    }
  }
  if (!commands.empty())
    return (extras.empty() ? "a command is needed: " : "there is no such command; there are ") + commands;
  if (!extras.empty()) return "there is an argument too many";
  return words_of(innermost(app), error, words);
}

void print_help(CLI::App& app, const CLI::ParseError& error) {
  std::ostringstream text;
  app.exit(error, text, text);
  std::string help = text.str();
  while (help.ends_with('\n')) help.pop_back();
  cli::print_line(help);
}

// CLI11 from 2.5 on would fill the lines of texts whose lines are ours.
template <class Formatter>
void keep_lines(Formatter& formatter) {
  if constexpr (requires { formatter.enable_footer_formatting(false); }) formatter.enable_footer_formatting(false);
}

// What shells and the build ask for, and no --help names. The words to complete never reach the parser.
bool ran_unlisted(const CLI::App& app, const Words& words) {
  if (words.size() > 1 && words[1] == "complete") {
    cli::print_completion(cli::complete(app, std::vector<std::string>(words.begin() + 2, words.end())));
    return true;
  }
  if (words.size() != 2 || words[1] != "man-page") return false;
  std::string page = cli::man_page(app, "momento-token-" MOMENTO_TOKEN_VERSION);
  page.pop_back();
  cli::print_line(page);
  return true;
}

int run(CLI::App& app, int argc, char** argv, bool json) {
  int exit_code = cli::done;
  cli::add_keygen(app, exit_code);
  cli::add_jwks(app, exit_code);
  cli::add_mint(app, exit_code);
  cli::add_inspect(app, exit_code);
  cli::add_verify(app, exit_code);
  cli::add_can(app, exit_code);
  cli::add_scope(app, exit_code);
  cli::add_hash_password(app, exit_code);
#if defined(MOMENTO_TOKEN_SERVE)
  cli::add_serve(app, exit_code);
#endif
  if (ran_unlisted(app, Words(argv, argv + argc))) return cli::done;
  try {
    app.parse(argc, argv);
    return exit_code;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      print_help(app, error);
      return cli::done;
    }
    cli::report_usage(words_for(app, error, Words(argv, argv + argc)) + " (see " + named_command(app) + " --help)",
                      json);
    return cli::unusable;
  } catch (const cli::UsageError& error) {
    cli::report_usage(error.what(), json);
    return cli::unusable;
  } catch (const cli::Refusal& refusal) {
    cli::report(refusal.error(), json);
    return cli::refused;
  }
}

}  // namespace

int main(int argc, char** argv) {
  cli::os::ignore_broken_pipes();
  const bool json = std::any_of(argv, argv + argc, [](const char* word) { return std::string_view(word) == "--json"; });
  if (!cli::os::output_is_open()) {
    cli::report_usage("standard output is closed", json);
    return cli::unusable;
  }
  CLI::App app("Short-lived, scoped tokens: make keys and tokens, look into one, ask what it allows.", "momento-token");
  keep_lines(*app.get_formatter());
  app.set_help_flag("-h,--help", "Print this help message and exit");
  app.set_version_flag("--version", "momento-token " MOMENTO_TOKEN_VERSION, "Print the version and exit");
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done, valid, allowed; 1 invalid, denied, refused, or cut off before its end; 2 wrong options,"
      " unreadable files or keys.\n"
      "A TOKEN or SCOPE that is left out, or is -, is read from standard input. Errors go to standard error; with\n"
      "--json as {\"error\":{\"code\",\"field\",\"message\"}}, whose code is \"usage\" when the exit code is 2.\n"
      "Example:\n"
      "  momento-token keygen --alg ES256 --out key.json\n"
      "  momento-token mint --key key.json --scope 'function_invoke(fo,od)' --valid-for 1h");
  try {
    return cli::exit_code_after_printing(run(app, argc, argv, json));
  } catch (const std::exception&) {
    // Out of memory, or a bug; what() could hold anything.
    cli::report_usage("the program failed", json);
    return cli::unusable;
  }
}
