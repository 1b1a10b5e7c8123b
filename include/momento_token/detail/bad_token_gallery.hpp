#pragma once
// The entries of testing/bad_tokens.hpp: a good token in parts, and one fault each.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "momento_token/config.hpp"
#include "momento_token/detail/bad_permissions.hpp"
#include "momento_token/detail/joined.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/keys.hpp"
#include "momento_token/permissions_proto.hpp"
#include "momento_token/secret.hpp"
#include "momento_token/testing/bad_tokens.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace testing {
namespace detail {

/// The claims, member by member, as JSON text; an empty one is left out.
struct ClaimTexts {
  std::string ver, iss, aud, p, iat, exp, nbf, jti, tid, more;

  [[nodiscard]] std::string json() const {
    std::string text;
    for (const std::string* member : {&ver, &iss, &aud, &p, &iat, &exp, &nbf, &jti, &tid, &more}) {
      if (!member->empty()) text.append(text.empty() ? "{" : ",").append(*member);
    }
    return text.append("}");
  }
};

[[nodiscard]] inline std::string text_member(std::string_view name, std::string_view value) {
  return joined({"\"", name, "\":\"", value, "\""});
}
[[nodiscard]] inline std::string number_member(std::string_view name, std::chrono::sys_seconds time) {
  return joined({"\"", name, "\":", std::to_string(time.time_since_epoch().count())});
}

class Gallery {
 public:
  explicit Gallery(const VerifierSetup& setup)
      : setup_(setup),
        signer_(published_key(setup.algorithm).signer()),
        other_(other_published_key(setup.algorithm).signer()),
        now_(setup.clock->now()) {
    claims_.ver = "\"ver\":1";
    if (!setup.issuer.empty()) claims_.iss = text_member("iss", setup.issuer);
    if (!setup.audience.empty()) claims_.aud = text_member("aud", setup.audience.front());
    claims_.p = p_member(good_p());
    claims_.iat = number_member("iat", now_);
    claims_.exp = number_member("exp", now_ + hour);
    claims_.jti = text_member("jti", "test-jti");
    claims_.tid = text_member("tid", "test-user");
  }

  [[nodiscard]] std::vector<BadToken> all() && {
    add_times();
    add_keys();
    add_signatures();
    add_algorithms();
    add_shapes();
    add_headers();
    add_claims();
    add_permissions();
    add_expectations();
    add_revocation();
    return std::move(entries_);
  }

 private:
  static constexpr std::chrono::hours hour{1};

  void add_times();
  void add_keys();
  void add_signatures();
  void add_algorithms();
  void add_confusion();
  void add_shapes();
  void add_headers();
  void add_claims();
  void add_permissions();
  void add_expectations();
  void add_revocation();

  void add(std::string_view name, std::string_view fault, Errc refused_as, std::string token,
           std::string_view field = {}) {
    entries_.push_back({name, fault, refused_as, field, std::move(token)});
  }
  /// The good claims with one member replaced (a JSON text, or "" to leave it out), signed well.
  void add_claim(std::string_view name, std::string_view fault, Errc refused_as, std::string ClaimTexts::*member,
                 std::string text, std::string_view field = {}) {
    ClaimTexts claims = claims_;
    claims.*member = std::move(text);
    add(name, fault, refused_as, signed_with(header(), claims.json()), field);
  }

