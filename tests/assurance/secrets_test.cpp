// Keys of every family are loaded, used, moved and destroyed, loads fail half-way, a signer throws: afterwards no writable
// memory of the process holds 19 bytes in a row of a secret, in any form (secret_forms.hpp). While a key lives the same search
// finds it, a control for each, and finds it once.
//   secrets_test [-v]    -v tells where living keys were found

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>

#include <cstdio>
#include <functional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "key_life.hpp"
#include "memory_scan.hpp"
#include "secret_forms.hpp"
#include "skips.hpp"
#include "worker.hpp"

namespace {

using namespace assurance;
using momento_token::Result;

bool verbose = false;
int failures = 0;

// ---- what is looked for; runs in a child ----

std::string number(const EVP_PKEY* key, const char* name) {
  BIGNUM* value = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &value) != 1) return {};
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(value)), '\0');
  BN_bn2bin(value, reinterpret_cast<unsigned char*>(bytes.data()));
  return bytes;
}

void take_pem_apart(Windows& windows, std::string_view pem) {
  BIO* const bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  require(key != nullptr, "PEM");
  unsigned char seed[32];
  std::size_t size = sizeof seed;
  if (EVP_PKEY_is_a(key, "ED25519") == 1) {
    EVP_PKEY_get_raw_private_key(key, seed, &size);
    add_ed25519(windows, {reinterpret_cast<const char*>(seed), size});
  } else if (EVP_PKEY_is_a(key, "EC") == 1) {
    add_forms(windows, "d", number(key, OSSL_PKEY_PARAM_PRIV_KEY));
  } else {
    add_forms(windows, "d", number(key, OSSL_PKEY_PARAM_RSA_D));
    add_forms(windows, "p", number(key, OSSL_PKEY_PARAM_RSA_FACTOR1));
    add_forms(windows, "q", number(key, OSSL_PKEY_PARAM_RSA_FACTOR2));
    add_forms(windows, "dp", number(key, OSSL_PKEY_PARAM_RSA_EXPONENT1));
    add_forms(windows, "dq", number(key, OSSL_PKEY_PARAM_RSA_EXPONENT2));
    add_forms(windows, "qi", number(key, OSSL_PKEY_PARAM_RSA_COEFFICIENT1));
  }
}

std::string unbase64url(std::string_view text) {
  const std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string bytes;
  unsigned bits = 0;
  int held = 0;
  for (const char letter : text) {
    bits = (bits << 6 | static_cast<unsigned>(letters.find(letter))) & 0xffffff;
    if ((held += 6) >= 8) bytes += static_cast<char>(bits >> (held -= 8) & 0xff);
  }
  return bytes;
}

void take_jwk_apart(Windows& windows, std::string_view text) {
  const auto jwk = nlohmann::json::parse(text);
  for (const char* name : {"k", "d", "p", "q", "dp", "dq", "qi"}) {
    if (!jwk.contains(name)) continue;
    const std::string bytes = unbase64url(jwk[name].get<std::string>());
    const std::string kind = jwk["kty"];
    if (kind == "oct") {
      add_hmac(windows, bytes, std::stoi(jwk["alg"].get<std::string>().substr(2)) / 8);
    } else if (kind == "OKP") {
      add_ed25519(windows, bytes);
    } else {
      add_forms(windows, name, bytes);
    }
  }
}

// ---- one key's life ----

std::size_t report(const char* when, const Found& found, bool show) {
  if (show) {
    for (const auto& [where, count] : found.where) std::printf("    %s: %s (%zu)\n", when, where.c_str(), count);
  }
  return found.windows;
}

// How often a private number of an RSA key lies in memory when libcrypto alone has loaded it and signed with it: a prime
// and, beside it, the Montgomery context of that prime.
std::size_t rsa_copies_of_libcrypto = 0;

void count_rsa_copies_of_libcrypto(MemoryScan& memory) {
  memory.learn("RSA", [](Windows& windows) { take_pem_apart(windows, keys::rsa2048_pem); });
  BIO* const bio = BIO_new_mem_buf(keys::rsa2048_pem.data(), static_cast<int>(keys::rsa2048_pem.size()));
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  unsigned char signature[512] = {};
  std::size_t size = sizeof signature;
  require(EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key) == 1 &&
              EVP_DigestSign(context, signature, &size, signature, 1) == 1,
          "libcrypto alone");
  EVP_MD_CTX_free(context);
  BIO_free(bio);
  rsa_copies_of_libcrypto = memory.scan().copies();
  EVP_PKEY_free(key);
  std::printf("       RSA in libcrypto alone: copies: %zu\n", rsa_copies_of_libcrypto);
}

