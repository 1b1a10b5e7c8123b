// What an object of the library takes: its own size and what it holds on the heap, libcrypto's part included.

#include <malloc.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "material.hpp"

// glibc's own, under which malloc can be replaced.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* old);
}

namespace {

constinit std::atomic<std::size_t> heap_in_use{0};

void* taken(void* block) noexcept {
  heap_in_use += malloc_usable_size(block);
  return block;
}

}  // namespace

extern "C" {
void* malloc(std::size_t size) { return taken(__libc_malloc(size)); }
void* calloc(std::size_t count, std::size_t size) { return taken(__libc_calloc(count, size)); }
void* realloc(void* old, std::size_t size) {
  heap_in_use -= malloc_usable_size(old);
  return taken(__libc_realloc(old, size));
}
void* aligned_alloc(std::size_t alignment, std::size_t size) { return taken(__libc_memalign(alignment, size)); }
void free(void* old) {
  heap_in_use -= malloc_usable_size(old);
  __libc_free(old);
}
}

namespace {

using namespace bench;

/// What make() returns is kept alive while it is measured; `count` of them are in it.
template <class Make>
void show(const char* name, std::size_t own_size, Make make, std::size_t count = 1) {
  static_cast<void>(make());  // whatever is made on first use
  const std::size_t before = heap_in_use;
  const auto kept = make();
  const std::size_t used = heap_in_use - before;
  std::printf("%-44s %6zu + %8.0f bytes\n", name, own_size, static_cast<double>(used) / static_cast<double>(count));
  static_cast<void>(kept);
}

mt::KeyPair key_of(const char* alg) {
  return std::string_view(alg) == "HS256" ? hs256_key() : mt::KeyPair::generate(alg, "k", 2048).value();
}

std::shared_ptr<mt::KeyRing> ring_of(const std::vector<std::shared_ptr<const mt::VerificationKey>>& keys) {
  return mt::KeyRing::create({.verification_keys = keys}).value();
}

std::vector<std::shared_ptr<const mt::VerificationKey>> keys_of(const char* alg, std::size_t count) {
  std::vector<std::shared_ptr<const mt::VerificationKey>> keys;
  for (std::size_t i = 0; i < count; ++i) {
    keys.push_back(mt::KeyPair::generate(alg, "key-" + std::to_string(i), 2048).value().verification_key());
  }
  return keys;
}

void show_keys() {
  for (const char* alg : {"HS256", "ES256", "EdDSA", "RS256"}) {
    show((std::string("KeyPair ") + alg).c_str(), sizeof(mt::KeyPair), [alg] { return key_of(alg); });
  }
}

void show_minting() {
  const auto key = hs256_key();
  show("Issuer", sizeof(mt::Issuer), [&] { return issuer_of(key, true, still_clock()); });
  const auto issuer = issuer_of(key, true, still_clock());
  show("PreparedScope, p of 68 letters", sizeof(mt::PreparedScope), [&] { return issuer.prepare(usual_scope(1)); });
  show("the same, minted 100 times in a second", sizeof(mt::PreparedScope), [&] {
    auto scope = issuer.prepare(usual_scope(1)).value();
    for (int i = 0; i < 100; ++i)
      static_cast<void>(scope.generate_disposable_token({.valid_for = std::chrono::hours(1)}));
    return scope;
  });
  show("PreparedScope, 20 statements", sizeof(mt::PreparedScope), [&] { return issuer.prepare(scope_of(20, 1)); });
}

void show_verifying() {
  const auto key = hs256_key();
  show("Verifier of one key", sizeof(mt::Verifier), [&] { return verifier_of(key); });
  show(
      "Verifier, each token it may remember", 0,
      [&] { return mt::Verifier::create({.keys = {key.verification_key()}, .cache_capacity = 4096}); }, 4096);
  for (const char* alg : {"HS256", "ES256"}) {
    const auto keys = keys_of(alg, 200);
    show((std::string("KeyRing, each entry besides its key, ") + alg).c_str(), 0, [&] { return ring_of(keys); }, 200);
  }
  const auto tokens = tokens_of(issuer_of(key, true, still_clock()), [](std::size_t i) { return scope_of(20, i); });
  show("VerifiedToken, 1 to 3 statements", sizeof(mt::VerifiedToken),
       [&] { return verifier_of(key).verify(usual_tokens().front()).value(); });
  show("VerifiedToken, 20 statements", sizeof(mt::VerifiedToken),
       [&] { return verifier_of(key).verify(tokens.front()).value(); });
}

}  // namespace

int main() {
  std::puts("object                                          own + heap");
  show_keys();
  show_minting();
  show_verifying();
  return 0;
}
