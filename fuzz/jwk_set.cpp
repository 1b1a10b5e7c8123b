// JWKs and JWK Sets: a set is taken whole with every key sound, or it leaves nothing behind.

#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/key_ring.hpp"
#include "momento_token/verifier.hpp"

namespace {

namespace mt = momento_token;
using Json = nlohmann::json;
using Keys = std::vector<std::shared_ptr<const mt::VerificationKey>>;

// RFC 7518 §3.1, RFC 8037 §3.1: the thirteen that are built in.
constexpr std::string_view algorithms[] = {"HS256", "HS384", "HS512", "ES256", "ES384", "ES512", "RS256",
                                           "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA"};

constexpr const char* public_members[] = {"kty", "crv", "x", "y", "n", "e"};

bool is_symmetric(const mt::VerificationKey& key) { return key.alg().starts_with("HS"); }

void check_key(const mt::VerificationKey& key) {
  fuzz::law(std::find(std::begin(algorithms), std::end(algorithms), key.alg()) != std::end(algorithms),
            "a key has a built-in algorithm");
  fuzz::law(key.kid().size() <= 256 && mt::is_utf8(key.kid()), "a kid is UTF-8 of at most 256 bytes");
  fuzz::law(!key.verify({}, {}), "no key takes an empty signature");
}

std::vector<std::string> kids_of(const Keys& keys) {
  std::vector<std::string> kids;
  for (const auto& key : keys) {
    if (!key->kid().empty()) kids.emplace_back(key->kid());
  }
  return kids;
}

// ---- by nlohmann ----

std::string text_of(const Json& key, const char* name) {
  const auto value = key.find(name);
  return value != key.end() && value->is_string() ? value->get<std::string>() : std::string();
}

// RFC 7517 §4.2, §4.3, §5: another type, another curve, another algorithm, another use.
bool is_skipped(const Json& key) {
  const std::string kty = text_of(key, "kty"), crv = text_of(key, "crv"), alg = text_of(key, "alg");
  const bool known = kty == "EC"    ? crv == "P-256" || crv == "P-384" || crv == "P-521"
                     : kty == "OKP" ? crv == "Ed25519"
                                    : kty == "RSA" || kty == "oct";
  if (!known || text_of(key, "use") != (key.contains("use") ? "sig" : "")) return true;
  if (key.contains("alg") && std::find(std::begin(algorithms), std::end(algorithms), alg) == std::end(algorithms)) {
    return true;
  }
  const auto operations = key.find("key_ops");
  return operations != key.end() && std::find(operations->begin(), operations->end(), "verify") == operations->end();
}

// What we publish of a key, but for `alg` and `use`, which it need not have said.
bool is_same_key(const Json& ours, const Json& theirs) {
  if (text_of(ours, "kid") != text_of(theirs, "kid")) return false;
  return std::all_of(std::begin(public_members), std::end(public_members), [&](const char* name) {
    return !ours.contains(name) || text_of(ours, name) == text_of(theirs, name);
  });
}

void check_numbers(std::string_view published, std::string_view text) {
  const Json document = Json::parse(text, nullptr, false);
  if (document.is_discarded()) return;  // a number that no double holds
  const Json ours = Json::parse(published).at("keys");
  auto next = ours.begin();
  for (const Json& theirs : document.at("keys")) {
    if (is_skipped(theirs)) continue;
    fuzz::law(next != ours.end() && is_same_key(*next, theirs), "each key that is for us is taken as it is written");
    ++next;
  }
  fuzz::law(next == ours.end(), "and no other");
}

// ---- sets ----

void check_published(const Keys& keys, std::string_view source) {
  const std::string text = fuzz::must(mt::public_jwks(keys), "public keys can be published");
  fuzz::law(!mt::holds_private_key(text), "nothing private is published");
  const Keys again = fuzz::must(mt::verification_keys_from_jwks(text), "what is published can be read");
  fuzz::law(again.size() == keys.size(), "every key is published");
  for (std::size_t i = 0; i < keys.size(); ++i) {
    fuzz::law(again[i]->alg() == keys[i]->alg() && again[i]->kid() == keys[i]->kid(), "keys are published as they are");
  }
  fuzz::law(fuzz::must(mt::public_jwks(again), "they can be published again") == text, "a key has one public form");
  check_numbers(text, source);
}

void check_set(std::string_view text) {
  const auto keys = mt::verification_keys_from_jwks(text);
  if (!keys) {
    const mt::Error& error = keys.error();
    fuzz::law(error.code == mt::Errc::invalid_argument || error.code == mt::Errc::limit_exceeded,
              "the code of a refusal");
    return fuzz::law(!error.field.empty() && error.field.size() <= 16, "a refusal names a member, and no input");
  }
  fuzz::law(mt::check_json(text).has_value(), "a set is strict JSON");
  fuzz::law(!keys->empty() && keys->size() <= 1000, "a set has 1 to 1000 keys");
  for (const auto& key : *keys) check_key(*key);
  auto kids = kids_of(*keys);
  std::sort(kids.begin(), kids.end());
  fuzz::law(std::adjacent_find(kids.begin(), kids.end()) == kids.end(), "no kid is there twice");
  const auto symmetric = std::count_if(keys->begin(), keys->end(), [](const auto& key) { return is_symmetric(*key); });
  fuzz::law(symmetric == 0 || symmetric == static_cast<std::ptrdiff_t>(keys->size()), "no set mixes the two kinds");
  fuzz::law(mt::Verifier::create({.keys = *keys}).has_value(), "a verifier takes the set");
  if (symmetric != 0) return fuzz::law(mt::holds_private_key(text), "a symmetric key is a secret");
  check_published(*keys, text);
}

void check_ring(std::string_view text) {
  constexpr std::string_view before = R"({"keys":[{"kty":"OKP","crv":"Ed25519","kid":"before",)"
                                      R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})";
  static const std::shared_ptr<mt::KeyRing> ring = fuzz::must(
      mt::KeyRing::create({.verification_keys = fuzz::must(mt::verification_keys_from_jwks(before), "RFC 8037 A.2")}),
      "a ring is made");
  const std::uint64_t generation = ring->generation();
  const std::vector<std::string> kids = ring->kids();
  const auto reloaded = ring->reload_jwks(text);
  const auto keys = mt::verification_keys_from_jwks(text);
  if (!reloaded) {
    fuzz::law(ring->generation() == generation && ring->kids() == kids, "a refused set leaves the ring as it was");
    return;
  }
  fuzz::law(keys.has_value() && ring->kids() == kids_of(*keys), "a ring holds the keys of its set");
  fuzz::law(ring->reload_jwks(before).has_value(), "a ring takes the next set");
}