std::size_t most_copies_of(const std::string& name) {
  return name.starts_with("RS") || name.starts_with("PS") ? rsa_copies_of_libcrypto : 1;
}

void live(MemoryScan& memory, Worker& worker, const std::string& name, const std::function<void(Holders&)>& load,
          const std::function<void(Windows&, const Holders&)>& take_apart, int hmac_bytes = 0,
          std::string_view hmac_secret = {}) {
  auto all = std::make_unique<Holders>();
  worker.run([&] { load(*all); });
  memory.learn(name, [&](Windows& windows) { take_apart(windows, *all); });
  const Found alive = memory.scan();
  const std::size_t loaded = report("loaded", alive, verbose);
  worker.run([&] { use(*all); });
  if (hmac_bytes != 0) {
    memory.learn(name, [&](Windows& windows) {
      for (const std::string& token : all->tokens) {
        add_prepared(windows, hmac_secret, hmac_bytes, std::string_view(token).substr(0, token.rfind('.')));
      }
    });
  }
  const std::size_t used = report("used", memory.scan(), verbose);
  worker.run([&] { all.reset(); });
  const std::size_t after = report("remains", memory.scan(), true);
  const bool ok = loaded > 0 && used > 0 && after == 0 && alive.copies() <= most_copies_of(name);
  failures += ok ? 0 : 1;
  std::printf("%-6s %-28s loaded %4zu (copies: %zu)  used %4zu  destroyed %zu\n", ok ? "ok" : "FAILED", name.c_str(),
              loaded, alive.copies(), used, after);
}

void live_as_secret(MemoryScan& memory, Worker& worker, const char* alg, int digest_bytes, std::string_view secret) {
  live(
      memory, worker, std::string(alg) + " secret of " + std::to_string(secret.size()),
      [=](Holders& all) { all.pair = KeyPair::from_secret(alg, copy(secret), "k").value(); },
      [=](Windows& windows, const Holders&) { add_hmac(windows, secret, digest_bytes); }, digest_bytes, secret);
}

void live_as_pem(MemoryScan& memory, Worker& worker, const char* alg, std::string_view pem,
                 std::string_view encrypted) {
  const auto apart = [=](Windows& windows, const Holders&) { take_pem_apart(windows, pem); };
  live(
      memory, worker, std::string(alg) + " PEM",
      [=](Holders& all) { all.pair = KeyPair::from_pem(alg, copy(pem), "k").value(); }, apart);
  if (encrypted.empty()) return;
  live(
      memory, worker, std::string(alg) + " encrypted PEM",
      [=](Holders& all) {
        all.pair = KeyPair::from_pem(alg, copy(encrypted), "k", answering(keys::passphrase)).value();
      },
      apart);
}

void live_as_jwk(MemoryScan& memory, Worker& worker, const char* alg, std::string_view jwk, std::string_view pem) {
  live(
      memory, worker, std::string(alg) + " JWK",
      [=](Holders& all) {
        const SecretBytes text = joined({"{\"kid\":\"k\",", jwk.substr(1)});
        all.pair = momento_token::key_pair_from_jwk(text, alg).value();
        check(momento_token::verification_key_from_jwk(text.expose_text(), alg).has_value(), "the public half");
      },
      [=](Windows& windows, const Holders&) { take_pem_apart(windows, pem); });
}

void live_generated(MemoryScan& memory, Worker& worker, const char* alg) {
  live(
      memory, worker, std::string(alg) + " generated",
      [=](Holders& all) {
        all.text = momento_token::generate_private_jwk(alg, {.kid = "k", .rsa_bits = 2048}).value();
        all.pair = momento_token::key_pair_from_jwk(all.text).value();
      },
      [](Windows& windows, const Holders& all) { take_jwk_apart(windows, all.text.expose_text()); });
}

