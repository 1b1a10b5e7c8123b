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

/// Below TMPDIR, or /tmp; it goes with what was written to it.
class PrivateFolder {
 public:
  PrivateFolder();
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  ~PrivateFolder();

  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] std::string path_of(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

class DevelopmentSetup {
 public:
  /// Exit code 2 when its files cannot be written.
  DevelopmentSetup();

  /// The options that use it, and answer to names of this machine alone.
  [[nodiscard]] ServeOptions applied_to(ServeOptions options) const;
  /// What to type next.
  [[nodiscard]] std::string introduction(const std::string& url) const;

 private:
  void write(const std::string& name, std::string_view text) const;

  PrivateFolder folder_;
};

}  // namespace cli::serve