  [[nodiscard]] std::string good_p() const { return std::string(as_text(to_proto(setup_.permissions).value())); }
  [[nodiscard]] static std::string p_member(std::string_view bytes) {
    return text_member("p", base64url_encode(as_bytes(bytes)));
  }
  [[nodiscard]] std::string header(std::string_view alg, std::string_view kid) const {
    return joined({"{", text_member("alg", alg), R"(,"typ":"JWT",)", text_member("kid", kid), "}"});
  }
  [[nodiscard]] std::string header() const { return header(signer_->alg(), signer_->kid()); }
  [[nodiscard]] std::string header_with(std::string_view member) const {
    std::string text = header();
    return text.insert(text.size() - 1, joined({",", member}));
  }
  [[nodiscard]] std::string signed_with(std::string_view header, std::string_view payload) const {
    return compact_jws(header, payload, *signer_);
  }
  [[nodiscard]] std::string good() const { return signed_with(header(), claims_.json()); }
  /// What is signed; its last letter stands for the same bytes as the right one does, the letter before it.
  [[nodiscard]] std::string with_unused_bit() const {
    ClaimTexts claims = claims_;
    if (claims.json().size() % 3 == 0) claims.jti = text_member("jti", "test-jti-2");  // else every bit is used
    std::string input = joined({base64url_encode(as_bytes(header())), ".", base64url_encode(as_bytes(claims.json()))});
    ++input.back();  // was one of A, E, I … 8
    return input;
  }
  /// A header and a payload in front of a signature that was made for others.
  [[nodiscard]] static std::string unsigned_jws(std::string_view header, std::string_view payload,
                                                std::string_view signature) {
    return joined({base64url_encode(as_bytes(header)), ".", base64url_encode(as_bytes(payload)), ".", signature});
  }

