// The library: what a vending machine does for each caller, and a server for each request.

#include <cstdio>
#include <cstdlib>
#include <span>

#include "material.hpp"
#include "row.hpp"

namespace bench {
namespace {

using namespace std::chrono_literals;

template <class T>
void must(const mt::Result<T>& result) {
  if (result) return;
  std::fprintf(stderr, "a row failed: %s\n", result.error().field.c_str());
  std::exit(1);
}

std::string jti_of(std::size_t i) { return "jti-of-22-letters-" + std::to_string(1000 + i); }

std::vector<mt::DisposableTokenRequest> requests(mt::Permissions (*scope)(std::size_t), bool with_jti) {
  std::vector<mt::DisposableTokenRequest> all;
  for (std::size_t i = 0; i < token_count; ++i) {
    all.push_back({.permissions = scope(i), .valid_for = 1h, .token_id = token_id_of(i)});
    if (with_jti) all.back().jti = jti_of(i);
  }
  return all;
}

/// What mints request i.
auto mint(mt::Issuer issuer, std::vector<mt::DisposableTokenRequest> all) {
  return [issuer, all](std::size_t i) {
    const auto token = issuer.generate_disposable_token(all[i]);
    must(token);
    benchmark::DoNotOptimize(token->api_key.data());
  };
}
/// What verifies token i.
auto verify(mt::Verifier verifier, Tokens tokens) {
  return [verifier, tokens, &all = *tokens](std::size_t i) {
    const auto token = verifier.verify(all[i % all.size()]);
    must(token);
    benchmark::DoNotOptimize(token->statement_count());
  };
}

Tokens usual() {
  return lazy([] { return usual_tokens(); });
}

void add_minting() {
  row("mint", "hmac", [] { return mint(issuer_of(hs256_key(), false, still_clock()), requests(usual_scope, true)); });
  const auto as_served = [] {
    return mint(issuer_of(hs256_key(), true, mt::system_clock()), requests(usual_scope, false));
  };
  row("mint/clock_and_random_jti", "hmac", as_served);
  row("mint/2_threads", "", as_served)->Threads(2)->UseRealTime();
  row("mint/1_thread", "", as_served)->Threads(1)->UseRealTime();
}

struct Prepared {
  mt::PreparedScope scope;
  std::vector<mt::PreparedTokenRequest> requests;
};

void add_batch(const std::string& name, const std::string& of, Lazy<Prepared> prepared) {
  static constexpr std::size_t size = 64;
  row(
      name, of,
      [prepared] {
        return [prepared, buffer = std::vector<char>(size * 2048),
                tokens = std::vector<mt::BatchToken>(size)](std::size_t i) mutable {
          const auto requests = std::span(prepared->requests).subspan(i % (token_count / size) * size, size);
          const auto used = prepared->scope.generate_batch(requests, buffer, tokens);
          must(used);
          benchmark::DoNotOptimize(tokens.back().api_key.data());
        };
      },
      size);
}

/// `scope` decides the length of p; the time is a multiple of the hash over the whole signing input.
void add_prepared(const std::string& name, mt::Permissions (*scope)()) {
  const auto prepared = lazy([scope] {
    Prepared all{issuer_of(hs256_key(), true, still_clock()).prepare(scope()).value(), {}};
    for (std::size_t i = 0; i < token_count; ++i) {
      all.requests.push_back({.valid_for = 1h, .token_id = token_id_of(i), .jti = jti_of(i)});
    }
    return all;
  });
  const auto tokens = lazy([prepared] {
    std::vector<std::string> all;
    for (const auto& request : prepared->requests) {
      all.push_back(prepared->scope.generate_disposable_token(request).value().api_key);
    }
    return all;
  });
  const std::string hash = add_hash_over(name, tokens);
  add_batch("batch/" + name, hash, prepared);
  row(name, hash, [prepared] {
    return [&all = *prepared](std::size_t i) {
      const auto token = all.scope.generate_disposable_token(all.requests[i]);
      must(token);
      benchmark::DoNotOptimize(token->api_key.data());
    };
  });
}

void add_prepared_scopes() {
  add_prepared("prepared/p_of_68", [] { return usual_scope(1); });
  add_prepared("prepared/p_of_200_and_more", [] { return scope_of(4, 1); });
  add_prepared("prepared/p_of_1000_and_more", [] { return scope_of(20, 1); });
}

// ---- verifying ----

void add_verify(const std::string& name, Tokens tokens) {
  row(name, add_hash_over(name, tokens), [tokens] { return verify(verifier_of(hs256_key()), tokens); });
}

Tokens tokens_with(std::size_t least, std::size_t most) {
  return lazy([=] {
    return tokens_of(issuer_of(hs256_key(), true, still_clock()),
                     [=](std::size_t i) { return scope_of(least + i % (most - least + 1), i); });
  });
}

void add_refusing() {
  row("refuse/bad_signature", "hmac", [] {
    std::vector<std::string> forged = usual_tokens();
    for (std::string& token : forged) token[token.size() - 10] = token[token.size() - 10] == 'A' ? 'B' : 'A';
    return [verifier = verifier_of(hs256_key()), forged](std::size_t i) {
      const auto token = verifier.verify(forged[i]);
      if (token) std::exit(1);
      benchmark::DoNotOptimize(token.error().code);
    };
  });
}

void add_verifying() {
  add_verify("verify/usual", usual());
  add_verify("verify/1_to_3_statements", tokens_with(1, 3));
  add_verify("verify/20_statements", tokens_with(20, 20));
  add_refusing();
  const auto threaded = [] { return verify(verifier_of(hs256_key()), usual()); };
  row("verify/2_threads", "", threaded)->Threads(2)->UseRealTime();
  row("verify/1_thread", "", threaded)->Threads(1)->UseRealTime();
}

// ---- allows ----

struct Questions {
  std::vector<mt::VerifiedToken> tokens;
  std::vector<std::string> caches;
  std::string key = std::string(64, 'k');
};

/// The last statement matches; keys of 64 bytes.
Questions questions(std::size_t statements) {
  Questions all;
  const auto issuer = issuer_of(hs256_key(), true, still_clock());
  const auto verifier = verifier_of(hs256_key());
  for (std::size_t i = 0; i < 256; ++i) {
    all.caches.push_back("last-" + std::to_string(1000 + i));
    const auto scope = scope_of(statements - 1, i)
                           .with(mt::CachePermissions::read_only().with_cache(all.caches.back()).with_key(all.key));
    const auto token = issuer.generate_disposable_token({.permissions = scope, .valid_for = 1h});
    all.tokens.push_back(verifier.verify(token.value().api_key).value());
  }
  return all;
}

void add_allows(std::size_t statements) {
  row("allows/" + std::to_string(statements) + "_statements", "", [statements] {
    return [all = questions(statements), clock = still_clock()](std::size_t i) {
      const std::size_t n = i % all.tokens.size();
      if (!mt::allows(all.tokens[n], mt::cache_read(all.caches[n], all.key), *clock)) std::exit(1);
    };
  });
}

// ---- other algorithms ----

void add_algorithm(const std::string& alg) {
  const auto key = lazy([alg] { return mt::KeyPair::generate(alg, {}, 2048).value(); });
  row("mint/" + alg, "raw/" + alg + "/sign",
      [key] { return mint(issuer_of(*key, true, still_clock()), requests(usual_scope, false)); });
  // Making RSA signatures takes milliseconds; what is remembered is looked for among as many as elsewhere.
  const std::size_t count = alg.starts_with('E') ? token_count : 64;
  const auto tokens =
      lazy([key, count] { return tokens_of(issuer_of(*key, true, still_clock()), usual_scope, 46, count); });
  row("verify/" + alg, "raw/" + alg + "/verify", [key, tokens] { return verify(verifier_of(*key), tokens); });
  row("verify/" + alg + "/seen_before", "hmac", [key, tokens] {
    const auto remembering = mt::Verifier::create(
        {.keys = {key->verification_key()}, .clock = still_clock(), .cache_capacity = 8 * token_count});
    for (const std::string& token : *tokens) must(remembering.value().verify(token));
    return verify(remembering.value(), tokens);
  });
}

}  // namespace

void add_ours() {
  add_minting();
  add_prepared_scopes();
  add_verifying();
  for (const std::size_t statements : {std::size_t{1}, std::size_t{20}}) add_allows(statements);
  for (const char* alg : {"ES256", "ES384", "EdDSA", "RS256", "PS256"}) add_algorithm(alg);
}

}  // namespace bench
