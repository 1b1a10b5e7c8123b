#pragma once
// The operating system's files, for secrets: one of the few places that call it.

#include <cstddef>
#include <string>

#include "momento_token/result.hpp"
#include "momento_token/secret.hpp"

#if defined(_WIN32)
#include <cstdio>
#else
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#endif

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

[[nodiscard]] inline Error unreadable_file() {
  return {Errc::invalid_argument, "path", "the file cannot be opened and read"};
}

#if defined(_WIN32)

/// Opens for reading; a negative descriptor stands for failure.
class ReadOnlyFile {
 public:
  explicit ReadOnlyFile(const std::string& path) noexcept : file_(std::fopen(path.c_str(), "rb")) {
    if (file_ != nullptr) std::setvbuf(file_, nullptr, _IONBF, 0);
  }
  ReadOnlyFile(const ReadOnlyFile&) = delete;
  ReadOnlyFile& operator=(const ReadOnlyFile&) = delete;
  ~ReadOnlyFile() {
    if (file_ != nullptr) std::fclose(file_);
  }
  [[nodiscard]] bool open() const noexcept { return file_ != nullptr; }
  [[nodiscard]] bool is_private() const noexcept { return true; }  // access lists are the administrator's matter there
  /// Bytes read, 0 at the end, negative on failure.
  [[nodiscard]] long read(void* data, std::size_t size) const noexcept {
    const std::size_t n = std::fread(data, 1, size, file_);
    return n == 0 && std::ferror(file_) ? -1 : static_cast<long>(n);
  }

 private:
  std::FILE* file_;
};

#else

/// Opens for reading; what it says of the file it says of the descriptor, so that nobody can swap the file in between.
class ReadOnlyFile {
 public:
  explicit ReadOnlyFile(const std::string& path) noexcept
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)) {}
  ReadOnlyFile(const ReadOnlyFile&) = delete;
  ReadOnlyFile& operator=(const ReadOnlyFile&) = delete;
  ~ReadOnlyFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] bool open() const noexcept { return fd_ >= 0; }
  [[nodiscard]] bool is_private() const noexcept {
    struct stat status {};
    if (::fstat(fd_, &status) != 0 || !S_ISREG(status.st_mode)) return false;
    if (status.st_uid != ::geteuid() && status.st_uid != 0) return false;
    return (status.st_mode & (S_IWGRP | S_IWOTH | S_IROTH)) == 0;
  }
  /// Bytes read, 0 at the end, negative on failure.
  [[nodiscard]] long read(void* data, std::size_t size) const noexcept {
    for (;;) {
      const ssize_t n = ::read(fd_, data, size);
      if (n >= 0 || errno != EINTR) return static_cast<long>(n);
    }
  }

 private:
  int fd_;
};

#endif

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
