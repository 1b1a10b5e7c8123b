// 16 threads mint, verify, rotate keys and deny tokens at once. Built with ThreadSanitizer it finds races; everywhere it finds
// wrong answers: a valid token refused, a denied one accepted.
//   stress_test [--seconds N]    without it a few hundred operations

#include <atomic>
#include <chrono>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "checks.hpp"
#include "momento_token/authorizer.hpp"
#include "momento_token/deny_list.hpp"
#include "momento_token/issuer.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/key_ring.hpp"
#include "momento_token/scopes.hpp"
#include "momento_token/testing.hpp"
#include "momento_token/verifier.hpp"

namespace {

using namespace assurance;
using namespace momento_token;
using namespace std::chrono_literals;

/// Tokens on their way from those who mint to those who verify and deny.
class Letterbox {
 public:
  void put(DisposableToken token) {
    const std::lock_guard lock(mutex_);
    tokens_.push_back(std::move(token));
    if (tokens_.size() > 256) tokens_.pop_front();
  }
  [[nodiscard]] std::optional<DisposableToken> take() {
    const std::lock_guard lock(mutex_);
    if (tokens_.empty()) return {};
    DisposableToken token = std::move(tokens_.front());
    tokens_.pop_front();
    return token;
  }

 private:
  std::mutex mutex_;
  std::deque<DisposableToken> tokens_;
};

struct World {
  explicit World(const char* algorithm)
      : alg(algorithm),
        ring(KeyRing::create({.signing_key = KeyPair::generate(alg, "k0").value(),
                              .max_valid_for = 60s,
                              .max_leeway = 0s,
                              .clock = clock})
                 .value()),
        denied(InMemoryDenyList::create({.capacity = 1000, .max_leeway = 0s, .clock = clock}).value()),
        issuer(Issuer::create({.clock = clock, .limits = {.max_valid_for = 60s}, .key_ring = ring}).value()),
        scope(issuer.prepare(permissions).value()),
        verifier(Verifier::create({.clock = clock, .key_ring = ring, .deny_list = denied}).value()),
        remembering(
            Verifier::create({.clock = clock, .key_ring = ring, .deny_list = denied, .cache_capacity = 256}).value()) {}

  /// One that remembers tokens and one that does not, in turn.
  [[nodiscard]] Result<VerifiedToken> verify(std::string_view token) {
    return (turn.fetch_add(1) % 2 == 0 ? verifier : remembering).verify(token);
  }

  const char* alg;
  std::shared_ptr<testing::ManualClock> clock =
      std::make_shared<testing::ManualClock>(std::chrono::sys_seconds(1893456000s));
  Permissions permissions = scopes::cache_read_only("c");
  std::shared_ptr<KeyRing> ring;
  std::shared_ptr<InMemoryDenyList> denied;
  Issuer issuer;
  PreparedScope scope;
  Verifier verifier, remembering;
  std::atomic<unsigned> turn{0};
  Letterbox letterbox;
  std::atomic<long> minted{0}, verified{0}, expired{0}, revoked{0}, list_full{0}, ended_meanwhile{0}, rotations{0},
      wrong{0};
  std::atomic<bool> stop{false};
};

void mint(World& world, bool prepared) {
  auto token = prepared ? world.scope.generate_disposable_token({.valid_for = 60s})
                        : world.issuer.generate_disposable_token({.permissions = world.permissions, .valid_for = 60s});
  if (!token) {
    ++world.wrong;
    return;
  }
  world.letterbox.put(std::move(*token));
  ++world.minted;
}

// A token may end while it is checked; nothing else may go wrong with it.
bool holds(World& world, const DisposableToken& token) {
  const auto verified = world.verify(token.api_key);
  if (verified) {
    ++world.verified;
    return allows(*verified, cache_read("c", "key"), *world.clock) || world.clock->now() >= token.valid_until;
  }
  ++world.expired;
  return world.clock->now() >= token.valid_until;
}

void verify(World& world) {
  const auto token = world.letterbox.take();
  if (token && !holds(world, *token)) ++world.wrong;
}

void deny(World& world) {
  const auto token = world.letterbox.take();
  if (!token) return;
  if (!world.denied->deny_token(token->jti.view(), token->valid_until)) {
    ++world.list_full;  // then it stays valid
    return;
  }
  // The list forgets a token when it ends, and reads the clock after the verifier did: one that ends in between comes out
  // verified and expired.
  const auto verified = world.verify(token->api_key);
  if (verified && allows(*verified, cache_read("c", "key"), *world.clock)) ++world.wrong;
  if (verified) ++world.ended_meanwhile;
  ++world.revoked;
  static_cast<void>(world.denied->size());
}

// Publish, sign, wait until the last token of the old key is over, retire.
void rotate(World& world, int turn) {
  const std::string next = "k" + std::to_string(turn);
  const std::string old = world.ring->signing_kid();
  const bool ok = world.ring->publish(KeyPair::generate(world.alg, next).value()).has_value() &&
                  world.ring->sign_with(next).has_value();
  world.clock->advance(61s);
  const bool gone = world.ring->retire(old).has_value() && !world.ring->retire(old).has_value();
  if (!ok || !gone || world.ring->kids() != std::vector<std::string>{next}) ++world.wrong;
  if (std::string_view(world.alg) == "EdDSA" && !world.ring->public_jwks()) ++world.wrong;
  ++world.rotations;
}

// Rotates while the others work, until `until` or enough of everything has happened.
void run(World& world, std::chrono::seconds duration) {
  std::vector<std::thread> threads;
  const auto repeat = [&](auto work) {
    threads.emplace_back([&world, work] {
      while (!world.stop) work();
    });
  };
  for (int i = 0; i < 6; ++i) repeat([&world, i] { mint(world, i % 2 == 0); });
  for (int i = 0; i < 6; ++i) repeat([&world] { verify(world); });
  for (int i = 0; i < 3; ++i) repeat([&world] { deny(world); });
  threads.emplace_back([&world, duration] {
    const auto end = std::chrono::steady_clock::now() + duration;
    const long wanted = duration == 0s ? 20 : 1000;
    for (int turn = 1; world.rotations < wanted || world.verified < 100 || std::chrono::steady_clock::now() < end;
         ++turn) {
      const long before = world.minted;
      rotate(world, turn);
      while (world.minted < before + 10) std::this_thread::yield();
    }
    world.stop = true;
  });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

int main(int argc, char** argv) {
  const std::chrono::seconds duration(option(argc, argv, "--seconds", 0));
  for (const char* alg : {"HS256", "EdDSA"}) {
    World world(alg);
    run(world, duration / 2);
    std::printf(
        "%s: %ld minted, %ld verified, %ld expired on the way, %ld denied (%ld of them ended meanwhile), %ld times "
        "full, %ld rotations, %ld wrong "
        "answers\n",
        alg, world.minted.load(), world.verified.load(), world.expired.load(), world.revoked.load(),
        world.ended_meanwhile.load(), world.list_full.load(), world.rotations.load(), world.wrong.load());
    check(world.wrong == 0, "no wrong answer");
    check(world.verified >= 100 && world.rotations >= 20 && world.revoked > 0, "everything happened");
  }
  return outcome();
}
