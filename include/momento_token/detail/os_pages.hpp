#pragma once
// The operating system's pages of memory: one of the few places that call it.

#include <cstddef>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::size_t large_page_bytes = std::size_t{2} * 1024 * 1024;

/// For a container that is read at random places. Of ordinary pages a processor remembers some 8 MiB, and for each other one
/// it asks four tables; of large ones it remembers gigabytes. Linux is asked for them (transparent_hugepage = madvise or
/// always) before the memory is touched, and may say no.
template <class T>
struct LargePages {
  using value_type = T;
  LargePages() noexcept = default;
  template <class U>
  LargePages(const LargePages<U>&) noexcept {}

  [[nodiscard]] T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    void* const memory = ::operator new(bytes, alignment_of(bytes));
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    if (bytes >= large_page_bytes) {
      static_cast<void>(::madvise(memory, bytes / large_page_bytes * large_page_bytes, MADV_HUGEPAGE));
    }
#endif
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) noexcept { ::operator delete(memory, alignment_of(count * sizeof(T))); }

  template <class U>
  [[nodiscard]] bool operator==(const LargePages<U>&) const noexcept {
    return true;
  }

 private:
  [[nodiscard]] static std::align_val_t alignment_of(std::size_t bytes) noexcept {
    return std::align_val_t{bytes >= large_page_bytes ? large_page_bytes : alignof(T)};
  }
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
