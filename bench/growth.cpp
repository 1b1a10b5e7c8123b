// Cost against growth: what doubles when the input does, and what does not.

#include <cstdio>
#include <cstdlib>

#include "material.hpp"
#include "row.hpp"

namespace bench {
namespace {

using namespace std::chrono_literals;

void must(bool good) {
  if (good) return;
  std::fputs("a row failed\n", stderr);
  std::exit(1);
}

struct Size {
  mt::Issuer issuer;
  mt::Verifier verifier;
  std::vector<mt::DisposableTokenRequest> requests;
};

/// Tokens of `statements` statements with a token_id of `id_bytes`.
void add_size(const std::string& name, std::size_t statements, std::size_t id_bytes, mt::Limits limits = {}) {
  const auto size = lazy([=] {
    Size all{issuer_of(hs256_key(), true, still_clock(), limits), verifier_of(hs256_key(), limits), {}};
    for (std::size_t i = 0; i < 256; ++i) {
      all.requests.push_back(
          {.permissions = scope_of(statements, i), .valid_for = 1h, .token_id = token_id_of(i, id_bytes)});
    }
    return all;
  });
  const auto tokens = lazy([=] {
    return tokens_of(
        size->issuer, [=](std::size_t i) { return scope_of(statements, i); }, id_bytes, 1024);
  });
  const std::string hash = add_hash_over("size/" + name, tokens);
  row("mint/size/" + name, hash, [size] {
    return [&all = *size](std::size_t i) {
      must(all.issuer.generate_disposable_token(all.requests[i % all.requests.size()]).has_value());
    };
  });
  row("verify/size/" + name, hash, [size, tokens] {
    return [&verifier = size->verifier, &all = *tokens](std::size_t i) {
      must(verifier.verify(all[i % all.size()]).has_value());
    };
  });
}

/// What verifies usual tokens.
auto verify_with(mt::VerifierOptions options) {
  return [verifier = mt::Verifier::create(std::move(options)).value(), &all = usual_tokens()](std::size_t i) {
    must(verifier.verify(all[i]).has_value());
  };
}

void add_ring(std::size_t size) {
  row("verify/ring_of_" + std::to_string(size), "hmac", [size] {
    std::vector<std::shared_ptr<const mt::VerificationKey>> keys;
    for (std::size_t i = 1; i < size; ++i) {
      const auto key =
          mt::KeyPair::from_secret("HS256", mt::SecretBytes::copy_of(hmac_secret()), "key-" + std::to_string(i));
      keys.push_back(key->verification_key());
    }
    return verify_with(
        {.clock = still_clock(),
         .key_ring = mt::KeyRing::create({.signing_key = hs256_key(), .verification_keys = keys}).value()});
  });
}

void add_deny_list(std::size_t entries) {
  row("verify/deny_list_of_" + std::to_string(entries), "hmac", [entries] {
    const auto list = mt::InMemoryDenyList::create({.capacity = entries, .clock = still_clock()}).value();
    for (std::size_t i = 0; i < entries; ++i) {
      must(list->deny_token("denied-" + std::to_string(i), now + 1h).has_value());
    }
    return verify_with({.keys = {hs256_key().verification_key()}, .clock = still_clock(), .deny_list = list});
  });
}

// A token as long as the cap allows: one long token_id.
void add_longest() {
  mt::Limits limits;
  limits.max_token_id_bytes = 11'000;
  add_size("16_KiB", 1, 11'000, limits);
}

}  // namespace

void add_growth() {
  for (const std::size_t statements : {1, 2, 5, 10, 20}) {
    add_size(std::to_string(statements) + "_statements", statements, 46);
  }
  for (const std::size_t bytes : {0, 16, 256, 1024}) {
    add_size("token_id_of_" + std::to_string(bytes), 1, bytes);
  }
  add_longest();
  for (const std::size_t keys : {1, 10, 100, 1000}) add_ring(keys);
  add_deny_list(1'000'000);
}

}  // namespace bench
