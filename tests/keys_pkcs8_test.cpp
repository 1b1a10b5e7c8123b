#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "der.hpp"
#include "fixtures/encrypted_keys.hpp"
#include "key_rows.hpp"
#include "momento_token/keys.hpp"
#include "support.hpp"

using namespace momento_token;
namespace keys = test::keys;

namespace {

std::string der_of(std::string_view pem) {
  const std::string text(pem);
  const auto first = text.find('\n'), last = text.rfind("\n-----END");
  std::string letters;
  for (const char c : text.substr(first, last - first)) {
    if (c != '\n') letters += c;
  }
  return test::unb64(letters);
}

std::string encrypted_pem(std::string_view der) { return test::der::pem_of(der, "ENCRYPTED PRIVATE KEY"); }

// Counts how often it is asked, and answers the same each time.
struct Asked {
  std::string answer;
  int times = 0;
  PassphraseCallback callback() {
    return [this]() -> Result<SecretBytes> {
      ++times;
      return test::secret(answer);
    };
  }
};

std::string load(std::string_view alg, std::string_view pem, Asked& asked) {
  return test::outcome(KeyPair::from_pem(alg, test::secret(pem), {}, asked.callback()));
}

// Whether anybody was asked: what is refused before that has cost nothing.
std::string load_unless_asked(std::string_view pem) {
  return test::outcome(KeyPair::from_pem("ES256", test::secret(pem), {}, []() -> Result<SecretBytes> {
    return Error{Errc::permission_denied, "asked"};
  }));
}

}  // namespace

// The thumbprints are those of the same keys in the clear (fixtures/keys.hpp).
TEST_CASE("what OpenSSL encrypted is read with its passphrase, which is asked for once") {
  struct Row {
    const char* name;
    std::string_view alg, pem, thumbprint;
  };
  for (const Row& row :
       {Row{"AES-128, PBKDF2 with SHA-512", "ES256", keys::p256_pbkdf2_sha512_aes128_pem, keys::p256_thumbprint},
        Row{"3DES, PBKDF2 with SHA-1", "ES256", keys::p256_pbkdf2_sha1_3des_pem, keys::p256_thumbprint},
        Row{"scrypt", "ES256", keys::p256_scrypt_pem, keys::p256_thumbprint},
        Row{"Ed25519", "EdDSA", keys::ed25519_pbkdf2_sha256_aes256_pem, keys::ed25519_thumbprint},
        Row{"RSA", "PS256", keys::rsa2048_pbkdf2_sha256_aes256_pem, keys::rsa2048_thumbprint}}) {
    CAPTURE(row.name);
    Asked asked{std::string(keys::passphrase)};
    const auto pair = KeyPair::from_pem(row.alg, test::secret(row.pem), {}, asked.callback());
    REQUIRE(test::outcome(pair) == "ok");
    CHECK(asked.times == 1);
    CHECK(pair->signer()->kid() == row.thumbprint);
  }
}

TEST_CASE("a key in the clear asks nobody") {
  Asked asked{"anything"};
  CHECK(load("ES256", keys::p256_pem, asked) == "ok");
  CHECK(load("ES256", "no PEM", asked) == "invalid_argument pem");
  CHECK(load("HS256", keys::p256_scrypt_pem, asked) == "invalid_argument alg");
  CHECK(load("none", keys::p256_scrypt_pem, asked) == "invalid_argument alg");
  CHECK(asked.times == 0);
}

TEST_CASE("an encrypted key without anybody to ask is refused, and the error says so") {
  const auto pair = KeyPair::from_pem("ES256", test::secret(keys::p256_scrypt_pem));
  CHECK(test::outcome(pair) == "invalid_argument passphrase");
  CHECK(pair.error().message.view().find("encrypted") != std::string_view::npos);
  CHECK(test::outcome(KeyPair::from_pem("ES256", test::secret(keys::p256_scrypt_pem), {}, PassphraseCallback())) ==
        "invalid_argument passphrase");
}

