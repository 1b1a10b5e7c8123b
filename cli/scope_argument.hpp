#pragma once
// SCOPE on the command line: JSON, the name of a scope of scopes.hpp, or a file of JSON.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "momento_token/permissions.hpp"
#include "momento_token/permissions_json.hpp"
#include "momento_token/result.hpp"

namespace cli {

namespace mt = momento_token;

/// How doubtful JSON is read.
struct ScopeReading {
  mt::AmbiguousSelectors ambiguous = mt::AmbiguousSelectors::refuse;
  mt::MissingItem missing_item = mt::MissingItem::keep_absent;
};

enum class ScopeFormat { functions, sdk, proto };
[[nodiscard]] std::optional<ScopeFormat> scope_format(std::string_view name);

/// JSON in either form, told apart by its member `explicit` or `permissions`.
[[nodiscard]] mt::Result<mt::Permissions> scope_from_json(std::string_view text, const ScopeReading& reading);
/// A text in one format; `proto` is lower-case hex. limit_exceeded above 1 MiB.
[[nodiscard]] mt::Result<mt::Permissions> scope_from_text(std::string_view text, ScopeFormat format,
                                                          const ScopeReading& reading);
[[nodiscard]] mt::Result<std::string> scope_to_text(const mt::Permissions& permissions, ScopeFormat format);

/// The scope of an argument, of standard input when there is none. With a format the text has to be of it; without,
/// JSON tells its own. Exit code 2 for an unreadable file and a name used wrongly, 1 for a scope that breaks a rule.
[[nodiscard]] mt::Permissions read_scope(const std::string* argument, const ScopeReading& reading,
                                         std::optional<ScopeFormat> format = {});

/// The scope that `topic_publish_only(chat,room-7)` names; empty when the text does not begin with such a name. Exit
/// code 2 for arguments that do not fit.
[[nodiscard]] std::optional<mt::Permissions> scope_by_name(std::string_view text);
/// The names with their parameters: topic_publish_only(CACHE,TOPIC).
[[nodiscard]] std::vector<std::string> scope_signatures();
/// The same, for --help.
[[nodiscard]] std::string scope_names_help();

}  // namespace cli
