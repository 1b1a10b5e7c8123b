#include "scope_argument.hpp"

#include <algorithm>

#include "echo.hpp"
#include "input.hpp"
#include "json_text.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/permissions_proto.hpp"
#include "momento_token/secret.hpp"
#include "output.hpp"

namespace cli {

namespace {

mt::Error invalid(mt::StaticText message) { return {mt::Errc::invalid_argument, "scope", message}; }

bool is_json(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size())).starts_with('{');
}

bool is_hex(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

std::string read_scope_file(const std::string& path) {
  const auto file = mt::read_key_file(path, max_scope_bytes);
  if (!file && file.error().code == mt::Errc::limit_exceeded) {
    throw Refusal({mt::Errc::limit_exceeded, "scope", "a scope may be 1 MiB long"});
  }
  if (!file) {
    throw UsageError(file_in_quotes(path) +
                     " is no scope: it is neither JSON (beginning with {), nor a name listed by "
                     "`momento-token mint --help`, nor a file that can be read");
  }
  return std::string(file->bytes.expose_text());
}

mt::Result<mt::Permissions> from_hex(std::string_view text) {
  const auto bytes = mt::hex_decode(text);
  if (!bytes) return mt::Error{bytes.error().code, "scope", bytes.error().message};
  return mt::from_proto(*bytes);
}

mt::Result<mt::Permissions> scope_of(std::string_view text, const ScopeReading& reading,
                                     std::optional<ScopeFormat> format) {
  return format ? scope_from_text(text, *format, reading) : scope_from_json(text, reading);
}

// A file may end with a line end; JSON allows it anyway.
std::string_view without_line_end(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<ScopeFormat> scope_format(std::string_view name) {
  if (name == "functions") return ScopeFormat::functions;
  if (name == "sdk") return ScopeFormat::sdk;
  if (name == "proto") return ScopeFormat::proto;
  return std::nullopt;
}

mt::Result<mt::Permissions> scope_from_json(std::string_view text, const ScopeReading& reading) {
  if (text.size() <= max_scope_bytes) {
    const auto strict = mt::check_json(text);
    if (!strict) return mt::Error{strict.error().code, "scope", strict.error().message};
    const auto members = JsonMembers::of(text);
    if (!members || (!members->find("explicit") && !members->find("permissions"))) {
      return invalid("is JSON with neither `explicit` (the Rust crate's form) nor `permissions` (the SDK's form)");
    }
    if (!members->find("explicit")) return scope_from_text(text, ScopeFormat::sdk, reading);
  }
  return scope_from_text(text, ScopeFormat::functions, reading);
}

mt::Result<mt::Permissions> scope_from_text(std::string_view text, ScopeFormat format, const ScopeReading& reading) {
  if (text.size() > max_scope_bytes) return mt::Error{mt::Errc::limit_exceeded, "scope", "a scope may be 1 MiB long"};
  switch (format) {
    case ScopeFormat::functions: return mt::from_functions_json(text, reading.ambiguous);
    case ScopeFormat::sdk: return mt::from_sdk_json(text, reading.missing_item);
    case ScopeFormat::proto: break;
  }
  return from_hex(text);
}

mt::Result<std::string> scope_to_text(const mt::Permissions& permissions, ScopeFormat format) {
  switch (format) {
    case ScopeFormat::functions: return mt::to_functions_json(permissions);
    case ScopeFormat::sdk: return mt::to_sdk_json(permissions);
    case ScopeFormat::proto: break;
  }
  const auto bytes = mt::to_proto(permissions);
  if (!bytes) return bytes.error();
  return mt::hex_encode(*bytes);
}

mt::Permissions read_scope(const std::string* argument, const ScopeReading& reading,
                           std::optional<ScopeFormat> format) {
  const bool from_input = argument == nullptr || *argument == "-";
  const std::string text = argument_or_input(argument, "a scope", max_scope_bytes);
  const bool is_text = format == ScopeFormat::proto ? is_hex(text) : is_json(text);
  if (is_text) return accepted(scope_of(text, reading, format));
  if (auto named = scope_by_name(text)) return *std::move(named);
  // What came through a pipe must not choose which file is opened.
  if (from_input) return accepted(scope_of(text, reading, format));
  return accepted(scope_of(without_line_end(read_scope_file(text)), reading, format));
}

}  // namespace cli
