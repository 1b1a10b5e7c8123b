#pragma once
// The manual page momento-token(1), from what CLI11 knows of the commands. docs/man/momento-token.1 is this function's answer.

#include <CLI/CLI.hpp>
#include <string>

namespace cli {

/// In the man(7) language.
[[nodiscard]] std::string man_page(const CLI::App& app, const std::string& version);

}  // namespace cli
