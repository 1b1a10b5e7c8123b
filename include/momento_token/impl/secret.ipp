#pragma once

#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "momento_token/detail/os_file.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/secret.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

MOMENTO_TOKEN_INLINE void wipe(void* data, std::size_t size) noexcept {
  if (size != 0) OPENSSL_cleanse(data, size);
}

MOMENTO_TOKEN_INLINE SecretBytes::SecretBytes(std::size_t size)
    : data_(size == 0 ? nullptr : std::make_unique<std::byte[]>(size)), size_(size), capacity_(size) {}

MOMENTO_TOKEN_INLINE SecretBytes SecretBytes::copy_of(std::span<const std::byte> bytes) {
  SecretBytes copy(bytes.size());
  if (!bytes.empty()) std::memcpy(copy.data_.get(), bytes.data(), bytes.size());
  return copy;
}

MOMENTO_TOKEN_INLINE SecretBytes SecretBytes::copy_of(std::string_view text) { return copy_of(as_bytes(text)); }

MOMENTO_TOKEN_INLINE SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::move(other.data_)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

MOMENTO_TOKEN_INLINE SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  if (this != &other) {
    wipe(data_.get(), capacity_);
    data_ = std::move(other.data_);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
  }
  return *this;
}

MOMENTO_TOKEN_INLINE SecretBytes::~SecretBytes() { wipe(data_.get(), capacity_); }

MOMENTO_TOKEN_INLINE void SecretBytes::truncate(std::size_t size) noexcept {
  if (size >= size_) return;
  wipe(data_.get() + size, size_ - size);
  size_ = size;
}

MOMENTO_TOKEN_INLINE Result<KeyFile> read_key_file(const std::string& path, std::size_t max_bytes) {
  max_bytes = std::min(max_bytes, std::numeric_limits<std::size_t>::max() / 8);  // sums below do not overflow
  const detail::ReadOnlyFile file(path);
  if (!file.open()) return detail::unreadable_file();
  const bool is_private = file.is_private();
  SecretBytes bytes(std::min<std::size_t>(max_bytes, 4096) + 1);
  std::size_t filled = 0;
  for (;;) {
    if (filled == bytes.size()) {
      if (filled > max_bytes) return Error{Errc::limit_exceeded, "path", "the file is longer than a key file may be"};
      SecretBytes larger(std::min(max_bytes + 1, filled * 4));
      std::memcpy(larger.expose_for_writing().data(), bytes.expose().data(), filled);
      bytes = std::move(larger);
    }
    const long n = file.read(bytes.expose_for_writing().data() + filled, bytes.size() - filled);
    if (n < 0) return detail::unreadable_file();
    if (n == 0) break;
    filled += static_cast<std::size_t>(n);
  }
  bytes.truncate(filled);
  return KeyFile{std::move(bytes), is_private};
}

MOMENTO_TOKEN_END_NAMESPACE
