#pragma once
// The three segments of a compact JWS (RFC 7515 §7.1) and its header.

#include <cstddef>
#include <cstring>
#include <optional>
#include <string_view>

#include "momento_token/detail/json_reader.hpp"
#include "momento_token/result.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// An Error that has not been made yet: refusing a token allocates nothing. Ok when the code is none of Errc's.
struct Refusal {
  Errc code{};
  std::string_view field = {};
  StaticText message = {};
  explicit operator bool() const noexcept { return code != Errc{}; }
  [[nodiscard]] Error error() const { return {code, std::string(field), message}; }
};

[[nodiscard]] inline Refusal malformed(StaticText message) noexcept { return {Errc::malformed_token, {}, message}; }

struct Compact {
  std::string_view header, payload, signature;  // base64url
  std::string_view signing_input;
};

/// Exactly two dots. Empty segments are the caller's matter.
[[nodiscard]] inline bool split_compact(std::string_view token, Compact& parts) noexcept {
  const std::size_t first = token.find('.');
  if (first == token.npos) return false;
  const std::size_t second = token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos) return false;
  parts = {token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1),
           token.substr(0, second)};
  return true;
}

struct Header {
  std::string_view alg;
  std::optional<std::string_view> kid;
};

/// Names that the header of a token within the default limit can hold: 16 KiB of base64url are 12 KiB of JSON.
inline constexpr std::size_t most_header_names = std::size_t{12} * 1024 / NameStack::shortest_name;

/// Strict JSON; `alg`, `typ`, `kid` and `cty` are texts, `alg` is there, `crit` is not (RFC 7515 §4.1: we understand no
/// extension). `jwk`, `jku`, `x5u`, `x5c` and whatever else is there are ignored. Changes the text it reads.
[[nodiscard]] inline Refusal read_header(char* json, std::size_t size, Header& header) {
  using Event = JsonReader::Event;
  const Refusal not_json = malformed("the header is not a strict JSON object");
  HeldName room[most_header_names];  // unset; nothing is allocated for who has no valid signature
  JsonReader reader(json, size, room);
  std::optional<std::string_view> alg;
  if (reader.next() != Event::begin_object) return not_json;
  for (auto event = reader.next(); event != Event::end_object; event = reader.next()) {
    if (event != Event::name) return not_json;
    const std::string_view name = reader.text();
    if (name == "crit") return malformed("the header has crit, and no extension is understood");
    if (name != "alg" && name != "kid" && name != "typ" && name != "cty") {
      if (!reader.skip(event)) return not_json;
      continue;
    }
    if (reader.next() != Event::string) return malformed("alg, kid, typ and cty in the header must be texts");
    if (name == "alg") alg = reader.text();
    if (name == "kid") header.kid = reader.text();
  }
  if (reader.next() != Event::end) return not_json;
  if (!alg) return malformed("the header has no alg");
  header.alg = *alg;
  return {};
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
