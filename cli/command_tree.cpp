#include "command_tree.hpp"

#include <algorithm>
#include <sstream>

namespace cli {

std::vector<const CLI::App*> commands_of(const CLI::App& command) {
  return command.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<const CLI::Option*> options_of(const CLI::App& command) {
  return command.get_options([](const CLI::Option* option) { return option->nonpositional(); });
}

std::vector<const CLI::Option*> positionals_of(const CLI::App& command) {
  return command.get_options([](const CLI::Option* option) { return option->get_positional(); });
}

std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  return names;
}

const CLI::Option* find_option(const CLI::App& command, const std::string& name) {
  return name.size() > 1 && name[0] == '-' ? command.get_option_no_throw(name) : nullptr;
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }
bool takes_several(const CLI::Option& option) { return option.get_items_expected_max() > 1; }

namespace {

// CLI11 writes the set of CLI::IsMember behind the type: SHAPE:{functions,node}.
std::string::size_type end_of_type(const std::string& type) { return std::min(type.find(':'), type.size()); }

}  // namespace

std::string placeholder_of(const CLI::Option& option) {
  if (option.get_positional()) return option.get_single_name();
  if (!takes_value(option)) return "";
  const std::string type = option.get_type_name();
  return type.substr(0, end_of_type(type));
}

std::vector<std::string> choices_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const auto begin = type.find('{', end_of_type(type));
  std::vector<std::string> choices;
  if (begin == std::string::npos) return choices;
  std::istringstream set(type.substr(begin + 1, type.find('}', begin) - begin - 1));
  for (std::string choice; std::getline(set, choice, ',');) choices.push_back(choice);
  return choices;
}

}  // namespace cli
