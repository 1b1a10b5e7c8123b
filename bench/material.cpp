#include "material.hpp"

#include <cstdio>
#include <cstdlib>

namespace bench {
namespace {

// Six digits that differ for each i, so that all names have one length.
std::string digits(std::size_t i) {
  std::string text = std::to_string(i * 7919 % 1000000);
  return std::string(6 - text.size(), '0') + text;
}

}  // namespace

std::string_view hmac_secret() {
  static const std::string bytes = [] {
    std::string all(32, '\0');
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<char>(i);
    return all;
  }();
  return bytes;
}

mt::KeyPair hs256_key() {
  return mt::KeyPair::from_secret("HS256", mt::SecretBytes::copy_of(hmac_secret()), "k").value();
}

std::shared_ptr<const mt::Clock> still_clock() {
  static const auto clock = std::make_shared<mt::testing::ManualClock>(now);
  return clock;
}

mt::Permissions usual_scope(std::size_t i) {
  return mt::Permissions().with(mt::TopicPermissions::subscribe_only()
                                    .with_cache("live-tv-" + digits(i))
                                    .with_topic("room-" + digits(i + 1) + "-chatrooms"));
}

mt::Permissions scope_of(std::size_t count, std::size_t i) {
  mt::Permissions permissions;
  for (std::size_t n = 0; n < count; ++n) {
    const std::string cache = "cache-" + digits(i), name = "name-" + digits(i * 31 + n) + "-of-a-thing";
    switch (n % 3) {
      case 0:
        permissions =
            std::move(permissions).with(mt::TopicPermissions::read_write().with_cache(cache).with_topic(name));
        break;
      case 1:
        permissions =
            std::move(permissions).with(mt::CachePermissions::read_only().with_cache(cache).with_key_prefix(name));
        break;
      default:
        permissions = std::move(permissions).with(mt::CachePermissions::write_only().with_cache(cache).with_key(name));
        break;
    }
  }
  return permissions;
}

std::string token_id_of(std::size_t i, std::size_t bytes) {
  std::string id = "user-" + digits(i) + "@";
  id.resize(bytes, 'x');
  return id;
}

mt::Issuer issuer_of(const mt::KeyPair& key, bool random_jti, std::shared_ptr<const mt::Clock> clock,
                     mt::Limits limits) {
  return mt::Issuer::create(
             {.signer = key.signer(), .clock = std::move(clock), .limits = limits, .random_jti = random_jti})
      .value();
}

mt::Verifier verifier_of(const mt::KeyPair& key, mt::Limits limits) {
  return mt::Verifier::create({.keys = {key.verification_key()}, .clock = still_clock(), .limits = limits}).value();
}

const std::vector<std::string>& usual_tokens() {
  static const std::vector<std::string> tokens = [] {
    auto made = tokens_of(issuer_of(hs256_key(), true, still_clock()), usual_scope);
    for (const std::string& token : made) {
      if (signing_input(token).size() == usual_input) continue;
      std::fprintf(stderr, "a usual token has %zu letters before its signature, not %zu\n", signing_input(token).size(),
                   usual_input);
      std::exit(1);
    }
    return made;
  }();
  return tokens;
}

}  // namespace bench
