#pragma once
// What CLI11 knows of the commands and options, read back out of it: completion and the man page are made from this, so
// that nothing about an option is written twice.

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace cli {

/// The commands of a command, in the order they were added.
[[nodiscard]] std::vector<const CLI::App*> commands_of(const CLI::App& command);
/// --help first, then the others in the order they were added.
[[nodiscard]] std::vector<const CLI::Option*> options_of(const CLI::App& command);
[[nodiscard]] std::vector<const CLI::Option*> positionals_of(const CLI::App& command);

/// "--help", "-h": the long names first.
[[nodiscard]] std::vector<std::string> names_of(const CLI::Option& option);
[[nodiscard]] const CLI::Option* find_option(const CLI::App& command, const std::string& name);
[[nodiscard]] bool takes_value(const CLI::Option& option);
[[nodiscard]] bool takes_several(const CLI::Option& option);
/// What stands for the value: FILE, ACTION; "" for a flag.
[[nodiscard]] std::string placeholder_of(const CLI::Option& option);
/// The values of an option that takes one of a set; empty when it is not that kind.
[[nodiscard]] std::vector<std::string> choices_of(const CLI::Option& option);

}  // namespace cli
