// What libcrypto itself takes: the rows that the others are multiples of.

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "material.hpp"
#include "row.hpp"

#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#endif

namespace bench {
namespace {

void must(bool good) {
  if (good) return;
  std::fputs("a raw row of libcrypto failed\n", stderr);
  std::exit(1);
}

// ---- HMAC-SHA-256 ----

struct PaddedKey {
  explicit PaddedKey(unsigned char pad) {
    std::memset(bytes, pad, sizeof bytes);
    for (std::size_t i = 0; i < hmac_secret().size(); ++i) bytes[i] ^= static_cast<unsigned char>(hmac_secret()[i]);
  }
  unsigned char bytes[64];
};

struct LowLevelStates {
  SHA256_CTX inner, outer;
  LowLevelStates() {
    start(inner, 0x36);
    start(outer, 0x5C);
  }
  static void start(SHA256_CTX& state, unsigned char pad) {
    const PaddedKey key(pad);
    must(SHA256_Init(&state) == 1 && SHA256_Update(&state, key.bytes, sizeof key.bytes) == 1);
  }
  void mac(std::string_view input, unsigned char* out) const {
    SHA256_CTX state = inner;
    SHA256_Update(&state, input.data(), input.size());
    SHA256_Final(out, &state);
    state = outer;
    SHA256_Update(&state, out, 32);
    SHA256_Final(out, &state);
  }
};

/// The blocks padded here instead of by libcrypto: the fewest instructions, at the price of half a hash of one's own.
struct TransformStates {
  void mac(std::string_view input, unsigned char* out) const {
    SHA256_CTX state = states_.inner;
    const auto* bytes = reinterpret_cast<const unsigned char*>(input.data());
    const std::size_t whole = input.size() / 64, rest = input.size() % 64;
    for (std::size_t i = 0; i < whole; ++i) SHA256_Transform(&state, bytes + i * 64);
    unsigned char last[128] = {};
    std::memcpy(last, bytes + whole * 64, rest);
    finish(state, last, rest, 64 + input.size(), out);
    state = states_.outer;
    std::memset(last, 0, sizeof last);
    std::memcpy(last, out, 32);
    finish(state, last, 32, 96, out);
  }
  static void finish(SHA256_CTX& state, unsigned char (&last)[128], std::size_t rest, std::size_t hashed,
                     unsigned char* out) {
    const std::size_t size = rest + 9 <= 64 ? 64 : 128;
    last[rest] = 0x80;
    for (std::size_t i = 0; i < 8; ++i) last[size - 1 - i] = static_cast<unsigned char>(hashed * 8 >> 8 * i);
    SHA256_Transform(&state, last);
    if (size == 128) SHA256_Transform(&state, last + 64);
    for (std::size_t i = 0; i < 32; ++i) out[i] = static_cast<unsigned char>(state.h[i / 4] >> (24 - 8 * (i % 4)));
  }

