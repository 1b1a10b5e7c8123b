#include "man_page.hpp"

#include <sstream>
#include <string_view>

#include "command_tree.hpp"

namespace cli {

namespace {

// A backslash and a hyphen mean something to roff, and so do a dot and an apostrophe that begin a line.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    const bool begins_line = out.empty() || out.back() == '\n';
    if (begins_line && (letter == '.' || letter == '\'')) out += "\\&";
    if (letter == '\\') {
      out += "\\e";
    } else if (letter == '-') {
      out += "\\-";
    } else if (letter == '\'') {
      out += "\\(aq";
    } else if (letter == '`') {
      out += "\\(ga";
    } else {
      out += letter;
    }
  }
  return out;
}

std::string bold(std::string_view text) { return "\\fB" + escaped(text) + "\\fR"; }
std::string slanted(std::string_view text) { return "\\fI" + escaped(text) + "\\fR"; }

// Lines as they are.
void write_lines(std::ostream& out, std::string_view lines) { out << ".nf\n" << escaped(lines) << "\n.fi\n"; }

std::string without_outer_newlines(std::string_view text) {
  while (text.starts_with('\n')) text.remove_prefix(1);
  while (text.ends_with('\n')) text.remove_suffix(1);
  return std::string(text);
}

// "--shape SHAPE", with what the reader replaces slanted.
std::string usage_of(const CLI::Option& option) {
  std::string usage;
  for (const std::string& name : names_of(option)) usage += (usage.empty() ? "" : ", ") + bold(name);
  const std::string value = placeholder_of(option);
  if (!value.empty()) usage += (usage.empty() ? "" : " ") + slanted(value);
  return usage;
}

void write_option(std::ostream& out, const CLI::Option& option) {
  out << ".TP\n" << usage_of(option) << '\n' << escaped(option.get_description()) << ".\n";
  std::string choices;
  for (const std::string& choice : choices_of(option)) choices += (choices.empty() ? "" : ", ") + choice;
  if (!choices.empty()) out << "One of " << escaped(choices) << ".\n";
  if (!option.get_default_str().empty()) out << "Default: " << escaped(option.get_default_str()) << ".\n";
}

void write_synopsis(std::ostream& out, const CLI::App& command, const std::string& name) {
  out << ".PP\n" << bold(name) << " [" << slanted("option") << "...]";
  for (const CLI::Option* argument : positionals_of(command)) {
    const std::string text = slanted(placeholder_of(*argument)) + (takes_several(*argument) ? "..." : "");
    out << (argument->get_required() ? " " + text : " [" + text + "]");
  }
  out << '\n';
}

void write_command(std::ostream& out, const CLI::App& command, const std::string& parent) {
  const std::string name = parent + " " + command.get_name();
  const auto parts = commands_of(command);
  for (const CLI::App* part : parts) write_command(out, *part, name);
  if (!parts.empty()) return;
  out << ".SS " << escaped(name) << '\n' << escaped(command.get_description()) << ".\n";
  write_synopsis(out, command, name);
  for (const CLI::Option* option : positionals_of(command)) write_option(out, *option);
  for (const CLI::Option* option : options_of(command)) write_option(out, *option);
  out << ".PP\n";
  write_lines(out, without_outer_newlines(command.get_footer()));
}

// "Exit codes: 0 done; 1 denied.": the codes with their meanings.
void write_exit_status(std::ostream& out, std::string_view sentence) {
  out << ".SH EXIT STATUS\n";
  std::istringstream codes{std::string(sentence.substr(sentence.find(':') + 1))};
  for (std::string code; std::getline(codes >> std::ws, code, ';');) {
    out << ".TP\n.B " << code.substr(0, code.find(' ')) << '\n' << escaped(code.substr(code.find(' ') + 1)) << '\n';
  }
}

struct Footer {
  std::string exit_codes, notes, example;
};

Footer parts_of(const std::string& footer) {
  const std::string text = without_outer_newlines(footer);
  const auto first_end = text.find('\n');
  const auto example = text.find("Example:\n");
  return {text.substr(0, first_end), text.substr(first_end + 1, example - first_end - 2),
          text.substr(example + std::string_view("Example:\n").size())};
}

}  // namespace

std::string man_page(const CLI::App& app, const std::string& version) {
  const Footer footer = parts_of(app.get_footer());
  std::ostringstream out;
  out << ".\\\" Written by `momento-token man-page`; change the program instead.\n"
      << ".TH MOMENTO\\-TOKEN 1 \"\" " << version << " \"User Commands\"\n"
      << ".SH NAME\nmomento\\-token \\- make, check and ask short\\-lived, scoped tokens\n"
      << ".SH SYNOPSIS\n"
      << bold(app.get_name()) << " " << slanted("command") << " [" << slanted("argument") << "...]\n"
      << ".SH DESCRIPTION\n"
      << escaped(app.get_description()) << "\n.PP\n";
  write_lines(out, footer.notes);
  for (const CLI::Option* option : options_of(app)) write_option(out, *option);
  out << ".SH COMMANDS\n";
  for (const CLI::App* command : commands_of(app)) write_command(out, *command, app.get_name());
  write_exit_status(out, footer.exit_codes);
  out << ".SH EXAMPLES\n";
  write_lines(out, footer.example);
  return out.str();
}

}  // namespace cli
