// No jti comes twice: 64 children are forked while other threads of the parent mint (but under a sanitizer), each mints
// 10 000 tokens from several threads and from pools that were in use before the fork, and the parent mints on.
//   fork_test [--children N] [--ids N]

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "checks.hpp"
#include "momento_token/issuer.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/keys.hpp"
#include "momento_token/scopes.hpp"
#include "momento_token/verifier.hpp"
#include "skips.hpp"

namespace {

using namespace assurance;
using namespace momento_token;
using namespace std::chrono_literals;

struct Id {
  char text[22];
  friend bool operator<(const Id& a, const Id& b) { return std::memcmp(a.text, b.text, sizeof a.text) < 0; }
  friend bool operator==(const Id& a, const Id& b) { return std::memcmp(a.text, b.text, sizeof a.text) == 0; }
};

// Half from the issuer, half from a prepared scope.
void mint(const Issuer& issuer, const PreparedScope& scope, Id* out, std::size_t count) {
  const auto permissions = scopes::cache_read_only("c");
  for (std::size_t i = 0; i < count; ++i) {
    const auto token = i % 2 == 0 ? issuer.generate_disposable_token({.permissions = permissions, .valid_for = 60s})
                                  : scope.generate_disposable_token({.valid_for = 60s});
    if (!token || token->jti.view().size() != sizeof out->text) ::_exit(3);
    std::memcpy(out[i].text, token->jti.view().data(), sizeof out->text);
  }
}

// This thread's pool was filled before the fork; two new threads begin with none. TSan allows no thread after a fork.
void mint_as_child(const Issuer& issuer, const PreparedScope& scope, Id* out, std::size_t count) {
  const std::size_t share = thread_sanitized ? 0 : count / 4;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < 2 && share != 0; ++i) {
    threads.emplace_back([&, at = out + i * share] { mint(issuer, scope, at, share); });
  }
  mint(issuer, scope, out + 2 * share, count - 2 * share);
  for (std::thread& thread : threads) thread.join();
}

std::size_t bits_that_vary(const std::vector<Id>& ids) {
  bool one[128] = {}, zero[128] = {};
  for (const Id& id : ids) {
    const auto bytes = base64url_decode({id.text, sizeof id.text}).value();
    for (std::size_t bit = 0; bit < 128; ++bit) {
      ((bytes[bit / 8] >> (bit % 8) & std::byte{1}) != std::byte{0} ? one : zero)[bit] = true;
    }
  }
  std::size_t varying = 0;
  for (std::size_t bit = 0; bit < 128; ++bit) varying += one[bit] && zero[bit];
  return varying;
}

// Three threads fork while others sign and load keys, which takes libcrypto's locks: every child does both, and nobody waits
// for ever.
void forks_of_several_threads() {
  const SecretBytes jwk = generate_private_jwk("ES256").value();
  const KeyPair key = key_pair_from_jwk(jwk).value();
  const std::string set = public_jwks({&key.verification_key(), 1}).value();
  const auto load = [&] { return key_pair_from_jwk(jwk).has_value() && verification_keys_from_jwks(set).has_value(); };
  const auto sign = [&] {
    std::byte signature[max_signature_bytes];
    return key.signer()->sign(as_bytes("message"), signature).has_value();
  };
  std::atomic<bool> stop{false};
  std::atomic<int> bad{0};
  std::vector<std::thread> signers, forkers;
  for (int i = 0; i < 3; ++i) {
    signers.emplace_back([&] {
      while (!stop) bad += !sign() || !load();
    });
    forkers.emplace_back([&] {
      for (int n = 0; n < 500; ++n) {
        const pid_t child = ::fork();
        if (child == 0) {
          ::alarm(30);  // ends a child that hangs
          ::_exit(sign() && load() ? 0 : 1);
        }
        int status = 0;
        bad += child < 0 || ::waitpid(child, &status, 0) != child || status != 0;
      }
    });
  }
  for (std::thread& thread : forkers) thread.join();
  stop = true;
  for (std::thread& thread : signers) thread.join();
  check(bad == 0, "every child of several threads signs and loads");
}

// While one thread changes a ring without end, the process forks: every child changes it, too.
void forks_while_a_ring_changes() {
  const auto ring = KeyRing::create({.signing_key = KeyPair::generate("HS256", "first").value()}).value();
  const KeyPair next = KeyPair::generate("HS256", "next").value();
  const auto change = [&] { return ring->publish(next).has_value() && ring->revoke("next").has_value(); };
  std::atomic<bool> stop{false};
  std::atomic<int> bad{0};
  std::thread changer([&] {
    while (!stop) bad += !change();
  });
  for (int n = 0; n < 300; ++n) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::alarm(10);                              // ends a child that hangs
      static_cast<void>(ring->revoke("next"));  // when the parent was half-way
      ::_exit(change() ? 0 : 1);
    }
    int status = 0;
    const bool well = child > 0 && ::waitpid(child, &status, 0) == child && status == 0;
    bad += !well;
    if (!well) break;
  }
  stop = true;
  changer.join();
  check(bad == 0, "every child of a process that changes its ring can change it, too");
}