// One wrong passphrase in 256 leaves good padding behind: 600 of them take both ways out.
TEST_CASE("a wrong passphrase is told as such, whatever comes out of the cipher") {
  for (int i = 0; i < 600; ++i) {
    CAPTURE(i);
    Asked asked{"wrong " + std::to_string(i)};
    REQUIRE(load("ES256", keys::p256_pbkdf2_sha1_3des_pem, asked) == "invalid_argument passphrase");
    REQUIRE(asked.times == 1);
  }
  const std::string right(keys::passphrase);
  for (const std::string& wrong :
       {std::string(), right + "\n", right.substr(1), std::string(1024, 'x'), std::string(1025, 'x')}) {
    CAPTURE(wrong.size());
    Asked asked{wrong};
    CHECK(load("ES256", keys::p256_pbkdf2_sha512_aes128_pem, asked) == "invalid_argument passphrase");
  }
}

TEST_CASE("an error of the callback comes back as it is, and what it throws passes through") {
  CHECK(load_unless_asked(keys::p256_scrypt_pem) == "permission_denied asked");
  const auto throwing = []() -> Result<SecretBytes> { throw std::runtime_error("no terminal"); };
  CHECK_THROWS_AS(static_cast<void>(KeyPair::from_pem("ES256", test::secret(keys::p256_scrypt_pem), {}, throwing)),
                  std::runtime_error);
}

TEST_CASE("a decrypted key keeps every rule of a key in the clear") {
  Asked asked{std::string(keys::passphrase)};
  CHECK(load("EdDSA", keys::p256_scrypt_pem, asked) == "invalid_argument alg");
  CHECK(load("ES384", keys::p256_scrypt_pem, asked) == "invalid_argument alg");
  CHECK(test::outcome(KeyPair::from_pem("ES256", test::secret(keys::p256_scrypt_pem), std::string(257, 'k'),
                                        asked.callback())) == "invalid_argument kid");
  CHECK(KeyPair::from_pem("ES256", test::secret(keys::p256_scrypt_pem), "mine", asked.callback())
            .value()
            .signer()
            ->kid() == "mine");
}

TEST_CASE("encryption of another kind is refused before anybody is asked") {
  for (const std::string_view pem :
       {keys::p256_pkcs12_3des_pem, keys::p256_pbes1_pem, keys::p256_camellia_pem, keys::p256_prf_md5_pem}) {
    CAPTURE(pem);
    CHECK(load_unless_asked(pem) == "invalid_argument pem");
  }
}

// The INTEGERs as the fixtures hold them: 02 03 1e 84 80 is 2 000 000, 02 02 40 00 / 02 01 08 / 02 01 08 is N, r, p.
TEST_CASE("a key that asks for too much work is refused before anybody is asked") {
  const auto patched = [](std::string_view pem, std::string_view from, std::string_view to) {
    return load_unless_asked(encrypted_pem(test::replaced(der_of(pem), test::unhex(from), test::unhex(to))));
  };
  const std::string_view pbkdf2 = keys::p256_most_iterations_pem, scrypt = keys::p256_most_scrypt_pem;
  CHECK(patched(pbkdf2, "02031e8480", "02031e8480") == "permission_denied asked");
  CHECK(patched(pbkdf2, "02031e8480", "02031e8481") == "invalid_argument pem");
  CHECK(patched(pbkdf2, "02031e8480", "02037fffff") == "invalid_argument pem");
  CHECK(patched(pbkdf2, "02031e8480", "0203ffffff") == "invalid_argument pem");  // -1
  CHECK(patched(pbkdf2, "02031e8480", "0203000000") == "invalid_argument pem");  // 0, and not DER
  CHECK(patched(scrypt, "02024000020108020108", "02024000020108020108") == "permission_denied asked");
  CHECK(patched(scrypt, "02024000020108020108", "02024000020108020109") == "invalid_argument pem");
  CHECK(patched(scrypt, "02024000020108020108", "02024000020109020108") == "invalid_argument pem");
  CHECK(patched(scrypt, "02024000020108020108", "02024001020108020108") == "invalid_argument pem");
  CHECK(patched(scrypt, "02024000020108020108", "02024000020100020108") == "invalid_argument pem");
}

