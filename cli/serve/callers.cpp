#include "callers.hpp"

#include <mutex>
#include <utility>

#include "../echo.hpp"
#include "../output.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/key_ring.hpp"
#include "momento_token/vending/password_auth.hpp"
#include "secrets.hpp"
#include "users_file.hpp"

namespace cli::serve {

namespace {

// User names and passwords that are replaced while requests are checked.
class ReloadableUsers final : public vending::CallerAuth {
 public:
  explicit ReloadableUsers(std::shared_ptr<const vending::CallerAuth> first) : now_(std::move(first)) {}

  [[nodiscard]] vending::AuthOutcome authenticate(const vending::Request& request) const override {
    return current()->authenticate(request);
  }
  [[nodiscard]] std::vector<std::string> request_headers() const override { return current()->request_headers(); }
  void replace(std::shared_ptr<const vending::CallerAuth> next) {
    const std::lock_guard lock(mutex_);
    now_.swap(next);
  }

 private:
  [[nodiscard]] std::shared_ptr<const vending::CallerAuth> current() const {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  mutable std::mutex mutex_;
  std::shared_ptr<const vending::CallerAuth> now_;
};

using Auth = mt::Result<std::shared_ptr<const vending::PasswordAuth>>;

// They count on when the file is read again.
struct Tries {
  std::shared_ptr<vending::RateLimiter> of_name, of_peer;
};

Tries tries_of(const ServeOptions& options) {
  const auto limiter = [](vending::RateLimiterOptions wanted) -> std::shared_ptr<vending::RateLimiter> {
    return usable(vending::InMemoryRateLimiter::create(std::move(wanted)), "--users");
  };
  const Rate peer = *options.limit_tries;
  return {.of_name = limiter({.per_identity = 10, .global = 600}),
          .of_peer = limiter({.per_identity = peer.count, .global = 0, .window = peer.window})};
}

Auth users_of(const std::string& path, const Tries& tries) {
  auto users = read_users(path);
  if (!users) return users.error();
  return vending::PasswordAuth::create(
      {.users = std::move(users).value(), .attempts = tries.of_name, .peers = tries.of_peer});
}

Callers by_password(const ServeOptions& options) {
  const Tries tries = tries_of(options);
  const std::string path = options.users;
  auto users = std::make_shared<ReloadableUsers>(usable(users_of(path, tries), file_in_quotes(path)));
  const auto reload = [users, path, tries]() -> mt::Result<void> {
    auto next = users_of(path, tries);
    if (!next) return next.error();
    users->replace(std::move(next).value());
    return {};
  };
  return {.auth = users, .slow = true, .file = path, .reload = reload};
}

// Keys of others, read again on SIGHUP.
std::shared_ptr<mt::KeyRing> ring_of(const std::string& path) {
  const auto file = usable(mt::read_key_file(path), file_in_quotes(path));
  if (!file.is_private && mt::holds_private_key(file.bytes.expose_text())) {
    throw UsageError(file_in_quotes(path) +
                     " holds a private or symmetric key, and others may read or write it; chmod 600 mends it");
  }
  auto keys = usable(mt::verification_keys_from_jwks(file.bytes.expose_text()), file_in_quotes(path));
  return usable(mt::KeyRing::create({.verification_keys = std::move(keys)}), file_in_quotes(path));
}

Callers with_ring(mt::Result<std::shared_ptr<const vending::CallerAuth>> auth, std::shared_ptr<mt::KeyRing> ring,
                  const std::string& path, std::string_view option) {
  return {.auth = usable(std::move(auth), option), .file = path, .reload = [ring = std::move(ring), path] {
            return ring->reload_file(path);
          }};
}

Callers by_id_token(const OidcFlags& flags) {
  const auto ring = ring_of(flags.jwks);
  return with_ring(vending::oidc_auth({.issuer = flags.issuer,
                                       .audience = flags.audience,
                                       .key_ring = ring,
                                       .user_claim = flags.user_claim,
                                       .groups_claim = flags.groups_claim,
                                       .token_use = flags.token_use}),
                   ring, flags.jwks, "--oidc-issuer");
}

Callers by_own_token(const ServeOptions& options) {
  const auto ring = ring_of(options.tokens_jwks);
  return with_ring(vending::token_auth({.key_ring = ring, .issuer = options.tokens_issuer}), ring, options.tokens_jwks,
                   "--tokens");
}

}  // namespace

Callers callers_of(const ServeOptions& options, Log& log) {
  if (options.open) return {.auth = vending::open_to_anyone()};
  if (!options.users.empty()) return by_password(options);
  if (!options.oidc.issuer.empty()) return by_id_token(options.oidc);
  if (!options.tokens_jwks.empty()) return by_own_token(options);
  auto secret = bootstrap_secret_of(options, log);
  auto auth = usable(vending::bootstrap_auth({.source = secret}), "--bootstrap");
  return {.auth = std::move(auth), .bootstrap = std::move(secret)};
}

}  // namespace cli::serve
