#pragma once
// Counts what operator new hands out, and looks at one block at the moment it is given back. It replaces the global
// operators, all of them, so one source of a program includes it.

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

namespace test {

inline std::size_t allocations = 0;
inline std::size_t allocated_bytes = 0;
inline bool out_of_memory = false;          // while it is set every allocation fails
inline void (*at_next)() = nullptr;         // called once, by the next allocation
inline const void* last_block = nullptr;    // the newest block of the usual alignment
inline const void* last_aligned = nullptr;  // the newest block of an alignment of its own

/// What a block held when it was freed: watch() it while it lives, read it afterwards.
struct FreedBlock {
  const void* block = nullptr;
  std::size_t size = 0;
  bool freed = false;
  unsigned char bytes[256] = {};

  void watch(const void* memory, std::size_t bytes_of_it) {
    block = memory;
    size = bytes_of_it < sizeof bytes ? bytes_of_it : sizeof bytes;
    freed = false;
  }
  void look(const void* memory) noexcept {
    if (memory == nullptr || memory != block) return;
    std::memcpy(bytes, memory, size);
    block = nullptr;
    freed = true;
  }
  [[nodiscard]] bool all_zero() const noexcept {
    for (std::size_t i = 0; i < size; ++i) {
      if (bytes[i] != 0) return false;
    }
    return true;
  }
};
inline FreedBlock freed_block;

inline void* counted_malloc_or_null(std::size_t size) noexcept {
  if (out_of_memory) return nullptr;
  if (void (*const call)() = at_next) {
    at_next = nullptr;
    call();
  }
  ++allocations;
  allocated_bytes += size;
  void* const memory = std::malloc(size == 0 ? 1 : size);
  last_block = memory;
  return memory;
}
inline void* counted_malloc(std::size_t size) {
  if (void* memory = counted_malloc_or_null(size)) return memory;
  throw std::bad_alloc();
}
inline void* counted_aligned_or_null(std::size_t size, std::align_val_t alignment) noexcept {
  if (out_of_memory) return nullptr;
  ++allocations;
  allocated_bytes += size;
  const auto step = static_cast<std::size_t>(alignment);
  void* const memory = std::aligned_alloc(step, (size + step - 1) / step * step);
  last_aligned = memory;
  return memory;
}
inline void* counted_aligned(std::size_t size, std::align_val_t alignment) {
  if (void* memory = counted_aligned_or_null(size, alignment)) return memory;
  throw std::bad_alloc();
}
inline void watched_free(void* memory) noexcept {
  freed_block.look(memory);
  std::free(memory);
}

}  // namespace test

void* operator new(std::size_t size) { return test::counted_malloc(size); }
void* operator new[](std::size_t size) { return test::counted_malloc(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return test::counted_malloc_or_null(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return test::counted_malloc_or_null(size); }
void* operator new(std::size_t size, std::align_val_t align) { return test::counted_aligned(size, align); }
void* operator new[](std::size_t size, std::align_val_t align) { return test::counted_aligned(size, align); }
void* operator new(std::size_t size, std::align_val_t align, const std::nothrow_t&) noexcept {
  return test::counted_aligned_or_null(size, align);
}
void* operator new[](std::size_t size, std::align_val_t align, const std::nothrow_t&) noexcept {
  return test::counted_aligned_or_null(size, align);
}
void operator delete(void* memory) noexcept { test::watched_free(memory); }
void operator delete[](void* memory) noexcept { test::watched_free(memory); }
void operator delete(void* memory, std::size_t) noexcept { test::watched_free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { test::watched_free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { test::watched_free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { test::watched_free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { test::watched_free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { test::watched_free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { test::watched_free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { test::watched_free(memory); }
void operator delete(void* memory, std::align_val_t, const std::nothrow_t&) noexcept { test::watched_free(memory); }
void operator delete[](void* memory, std::align_val_t, const std::nothrow_t&) noexcept { test::watched_free(memory); }
