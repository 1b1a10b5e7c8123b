// Key files: PEM text has one meaning, a private key is the one that OpenSSL reads, and encrypting it changes nothing.

#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "fuzz.hpp"
#include "momento_token/detail/openssl.hpp"
#include "momento_token/detail/pem.hpp"
#include "momento_token/detail/pkcs8.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/keys.hpp"

namespace {

namespace mt = momento_token;
using mt::detail::OpensslFree;

constexpr std::string_view private_label = "PRIVATE KEY";
constexpr std::string_view encrypted_label = "ENCRYPTED PRIVATE KEY";
constexpr std::string_view public_label = "PUBLIC KEY";
constexpr std::string_view algorithms[] = {"ES256", "EdDSA", "ES384", "ES512", "RS256", "PS512"};
constexpr std::string_view white_space = " \t\r\n";

// ---- the text ----

std::string pem_text(std::string_view der, std::string_view label, std::size_t width = 64) {
  std::string text = "-----BEGIN " + std::string(label) + "-----\n";
  const std::string letters = mt::base64_encode(mt::as_bytes(der));
  for (std::size_t i = 0; i < letters.size(); i += width) text += letters.substr(i, width) + "\r\n";
  return text + "-----END " + std::string(label) + "-----\n";
}

std::string read(std::string_view text, std::string_view label) {
  const mt::SecretBytes der = mt::detail::pem_decode(text, label);
  return std::string(der.expose_text());
}

// RFC 7468 §3, lax about white space only; base64_decode() has a fuzzer of its own.
std::string slowly_read(std::string_view text, std::string_view label) {
  const std::string begin = "-----BEGIN " + std::string(label) + "-----";
  const std::string end = "-----END " + std::string(label) + "-----";
  while (!text.empty() && white_space.find(text.front()) != text.npos) text.remove_prefix(1);
  while (!text.empty() && white_space.find(text.back()) != text.npos) text.remove_suffix(1);
  if (text.size() < begin.size() + end.size() || !text.starts_with(begin) || !text.ends_with(end)) return {};
  std::string letters(text.substr(begin.size(), text.size() - begin.size() - end.size()));
  std::erase_if(letters, [](char c) { return white_space.find(c) != white_space.npos; });
  const auto bytes = mt::base64_decode(letters);
  return bytes ? std::string(mt::as_text(*bytes)) : std::string();
}

void check_text(std::string_view text) {
  for (const std::string_view label : {private_label, encrypted_label, public_label}) {
    fuzz::law(read(text, label) == slowly_read(text, label), "what is one PEM block is read, and nothing else");
  }
}

void check_letters(std::string_view der, std::size_t width, std::size_t where, char letter) {
  std::string text = pem_text(der, public_label, width);
  fuzz::law(read(text, public_label) == der, "what is written as PEM comes back");
  fuzz::law(read(text, private_label).empty(), "a block is of one kind only");
  if (der.empty()) return;
  char& changed = text[where % text.size()];
  if (changed == letter || white_space.find(changed) != white_space.npos ||
      white_space.find(letter) != white_space.npos) {
    return;
  }
  changed = letter;
  fuzz::law(read(text, public_label) != der, "no changed letter means the same");
}

// ---- keys ----

void check_refusal(const mt::Error& error) {
  fuzz::law(error.code == mt::Errc::invalid_argument, "a refusal is invalid_argument");
  fuzz::law(!error.field.empty() && error.field.size() <= 10, "a refusal names a part, and no input");
}

void check_key(const mt::VerificationKey& key, std::string_view alg) {
  fuzz::law(key.alg() == alg && key.kid().size() == 43, "a key has the algorithm asked for and its thumbprint");
  fuzz::law(!key.verify({}, {}), "no key takes an empty signature");
}

void check_public(std::string_view der, std::string_view alg) {
  const auto key = mt::verification_key_from_pem(alg, pem_text(der, public_label));
  if (!key) return check_refusal(key.error());
  check_key(**key, alg);
  const std::string jwks = fuzz::must(mt::public_jwks({&*key, 1}), "a public key can be published");
  const auto again = fuzz::must(mt::verification_keys_from_jwks(jwks), "what is published can be read");
  fuzz::law(again.size() == 1 && again[0]->alg() == alg && again[0]->kid() == (*key)->kid(), "it is the same key");
  fuzz::law(!mt::verification_key_from_pem(alg, pem_text(der.substr(0, der.size() - 1), public_label)),
            "a truncated key is refused");
}

// The public half as OpenSSL sees it, by its own reader of PKCS#8; empty when it sees none.
std::string public_half_by_openssl(std::string_view der) {
  using Info = std::unique_ptr<PKCS8_PRIV_KEY_INFO, OpensslFree<PKCS8_PRIV_KEY_INFO_free>>;
  const mt::detail::ErrorQueueGuard guard;
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  const Info info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())));
  const mt::detail::Pkey key(info == nullptr ? nullptr : EVP_PKCS82PKEY(info.get()));
  if (key == nullptr) return {};
  unsigned char* bytes = nullptr;
  const int size = i2d_PUBKEY(key.get(), &bytes);
  const std::string half(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(std::max(size, 0)));
  OPENSSL_free(bytes);
  return half;
}

mt::Result<mt::KeyPair> load(std::string_view alg, std::string_view pem, const mt::PassphraseCallback& ask = {}) {
  return mt::KeyPair::from_pem(alg, mt::SecretBytes::copy_of(pem), {}, ask);
}