 private:
  LowLevelStates states_;
};

struct EvpStates {
  EVP_MD* md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX *inner = start(0x36), *outer = start(0x5C), *work = EVP_MD_CTX_new();
  EVP_MD_CTX* start(unsigned char pad) const {
    const PaddedKey key(pad);
    EVP_MD_CTX* const context = EVP_MD_CTX_new();
    must(EVP_DigestInit_ex2(context, md, nullptr) == 1 && EVP_DigestUpdate(context, key.bytes, sizeof key.bytes) == 1);
    return context;
  }
  void mac(std::string_view input, unsigned char* out) const {
    must(EVP_MD_CTX_copy_ex(work, inner) == 1 && EVP_DigestUpdate(work, input.data(), input.size()) == 1 &&
         EVP_DigestFinal_ex(work, out, nullptr) == 1 && EVP_MD_CTX_copy_ex(work, outer) == 1 &&
         EVP_DigestUpdate(work, out, 32) == 1 && EVP_DigestFinal_ex(work, out, nullptr) == 1);
  }
};

EVP_MAC_CTX* evp_mac() {
  EVP_MAC_CTX* const context = EVP_MAC_CTX_new(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_END};
  must(EVP_MAC_init(context, reinterpret_cast<const unsigned char*>(hmac_secret().data()), 32, params) == 1);
  return context;
}

const LowLevelStates& states() {
  static const LowLevelStates all;
  return all;
}

/// Found beforehand: looking for the last dot is no part of a hash.
std::vector<std::string_view> inputs_of(const std::vector<std::string>& tokens) {
  std::vector<std::string_view> inputs;
  for (const std::string& token : tokens) inputs.push_back(signing_input(token));
  return inputs;
}
const std::vector<std::string_view>& usual_inputs() {
  static const auto inputs = inputs_of(usual_tokens());
  return inputs;
}

/// What calls mac(input, out) with the signing input of a usual token.
template <class Mac>
auto mac_with(Mac mac) {
  return [mac, &inputs = usual_inputs()](std::size_t i) {
    unsigned char out[32];
    mac(inputs[i], out);
    benchmark::DoNotOptimize(out);
  };
}

/// That the row with blocks of its own computes the same.
void check_transform() {
  for (const std::string_view input : usual_inputs()) {
    unsigned char theirs[32], own[32];
    states().mac(input, theirs);
    TransformStates().mac(input, own);
    must(std::memcmp(theirs, own, sizeof own) == 0);
  }
}

void add_hmac() {
  const auto fastest = [] {
    return mac_with([](std::string_view input, unsigned char* out) { states().mac(input, out); });
  };
  row("hmac", "", fastest);
  // What two threads can gain on this machine when they share nothing.
  row("hmac/2_threads", "", fastest)->Threads(2)->UseRealTime();
  row("hmac/1_thread", "", fastest)->Threads(1)->UseRealTime();
  row("hmac/transform", "hmac", [] {
    check_transform();
    return mac_with([own = TransformStates()](std::string_view input, unsigned char* out) { own.mac(input, out); });
  });
  row("hmac/evp_copied_states", "hmac", [] {
    return mac_with([evp = EvpStates()](std::string_view input, unsigned char* out) { evp.mac(input, out); });
  });
  row("hmac/evp_mac_duplicated", "hmac", [] {
    return mac_with([context = evp_mac()](std::string_view input, unsigned char* out) {
      std::size_t size = 0;
      EVP_MAC_CTX* const copy = EVP_MAC_CTX_dup(context);
      must(EVP_MAC_update(copy, reinterpret_cast<const unsigned char*>(input.data()), input.size()) == 1 &&
           EVP_MAC_final(copy, out, &size, 32) == 1);
      EVP_MAC_CTX_free(copy);
    });
  });
  row("hmac/one_shot", "hmac", [] {
    return mac_with([](std::string_view input, unsigned char* out) {
      must(HMAC(EVP_sha256(), hmac_secret().data(), 32, reinterpret_cast<const unsigned char*>(input.data()),
                input.size(), out, nullptr) != nullptr);
    });
  });
}

// ---- signatures ----

struct Kind {
  const char* alg;
  const char* digest;  // null for Ed25519, which hashes itself
  bool pss = false;
};

struct Raw {
  Kind kind;
  EVP_PKEY* key;
  EVP_MD* md = nullptr;
  EVP_PKEY_CTX *signer = nullptr, *verifier = nullptr;
  EVP_MD_CTX* digest = EVP_MD_CTX_new();
  EVP_MD_CTX *ed_signer = EVP_MD_CTX_new(), *ed_verifier = EVP_MD_CTX_new();
  std::vector<std::vector<unsigned char>> signatures;

  explicit Raw(const Kind& k) : kind(k), key(generate(k.alg)) {
    if (kind.digest != nullptr) {
      md = EVP_MD_fetch(nullptr, kind.digest, nullptr);
      signer = context(true);
      verifier = context(false);
    } else {
      must(EVP_DigestSignInit(ed_signer, nullptr, nullptr, nullptr, key) == 1 &&
           EVP_DigestVerifyInit(ed_verifier, nullptr, nullptr, nullptr, key) == 1);
    }
    for (std::size_t i = 0; i < 64; ++i) {
      signatures.emplace_back(1024);
      signatures.back().resize(sign_reused(i, signatures.back().data()));
    }
  }
  static EVP_PKEY* generate(std::string_view alg) {
    if (alg == "ES256") return EVP_EC_gen("P-256");
    if (alg == "ES384") return EVP_EC_gen("P-384");
    if (alg == "EdDSA") return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    return EVP_RSA_gen(2048);
  }
  [[nodiscard]] static std::string_view input(std::size_t i) { return usual_inputs()[i]; }
  [[nodiscard]] static const unsigned char* bytes(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  }