void check_pair(const mt::KeyPair& pair) {
  check_key(*pair.verification_key());
  std::array<std::byte, mt::max_signature_bytes> signature;
  const mt::ByteView message = mt::as_bytes("message");
  const std::size_t size = fuzz::must(pair.signer()->sign(message, signature), "a private key signs");
  fuzz::law(pair.verification_key()->verify(message, {signature.data(), size}), "its public half vouches");
  signature[size / 2] ^= std::byte{1};
  fuzz::law(!pair.verification_key()->verify(message, {signature.data(), size}), "and for nothing else");
}

void check_one(std::string_view text, std::string_view alg) {
  const auto pair = mt::key_pair_from_jwk(mt::SecretBytes::copy_of(text), alg);
  const auto key = mt::verification_key_from_jwk(text, alg);
  if (key) check_key(**key);
  if (key && is_symmetric(**key)) fuzz::law(mt::holds_private_key(text), "a symmetric key is a secret");
  if (!pair) return;
  fuzz::law(mt::holds_private_key(text), "a signing key is a secret");
  check_pair(*pair);
  if (!key) return fuzz::law(key.error().field == "key_ops", "only key_ops lets a key sign and not verify");
  fuzz::law((*key)->alg() == pair->signer()->alg() && (*key)->kid() == pair->signer()->kid(),
            "both halves are one key");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_set(text);
  check_ring(text);
  check_one(text, {});
  check_one(text, "RS256");
  return 0;
}