TEST_CASE("text that is not exactly one encrypted block is refused") {
  const std::string der = der_of(keys::p256_scrypt_pem);
  CHECK(load_unless_asked(encrypted_pem(der)) == "permission_denied asked");
  CHECK(load_unless_asked(encrypted_pem(der + '\0')) == "invalid_argument pem");
  CHECK(load_unless_asked(encrypted_pem(der.substr(0, der.size() - 1))) == "invalid_argument pem");
  CHECK(load_unless_asked(encrypted_pem("x")) == "invalid_argument pem");
  CHECK(load_unless_asked(std::string(keys::p256_scrypt_pem) + std::string(keys::p256_scrypt_pem)) ==
        "invalid_argument pem");
  CHECK(load_unless_asked(
            "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END EC PRIVATE KEY-----") ==
        "invalid_argument pem");
  CHECK(load_unless_asked(test::replaced(std::string(keys::p256_pem), "PRIVATE", std::string("ENCRYPTED PRIVATE"))) ==
        "invalid_argument pem");
}

// CBC does not notice damage by itself. The one byte that may change is the version in the first block, 0 to 1 (RFC 5958).
TEST_CASE("a damaged block is refused or still the same key, wherever the damage is") {
  const std::string der = der_of(keys::p256_pbkdf2_sha1_3des_pem);
  int still_the_same = 0;
  for (std::size_t at = 0; at < der.size(); ++at) {
    CAPTURE(at);
    std::string damaged = der;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    Asked asked{std::string(keys::passphrase)};
    const auto pair = KeyPair::from_pem("ES256", test::secret(encrypted_pem(damaged)), {}, asked.callback());
    CHECK(asked.times <= 1);
    if (pair) {
      ++still_the_same;
      CHECK(pair->signer()->kid() == keys::p256_thumbprint);
    } else {
      CHECK(test::outcome(pair).starts_with("invalid_argument"));
    }
  }
  CHECK(still_the_same <= 1);
}

// ---- in the clear ----

namespace {

using namespace test::der;

std::string load_der(std::string_view alg, const std::string& der) {
  return test::outcome(KeyPair::from_pem(alg, test::secret(pem_of(der, "PRIVATE KEY"))));
}

}  // namespace

