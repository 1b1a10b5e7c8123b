#pragma once
// The claims of a token, read after its signature has been checked. Two readers of one language: the fixed-order reader
// matches our issuer's own text letter by letter; at any difference the strict reader starts again from the first byte.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "momento_token/detail/compact.hpp"
#include "momento_token/detail/json_reader.hpp"
#include "momento_token/detail/numeric_date.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// Views into the buffer that was read. Dates are whole seconds, rounded up.
struct ClaimsView {
  std::optional<std::string_view> iss, sub, jti, tid, p;
  std::optional<std::int64_t> exp, nbf, iat;
  bool has_aud = false;
  bool aud_wanted = false;  // one of the wanted audiences is in aud
  bool ver_is_1 = false;    // there, a number, and 1
  bool p_is_text = true;    // false when p is there as something else
};

/// What to look for in aud, and where to copy it to.
struct AudienceSink {
  const std::vector<std::string>* wanted = nullptr;
  std::vector<std::string>* copy = nullptr;

  void take(std::string_view audience, ClaimsView& claims) const {
    claims.has_aud = true;
    if (wanted != nullptr) {
      for (const std::string& one : *wanted) claims.aud_wanted = claims.aud_wanted || one == audience;
    }
    if (copy != nullptr) copy->emplace_back(audience);
  }
};

// ---- the strict reader ----

class StrictClaims {
 public:
  StrictClaims(char* json, std::size_t size, const AudienceSink& audience) noexcept
      : reader_(json, size), audience_(audience) {}

  [[nodiscard]] Refusal read(ClaimsView& claims) {
    const Refusal not_json = malformed("the claims are not a strict JSON object");
    if (reader_.next() != Event::begin_object) return not_json;
    for (auto event = reader_.next(); event != Event::end_object; event = reader_.next()) {
      if (event != Event::name) return not_json;
      if (const Refusal refusal = member(reader_.text(), claims)) return refusal;
    }
    return reader_.next() == Event::end ? Refusal{} : not_json;
  }

 private:
  using Event = JsonReader::Event;

  [[nodiscard]] Refusal member(std::string_view name, ClaimsView& claims) {
    if (name == "exp") return date(claims.exp);
    if (name == "iat") return date(claims.iat);
    if (name == "nbf") return date(claims.nbf);
    if (name == "iss") return text(claims.iss);
    if (name == "sub") return text(claims.sub);
    if (name == "jti") return text(claims.jti);
    if (name == "tid") return text(claims.tid);
    if (name == "aud") return audiences(claims);
    // ver and p belong to disposable tokens; in other JWTs they may be anything.
    const bool is_p = name == "p";
    const bool is_ver = name == "ver";
    if (!is_p && !is_ver) return reader_.skip(Event::name) ? Refusal{} : not_strict();
    const Event event = reader_.next();
    if (is_p && event == Event::string) claims.p = reader_.text();
    if (is_p) claims.p_is_text = event == Event::string;
    if (is_ver && event == Event::number) {
      const DecimalNumber number = read_decimal(reader_.text());
      claims.ver_is_1 = number.in_range && number.whole && number.ceiling == 1;
    }
    if (event == Event::begin_object || event == Event::begin_array)
      return reader_.skip(event) ? Refusal{} : not_strict();
    return event == Event::error ? not_strict() : Refusal{};
  }

  [[nodiscard]] static Refusal not_strict() noexcept { return malformed("the claims are not a strict JSON object"); }

  [[nodiscard]] Refusal text(std::optional<std::string_view>& claim) {
    if (reader_.next() != Event::string) return malformed("iss, sub, jti and tid must be texts");
    claim = reader_.text();
    return {};
  }

  [[nodiscard]] Refusal date(std::optional<std::int64_t>& claim) {
    const Refusal bad = malformed("exp, nbf and iat must be numbers from 0 to 253402300799");
    if (reader_.next() != Event::number) return bad;
    const DecimalNumber number = read_decimal(reader_.text());
    if (!number.in_range) return bad;
    claim = number.ceiling;
    return {};
  }

  [[nodiscard]] Refusal audiences(ClaimsView& claims) {
    const Refusal bad = malformed("aud must be a text or an array of texts");
    claims.has_aud = true;
    const Event first = reader_.next();
    if (first == Event::string) {
      audience_.take(reader_.text(), claims);
      return {};
    }
    if (first != Event::begin_array) return bad;
    for (auto event = reader_.next(); event != Event::end_array; event = reader_.next()) {
      if (event != Event::string) return bad;
      audience_.take(reader_.text(), claims);
    }
    return {};
  }

  JsonReader reader_;
  const AudienceSink& audience_;
};

// ---- the fixed-order reader ----

/// {"ver":1[,"iss":T][,"aud":T],"p":T,"iat":N,"exp":N[,"nbf":N][,"jti":T][,"tid":T]} without white space or escapes,
/// texts in printable ASCII. Changes nothing.
class FixedOrderClaims {
 public:
  FixedOrderClaims(const char* json, std::size_t size) noexcept : p_(json), end_(json + size) {}

  /// False when the text is not of this form; says nothing about whether it is valid.
  [[nodiscard]] bool read(ClaimsView& claims, const AudienceSink& audience) {
    std::optional<std::string_view> aud;
    if (!match("{\"ver\":1,")) return false;
    claims.ver_is_1 = true;
    if (match("\"iss\":\"") && !(text(claims.iss) && match(","))) return false;
    if (match("\"aud\":\"") && !(text(aud) && match(","))) return false;
    if (!match("\"p\":\"") || !text(claims.p)) return false;
    if (!match(",\"iat\":") || !date(claims.iat) || !match(",\"exp\":") || !date(claims.exp)) return false;
    if (match(",\"nbf\":") && !date(claims.nbf)) return false;
    if (match(",\"jti\":\"") && !text(claims.jti)) return false;
    if (match(",\"tid\":\"") && !text(claims.tid)) return false;
    if (!match("}") || p_ != end_) return false;
    if (aud) audience.take(*aud, claims);
    return true;
  }

 private:
  // Of known size, so that no function is called for it.
  template <std::size_t N>
  [[nodiscard]] bool match(const char (&literal)[N]) noexcept {
    constexpr std::size_t size = N - 1;
    if (static_cast<std::size_t>(end_ - p_) < size || std::memcmp(p_, literal, size) != 0) return false;
    p_ += size;
    return true;
  }

  [[nodiscard]] bool text(std::optional<std::string_view>& claim) noexcept {
    const char* const stop = plain_run_end(p_, end_);
    if (stop == end_ || *stop != '"') return false;
    claim = std::string_view(p_, static_cast<std::size_t>(stop - p_));
    p_ = stop + 1;
    return true;
  }

  [[nodiscard]] bool date(std::optional<std::int64_t>& claim) noexcept {
    const char* const first = p_;
    std::int64_t value = 0;
    while (p_ != end_ && p_ - first < 12 && *p_ >= '0' && *p_ <= '9') value = value * 10 + (*p_++ - '0');
    if (p_ == first || (*first == '0' && p_ - first > 1) || value > max_date) return false;
    claim = value;
    return true;
  }

  const char* p_;
  const char* const end_;
};

/// Both, in this order. Changes the text only when the strict reader is needed.
[[nodiscard]] inline Refusal read_claims(char* json, std::size_t size, const AudienceSink& audience,
                                         ClaimsView& claims) {
  if (FixedOrderClaims(json, size).read(claims, audience)) return {};
  claims = {};
  return StrictClaims(json, size, audience).read(claims);
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
