#pragma once
// What the program asks of the operating system: standard input and output, and files for keys.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace cli::os {

/// A closed pipe shall be an answer of write(), not the end of the program.
void ignore_broken_pipes();

/// Bytes read from standard input, 0 at its end, negative when it cannot be read.
[[nodiscard]] long read_input(std::span<std::byte> buffer);
[[nodiscard]] bool input_is_terminal();

/// False when the program was started with standard output closed (`>&-`).
[[nodiscard]] bool output_is_open();

enum class Written { yes, closed, failed };
/// All of the text, at once and unbuffered. `closed`: nobody reads it any more.
[[nodiscard]] Written write_output(std::string_view text);
void write_error(std::string_view text);

enum class PathKind { nothing, file, link, folder, other };
/// What has this name; a symbolic link is one, whatever it names.
[[nodiscard]] PathKind path_kind(const std::string& path);

/// Why others can get at a file, links followed: by its mode; by its mode, and it is root's; it is another user's; it
/// is a pipe or a device.
enum class Exposure { mode, mode_of_root, owner, no_file };
[[nodiscard]] Exposure exposure_of(const std::string& path);

enum class Created { yes, exists, failed };
/// A new file that only this user can read, with these bytes on disk when it returns. `replace` puts it in the place of
/// what is there, in one step; otherwise nothing that is there is touched, no dangling link followed.
[[nodiscard]] Created create_private_file(const std::string& path, std::span<const std::byte> bytes, bool replace);

}  // namespace cli::os
