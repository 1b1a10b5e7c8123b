#pragma once
// The members of a JWK, straight from the strict reader: views into a wiped buffer, so that private numbers pass through
// no other memory.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "momento_token/detail/builtin_key.hpp"
#include "momento_token/detail/json_reader.hpp"
#include "momento_token/result.hpp"
#include "momento_token/secret.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

enum class JwkMember : std::uint8_t { kty, crv, alg, use, kid, x, y, n, e, k, d, p, q, dp, dq, qi, count };
inline constexpr std::array<std::string_view, static_cast<std::size_t>(JwkMember::count)> jwk_member_names = {
    "kty", "crv", "alg", "use", "kid", "x", "y", "n", "e", "k", "d", "p", "q", "dp", "dq", "qi"};

[[nodiscard]] constexpr bool is_private_member(std::size_t member) noexcept {
  return member >= static_cast<std::size_t>(JwkMember::k) && member < static_cast<std::size_t>(JwkMember::count);
}
/// The index in jwk_member_names; JwkMember::count for any other.
[[nodiscard]] inline std::size_t find_jwk_member(std::string_view name) noexcept {
  std::size_t i = 0;
  while (i < jwk_member_names.size() && jwk_member_names[i] != name) ++i;
  return i;
}

struct Jwk {
  std::array<std::optional<std::string_view>, jwk_member_names.size()> members = {};
  bool has_key_ops = false, may_sign = false, may_verify = false;
  bool more_primes = false;          // `oth`
  std::string_view wrong_type = {};  // the first known member that is not what it must be

  [[nodiscard]] std::optional<std::string_view> get(JwkMember member) const noexcept {
    return members[static_cast<std::size_t>(member)];
  }
  /// RFC 7517 §4.2, §4.3: the member that forbids it; empty when none does.
  [[nodiscard]] std::string_view forbids_verifying() const noexcept { return forbidden(may_verify); }
  [[nodiscard]] std::string_view forbids_signing() const noexcept { return forbidden(may_sign); }

 private:
  [[nodiscard]] std::string_view forbidden(bool operation) const noexcept {
    if (get(JwkMember::use).value_or("sig") != "sig") return "use";
    return has_key_ops && !operation ? "key_ops" : "";
  }
};

[[nodiscard]] inline Error not_a_jwk() { return key_error("jwk", "is not a JWK: a strict JSON object (RFC 7517 §4)"); }

[[nodiscard]] inline Error wrong_jwk_type(std::string_view member) {
  return key_error(member,
                   member == "key_ops" ? StaticText("must be an array of texts") : StaticText("must be a text"));
}

/// Past a value that is not what its member must be. Whether that matters is known when the key's type is: of a key
/// of an unknown type nobody can say what its members must be.
[[nodiscard]] inline bool note_wrong_type(JsonReader& reader, JsonReader::Event event, Jwk& jwk,
                                          std::string_view member) {
  if (jwk.wrong_type.empty()) jwk.wrong_type = member;
  const bool nested = event == JsonReader::Event::begin_object || event == JsonReader::Event::begin_array;
  return nested ? reader.skip(event) : event != JsonReader::Event::error;
}

/// `key_ops`, an array of texts (RFC 7517 §4.3). False when the text is no JSON.
[[nodiscard]] inline bool read_key_ops(JsonReader& reader, Jwk& jwk) {
  jwk.has_key_ops = true;
  auto event = reader.next();
  if (event != JsonReader::Event::begin_array) return note_wrong_type(reader, event, jwk, "key_ops");
  for (event = reader.next(); event != JsonReader::Event::end_array; event = reader.next()) {
    if (event != JsonReader::Event::string) {
      if (!note_wrong_type(reader, event, jwk, "key_ops")) return false;
      continue;
    }
    jwk.may_sign = jwk.may_sign || reader.text() == "sign";
    jwk.may_verify = jwk.may_verify || reader.text() == "verify";
  }
  return true;
}

/// After begin_object: to its end.
[[nodiscard]] inline Result<void> read_jwk(JsonReader& reader, Jwk& jwk) {
  for (auto event = reader.next(); event != JsonReader::Event::end_object; event = reader.next()) {
    if (event != JsonReader::Event::name) return not_a_jwk();
    if (const std::size_t member = find_jwk_member(reader.text()); member < jwk.members.size()) {
      event = reader.next();
      if (event == JsonReader::Event::string) {
        jwk.members[member] = reader.text();
      } else if (!note_wrong_type(reader, event, jwk, jwk_member_names[member])) {
        return not_a_jwk();
      }
    } else if (reader.text() == "key_ops") {
      if (!read_key_ops(reader, jwk)) return not_a_jwk();
    } else {
      jwk.more_primes = jwk.more_primes || reader.text() == "oth";
      if (!reader.skip(event)) return not_a_jwk();
    }
  }
  if (!jwk.get(JwkMember::kty))
    return jwk.wrong_type.empty() ? key_error("kty", "is missing") : wrong_jwk_type(jwk.wrong_type);
  return {};
}

/// A whole text that is one JWK. The views point into `buffer`, which is changed.
[[nodiscard]] inline Result<void> read_jwk_text(SecretBytes& buffer, Jwk& jwk) {
  JsonReader reader(reinterpret_cast<char*>(buffer.expose_for_writing().data()), buffer.size());
  if (reader.next() != JsonReader::Event::begin_object) return not_a_jwk();
  if (auto read = read_jwk(reader, jwk); !read) return read;
  if (reader.next() != JsonReader::Event::end) return not_a_jwk();
  if (!jwk.wrong_type.empty()) return wrong_jwk_type(jwk.wrong_type);
  return {};
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
