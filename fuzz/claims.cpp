// A token's header and claims: the fixed-order reader says what the strict one says, and both say what the JSON says.

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz.hpp"
#include "json_oracle.hpp"
#include "momento_token/detail/claims_reader.hpp"
#include "momento_token/detail/compact.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/token.hpp"

namespace {

namespace mt = momento_token;
using mt::detail::ClaimsView;
using Text = std::optional<std::string_view>;

const std::vector<std::string> wanted = {"vend", "media"};
constexpr std::uint64_t last_date = 253402300799;

// A reader's answer; the views point into the buffer, which is exactly as long as the text.
struct Reading {
  std::vector<char> buffer;
  ClaimsView claims;
  bool good = false;
};
template <class Read>
Reading read_with(std::string_view json, Read read) {
  Reading reading{.buffer = {json.begin(), json.end()}, .claims = {}};
  reading.good = read(reading.buffer.data(), reading.buffer.size(), reading.claims);
  return reading;
}
Reading strictly(std::string_view json) {
  return read_with(json, [](char* text, std::size_t size, ClaimsView& claims) {
    return !mt::detail::StrictClaims(text, size, {.wanted = &wanted}).read(claims);
  });
}
Reading in_fixed_order(std::string_view json) {
  return read_with(json, [](char* text, std::size_t size, ClaimsView& claims) {
    return mt::detail::FixedOrderClaims(text, size).read(claims, {.wanted = &wanted});
  });
}
Reading with_both(std::string_view json) {
  return read_with(json, [](char* text, std::size_t size, ClaimsView& claims) {
    return !mt::detail::read_claims(text, size, {.wanted = &wanted}, claims);
  });
}

bool same(const ClaimsView& a, const ClaimsView& b) {
  return a.iss == b.iss && a.sub == b.sub && a.jti == b.jti && a.tid == b.tid && a.p == b.p && a.exp == b.exp &&
         a.nbf == b.nbf && a.iat == b.iat && a.has_aud == b.has_aud && a.aud_wanted == b.aud_wanted &&
         a.ver_is_1 == b.ver_is_1 && a.p_is_text == b.p_is_text;
}

// ---- what the JSON says ----

using fuzz::JsonMember;
using fuzz::JsonMembers;
using Kind = JsonMember::Kind;

const JsonMember* find(const JsonMembers& members, std::string_view name) {
  const auto found = std::find_if(members.begin(), members.end(), [&](const auto& m) { return m.first == name; });
  return found == members.end() ? nullptr : &found->second;
}
bool is_text(const JsonMember* value) { return value == nullptr || value->kind == Kind::text; }
bool is_text_or_texts(const JsonMember* value) { return is_text(value) || value->kind == Kind::texts; }
bool names_wanted(const JsonMember& aud) {
  return std::any_of(aud.texts.begin(), aud.texts.end(),
                     [](const std::string& one) { return one == wanted[0] || one == wanted[1]; });
}

// A double is exact to the second in the range of dates; only the edges and fractions too small for it are left open.
enum class DateAnswer { good, bad, open };
DateAnswer is_date(const JsonMember* value) {
  if (value == nullptr) return DateAnswer::good;
  if (value->kind != Kind::number) return DateAnswer::bad;
  if (value->whole_number) return *value->whole_number <= last_date ? DateAnswer::good : DateAnswer::bad;
  if (std::fabs(value->number - static_cast<double>(last_date)) <= 1 || std::fabs(value->number) < 1) {
    return DateAnswer::open;
  }
  return value->number > 0 && value->number < static_cast<double>(last_date) ? DateAnswer::good : DateAnswer::bad;
}
bool is_rounded_up(const std::optional<std::int64_t>& date, const JsonMember* value) {
  if (!date || value == nullptr) return date.has_value() == (value != nullptr);
  if (value->whole_number) return *value->whole_number == static_cast<std::uint64_t>(*date);
  const auto seconds = static_cast<double>(*date);
  return seconds >= std::floor(value->number) && seconds <= std::ceil(value->number) + 1;
}
bool is_same_text(Text text, const JsonMember* value) {
  if (!text || value == nullptr) return text.has_value() == (value != nullptr);
  return value->kind == Kind::text && value->text == *text;
}

void check_accepted(const ClaimsView& claims, const JsonMembers& json) {
  const JsonMember* const p = find(json, "p");
  const JsonMember* const aud = find(json, "aud");
  const JsonMember* const ver = find(json, "ver");
  fuzz::law(is_same_text(claims.iss, find(json, "iss")), "iss is the JSON's");
  fuzz::law(is_same_text(claims.sub, find(json, "sub")), "sub is the JSON's");
  fuzz::law(is_same_text(claims.jti, find(json, "jti")), "jti is the JSON's");
  fuzz::law(is_same_text(claims.tid, find(json, "tid")), "tid is the JSON's");
  fuzz::law(is_rounded_up(claims.exp, find(json, "exp")), "exp is the JSON's, rounded up");
  fuzz::law(is_rounded_up(claims.nbf, find(json, "nbf")), "nbf is the JSON's, rounded up");
  fuzz::law(is_rounded_up(claims.iat, find(json, "iat")), "iat is the JSON's, rounded up");
  fuzz::law(claims.p_is_text == is_text(p), "p is a text exactly when it is one");
  if (is_text(p)) fuzz::law(is_same_text(claims.p, p), "p is the JSON's");
  fuzz::law(claims.has_aud == (aud != nullptr), "aud is there when the JSON has it");
  fuzz::law(claims.aud_wanted == (aud != nullptr && names_wanted(*aud)), "aud is wanted when it names a wanted one");
  const bool one = ver != nullptr && ver->kind == Kind::number && ver->number == 1.0;
  if (claims.ver_is_1) fuzz::law(one, "ver is 1 only when it is 1");
  if (one && ver->whole_number) fuzz::law(claims.ver_is_1, "the number 1 is ver 1");
}

void check_claims(std::string_view text) {
  const Reading strict = strictly(text);
  const Reading fixed = in_fixed_order(text);
  const Reading both = with_both(text);
  if (fixed.good) fuzz::law(strict.good && same(fixed.claims, strict.claims), "fixed order and strict reader agree");
  fuzz::law(both.good == strict.good, "the two readers together take what the strict one takes");
  if (strict.good) fuzz::law(same(both.claims, strict.claims), "the two together say what the strict one says");

  if (!fuzz::json_events(text)) return;
  const auto json = fuzz::json_members(text);
  if (!json) return fuzz::law(!strict.good, "claims are a strict JSON object");
  bool good = is_text_or_texts(find(*json, "aud")), open = false;
  for (const char* name : {"iss", "sub", "jti", "tid"}) good = good && is_text(find(*json, name));
  for (const char* name : {"exp", "nbf", "iat"}) {
    const DateAnswer answer = is_date(find(*json, name));
    good = good && answer != DateAnswer::bad;
    open = open || answer == DateAnswer::open;
  }
  if (!good || !open) fuzz::law(strict.good == good, "claims are taken exactly when each is of its type");
  if (strict.good) check_accepted(strict.claims, *json);
}

// ---- the header ----

void check_header(std::string_view text) {
  std::vector<char> buffer(text.begin(), text.end());
  mt::detail::Header header;
  const bool taken = !mt::detail::read_header(buffer.data(), buffer.size(), header);
  if (!fuzz::json_events(text)) return;
  const auto json = fuzz::json_members(text);
  const bool good = json && find(*json, "alg") != nullptr && is_text(find(*json, "alg")) &&
                    is_text(find(*json, "kid")) && is_text(find(*json, "typ")) && is_text(find(*json, "cty")) &&
                    find(*json, "crit") == nullptr;
  fuzz::law(taken == good, "a header is taken exactly when it is a strict object with texts, alg and no crit");
  if (!taken) return;
  fuzz::law(is_same_text(header.alg, find(*json, "alg")), "alg is the JSON's");
  fuzz::law(is_same_text(header.kid, find(*json, "kid")), "kid is the JSON's");
}

// ---- both ----

void check_unverified(std::string_view header, std::string_view claims) {
  const std::string token =
      mt::base64url_encode(mt::as_bytes(header)) + "." + mt::base64url_encode(mt::as_bytes(claims)) + "." + "c2ln";
  const auto seen = mt::decode_unverified(token, token.size());
  std::vector<char> buffer(header.begin(), header.end());
  mt::detail::Header read;
  const bool good = !mt::detail::read_header(buffer.data(), buffer.size(), read) && strictly(claims).good;
  fuzz::law(seen.has_value() == good, "a token is taken apart exactly when header and claims read");
  fuzz::law(!mt::decode_unverified(token, token.size() - 1).has_value(), "a token over its limit is refused");
  if (!seen) return;
  fuzz::law(seen->header() == header && seen->payload() == claims, "header and claims are shown as they are written");
  fuzz::law(seen->alg() == read.alg && seen->kid() == read.kid.value_or(""), "alg and kid are the header's");
}

}  // namespace

// Header and claims with a line end between; without one the same text is both.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::string_view header = input.until('\n');
  const std::string_view claims = input.empty() ? header : input.rest();
  check_header(header);
  check_claims(claims);
  check_unverified(header, claims);
  return 0;
}
