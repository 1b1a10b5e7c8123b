// Keys rotate under load: no valid token is refused, none of a retired key is accepted, and a file that cannot be read changes
// nothing. The clock goes on in small steps, so that tokens live across rotations and a dozen keys verify at once.
//   rotation_test [--rotations N]    for each algorithm; 30 by default

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "checks.hpp"
#include "momento_token/issuer.hpp"
#include "momento_token/key_ring.hpp"
#include "momento_token/scopes.hpp"
#include "momento_token/testing.hpp"
#include "momento_token/verifier.hpp"
#include "skips.hpp"

namespace {

using namespace assurance;
using namespace momento_token;
using namespace std::chrono_literals;

constexpr auto longest = 60s;
constexpr auto leeway = 10s;

/// A key, and a token of it that outlives the test: whoever still takes the key takes that.
struct Key {
  std::string kid, token;
  std::atomic<bool> may_be_gone{false}, is_gone{false};
};

struct World {
  explicit World(const char* algorithm)
      : alg(algorithm),
        ring(KeyRing::create({.signing_key = KeyPair::generate(alg, "k0").value(),
                              .max_valid_for = longest,
                              .max_leeway = leeway,
                              .clock = clock})
                 .value()),
        issuer(Issuer::create({.clock = clock, .limits = {.max_valid_for = longest}, .key_ring = ring}).value()),
        scope(issuer.prepare(permissions).value()),
        verifier(Verifier::create({.leeway = leeway, .clock = clock, .key_ring = ring}).value()),
        remembering(
            Verifier::create({.leeway = leeway, .clock = clock, .key_ring = ring, .cache_capacity = 256}).value()) {}

  /// One that remembers tokens and one that does not, in turn.
  [[nodiscard]] Result<VerifiedToken> verify(std::string_view token) {
    return (turn.fetch_add(1) % 2 == 0 ? verifier : remembering).verify(token);
  }

  const char* alg;
  std::shared_ptr<testing::ManualClock> clock =
      std::make_shared<testing::ManualClock>(std::chrono::sys_seconds(1893456000s));
  Permissions permissions = scopes::cache_read_only("c");
  std::shared_ptr<KeyRing> ring;
  Issuer issuer;
  PreparedScope scope;
  Verifier verifier, remembering;
  std::atomic<unsigned> turn{0};

  std::mutex mutex;  // of the two below
  std::array<DisposableToken, 256> tokens = {};
  std::array<std::shared_ptr<Key>, 32> keys = {};