TEST_CASE("a PKCS#8 block is read byte for byte: what is left over, missing, doubled or spelled otherwise refuses it") {
  const std::string d = member(keys::p256_jwk, "d");
  const std::string point = std::string("\0\4", 2) + member(keys::p256_jwk, "x") + member(keys::p256_jwk, "y");
  const bool odd = (point.back() & 1) != 0;  // SEC 1 §2.3.3, which has no hybrid form; X9.62 §4.3.6 does
  const std::string compressed = (odd ? '\3' : '\2') + member(keys::p256_jwk, "x");
  const std::string hybrid = (odd ? '\7' : '\6') + point.substr(2);
  const std::string other_point = member(keys::p256_other_jwk, "x") + member(keys::p256_other_jwk, "y");
  const std::string algorithm = ec_object + p256_object, one = integer("01"), number = tlv(4, d);
  const std::string named = tlv(0xa0, p256_object), half = tlv(0xa1, tlv(3, point));
  const std::string key = seq(one + number + half), good = pkcs8(algorithm, key);
  struct Row {
    const char* name;
    std::string der, outcome;
  };
  for (const Row& row : std::vector<Row>{
           {"as OpenSSL writes it", good, "ok"},
           {"with the curve inside", pkcs8(algorithm, seq(one + number + named + half)), "ok"},
           {"without its public half", pkcs8(algorithm, seq(one + number)), "ok"},
           {"with attributes", pkcs8(algorithm, key, tlv(0xa0, "anything")), "ok"},
           {"version 2", seq(integer("02") + seq(algorithm) + tlv(4, key)), "invalid_argument pem"},
           {"version of two bytes", seq(integer("0000") + seq(algorithm) + tlv(4, key)), "invalid_argument pem"},
           {"no version", seq(seq(algorithm) + tlv(4, key)), "invalid_argument pem"},
           {"the public half before the attributes", pkcs8(algorithm, key, tlv(0x81, point) + tlv(0xa0, "")),
            "invalid_argument pem"},
           {"something behind", pkcs8(algorithm, key, null), "invalid_argument pem"},
           {"a byte behind all", good + '\0', "invalid_argument pem"},
           {"a byte behind the key", pkcs8(algorithm, key + '\0'), "invalid_argument pem"},
           {"a byte behind its parts", pkcs8(algorithm, seq(one + number + half + null)), "invalid_argument pem"},
           {"a byte behind the curve", pkcs8(algorithm + null, key), "invalid_argument alg"},
           {"no curve", pkcs8(ec_object, key), "invalid_argument alg"},
           {"another curve", pkcs8(ec_object + p384_object, key), "invalid_argument alg"},
           {"another curve inside", pkcs8(algorithm, seq(one + number + tlv(0xa0, p384_object) + half)),
            "invalid_argument alg"},
           {"something behind the curve inside",
            pkcs8(algorithm, seq(one + number + tlv(0xa0, p256_object + null) + half)), "invalid_argument pem"},
           {"another kind", pkcs8(ed25519_object, key), "invalid_argument alg"},
           {"no kind", pkcs8("", key), "invalid_argument pem"},
           {"key version 0", pkcs8(algorithm, seq(integer("00") + number + half)), "invalid_argument pem"},
           {"an empty number", pkcs8(algorithm, seq(one + tlv(4, "") + half)), "invalid_argument pem"},
           {"a number too long", pkcs8(algorithm, seq(one + tlv(4, '\0' + d) + half)), "invalid_argument pem"},
           {"a point with unused bits", pkcs8(algorithm, seq(one + number + tlv(0xa1, tlv(3, "\1" + point.substr(1))))),
            "invalid_argument pem"},
           {"no point in its place", pkcs8(algorithm, seq(one + number + tlv(0xa1, ""))), "invalid_argument pem"},
           {"a compressed point", pkcs8(algorithm, seq(one + number + tlv(0xa1, tlv(3, '\0' + compressed)))), "ok"},
           {"a hybrid point", pkcs8(algorithm, seq(one + number + tlv(0xa1, tlv(3, '\0' + hybrid)))),
            "invalid_argument pem"},
           {"a point off the curve",
            pkcs8(algorithm, seq(one + number + tlv(0xa1, tlv(3, point.substr(0, 65) + '\0')))),
            "invalid_argument pem"},
           {"a point of another key",
            pkcs8(algorithm, seq(one + number + tlv(0xa1, tlv(3, std::string("\0\4", 2) + other_point)))),
            "invalid_argument d"},
           {"a number of zero", pkcs8(algorithm, seq(one + tlv(4, std::string(32, '\0')) + half)),
            "invalid_argument d"},
           {"a longer length than needed", test::replaced(good, number, "\x04\x81\x20" + d), "invalid_argument pem"},
           {"an indefinite length", "\x30\x80" + good.substr(3) + std::string(2, '\0'), "invalid_argument pem"},
           {"nothing", "", "invalid_argument pem"},
           {"half a head", "\x30", "invalid_argument pem"},
           {"a length beyond the end", good.substr(0, good.size() - 1), "invalid_argument pem"},
           {"a length of four bytes", std::string("\x30\x84\0\0\0\x8a", 6) + good.substr(3), "invalid_argument pem"}}) {
    CAPTURE(row.name);
    CHECK(load_der("ES256", row.der) == row.outcome);
  }
  CHECK(KeyPair::from_pem("ES256", test::secret(pem_of(pkcs8(algorithm, seq(one + number)), "PRIVATE KEY")))
            .value()
            .signer()
            ->kid() == keys::p256_thumbprint);
}

