#include "echo.hpp"

#include <algorithm>

#include "os.hpp"
#include "output.hpp"

namespace cli {

namespace {

constexpr std::size_t longest_name = 40;

bool is_base64url(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// The signature may be empty (RFC 7515 §A.5).
bool is_compact_jws(std::string_view word) {
  const std::size_t first = word.find('.');
  const std::size_t last = word.rfind('.');
  if (first == 0 || first == last || last == first + 1) return false;
  return std::count(word.begin(), word.end(), '.') == 2 &&
         std::all_of(word.begin(), word.end(), [](char c) { return c == '.' || is_base64url(c); });
}

}  // namespace

bool may_be_repeated(std::string_view word) { return word.size() <= longest_name && !is_compact_jws(word); }

std::pair<std::string_view, std::string_view> split_option(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (!word.starts_with("--") || equals == std::string_view::npos) return {{}, word};
  return {word.substr(0, equals), word.substr(equals + 1)};
}

std::string file_in_quotes(const std::string& path) {
  const bool is_name = may_be_repeated(path) || os::path_kind(path) != os::PathKind::nothing;
  return is_name ? in_quotes(path) : "the file that was named (by what could be a secret, so it is not repeated)";
}

void check_is_file_name(std::string_view path, std::string_view option) {
  const std::string_view text = path.substr(std::min(path.find_first_not_of(" \t\r\n"), path.size()));
  if (text.starts_with('{') || text.starts_with("-----") || path.find('\n') != std::string_view::npos) {
    throw UsageError(std::string(option) + " takes a file, not the key itself");
  }
}

}  // namespace cli
