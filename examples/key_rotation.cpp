// Replaces the signing key while tokens are minted and verified, without refusing a single good one.

#include <iostream>
#include <string>

#include "momento_token/momento_token.hpp"
#include "momento_token/testing.hpp"

using namespace momento_token;
using namespace std::chrono_literals;

KeyPair new_key(const char* kid) { return KeyPair::generate("ES256", kid).value(); }

std::string answer(const Verifier& verifier, const std::string& token) {
  const auto seen = verifier.verify(token);
  return seen ? "accepted" : std::string(to_string(seen.error().code));
}

int main() {
  const auto scope = scopes::topic_publish_only("chat", "room-7");
  // Time is moved by hand, so that an hour passes at once. Leave the clocks out and it is the system's.
  const auto clock = std::make_shared<testing::ManualClock>(std::chrono::sys_days(std::chrono::January / 1 / 2030));
  const auto ring =
      KeyRing::create({.signing_key = new_key("spring"), .max_valid_for = 1h, .max_leeway = 0s, .clock = clock})
          .value();
  const auto issuer = Issuer::create({.clock = clock, .limits = {.max_valid_for = 1h}, .key_ring = ring}).value();
  const auto verifier = Verifier::create({.clock = clock, .key_ring = ring}).value();
  const auto old_token = generate_disposable_token(issuer, 1h, scope).value().api_key;

  // 1. The new key verifies everywhere before it signs anywhere. Serve ring->public_jwks() and wait until all have it.
  ring->publish(new_key("summer")).value();
  std::cout << "signing with " << ring->signing_kid() << ", " << ring->kids().size() << " keys verify\n";

  // 2. From now on it signs. What the old key signed still verifies.
  ring->sign_with("summer").value();
  const auto new_token = generate_disposable_token(issuer, 1h, scope).value().api_key;
  std::cout << "old " << answer(verifier, old_token) << ", new " << answer(verifier, new_token) << '\n';

  // 3. The old key goes when its last token is over, and not before.
  const auto early = ring->retire("spring");
  std::cout << "too early: " << to_string(early.error()) << '\n';
  clock->advance(1h);
  std::cout << ring->retire_finished() << " key retired\n";

  // A key that leaked goes at once, and its tokens with it.
  ring->publish(new_key("autumn")).value();
  ring->sign_with("autumn").value();
  const auto leaked = generate_disposable_token(issuer, 1h, scope).value().api_key;
  ring->publish(new_key("winter")).value();
  ring->sign_with("winter").value();
  ring->revoke("autumn").value();
  std::cout << "after the leak: " << answer(verifier, leaked) << '\n';
}
