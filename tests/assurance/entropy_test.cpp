// When the random source fails, what needs randomness fails with internal_error, and works again when it does. The system's
// source is replaced here (getentropy), libcrypto's by its own means.

#include <openssl/rand.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../fixtures/keys.hpp"
#include "checks.hpp"
#include "momento_token/deny_list.hpp"
#include "momento_token/issuer.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/keys.hpp"
#include "momento_token/scopes.hpp"
#include "momento_token/verifier.hpp"

namespace {

bool source_works = true;
int draws = 0;

}  // namespace

// Takes the place of the C library's.
extern "C" int getentropy(void* out, std::size_t size) {
  ++draws;
  if (!source_works) {
    errno = EIO;
    return -1;
  }
  return ::syscall(SYS_getrandom, out, size, 0) == static_cast<long>(size) ? 0 : -1;
}

namespace {

using namespace assurance;
using namespace momento_token;
using namespace std::chrono_literals;

template <class T>
bool failed_inside(const Result<T>& result) {
  return !result && result.error().code == Errc::internal_error;
}

template <class Mint>
int minted_until_failure(Mint&& mint, bool& failed_right) {
  for (int minted = 0; minted < 1000; ++minted) {
    const auto token = mint();
    if (token) continue;
    failed_right = failed_inside(token);
    return minted;
  }
  return 1000;
}

void without_the_systems_source() {
  const KeyPair key = KeyPair::from_secret("HS256", SecretBytes(32), "k").value();
  const Issuer issuer = Issuer::create({.signer = key.signer()}).value();
  const auto permissions = scopes::cache_read_only("c");
  const PreparedScope scope = issuer.prepare(permissions).value();
  const auto ordinary = [&] {
    return issuer.generate_disposable_token({.permissions = permissions, .valid_for = 60s});
  };
  const auto prepared = [&] { return scope.generate_disposable_token({.valid_for = 60s}); };

  source_works = false;
  check(failed_inside(ordinary()), "the first mint of a thread fails when the source does");
  check(failed_inside(prepared()), "so does the first of a prepared scope");
  source_works = true;
  check(ordinary().has_value() && prepared().has_value(), "minting goes on when the source works again");

  draws = 0;
  source_works = false;
  bool failed_right = false;
  const int left = minted_until_failure(ordinary, failed_right);
  std::printf("       %d more tokens from randomness drawn before\n", left);
  check(left == 62, "no more tokens come than ids were drawn before: 64, of which two are used");
  check(failed_right && failed_inside(prepared()) && failed_inside(ordinary()), "after that, minting fails each time");
  check(issuer.generate_disposable_token({.permissions = permissions, .valid_for = 60s, .jti = "own"}).has_value(),
        "a token that brings its jti needs no randomness");
  check(failed_inside(KeyPair::generate("HS256")) && failed_inside(generate_private_jwk("HS512")),
        "no HMAC key is made");
  check(failed_inside(InMemoryDenyList::create({.capacity = 10})), "no deny-list is made");
  const VerifierOptions remembering{.keys = {key.verification_key()}, .cache_capacity = 4};
  check(failed_inside(Verifier::create(remembering)), "no verifier that remembers is made");
  source_works = true;
  check(KeyPair::generate("HS256").has_value() && InMemoryDenyList::create({.capacity = 10}).has_value(),
        "keys and lists are made when the source works again");
  check(draws > 1, "the source was asked");
}

// Its destructor runs after the pool of its thread has been wiped, for it was there first.
struct MintsAtTheEnd {
  const Issuer* issuer = nullptr;
  MintsAtTheEnd() = default;
  MintsAtTheEnd(const MintsAtTheEnd&) = delete;
  MintsAtTheEnd& operator=(const MintsAtTheEnd&) = delete;
  ~MintsAtTheEnd() {
    const auto mint = [&] {
      return issuer->generate_disposable_token({.permissions = scopes::cache_read_only("c"), .valid_for = 60s});
    };
    draws = 0;
    check(mint().has_value() && mint().has_value(), "a thread mints until its very end");
    check(draws == 2, "and then draws for each token alone, so that nothing is left in its memory");
  }
};

void an_ending_thread_keeps_nothing() {
  const KeyPair key = KeyPair::from_secret("HS256", SecretBytes(32), "k").value();
  const Issuer issuer = Issuer::create({.signer = key.signer()}).value();
  std::thread([&] {
    static thread_local MintsAtTheEnd last;
    last.issuer = &issuer;
    check(issuer.generate_disposable_token({.permissions = scopes::cache_read_only("c"), .valid_for = 60s}).has_value(),
          "the pool is in use");
  }).join();
}

template <class Pair>
bool mints_nothing(const Pair& pair) {
  if (!pair) return false;
  const auto issuer = Issuer::create({.signer = pair->signer()}).value();
  return failed_inside(
      issuer.generate_disposable_token({.permissions = scopes::cache_read_only("c"), .valid_for = 60s, .jti = "own"}));
}

void no_new_keys() {
  for (const char* alg : {"ES256", "ES384", "ES512", "EdDSA", "RS256", "PS512"}) {
    check(failed_inside(KeyPair::generate(alg)), (std::string("no new key for ") + alg).c_str());
  }
}
void no_loads_that_sign_at_random() {
  check(failed_inside(KeyPair::from_pem("ES256", SecretBytes::copy_of(test::keys::p256_pem))),
        "an ECDSA key that cannot be tried is not called faulty");
  check(failed_inside(key_pair_from_jwk(SecretBytes::copy_of(test::keys::p384_jwk))), "nor one from a JWK");
  check(KeyPair::from_pem("EdDSA", SecretBytes::copy_of(test::keys::ed25519_pem)).has_value(),
        "Ed25519 needs no randomness (RFC 8032)");
}

#if !defined(OPENSSL_NO_DEPRECATED_3_0)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
// libcrypto's generator fails in the midst of things.
void without_libcryptos_source() {
  const auto es256 = KeyPair::from_pem("ES256", SecretBytes::copy_of(test::keys::p256_pem));
  const auto ps256 = KeyPair::from_pem("PS256", SecretBytes::copy_of(test::keys::rsa2048_pem));
  static const RAND_METHOD failing = {nullptr, [](unsigned char*, int) { return 0; }, nullptr,
                                      nullptr, [](unsigned char*, int) { return 0; }, [] { return 1; }};
  RAND_set_rand_method(&failing);
  no_new_keys();
  no_loads_that_sign_at_random();
  check(mints_nothing(es256), "an ECDSA key signs nothing");
  check(mints_nothing(ps256), "an RSA-PSS key signs nothing");
  RAND_set_rand_method(nullptr);
  check(!mints_nothing(es256) && !mints_nothing(ps256), "both sign when the generator works again");
}
#pragma GCC diagnostic pop
#endif

// In a fresh child, for libcrypto makes its generators once: a kind that does not exist.
void without_any_generator() {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    failed_checks = 0;
    check(RAND_set_DRBG_type(nullptr, "NO-SUCH-DRBG", nullptr, nullptr, nullptr) == 1, "libcrypto has no generator");
    no_new_keys();
    no_loads_that_sign_at_random();
    std::fflush(nullptr);
    ::_exit(outcome());
  }
  int status = 0;
  check(::waitpid(child, &status, 0) == child && status == 0, "all that in a child");
}

}  // namespace

int main() {
  without_any_generator();
  without_the_systems_source();
  an_ending_thread_keeps_nothing();
#if !defined(OPENSSL_NO_DEPRECATED_3_0)
  without_libcryptos_source();
#endif
  return outcome();
}
