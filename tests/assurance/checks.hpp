#pragma once
// For programs that measure: says what held and what did not, and ends with it.

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace assurance {

inline int failed_checks = 0;

inline void check(bool ok, const char* what) {
  std::printf("%-6s %s\n", ok ? "ok" : "FAILED", what);
  failed_checks += ok ? 0 : 1;
}

[[nodiscard]] inline int outcome() { return failed_checks == 0 ? 0 : 1; }

/// The number behind `name`, or `otherwise`.
[[nodiscard]] inline long option(int argc, char** argv, std::string_view name, long otherwise) {
  for (int i = 1; i + 1 < argc; ++i) {
    if (argv[i] == name) return std::strtol(argv[i + 1], nullptr, 10);
  }
  return otherwise;
}
[[nodiscard]] inline bool has_flag(int argc, char** argv, std::string_view name) {
  for (int i = 1; i < argc; ++i) {
    if (argv[i] == name) return true;
  }
  return false;
}

}  // namespace assurance
