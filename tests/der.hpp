#pragma once
// DER by hand (X.690), lengths below 65536, and PEM around it: keys that no tool would write.

#include <string>
#include <string_view>

#include "support.hpp"

namespace test::der {

[[nodiscard]] inline std::string tlv(int tag, const std::string& contents) {
  const std::size_t size = contents.size();
  std::string head(1, static_cast<char>(tag));
  if (size >= 256) {
    head += '\x82';
    head += static_cast<char>(size >> 8);
  } else if (size >= 128) {
    head += '\x81';
  }
  return head + static_cast<char>(size & 255) + contents;
}
[[nodiscard]] inline std::string seq(const std::string& contents) { return tlv(0x30, contents); }
[[nodiscard]] inline std::string integer(const std::string& hex) { return tlv(2, unhex(hex)); }
/// A number above zero, big-endian, without leading zero bytes.
[[nodiscard]] inline std::string number(std::string bytes) {
  if ((bytes[0] & '\x80') != 0) bytes.insert(0, 1, '\0');
  return tlv(2, bytes);
}

// RFC 5480 §2.1.1, RFC 8017 §A.1, RFC 8410 §3.
inline const std::string ec_object = tlv(6, unhex("2a8648ce3d0201")), p256_object = tlv(6, unhex("2a8648ce3d030107")),
                         p384_object = tlv(6, unhex("2b81040022")), ed25519_object = tlv(6, unhex("2b6570")),
                         rsa_object = tlv(6, unhex("2a864886f70d010101")), null = tlv(5, "");

/// RFC 5958 §2.
[[nodiscard]] inline std::string pkcs8(const std::string& algorithm, const std::string& key,
                                       const std::string& rest = "") {
  return seq(integer("00") + seq(algorithm) + tlv(4, key) + rest);
}
/// RFC 5280 §4.1.
[[nodiscard]] inline std::string spki(const std::string& algorithm, const std::string& key) {
  return seq(seq(algorithm) + tlv(3, '\0' + key));
}

[[nodiscard]] inline std::string pem_of(std::string_view der, std::string_view label) {
  std::string letters = b64u(der);
  for (char& c : letters) c = c == '-' ? '+' : c == '_' ? '/' : c;
  letters.append((4 - letters.size() % 4) % 4, '=');
  return "-----BEGIN " + std::string(label) + "-----\n" + letters + "\n-----END " + std::string(label) + "-----\n";
}

/// The bytes of a member of a JWK of fixtures/keys.hpp.
[[nodiscard]] inline std::string member(std::string_view jwk, std::string_view name) {
  const auto at = jwk.find("\"" + std::string(name) + "\":\"") + name.size() + 4;
  return unb64(jwk.substr(at, jwk.find('"', at) - at));
}

}  // namespace test::der