  std::atomic<std::size_t> minted{0}, verified{0}, ended{0}, checked_keys{0}, bad_reloads{0};
  std::atomic<std::size_t> not_minted{0}, valid_refused{0}, ended_accepted{0}, retired_accepted{0}, retired_early{0},
      wrong_rotations{0};
  std::atomic<bool> stop{false};
};

std::size_t draw(std::size_t below) {
  thread_local std::minstd_rand random(static_cast<unsigned>(std::hash<std::thread::id>()(std::this_thread::get_id())));
  return random() % below;
}

void mint(World& world) {
  const std::chrono::seconds valid_for(1 + static_cast<int>(draw(60)));
  auto token =
      draw(2) == 0
          ? world.issuer.generate_disposable_token({.permissions = world.permissions, .valid_for = Lifetime(valid_for)})
          : world.scope.generate_disposable_token({.valid_for = Lifetime(valid_for)});
  if (!token) {
    ++world.not_minted;
    return;
  }
  ++world.minted;
  const std::lock_guard lock(world.mutex);
  world.tokens[draw(world.tokens.size())] = std::move(*token);
}

// The clock may go on while a token is checked, so the answer has to fit one of the times before and after.
void verify(World& world) {
  DisposableToken token;
  {
    const std::lock_guard lock(world.mutex);
    token = world.tokens[draw(world.tokens.size())];
  }
  if (token.api_key.empty()) return;
  const auto end = token.valid_until + leeway;
  const auto before = world.clock->now();
  const bool accepted = world.verify(token.api_key).has_value();
  if (accepted && before >= end) ++world.ended_accepted;
  if (!accepted && world.clock->now() < end) ++world.valid_refused;
  ++(accepted ? world.verified : world.ended);
}

void check_key(World& world) {
  std::shared_ptr<Key> key;
  {
    const std::lock_guard lock(world.mutex);
    key = world.keys[draw(world.keys.size())];
  }
  if (key == nullptr) return;
  const bool was_gone = key->is_gone;
  const bool accepted = world.verify(key->token).has_value();
  if (accepted && was_gone) ++world.retired_accepted;
  if (!accepted && !key->may_be_gone) ++world.valid_refused;
  ++world.checked_keys;
}

std::shared_ptr<Key> watch(World& world, const KeyPair& pair, std::size_t turn) {
  auto key = std::make_shared<Key>();
  key->kid = pair.signer()->kid();
  const auto issuer = Issuer::create({.signer = pair.signer(), .clock = world.clock}).value();
  key->token = issuer.generate_disposable_token({.permissions = world.permissions, .valid_for = 25h}).value().api_key;
  if (!world.verify(key->token)) ++world.valid_refused;  // published is verified, before it signs
  const std::lock_guard lock(world.mutex);
  world.keys[turn % world.keys.size()] = key;
  return key;
}

struct Old {
  std::shared_ptr<Key> key;
  std::chrono::sys_seconds signed_until;
};

void retire_what_is_over(World& world, std::vector<Old>& olds) {
  std::erase_if(olds, [&](const Old& old) {
    const bool is_over = world.clock->now() >= old.signed_until + longest + leeway;
    if (is_over) old.key->may_be_gone = true;
    const bool retired = world.ring->retire(old.key->kid).has_value();
    if (retired && !is_over) ++world.retired_early;
    if (!retired && is_over) ++world.wrong_rotations;
    if (!retired) return false;
    old.key->is_gone = true;
    const auto answer = world.verify(old.key->token);
    if (answer || answer.error().code != Errc::unknown_key) ++world.retired_accepted;
    return true;
  });
}

// A set that is cut off must leave the ring as it is.
void reload_rubbish(World& world) {
  const auto generation = world.ring->generation();
  if (world.ring->reload_jwks(R"({"keys":[{"kty":"EC","crv":"P-256","kid":"x")") ||
      world.ring->generation() != generation) {
    ++world.wrong_rotations;
  }
  ++world.bad_reloads;
}

void rotate(World& world, std::size_t rotations) {
  std::vector<Old> olds;
  std::shared_ptr<Key> current;
  for (std::size_t turn = 1; turn <= rotations; ++turn) {
    const KeyPair next = KeyPair::generate(world.alg, "k" + std::to_string(turn)).value();
    if (!world.ring->publish(next)) ++world.wrong_rotations;
    const auto key = watch(world, next, turn);
    world.clock->advance(1s);
    if (!world.ring->sign_with(key->kid)) ++world.wrong_rotations;
    if (current != nullptr) olds.push_back({std::exchange(current, key), world.clock->now()});
    current = key;
    for (int i = 0; i < 5; ++i) {
      world.clock->advance(1s);
      retire_what_is_over(world, olds);
    }
    reload_rubbish(world);
    const std::size_t before = world.verified + world.checked_keys;
    while (world.verified + world.checked_keys < before + 10) std::this_thread::yield();
  }
  // On a busy machine no token may have been looked at after its end until now.
  while (world.ended == 0) {
    world.clock->advance(longest + leeway);
    std::this_thread::sleep_for(1ms);
  }
  world.stop = true;
}

void run(World& world, std::size_t rotations) {
  std::vector<std::thread> threads;
  const auto repeat = [&](int times, void (*work)(World&)) {
    for (int i = 0; i < times; ++i) {
      threads.emplace_back([&world, work] {
        while (!world.stop) work(world);
      });
    }
  };
  repeat(6, mint);
  repeat(6, verify);
  repeat(3, check_key);
  threads.emplace_back([&] { rotate(world, rotations); });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

int main(int argc, char** argv) {
  const auto rotations = static_cast<std::size_t>(option(argc, argv, "--rotations", under_valgrind() ? 12 : 30));
  for (const char* alg : {"HS256", "ES256"}) {
    World world(alg);
    run(world, rotations);
    std::printf(
        "%s: %zu rotations, 16 threads: %zu tokens minted, %zu verified, %zu over by then, keys asked %zu times\n", alg,
        rotations, world.minted.load(), world.verified.load(), world.ended.load(), world.checked_keys.load());
    check(world.not_minted == 0, "every token could be minted");
    check(world.valid_refused == 0, "no valid token was refused");
    check(world.ended_accepted == 0, "none was accepted after its end");
    check(world.retired_accepted == 0, "none of a retired key was accepted");
    check(world.retired_early == 0, "no key was retired while a token of it could be valid");
    check(world.wrong_rotations == 0, "every step did what it should, and a broken set nothing");
    check(world.verified > 0 && world.ended > 0 && world.ring->kids().size() > 5, "everything happened");
  }
  return outcome();
}
