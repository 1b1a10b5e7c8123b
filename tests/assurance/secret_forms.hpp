#pragma once
// The forms in which a secret could lie about. Runs in the child of MemoryScan::learn only.

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "memory_scan.hpp"

namespace assurance {

inline std::string hex(std::string_view bytes, const char* digits) {
  std::string text;
  for (const char c : bytes) {
    text += digits[static_cast<unsigned char>(c) >> 4];
    text += digits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

/// Only letters that depend on `bytes` alone, when `before` other bytes stand in front: as inside DER in PEM.
inline std::string base64_inside(std::string_view bytes, std::size_t before, std::string_view alphabet) {
  std::string text;
  unsigned bits = 0;
  int held = 0;
  for (const char c : std::string(before, '\0') + std::string(bytes)) {
    bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xffffff;
    for (held += 8; held >= 6; held -= 6) text += alphabet[bits >> (held - 6) & 63];
  }
  return text.substr((before * 8 + 5) / 6);
}

/// Raw bytes, the other way round (a BIGNUM on a little-endian machine), base64url and base64 at each alignment, hex.
inline void add_forms(Windows& windows, const std::string& name, std::string_view bytes) {
  const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  windows.add(name + " raw", bytes);
  windows.add(name + " reversed", std::string(bytes.rbegin(), bytes.rend()));
  for (std::size_t before = 0; before < 3; ++before) {
    windows.add(name + " base64url", base64_inside(bytes, before, letters + "-_"));
    windows.add(name + " base64", base64_inside(bytes, before, letters + "+/"));
  }
  windows.add(name + " hex", hex(bytes, "0123456789abcdef"));
  windows.add(name + " HEX", hex(bytes, "0123456789ABCDEF"));
}

template <class Word>
std::string swapped_words(std::string_view bytes) {
  std::string out(bytes.substr(0, bytes.size() / sizeof(Word) * sizeof(Word)));
  for (std::size_t at = 0; at < out.size(); at += sizeof(Word)) {
    std::reverse(out.begin() + static_cast<std::ptrdiff_t>(at),
                 out.begin() + static_cast<std::ptrdiff_t>(at + sizeof(Word)));
  }
  return out;
}

// The first round constants of SHA-512 (FIPS 180-4 §4.2.3); their upper halves are those of SHA-256.
inline constexpr std::uint64_t sha512_k[16] = {
    0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
    0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
    0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
    0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694};

/// What SIMD code of SHA-2 puts on its stack: the words of the block plus the round constants.
template <class Word>
std::string scheduled_words(std::string_view block_part) {
  std::string out = swapped_words<Word>(block_part);
  for (std::size_t i = 0; i < out.size() / sizeof(Word) && i < 16; ++i) {
    Word word = 0;
    std::memcpy(&word, out.data() + i * sizeof word, sizeof word);
    word = static_cast<Word>(word + static_cast<Word>(sha512_k[i] >> (64 - 8 * sizeof word)));
    std::memcpy(out.data() + i * sizeof word, &word, sizeof word);
  }
  return out;
}

#if !defined(OPENSSL_NO_DEPRECATED_3_0)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
template <class Context, int (*Init)(Context*), int (*Update)(Context*, const void*, std::size_t)>
std::string state_after(std::string_view blocks) {
  Context context;
  Init(&context);
  Update(&context, blocks.data(), blocks.size());
  return {reinterpret_cast<const char*>(context.h), sizeof context.h};
}
inline std::string sha2_state_after(std::string_view blocks, int digest_bytes) {
  if (digest_bytes == 32) return state_after<SHA256_CTX, SHA256_Init, SHA256_Update>(blocks);
  if (digest_bytes == 48) return state_after<SHA512_CTX, SHA384_Init, SHA384_Update>(blocks);
  return state_after<SHA512_CTX, SHA512_Init, SHA512_Update>(blocks);
}
#pragma GCC diagnostic pop
#else
// EVP shows no state: then the secrets alone are looked for.
inline std::string sha2_state_after(std::string_view, int) { return {}; }
#endif

/// The state of SHA-2 after `blocks`, in both byte orders and in the order in which the SHA instructions hold it.
inline void add_state(Windows& windows, const std::string& name, std::string_view blocks, int digest_bytes) {
  const std::string state = sha2_state_after(blocks, digest_bytes);
  windows.add(name, state);
  windows.add(name + " BE",
              digest_bytes == 32 ? swapped_words<std::uint32_t>(state) : swapped_words<std::uint64_t>(state));
  if (state.size() != 32) return;
  std::string abef, cdgh;
  for (const std::size_t word : {5U, 4U, 1U, 0U}) abef += state.substr(word * 4, 4);
  for (const std::size_t word : {7U, 6U, 3U, 2U}) cdgh += state.substr(word * 4, 4);
  windows.add(name + " ABEF", abef);
  windows.add(name + " CDGH", cdgh);
}

/// An HMAC secret: itself, hashed when it is longer than a block, padded, and the states after the padded blocks.
inline void add_hmac(Windows& windows, std::string_view secret, int digest_bytes) {
  add_forms(windows, "secret", secret);
  const std::size_t block = digest_bytes == 32 ? 64 : 128;
  std::string key(secret);
  if (key.size() > block) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_Digest(secret.data(), secret.size(), digest, &size,
               digest_bytes == 32   ? EVP_sha256()
               : digest_bytes == 48 ? EVP_sha384()
                                    : EVP_sha512(),
               nullptr);
    key.assign(reinterpret_cast<const char*>(digest), size);
    add_forms(windows, "hashed secret", key);
  }
  for (const auto& [name, pad] : {std::pair("ipad", 0x36), std::pair("opad", 0x5c)}) {
    std::string padded = key;
    padded.resize(block, '\0');
    for (char& c : padded) c = static_cast<char>(c ^ pad);
    const std::string_view part = std::string_view(padded).substr(0, key.size());
    windows.add(std::string(name) + " block", part);
    if (digest_bytes == 32) {
      windows.add(std::string(name) + " words", swapped_words<std::uint32_t>(part));
      windows.add(std::string(name) + " schedule", scheduled_words<std::uint32_t>(part));
    } else {
      windows.add(std::string(name) + " words", swapped_words<std::uint64_t>(part));
      windows.add(std::string(name) + " schedule", scheduled_words<std::uint64_t>(part));
    }
    add_state(windows, std::string(name) + " midstate", padded, digest_bytes);
  }
}

/// The states behind the ipad block and each whole block of `constant`, the beginning that a prepared scope's tokens share.
inline void add_prepared(Windows& windows, std::string_view secret, int digest_bytes, std::string_view constant) {
  const std::size_t block = digest_bytes == 32 ? 64 : 128;
  if (secret.size() > block) return;
  std::string padded(secret);
  padded.resize(block, '\0');
  for (char& c : padded) c = static_cast<char>(c ^ 0x36);
  for (std::size_t end = block; end <= constant.size(); end += block) {
    add_state(windows, "prepared state", padded + std::string(constant.substr(0, end)), digest_bytes);
  }
}

/// An Ed25519 seed, and what RFC 8032 §5.1.5 makes of it.
inline void add_ed25519(Windows& windows, std::string_view seed) {
  add_forms(windows, "seed", seed);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(seed.data(), seed.size(), digest, &size, EVP_sha512(), nullptr);
  const std::string_view expanded(reinterpret_cast<const char*>(digest), size);
  add_forms(windows, "scalar", expanded.substr(1, 30));  // its first and last byte are changed
  add_forms(windows, "nonce prefix", expanded.substr(32));
}

}  // namespace assurance
