#pragma once
// Room on the stack for the usual case, on the heap beyond it. The contents are not initialised.

#include <cstddef>
#include <memory>
#include <type_traits>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

template <class T, std::size_t N>
class SmallBuffer {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  static constexpr std::size_t inline_size = N;

  explicit SmallBuffer(std::size_t size) : size_(size) {
    if (size > N) heap_.reset(new T[size]);
  }
  SmallBuffer(const SmallBuffer&) = delete;
  SmallBuffer& operator=(const SmallBuffer&) = delete;

  [[nodiscard]] T* data() noexcept { return heap_ ? heap_.get() : inline_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  std::unique_ptr<T[]> heap_;
  std::size_t size_;
  T inline_[N];
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
