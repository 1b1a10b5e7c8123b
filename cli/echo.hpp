#pragma once
// Which words of the command line may be repeated in an error: a key or token that was put in a wrong place may not.

#include <string>
#include <string_view>
#include <utility>

namespace cli {

/// At most 40 bytes, and not three segments of base64url (RFC 7515 §7.1): long enough for names, too short for tokens.
[[nodiscard]] bool may_be_repeated(std::string_view word);

/// `--option` and its value where a word is `--option=value`; otherwise nothing and the word.
[[nodiscard]] std::pair<std::string_view, std::string_view> split_option(std::string_view word);

/// The file's name in quotes when it may be repeated or something has that name; words for it otherwise.
[[nodiscard]] std::string file_in_quotes(const std::string& path);

/// Exit code 2 when the text of a key was given for `option` in place of its file's name.
void check_is_file_name(std::string_view path, std::string_view option);

}  // namespace cli