// RFC 8410 §10.1 and §10.3: the second key has an attribute and its public half.
TEST_CASE("the Ed25519 keys of RFC 8410 are one key") {
  const std::string_view first =
      "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
      "-----END PRIVATE KEY-----\n";
  const std::string_view second =
      "-----BEGIN PRIVATE KEY-----\nMHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n"
      "oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB\nZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
      "-----END PRIVATE KEY-----\n";
  const std::string_view half =
      "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
      "-----END PUBLIC KEY-----\n";
  const std::string kid(verification_key_from_pem("EdDSA", half).value()->kid());
  CHECK(KeyPair::from_pem("EdDSA", test::secret(first)).value().signer()->kid() == kid);
  CHECK(KeyPair::from_pem("EdDSA", test::secret(second)).value().signer()->kid() == kid);

  const std::string seed = member(keys::ed25519_jwk, "d");
  CHECK(load_der("EdDSA", pkcs8(ed25519_object, tlv(4, seed))) == "ok");
  CHECK(load_der("EdDSA", pkcs8(ed25519_object, seed)) == "invalid_argument pem");
  CHECK(load_der("EdDSA", pkcs8(ed25519_object, tlv(4, seed) + '\0')) == "invalid_argument pem");
  CHECK(load_der("EdDSA", pkcs8(ed25519_object, tlv(4, seed.substr(1)))) == "invalid_argument pem");
  CHECK(load_der("EdDSA", pkcs8(ed25519_object + null, tlv(4, seed))) == "invalid_argument pem");
  CHECK(load_der("ES256", pkcs8(ed25519_object, tlv(4, seed))) == "invalid_argument alg");
  CHECK(load_der("RS256", pkcs8(ed25519_object, tlv(4, seed))) == "invalid_argument alg");
}

TEST_CASE("an RSA key has exactly its nine numbers, each above zero and in its one spelling") {
  std::vector<std::string> numbers = {integer("00")};
  for (const char* name : {"n", "e", "d", "p", "q", "dp", "dq", "qi"}) {
    numbers.push_back(number(member(keys::rsa2048_jwk, name)));
  }
  const auto load = [&](const std::vector<std::string>& parts, const std::string& rest = "") {
    std::string all;
    for (const std::string& part : parts) all += part;
    return load_der("RS256", pkcs8(rsa_object + null, seq(all + rest)));
  };
  const auto with = [&](std::size_t at, const std::string& part) {
    std::vector<std::string> changed = numbers;
    changed[at] = part;
    return load(changed);
  };
  CHECK(load(numbers) == "ok");
  CHECK(load(numbers, null) == "invalid_argument pem");
  CHECK(with(0, integer("01")) == "invalid_argument pem");  // more than two primes
  for (std::size_t at = 1; at < numbers.size(); ++at) {
    CAPTURE(at);
    CHECK(with(at, "") == "invalid_argument pem");
    CHECK(with(at, integer("")) == "invalid_argument pem");
    CHECK(with(at, integer("00")) == "invalid_argument pem");
    CHECK(with(at, integer("81")) == "invalid_argument pem");    // below zero
    CHECK(with(at, integer("0003")) == "invalid_argument pem");  // a zero byte too many
    CHECK(with(at, integer("03")).starts_with("invalid_argument"));
  }
  CHECK(with(1, number(std::string(1025, '\x7f'))) == "invalid_argument n");
}

// RFC 8017 §A.1: "The parameters field associated with this OID in a value of type AlgorithmIdentifier SHALL have a value of
// type NULL." X.690 §8.8.2: which has no contents.
TEST_CASE("the parameters of an RSA key are one NULL and nothing else") {
  std::string numbers = integer("00");
  for (const char* name : {"n", "e", "d", "p", "q", "dp", "dq", "qi"})
    numbers += number(member(keys::rsa2048_jwk, name));
  const auto load = [&](const std::string& parameters) {
    return load_der("PS256", pkcs8(rsa_object + parameters, seq(numbers)));
  };
  CHECK(load(null) == "ok");
  for (const std::string& wrong :
       {std::string(), null + null, null + '\0', std::string("\5\1\0", 3), std::string("\5\2"), std::string("\5"),
        std::string("\5\x81\0", 3), p256_object, integer("00")}) {
    CAPTURE(test::b64u(wrong));
    CHECK(load(wrong) == "invalid_argument pem");
  }
}
