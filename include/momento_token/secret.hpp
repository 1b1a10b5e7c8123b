#pragma once
// Where key bytes live from the moment they are read until they are wiped.

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "momento_token/config.hpp"
#include "momento_token/result.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

/// Bytes that are wiped when they are destroyed, moved from or assigned to. Cannot be copied, printed or compared.
class MOMENTO_TOKEN_API SecretBytes {
 public:
  SecretBytes() = default;
  /// `size` zero bytes, to be filled through expose_for_writing().
  explicit SecretBytes(std::size_t size);
  /// A copy; the caller wipes its own.
  [[nodiscard]] static SecretBytes copy_of(std::span<const std::byte> bytes);
  [[nodiscard]] static SecretBytes copy_of(std::string_view text);

  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  /// The one way in, so that a reviewer can grep for it. Valid while this object lives and is not moved.
  [[nodiscard]] std::span<const std::byte> expose() const& noexcept { return {data_.get(), size_}; }
  std::span<const std::byte> expose() const&& = delete;
  [[nodiscard]] std::string_view expose_text() const& noexcept {
    return {reinterpret_cast<const char*>(data_.get()), size_};
  }
  std::string_view expose_text() const&& = delete;
  [[nodiscard]] std::span<std::byte> expose_for_writing() & noexcept { return {data_.get(), size_}; }
  /// Keeps the first `size` bytes and wipes the rest; does nothing when there are no more than that.
  void truncate(std::size_t size) noexcept;

 private:
  std::unique_ptr<std::byte[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// Overwrites memory in a way the compiler keeps.
MOMENTO_TOKEN_API void wipe(void* data, std::size_t size) noexcept;

/// A file's bytes, and whether the permissions of the very descriptor they were read from suit a secret.
struct KeyFile {
  SecretBytes bytes;  ///< all of it, as it is
  /// A regular file of this user or root, not writable by group or others, not readable by others (0440 is fine).
  /// Always true where the system has no such permissions.
  bool is_private = false;
};

/// Reads at most `max_bytes` (1 MiB by default) through read(2) into wiped memory: invalid_argument when it cannot be
/// opened or read, limit_exceeded when it is longer. Check `is_private` before using a private or symmetric key.
[[nodiscard]] MOMENTO_TOKEN_API Result<KeyFile> read_key_file(const std::string& path,
                                                              std::size_t max_bytes = std::size_t{1} << 20);

MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/secret.ipp"
#endif
