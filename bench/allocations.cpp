#include "allocations.hpp"

#include <openssl/crypto.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>

// glibc's own, under which malloc can be replaced.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* old);
}

namespace {

constinit thread_local bench::Allocations counted;

void* crypto_malloc(std::size_t size, const char*, int) {
  ++counted.libcrypto;
  return __libc_malloc(size);
}
void* crypto_realloc(void* old, std::size_t size, const char*, int) {
  ++counted.libcrypto;
  return __libc_realloc(old, size);
}
void crypto_free(void* old, const char*, int) { __libc_free(old); }

}  // namespace

extern "C" {
void* malloc(std::size_t size) {
  ++counted.ours;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  ++counted.ours;
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) {
  ++counted.ours;
  return __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  ++counted.ours;
  return __libc_memalign(alignment, size);
}
void free(void* old) { __libc_free(old); }
}

namespace bench {
namespace {

void count_libcrypto() {
  if (CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free) == 1) return;
  std::fputs("libcrypto has allocated before it could be counted\n", stderr);
  std::exit(1);
}
// Before the constructors of the shared libraries: those of some peers allocate.
__attribute__((section(".preinit_array"), used)) void (*const first_of_all)() = count_libcrypto;

}  // namespace

Allocations allocations() noexcept { return counted; }

}  // namespace bench