// While threads verify tokens that are remembered, and so keep places of the cache busy, the process forks: every child verifies
// them all, and lets the verifier go.
void forks_while_tokens_are_remembered() {
  const KeyPair key = KeyPair::generate("HS256", "k").value();
  const Issuer issuer = Issuer::create({.signer = key.signer()}).value();
  std::optional<Verifier> verifier = Verifier::create({.keys = {key.verification_key()}, .cache_capacity = 4}).value();
  std::vector<std::string> tokens;
  for (int i = 0; i < 8; ++i) {
    tokens.push_back(issuer.generate_disposable_token({scopes::cache_read_only("c"), 1h}).value().api_key);
  }
  const auto verify_all = [&] {
    return std::all_of(tokens.begin(), tokens.end(),
                       [&](const std::string& token) { return verifier->verify(token).has_value(); });
  };
  std::atomic<bool> stop{false};
  std::atomic<int> bad{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      while (!stop) bad += !verify_all();
    });
  }
  for (int n = 0; n < 200; ++n) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::alarm(30);  // ends a child that hangs
      const bool well = verify_all() && verify_all();
      verifier.reset();
      ::_exit(well ? 0 : 1);
    }
    int status = 0;
    bad += child < 0 || ::waitpid(child, &status, 0) != child || status != 0;
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
  check(bad == 0, "every child of a process that remembers tokens verifies them, and ends its verifier");
}

}  // namespace

int main(int argc, char** argv) {
  const bool watched = sanitized || under_valgrind();
  const auto children = static_cast<std::size_t>(option(argc, argv, "--children", 64));
  const auto each = static_cast<std::size_t>(option(argc, argv, "--ids", watched ? 1000 : 10'000));
  if (!watched) {
    forks_of_several_threads();
    forks_while_a_ring_changes();
    forks_while_tokens_are_remembered();
  }
  const KeyPair key = KeyPair::generate("HS256").value();
  const Issuer issuer = Issuer::create({.signer = key.signer()}).value();
  const PreparedScope scope = issuer.prepare(scopes::cache_read_only("c")).value();

  const std::size_t size = children * each * sizeof(Id);
  void* const shared = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return 2;
  Id* const of_children = static_cast<Id*>(shared);

  // A pool of 64 ids, partly used.
  std::vector<Id> ids(10);
  mint(issuer, scope, ids.data(), ids.size());
  std::atomic<bool> stop{false};
  std::vector<std::vector<Id>> of_threads(3);
  std::vector<std::thread> threads;
  for (auto& own : of_threads) {
    if (sanitized) break;  // a sanitizer's allocator does not survive a fork amid threads that allocate
    threads.emplace_back([&] {
      do {
        own.resize(own.size() + 16);
        mint(issuer, scope, &own.back() - 15, 16);
      } while (!stop && own.size() < 200'000);
    });
  }
  const auto end_threads = [&] {
    stop = true;
    for (std::thread& thread : threads) thread.join();
    threads.clear();
  };
  if (watched) end_threads();
  std::vector<pid_t> running;
  for (std::size_t i = 0; i < children; ++i) {
    const pid_t child = ::fork();
    if (child < 0) return 2;
    if (child == 0) {
      mint_as_child(issuer, scope, of_children + i * each, each);
      ::_exit(0);
    }
    running.push_back(child);
    ids.resize(ids.size() + 5);
    mint(issuer, scope, &ids.back() - 4, 5);
  }
  bool all_ended_well = true;
  for (const pid_t child : running) {
    int status = 0;
    all_ended_well = ::waitpid(child, &status, 0) == child && status == 0 && all_ended_well;
  }
  end_threads();

  for (const auto& own : of_threads) ids.insert(ids.end(), own.begin(), own.end());
  ids.insert(ids.end(), of_children, of_children + children * each);
  const std::size_t varying = bits_that_vary(ids);
  std::sort(ids.begin(), ids.end());
  std::size_t doubled = 0;
  for (std::size_t i = 1; i < ids.size(); ++i) doubled += ids[i] == ids[i - 1];
  std::printf("%zu children, %zu ids in all, %zu doubled, %zu bits vary\n", children, ids.size(), doubled, varying);
  check(all_ended_well, "every child minted all its tokens");
  check(doubled == 0, "no jti comes twice");
  check(varying == 128, "a jti has 128 random bits");
  return outcome();
}