// Through the file system: read_key_file, and a child that writes the file.
void live_from_file(MemoryScan& memory, Worker& worker) {
  char path[] = "/tmp/momento_token_secrets_XXXXXX";
  require(::mkstemp(path) >= 0, path);
  const pid_t child = ::fork();
  if (child == 0) {
    std::FILE* const file = std::fopen(path, "w");
    std::fwrite(keys::p521_pem.data(), 1, keys::p521_pem.size(), file);
    std::fclose(file);
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
  live(
      memory, worker, "ES512 PEM from a file",
      [&](Holders& all) {
        const auto file = momento_token::read_key_file(path).value();
        check(file.is_private, "mkstemp's file is private");
        all.pair = KeyPair::from_pem("ES512", file.bytes, "k").value();
      },
      [](Windows& windows, const Holders&) { take_pem_apart(windows, keys::p521_pem); });
  ::unlink(path);
}

// Each window of each secret is found when it is there: none is looked for in vain.
void control_every_window(MemoryScan& memory) {
  constexpr std::size_t batch = 4096;
  std::size_t seen = 0;
  SecretBytes planted(batch * window_bytes);
  for (std::size_t first = 0; first < memory.size(); first += batch) {
    const std::size_t count = std::min(batch, memory.size() - first);
    for (std::size_t i = 0; i < count; ++i) {
      memory.unmask(first + i,
                    reinterpret_cast<unsigned char*>(planted.expose_for_writing().data()) + i * window_bytes);
    }
    seen += memory.scan().windows >= count ? count : 0;
    momento_token::wipe(planted.expose_for_writing().data(), planted.size());
  }
  const bool ok = seen == memory.size();
  failures += ok ? 0 : 1;
  std::printf("%-6s %zu of %zu windows are found when they are planted\n", ok ? "ok" : "FAILED", seen, memory.size());
}

}  // namespace

int main(int argc, char** argv) {
  if (const char* why = why_memory_cannot_be_read()) return skipped(why);
  verbose = argc > 1 && std::string_view(argv[1]) == "-v";
  MemoryScan memory;
  count_rsa_copies_of_libcrypto(memory);
  {
    Worker worker;
    memory.call(worker.stack(), "the stack of the thread");
    memory.learn("passphrase", [](Windows& windows) { add_forms(windows, "text", keys::passphrase); });
    // Any bytes are a secret; these lie in read-only memory.
    const std::string_view random = keys::rsa8192_pem;
    live_as_secret(memory, worker, "HS256", 32, random.substr(200, 32));
    live_as_secret(memory, worker, "HS256", 32, random.substr(600, 100));
    live_as_secret(memory, worker, "HS384", 48, random.substr(800, 48));
    live_as_secret(memory, worker, "HS512", 64, random.substr(1000, 64));
    live_as_secret(memory, worker, "HS512", 64, random.substr(1200, 200));
    live_as_pem(memory, worker, "ES256", keys::p256_pem, keys::p256_pbkdf2_sha512_aes128_pem);
    live_as_pem(memory, worker, "ES256", keys::p256_pem, keys::p256_scrypt_pem);
    live_as_pem(memory, worker, "ES384", keys::p384_pem, {});
    live_as_pem(memory, worker, "EdDSA", keys::ed25519_pem, keys::ed25519_pbkdf2_sha256_aes256_pem);
    live_as_pem(memory, worker, "RS256", keys::rsa2048_pem, keys::rsa2048_pbkdf2_sha256_aes256_pem);
    live_as_pem(memory, worker, "PS256", keys::rsa2048_pem, {});
    live_as_jwk(memory, worker, "ES256", keys::p256_jwk, keys::p256_pem);
    live_as_jwk(memory, worker, "ES384", keys::p384_jwk, keys::p384_pem);
    live_as_jwk(memory, worker, "ES512", keys::p521_jwk, keys::p521_pem);
    live_as_jwk(memory, worker, "EdDSA", keys::ed25519_jwk, keys::ed25519_pem);
    live_as_jwk(memory, worker, "RS256", keys::rsa2048_jwk, keys::rsa2048_pem);
    live_as_jwk(memory, worker, "PS512", keys::rsa2048_jwk, keys::rsa2048_pem);
    for (const char* alg : {"HS256", "HS384", "HS512", "ES256", "ES384", "ES512", "EdDSA", "RS256"}) {
      live_generated(memory, worker, alg);
    }
    live_from_file(memory, worker);
    int failed_loads = 0;
    worker.run([&] { failed_loads = failing_loads(); });
    const std::size_t after = report("remains", memory.scan(), true);
    failures += after == 0 ? 0 : 1;
    std::printf("%-6s %d loads that fail: %zu remains\n", after == 0 ? "ok" : "FAILED", failed_loads, after);
  }
  control_every_window(memory);
  const std::size_t at_the_end = report("remains", memory.scan(), true);
  failures += at_the_end == 0 ? 0 : 1;
  std::printf("%-6s at the end, the thread gone: %zu remains\n", at_the_end == 0 ? "ok" : "FAILED", at_the_end);
  return failures == 0 ? 0 : 1;
}
