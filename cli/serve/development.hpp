#pragma once
// What `momento-token serve` starts with when it is told nothing: a key, a credential and a policy to try it with, in a
// folder that only this user can enter, gone when the server ends.

#include <string>
#include <string_view>
#include <vector>

#include "options.hpp"

namespace cli::serve {

/// What a Host field says when this machine asks itself: a page of a foreign name that leads here says another.
[[nodiscard]] std::vector<std::string> names_of_this_machine();

class DevelopmentSetup {
 public:
  /// Makes the folder. Exit code 2 when that fails.
  DevelopmentSetup();
  ~DevelopmentSetup();
  DevelopmentSetup(const DevelopmentSetup&) = delete;
  DevelopmentSetup& operator=(const DevelopmentSetup&) = delete;

  /// The options that use it, and answer to names of this machine alone.
  [[nodiscard]] ServeOptions applied_to(ServeOptions options) const;
  /// What to type next.
  [[nodiscard]] std::string introduction(const std::string& url) const;

 private:
  void write(const std::string& name, std::string_view text) const;
  [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }

  std::string folder_;
};

}  // namespace cli::serve