  const VerifierSetup& setup_;
  std::shared_ptr<const Signer> signer_, other_;
  std::chrono::sys_seconds now_;
  ClaimTexts claims_;
  std::vector<BadToken> entries_;
};

// An hour is beyond any leeway.
inline void Gallery::add_times() {
  ClaimTexts old = claims_;
  old.iat = number_member("iat", now_ - 2 * hour);
  old.exp = number_member("exp", now_ - hour);
  add("expired", "its exp is an hour ago", Errc::expired, signed_with(header(), old.json()));
  ClaimTexts early = claims_;
  early.exp = number_member("exp", now_ + 2 * hour);
  early.nbf = number_member("nbf", now_ + hour);
  add("not_yet_valid", "its nbf is in an hour", Errc::not_yet_valid, signed_with(header(), early.json()));
  ClaimTexts future = claims_;
  future.iat = number_member("iat", now_ + hour);
  future.exp = number_member("exp", now_ + 2 * hour);
  add("issued_in_the_future", "its iat is in an hour", Errc::not_yet_valid, signed_with(header(), future.json()));
}

inline void Gallery::add_keys() {
  const std::string alg(signer_->alg());
  add("wrong_key", "another key signed it under this one's kid", Errc::signature_mismatch,
      compact_jws(header(), claims_.json(), *other_));
  add("unknown_key", "its kid is nobody's", Errc::unknown_key,
      compact_jws(header(alg, other_->kid()), claims_.json(), *other_));
  add("unknown_kid", "this key signed it under a kid that is nobody's", Errc::unknown_key,
      signed_with(header(alg, "test-nobody"), claims_.json()));
  add("key_in_the_header", "another key signed it and stands in its jwk header", Errc::signature_mismatch,
      compact_jws(header_with(joined({"\"jwk\":", other_published_jwk(setup_.algorithm)})), claims_.json(), *other_));
}

inline void Gallery::add_signatures() {
  const std::string token = good();
  const std::string signature = token.substr(token.rfind('.') + 1);
  ClaimTexts longer = claims_;
  longer.exp = number_member("exp", now_ + 2 * hour);
  add("tampered_payload", "its exp was moved after it was signed", Errc::signature_mismatch,
      unsigned_jws(header(), longer.json(), signature));
  add("tampered_header", "its header was changed after it was signed", Errc::signature_mismatch,
      unsigned_jws(header_with(R"("x":1)"), claims_.json(), signature));
  std::string flipped = token;
  char& letter = flipped[token.size() - signature.size()];
  letter = letter == 'A' ? 'B' : 'A';
  add("tampered_signature", "a letter of its signature was changed", Errc::signature_mismatch, flipped);
  add("short_signature", "its signature lacks the first bytes", Errc::signature_mismatch,
      unsigned_jws(header(), claims_.json(), signature.substr(4)));
  add("empty_signature", "its signature is empty", Errc::signature_mismatch,
      unsigned_jws(header(), claims_.json(), ""));
}

inline void Gallery::add_algorithms() {
  const std::string_view kid = signer_->kid();
  add("none", "its alg is none, and nobody signed it", Errc::signature_mismatch,
      unsigned_jws(header("none", kid), claims_.json(), ""));
  add("none_in_mixed_case", "its alg is nOnE, and nobody signed it", Errc::signature_mismatch,
      unsigned_jws(header("nOnE", kid), claims_.json(), ""));
  const Algorithm another = signer_->alg() == "HS512" ? Algorithm("HS256") : Algorithm("HS512");
  const auto signer = setup_.algorithm.is_hmac() ? published_key(another).signer() : signer_;  // all HS share a secret
  add("alg_of_another_key", "its alg is not the key's, although whoever has the key signed it",
      Errc::signature_mismatch, compact_jws(header(another.name(), kid), claims_.json(), *signer));
  if (!setup_.algorithm.is_hmac()) add_confusion();
}

// RFC 8725 §2.1: HMAC with the text of the public key as the secret. RFC 2104 hashes a secret that is longer than a
// block, so its hash is the same secret; the text itself KeyPair would not take.
inline void Gallery::add_confusion() {
  const Bytes secret = base64url_decode(setup_.algorithm.material()->public_pem_sha256).value();
  const KeyPair hmac = KeyPair::from_secret("HS256", SecretBytes::copy_of(std::span(secret))).value();
  add("alg_confusion", "its alg is HS256, and the secret is the public key's PEM text", Errc::signature_mismatch,
      compact_jws(header("HS256", signer_->kid()), claims_.json(), *hmac.signer()));
}

inline void Gallery::add_shapes() {
  const std::string token = good();
  const std::string_view parts = std::string_view(token).substr(0, token.rfind('.'));
  const auto malformed = [this](std::string_view name, std::string_view fault, std::string text) {
    add(name, fault, Errc::malformed_token, std::move(text));
  };
  malformed("empty", "there is no token", "");
  malformed("not_a_token", "it is some other text", "Hello, world");
  malformed("two_parts", "its signature is missing", std::string(parts));
  malformed("four_parts", "it has a part too many", joined({token, ".AAAA"}));
  malformed("bearer_prefix", "the word Bearer of the HTTP header is still in front", joined({"Bearer ", token}));
  malformed("trailing_newline", "it ends with a newline", joined({token, "\n"}));
  malformed("padded", "its base64url is padded", joined({token, "=="}));
  malformed("letter_outside_base64url", "its signature begins with a plus",
            joined({parts, ".+", token.substr(parts.size() + 2)}));
  malformed("unused_bits_of_base64url", "the last letter of its claims has a bit that nobody reads: not canonical",
            with_signature(with_unused_bit(), *signer_));
  const std::string padding(std::max(setup_.limits.max_token_bytes, token.size()), 'x');
  ClaimTexts large = claims_;
  large.more = text_member("padding", padding);
  add("oversized", "it is longer than Limits::max_token_bytes", Errc::limit_exceeded,
      signed_with(header(), large.json()));
}

inline void Gallery::add_headers() {
  const auto malformed = [this](std::string_view name, std::string_view fault, const std::string& header) {
    add(name, fault, Errc::malformed_token, signed_with(header, claims_.json()));
  };
  const std::string alg = text_member("alg", signer_->alg());
  malformed("crit", "its header demands an extension", header_with(R"("crit":["exp"])"));
  malformed("duplicate_alg", "its header has alg twice", header_with(alg));
  malformed("missing_alg", "its header has no alg", joined({"{", text_member("kid", signer_->kid()), "}"}));
  malformed("kid_not_a_text", "its kid is a number", joined({"{", alg, R"(,"kid":1})"}));
  malformed("header_not_json", "its header is no JSON", "header");
}

inline void Gallery::add_claims() {
  const auto malformed = [this](std::string_view name, std::string_view fault, std::string ClaimTexts::*member,
                                std::string text) {
    add_claim(name, fault, Errc::malformed_token, member, std::move(text));
  };
  malformed("missing_exp", "it never expires", &ClaimTexts::exp, "");
  malformed("exp_as_text", "its exp is a text", &ClaimTexts::exp, R"("exp":"4102444800")");
  malformed("exp_null", "its exp is null", &ClaimTexts::exp, R"("exp":null)");
  malformed("exp_beyond_9999", "its exp is later than the year 9999", &ClaimTexts::exp, R"("exp":253402300800)");
  malformed("duplicate_exp", "it has exp twice", &ClaimTexts::more, number_member("exp", now_ + 2 * hour));
  malformed("duplicate_claim", "it has a claim twice that nobody knows", &ClaimTexts::more, R"("x":1,"x":1)");
  malformed("missing_version", "it has no ver", &ClaimTexts::ver, "");
  malformed("unknown_version", "its ver is 2", &ClaimTexts::ver, R"("ver":2)");
  malformed("missing_permissions", "it has no p", &ClaimTexts::p, "");
  malformed("jti_not_a_text", "its jti is a number", &ClaimTexts::jti, R"("jti":7)");
  malformed("nested_too_deep", "its claims are nested 33 levels deep", &ClaimTexts::more,
            joined({"\"x\":", std::string(32, '['), std::string(32, ']')}));
  add("claims_not_an_object", "its claims are a JSON array", Errc::malformed_token, signed_with(header(), "[]"));
  add("claims_not_json", "its claims are no JSON", Errc::malformed_token, signed_with(header(), "claims"));
}

inline void Gallery::add_permissions() {
  const std::size_t most = setup_.limits.max_statements;
  for (const PermissionFault& row : permission_faults(setup_.permissions, most)) {
    add_claim(row.name, row.fault, Errc::malformed_token, &ClaimTexts::p, p_member(row.p));
  }
  add_claim("permissions_not_base64url", "p is no base64url", Errc::malformed_token, &ClaimTexts::p,
            text_member("p", joined({base64url_encode(as_bytes(good_p())), "="})));
  add_claim("too_many_statements", "p has more statements than Limits::max_statements", Errc::limit_exceeded,
            &ClaimTexts::p, p_member(too_many(setup_.permissions, most)));
}

inline void Gallery::add_expectations() {
  const auto refused = [this](std::string_view name, std::string_view fault, std::string ClaimTexts::*member,
                              std::string text, std::string_view field) {
    add_claim(name, fault, Errc::not_accepted, member, std::move(text), field);
  };
  refused("wrong_audience", "its aud is somebody else", &ClaimTexts::aud, R"("aud":"test-somebody-else")", "aud");
  if (!setup_.audience.empty()) refused("missing_audience", "it has no aud", &ClaimTexts::aud, "", "aud");
  if (setup_.issuer.empty()) return;
  refused("wrong_issuer", "its iss is somebody else", &ClaimTexts::iss, R"("iss":"test-somebody-else")", "iss");
  refused("missing_issuer", "it has no iss", &ClaimTexts::iss, "", "iss");
}

inline void Gallery::add_revocation() {
  if (setup_.revoked_jti.empty()) return;
  add_claim("revoked", "its jti is on the deny-list", Errc::revoked, &ClaimTexts::jti,
            text_member("jti", setup_.revoked_jti));
  add_claim("missing_jti", "it has no jti, so nobody could revoke it", Errc::revoked, &ClaimTexts::jti, "");
  add_claim("missing_iat", "it has no iat, so nobody could revoke it", Errc::revoked, &ClaimTexts::iat, "");
}

}  // namespace detail

inline std::vector<BadToken> bad_tokens(const VerifierSetup& setup) { return detail::Gallery(setup).all(); }

}  // namespace testing
MOMENTO_TOKEN_END_NAMESPACE