std::string der_element(char tag, std::string_view contents) {
  const std::size_t n = contents.size();
  std::string head{tag, '\x82', static_cast<char>(n >> 8), static_cast<char>(n & 0xFF)};
  if (n < 0x100) head = {tag, '\x81', static_cast<char>(n)};
  if (n < 0x80) head = {tag, static_cast<char>(n)};
  return head.append(contents);
}

// A good block with nothing behind its key: attributes are not looked into and a public half is the key's own, but what
// OpenSSL 3.0 finds there has to be attributes.
std::string without_what_follows(std::string_view der) {
  const auto contents = mt::detail::DerReader(mt::as_bytes(der)).take(mt::detail::der_tag::sequence);
  const mt::ByteView key = mt::detail::read_pkcs8(mt::as_bytes(der))->key;
  const auto size = static_cast<std::size_t>(key.data() + key.size() - contents->data());
  return der_element('\x30', mt::as_text(contents->first(size)));
}

mt::Result<mt::KeyPair> check_private(std::string_view der, std::string_view alg) {
  auto pair = load(alg, pem_text(der, private_label));
  if (!pair) {
    check_refusal(pair.error());
    return pair;
  }
  check_key(*pair->verification_key(), alg);
  const std::string half = public_half_by_openssl(without_what_follows(der));
  const auto theirs =
      fuzz::must(mt::verification_key_from_pem(alg, pem_text(half, public_label)), "OpenSSL reads it, too");
  fuzz::law(theirs->kid() == pair->signer()->kid(), "OpenSSL reads the same key");
  fuzz::law(!load(alg, pem_text(der.substr(0, der.size() - 1), private_label)), "a truncated key is refused");
  return pair;
}

// ---- encrypted keys ----

constexpr std::string_view passphrase = "passphrase";

mt::PassphraseCallback answer(std::string_view text, int& asked) {
  return [text, &asked]() -> mt::Result<mt::SecretBytes> {
    ++asked;
    return mt::SecretBytes::copy_of(text);
  };
}

// By OpenSSL: PBES2 with AES-128-CBC and one iteration of PBKDF2, which is quick.
std::string encrypted(std::string_view der) {
  unsigned char salt[8] = {}, iv[16] = {};
  static X509_ALGOR* const algorithm =
      PKCS5_pbe2_set_iv(EVP_aes_128_cbc(), 1, salt, sizeof salt, iv, NID_hmacWithSHA256);
  static const std::string name = [] {
    unsigned char* bytes = nullptr;
    const int size = i2d_X509_ALGOR(algorithm, &bytes);
    std::string text(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(std::max(size, 0)));
    OPENSSL_free(bytes);
    return text;
  }();
  unsigned char* bytes = nullptr;
  int size = 0;
  fuzz::law(PKCS12_pbe_crypt(algorithm, passphrase.data(), static_cast<int>(passphrase.size()),
                             reinterpret_cast<const unsigned char*>(der.data()), static_cast<int>(der.size()), &bytes,
                             &size, 1) != nullptr,
            "OpenSSL encrypts anything");
  const std::string_view text(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  std::string block = der_element('\x30', name + der_element('\x04', text));
  OPENSSL_free(bytes);
  return block;
}

void check_encrypted(std::string_view der, std::string_view alg) {
  const std::string text = pem_text(encrypted(der), encrypted_label);
  int asked = 0;
  const auto clear = check_private(der, alg);
  const auto pair = load(alg, text, answer(passphrase, asked));
  fuzz::law(asked == 1, "the passphrase is asked for once");
  fuzz::law(pair.has_value() == clear.has_value(), "a key is as good encrypted as it is in the clear");
  if (pair) {
    fuzz::law(pair->signer()->kid() == clear->signer()->kid(), "and it is the same key");
  } else {
    const std::string& why = clear.error().field;
    fuzz::law(pair.error().field == (why == "pem" ? "passphrase" : why), "what is wrong is the same");
  }
  const auto wrong = load(alg, text, answer("password", asked));
  fuzz::law(!wrong && wrong.error().field == "passphrase", "a wrong passphrase is told as such");
}

// An encrypted block that somebody else wrote: nobody answers, so that no work is done for it.
void check_block(std::string_view der, std::string_view alg) {
  int asked = 0;
  const auto pair = load(alg, pem_text(der, encrypted_label), [&asked]() -> mt::Result<mt::SecretBytes> {
    ++asked;
    return mt::Error{mt::Errc::permission_denied, {}, "nobody is here"};
  });
  fuzz::law(!pair, "without a passphrase there is no key");
  fuzz::law(asked == (pair.error().code == mt::Errc::permission_denied ? 1 : 0),
            "who asks for the passphrase gives its error back");
  if (asked == 0) check_refusal(pair.error());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::uint8_t how = input.byte();
  const std::string_view alg = algorithms[how / 8 % std::size(algorithms)];
  switch (how % 8) {
    case 0: check_text(input.rest()); break;
    case 1: {
      const std::size_t width = 1 + input.below(80), where = input.below(4096);
      const char letter = static_cast<char>(input.byte());
      check_letters(input.rest(), width, where, letter);
      break;
    }
    case 2: check_public(input.rest(), alg); break;
    case 3: check_encrypted(input.rest(), alg); break;
    case 4: check_block(input.rest(), alg); break;
    default: static_cast<void>(check_private(input.rest(), alg)); break;
  }
  return 0;
}
