// Encrypted PKCS#8 by hand: what no tool would write.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "der.hpp"
#include "momento_token/keys.hpp"
#include "support.hpp"

using namespace momento_token;
using namespace test::der;

namespace {

std::string object(const char* hex) { return tlv(6, test::unhex(hex)); }

// RFC 5958 §3, RFC 8018 §A.4: PBES2 with a key derivation and a cipher. "asked" when somebody is asked for a passphrase.
std::string load(const std::string& derivation, const std::string& cipher, Result<SecretBytes> answer) {
  const std::string algorithm = object("2a864886f70d01050d") + seq(seq(derivation) + seq(cipher));
  const std::string block = seq(seq(algorithm) + tlv(4, std::string(16, 'c')));
  return test::outcome(KeyPair::from_pem("ES256", test::secret(pem_of(block, "ENCRYPTED PRIVATE KEY")), {},
                                         [&] { return std::move(answer); }));
}
std::string load_unless_asked(const std::string& derivation, const std::string& cipher) {
  return load(derivation, cipher, Error{Errc::permission_denied, "asked"});
}
// RFC 8018 §A.2, without the function when that is empty; RFC 7914 §7.
std::string pbkdf2(const std::string& iterations, const std::string& prf = "") {
  return object("2a864886f70d01050c") +
         seq(tlv(4, "saltsalt") + integer(iterations) + (prf.empty() ? "" : seq(object(prf.c_str()) + null)));
}
std::string scrypt(const std::string& n, const std::string& r, const std::string& p, std::size_t salt = 8) {
  return object("2b06010401da47040b") + seq(tlv(4, std::string(salt, 's')) + integer(n) + integer(r) + integer(p));
}
std::string aes(const char* last) {
  return object((std::string("6086480165030401") + last).c_str()) + tlv(4, std::string(16, 'i'));
}

}  // namespace

// The bounds are those of keys.hpp; 2^20 is 100000, -1 is ff.
TEST_CASE("the price of an encrypted key is bounded in each of its numbers") {
  struct Row {
    std::string derivation;
    const char* expected;
  };
  for (const Row& row : {Row{pbkdf2("01"), "permission_denied asked"},
                         {pbkdf2("1e8480"), "permission_denied asked"},
                         {pbkdf2("1e8481"), "invalid_argument pem"},
                         {pbkdf2("00"), "invalid_argument pem"},
                         {pbkdf2("ff"), "invalid_argument pem"},
                         {pbkdf2("010000000000000001"), "invalid_argument pem"},
                         // N r p; r p; 128 r (N + p + 2) bytes, of which OpenSSL takes 2^25; the salt
                         {scrypt("4000", "08", "08"), "permission_denied asked"},
                         {scrypt("4000", "08", "09"), "invalid_argument pem"},
                         {scrypt("008000", "01", "20"), "permission_denied asked"},
                         {scrypt("008000", "01", "21"), "invalid_argument pem"},
                         {scrypt("02", "08", "0080"), "permission_denied asked"},
                         {scrypt("02", "08", "0081"), "invalid_argument pem"},
                         {scrypt("02", "0400", "01"), "permission_denied asked"},
                         {scrypt("02", "0401", "01"), "invalid_argument pem"},
                         {scrypt("008000", "08", "01"), "invalid_argument pem"},
                         {scrypt("020000", "02", "01"), "invalid_argument pem"},
                         {scrypt("020000", "01", "01"), "invalid_argument pem"},
                         {scrypt("02", "010000000000000001", "01"), "invalid_argument pem"},
                         {scrypt("02", "01", "010000000000000001"), "invalid_argument pem"},
                         {scrypt("4000", "08", "01", 64), "permission_denied asked"},
                         {scrypt("4000", "08", "01", 65), "invalid_argument pem"},
                         // RFC 7914 §2: N is a power of two above 1, and below 2^(16 r)
                         {scrypt("01", "01", "01"), "invalid_argument pem"},
                         {scrypt("03", "01", "01"), "invalid_argument pem"},
                         {scrypt("010000", "01", "01"), "invalid_argument pem"},
                         {scrypt("010000", "02", "01"), "permission_denied asked"},
                         {scrypt("00", "01", "01"), "invalid_argument pem"},
                         {scrypt("02", "00", "01"), "invalid_argument pem"},
                         {scrypt("02", "01", "00"), "invalid_argument pem"},
                         {scrypt("ff", "01", "01"), "invalid_argument pem"}}) {
    CAPTURE(test::b64u(row.derivation));
    CHECK(load_unless_asked(row.derivation, aes("2a")) == row.expected);
  }
}

// RFC 8018 §B.1.2, §B.2.5; 02 is AES-128-CBC, 16 AES-192-CBC, 2a AES-256-CBC, 01 AES-128-ECB. MD5 is 2a864886f70d0205.
TEST_CASE("which functions and ciphers an encrypted key may use") {
  CHECK(load_unless_asked(pbkdf2("0800"), aes("02")) == "permission_denied asked");
  CHECK(load_unless_asked(pbkdf2("0800"), aes("16")) == "permission_denied asked");
  CHECK(load_unless_asked(pbkdf2("0800"), aes("01")) == "invalid_argument pem");
  for (const char* sha :
       {"2a864886f70d0207", "2a864886f70d0208", "2a864886f70d0209", "2a864886f70d020a", "2a864886f70d020b"}) {
    CAPTURE(sha);
    CHECK(load_unless_asked(pbkdf2("0800", sha), aes("02")) == "permission_denied asked");
  }
  CHECK(load_unless_asked(pbkdf2("0800", "2a864886f70d0205"), aes("02")) == "invalid_argument pem");
}

// An initial vector is as long as a block.
TEST_CASE("what only the cipher notices is told as encryption of another kind") {
  const auto load_with = [](const std::string& derivation, const std::string& cipher) {
    return load(derivation, cipher, test::secret("any"));
  };
  CHECK(load_with(pbkdf2("01"), object("60864801650304012a") + tlv(4, "short")) == "invalid_argument pem");
  CHECK(load_with(pbkdf2("01"), aes("02")) == "invalid_argument passphrase");
}
