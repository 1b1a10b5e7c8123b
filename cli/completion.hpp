#pragma once
// What may come next on a command line. The shells' own files (cli/completions/) ask the program, which knows its options.

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace cli {

struct Candidate {
  std::string text;
  std::string description;
};

struct Completion {
  std::vector<Candidate> candidates;
  bool files = false;  ///< the name of a file may come here, too
};

/// `words` are those behind the program's name; the last is the one being written, perhaps "". Candidates start with it.
[[nodiscard]] Completion complete(const CLI::App& app, const std::vector<std::string>& words);

/// Prints a line for each candidate, its text and its description with a tab between, and `:files` where files may come.
void print_completion(const Completion& completion);

}  // namespace cli
