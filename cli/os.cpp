#include "os.hpp"

#if defined(_WIN32)
#include <io.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <cstdio>
#else
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#endif

namespace cli::os {

#if defined(_WIN32)

void ignore_broken_pipes() {}

long read_input(std::span<std::byte> buffer) { return _read(0, buffer.data(), static_cast<unsigned>(buffer.size())); }

bool input_is_terminal() { return _isatty(0) != 0; }

bool output_is_open() { return _fileno(stdout) >= 0; }

Written write_output(std::string_view text) {
  const bool whole = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  return whole ? Written::yes : Written::failed;
}

void write_error(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

PathKind path_kind(const std::string& path) {
  struct _stat64 status {};
  if (_stat64(path.c_str(), &status) != 0) return PathKind::nothing;
  if ((status.st_mode & _S_IFDIR) != 0) return PathKind::folder;
  return (status.st_mode & _S_IFREG) != 0 ? PathKind::file : PathKind::other;
}

Exposure exposure_of(const std::string&) { return Exposure::mode; }

Created create_private_file(const std::string& path, std::span<const std::byte> bytes, bool replace) {
  std::FILE* file = std::fopen(path.c_str(), replace ? "wb" : "wbx");
  if (file == nullptr) return !replace && _access(path.c_str(), 0) == 0 ? Created::exists : Created::failed;
  const bool whole = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
  return std::fclose(file) == 0 && whole ? Created::yes : Created::failed;
}

#else

void ignore_broken_pipes() { (void)std::signal(SIGPIPE, SIG_IGN); }

long read_input(std::span<std::byte> buffer) {
  for (;;) {
    const ssize_t n = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (n >= 0 || errno != EINTR) return static_cast<long>(n);
  }
}

bool input_is_terminal() { return ::isatty(STDIN_FILENO) == 1; }

namespace {

// 0 when all is written, else errno.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n >= 0) {
      text.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

// Creates and fills; leaves nothing behind when it fails.
Created write_new_file(const std::string& path, std::string_view text) {
  // O_EXCL also refuses a symbolic link, dangling or not; O_NOFOLLOW says so where a system does not.
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) return errno == EEXIST || errno == ELOOP ? Created::exists : Created::failed;
  const bool whole = write_all(fd, text) == 0 && ::fsync(fd) == 0;
  if (::close(fd) == 0 && whole) return Created::yes;
  ::unlink(path.c_str());
  return Created::failed;
}

}  // namespace

bool output_is_open() { return ::fcntl(STDOUT_FILENO, F_GETFD) >= 0; }

Written write_output(std::string_view text) {
  const int error = write_all(STDOUT_FILENO, text);
  if (error == 0) return Written::yes;
  return error == EPIPE ? Written::closed : Written::failed;
}

void write_error(std::string_view text) { (void)write_all(STDERR_FILENO, text); }

PathKind path_kind(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return PathKind::nothing;
  if (S_ISREG(status.st_mode)) return PathKind::file;
  if (S_ISLNK(status.st_mode)) return PathKind::link;
  return S_ISDIR(status.st_mode) ? PathKind::folder : PathKind::other;
}

Exposure exposure_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return Exposure::mode;  // gone since: say what is usual
  if (!S_ISREG(status.st_mode)) return Exposure::no_file;
  if (status.st_uid == ::geteuid()) return Exposure::mode;
  return status.st_uid == 0 ? Exposure::mode_of_root : Exposure::owner;
}

Created create_private_file(const std::string& path, std::span<const std::byte> bytes, bool replace) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!replace) return write_new_file(path, text);
  const std::string beside = path + ".new-" + std::to_string(::getpid());
  const Created created = write_new_file(beside, text);
  if (created != Created::yes) return Created::failed;
  if (std::rename(beside.c_str(), path.c_str()) == 0) return Created::yes;
  ::unlink(beside.c_str());
  return Created::failed;
}

#endif

}  // namespace cli::os
