#pragma once
// The commands. Each adds itself with its options and leaves its exit code where it is told.

#include <CLI/CLI.hpp>

namespace cli {

void add_keygen(CLI::App& app, int& exit_code);
void add_jwks(CLI::App& app, int& exit_code);
void add_mint(CLI::App& app, int& exit_code);
void add_inspect(CLI::App& app, int& exit_code);
void add_verify(CLI::App& app, int& exit_code);
void add_can(CLI::App& app, int& exit_code);
/// scope convert, scope lint, scope diff.
void add_scope(CLI::App& app, int& exit_code);
void add_hash_password(CLI::App& app, int& exit_code);
#if defined(MOMENTO_TOKEN_SERVE)
void add_serve(CLI::App& app, int& exit_code);
#endif

}  // namespace cli
