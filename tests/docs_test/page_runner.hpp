#pragma once
// What the C++ blocks of docs/ are compiled with: runs them page by page, and compares what they print.

#define DOCTEST_CONFIG_IMPLEMENT  // a page may have test cases
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>

#include "momento_token/momento_token.hpp"

inline int failures = 0;
inline std::ostringstream printed;

inline void fail(const char* page, int line, std::string_view what) {
  std::cerr << page << ':' << line << ": " << what << '\n';
  ++failures;
}

/// Says where on the page something is not as the page says. (clang 14 has no std::source_location, but what it is made of.)
inline void check(bool holds, const char* page = __builtin_FILE(), int line = __builtin_LINE()) {
  if (!holds) fail(page, line, "does not hold");
}

/// Whether `text` is `pattern`, in which … stands for anything.
inline bool looks_like(std::string_view text, std::string_view pattern) {
  constexpr std::string_view anything = "…";
  const auto dots = pattern.find(anything);
  if (dots == pattern.npos) return text == pattern;
  if (!text.starts_with(pattern.substr(0, dots))) return false;
  for (std::size_t from = dots; from <= text.size(); ++from) {
    if (looks_like(text.substr(from), pattern.substr(dots + anything.size()))) return true;
  }
  return false;
}

/// Compares what was printed since the last call.
inline void expect_printed(std::string_view pattern, const char* page = __builtin_FILE(), int line = __builtin_LINE()) {
  const std::string text = printed.str();
  printed.str("");
  if (!looks_like(text, pattern)) fail(page, line, "the page shows this, but its code prints:\n" + text);
}

inline void run(const char* page, void (*part)()) {
  printed.str("");
  auto* const terminal = std::cout.rdbuf(printed.rdbuf());
  try {
    part();
  } catch (const std::exception& error) {
    std::cerr << page << ": ends with " << error.what() << '\n';
    ++failures;
  }
  std::cout.rdbuf(terminal);
  std::cout << page << '\n';
}

/// After all pages: the test cases that stand on them, and whether everything was as the pages say.
inline int result() {
  const bool cases_hold = doctest::Context().run() == 0;
  return failures == 0 && cases_hold ? EXIT_SUCCESS : EXIT_FAILURE;
}