  [[nodiscard]] EVP_PKEY_CTX* context(bool signs) const {
    EVP_PKEY_CTX* const c = EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr);
    must((signs ? EVP_PKEY_sign_init(c) : EVP_PKEY_verify_init(c)) == 1);
    if (kind.pss) {
      must(EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(c, RSA_PSS_SALTLEN_DIGEST) == 1);
    }
    must(EVP_PKEY_CTX_set_signature_md(c, md) == 1);
    return c;
  }
  void hash(std::size_t i, unsigned char* out, unsigned& size) const {
    const auto text = input(i);
    must(EVP_DigestInit_ex2(digest, md, nullptr) == 1 && EVP_DigestUpdate(digest, text.data(), text.size()) == 1 &&
         EVP_DigestFinal_ex(digest, out, &size) == 1);
  }
  [[nodiscard]] std::size_t sign_reused(std::size_t i, unsigned char* out) const {
    std::size_t size = 1024;
    if (md == nullptr) {
      const auto text = input(i);
      must(EVP_DigestSignInit(ed_signer, nullptr, nullptr, nullptr, nullptr) == 1 &&
           EVP_DigestSign(ed_signer, out, &size, bytes(text), text.size()) == 1);
      return size;
    }
    unsigned char hashed[64];
    unsigned hashed_size = 0;
    hash(i, hashed, hashed_size);
    must(EVP_PKEY_sign(signer, out, &size, hashed, hashed_size) == 1);
    return size;
  }
  void verify_reused(std::size_t i) const {
    const auto& signature = signatures[i % 64];
    if (md == nullptr) {
      const auto text = input(i % 64);
      must(EVP_DigestVerifyInit(ed_verifier, nullptr, nullptr, nullptr, nullptr) == 1 &&
           EVP_DigestVerify(ed_verifier, signature.data(), signature.size(), bytes(text), text.size()) == 1);
      return;
    }
    unsigned char hashed[64];
    unsigned hashed_size = 0;
    hash(i % 64, hashed, hashed_size);
    must(EVP_PKEY_verify(verifier, signature.data(), signature.size(), hashed, hashed_size) == 1);
  }

  void set_padding(EVP_PKEY_CTX* c) const {
    if (!kind.pss) return;
    must(EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(c, RSA_PSS_SALTLEN_DIGEST) == 1);
  }
  void sign_fresh(std::size_t i) const {
    const auto text = input(i);
    unsigned char out[1024];
    std::size_t size = sizeof out;
    EVP_MD_CTX* const c = EVP_MD_CTX_new();
    EVP_PKEY_CTX* k = nullptr;
    must(EVP_DigestSignInit_ex(c, &k, kind.digest, nullptr, nullptr, key, nullptr) == 1);
    set_padding(k);
    must(EVP_DigestSign(c, out, &size, bytes(text), text.size()) == 1);
    EVP_MD_CTX_free(c);
  }
  void verify_fresh(std::size_t i) const {
    const auto text = input(i % 64);
    EVP_MD_CTX* const c = EVP_MD_CTX_new();
    EVP_PKEY_CTX* k = nullptr;
    must(EVP_DigestVerifyInit_ex(c, &k, kind.digest, nullptr, nullptr, key, nullptr) == 1);
    set_padding(k);
    const auto& signature = signatures[i % 64];
    must(EVP_DigestVerify(c, signature.data(), signature.size(), bytes(text), text.size()) == 1);
    EVP_MD_CTX_free(c);
  }
};

void add_raw(const Kind& kind) {
  const auto raw = lazy([kind] { return Raw(kind); });
  const std::string name = std::string("raw/") + kind.alg;
  row(name + "/sign", "", [raw] {
    return [&raw = *raw](std::size_t i) {
      unsigned char out[1024];
      benchmark::DoNotOptimize(raw.sign_reused(i, out));
    };
  });
  row(name + "/verify", "", [raw] { return [&raw = *raw](std::size_t i) { raw.verify_reused(i); }; });
  row(name + "/sign_fresh", name + "/sign", [raw] { return [&raw = *raw](std::size_t i) { raw.sign_fresh(i); }; });
  row(name + "/verify_fresh", name + "/verify",
      [raw] { return [&raw = *raw](std::size_t i) { raw.verify_fresh(i); }; });
}

}  // namespace

std::string add_hash_over(const std::string& name, Tokens tokens) {
  const std::string hash = "hmac/" + name;
  row(hash, "", [tokens] {
    return [inputs = inputs_of(*tokens)](std::size_t i) {
      unsigned char out[32];
      states().mac(inputs[i % inputs.size()], out);
      benchmark::DoNotOptimize(out);
    };
  });
  return hash;
}

void add_limits() {
  add_hmac();
  for (const Kind& kind : {Kind{"ES256", "SHA256"}, Kind{"ES384", "SHA384"}, Kind{"EdDSA", nullptr},
                           Kind{"RS256", "SHA256"}, Kind{"PS256", "SHA256", true}}) {
    add_raw(kind);
  }
}

}  // namespace bench
