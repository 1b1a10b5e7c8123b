// What refusing costs: no allocation before the signature has been checked, neither by operator new nor in libcrypto; work
// that grows with the length and stops at the cap.
//   cost_test [--long]    --long also asserts times; without it they are printed

#include "../allocations.hpp"

#include <openssl/crypto.h>
#include <time.h>

#include <algorithm>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "../fixtures/keys.hpp"
#include "../forge.hpp"
#include "checks.hpp"
#include "momento_token/detail/json_reader.hpp"
#include "skips.hpp"

namespace {

using namespace assurance;
using namespace momento_token;

std::size_t libcrypto_allocations = 0;

void* counted(std::size_t size, const char*, int) {
  ++libcrypto_allocations;
  return std::malloc(size);
}
void* counted_again(void* memory, std::size_t size, const char*, int) {
  ++libcrypto_allocations;
  return std::realloc(memory, size);
}
void freed(void* memory, const char*, int) { std::free(memory); }

struct Cost {
  std::size_t news = 0, bytes = 0, libcrypto = 0;
  Errc code{};
};

Cost cost_of(const Verifier& verifier, std::string_view token) {
  const std::size_t news = test::allocations, bytes = test::allocated_bytes, libcrypto = libcrypto_allocations;
  const auto result = verifier.verify(token);
  return {test::allocations - news, test::allocated_bytes - bytes, libcrypto_allocations - libcrypto,
          result ? Errc{} : result.error().code};
}

std::string with_header(const std::string& header) { return test::forge(test::claims_with(), header); }

/// "m0":0,"m1":1,…
std::string members(int count) {
  std::string json;
  for (int i = 0; i < count; ++i) json += (i == 0 ? "\"m" : ",\"m") + std::to_string(i) + "\":" + std::to_string(i);
  return json;
}
std::string many_members(int count, const std::string& more) { return "{" + members(count) + "," + more + "}"; }

struct Row {
  const char* name;
  std::string token;
  Errc code;
};

std::vector<Row> forged_tokens() {
  const std::string good = test::forge(test::claims_with());
  std::string wrong = good;
  wrong[wrong.rfind('.') + 3] ^= 2;
  const std::string header = R"("alg":"HS256","kid":"k")";
  const std::string deep = std::string(30, '[') + std::string(30, ']');
  return {{"1 MiB of letters", std::string(std::size_t{1} << 20, 'A'), Errc::limit_exceeded},
          {"1 MiB of dots", std::string(std::size_t{1} << 20, '.'), Errc::limit_exceeded},
          {"one over the cap", std::string((std::size_t{16} << 10) + 1, 'A'), Errc::limit_exceeded},
          {"no dots at the cap", std::string(std::size_t{16} << 10, 'A'), Errc::malformed_token},
          {"only dots at the cap", std::string(std::size_t{16} << 10, '.'), Errc::malformed_token},
          {"empty", "", Errc::malformed_token},
          {"header is no base64url", "!!!!.AAAA.AAAA", Errc::malformed_token},
          {"header is no JSON", test::forge_segments(test::b64u("no"), "e30"), Errc::malformed_token},
          {"header nested 30 deep", with_header("{" + header + ",\"x\":" + deep + "}"), Errc{}},
          {"header nested beyond 32", with_header("{\"x\":" + std::string(5000, '[')), Errc::malformed_token},
          {"header of 30 members", with_header(many_members(28, header)), Errc{}},
          {"alg none", with_header(R"({"alg":"none"})"), Errc::signature_mismatch},
          {"alg of another key", with_header(R"({"alg":"ES256","kid":"k"})"), Errc::signature_mismatch},
          {"crit", with_header("{" + header + ",\"crit\":[\"x\"]}"), Errc::malformed_token},
          {"unknown kid", with_header(R"({"alg":"HS256","kid":"stranger"})"), Errc::unknown_key},
          {"wrong signature", wrong, Errc::signature_mismatch},
          {"no signature", good.substr(0, good.rfind('.') + 1), Errc::signature_mismatch},
          {"a long signature", good + std::string(3000, 'A'), Errc::signature_mismatch},
          {"wrong signature, long claims", test::forge(std::string(11'000, 'x')) + "A", Errc::signature_mismatch},
          {"a payload that is no base64url, forged", good.substr(0, good.find('.')) + ".!!!!." + std::string(43, 'A'),
           Errc::signature_mismatch}};
}

void refusing_allocates_nothing() {
  const Verifier verifier = test::forge_verifier();
  static_cast<void>(verifier.verify(test::forge(test::claims_with())));  // the key's slots are there
  for (const Row& row : forged_tokens()) {
    const Cost cost = cost_of(verifier, row.token);
    const bool right = row.code == Errc{} || cost.code == row.code;
    std::printf("       %-40s %zu bytes: %zu operator new, %zu in libcrypto\n", row.name, row.token.size(), cost.news,
                cost.libcrypto);
    check(right, "it is refused for what is wrong with it");
#if defined(MOMENTO_TOKEN_EVP_ONLY) || defined(OPENSSL_NO_DEPRECATED_3_0)
    check(cost.news == 0, "and allocates nothing of ours");  // EVP makes two small allocations for each copied state
#else
    check(cost.news == 0 && cost.libcrypto == 0, "and allocates nothing");
#endif
  }
}

// The strict reader has to remember every name to find one that is there twice.
void many_names_in_a_header() {
  const Verifier verifier = test::forge_verifier();
  for (const int count : {32, 33, 100, 1050}) {
    const std::string token = with_header(many_members(count - 2, R"("alg":"HS256","kid":"k")"));
    const Cost cost = cost_of(verifier, token);
    std::printf("       header of %d members, %zu letters: %zu operator new\n", count, token.size(), cost.news);
    check(cost.code == Errc{} && cost.news == 0, "a header of many members allocates nothing");
  }
  // Behind 33 names, which are compared at once, the shortest there is, as often as it fits.
  std::string header = "{" + members(33);
  while (header.size() + 5 < 12'050) header += R"(,"":0)";
  const std::string token = with_header(header + R"(,"alg":"HS256"})");
  const Cost cost = cost_of(verifier, token);
  check(token.size() > 16'100 && cost.code == Errc::malformed_token && cost.news == 0,
        "nor does the largest number of names");
}

// Whoever has a key can make us allocate, and not much.
void refusing_signed_tokens_allocates_little() {
  const Verifier verifier = test::forge_verifier();
  const auto claims = [](const std::string& more) { return test::forge(test::claims_with("," + more)); };
  const auto repeated = [](std::string_view piece, std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) text += piece;
    return text;
  };
  const auto with_p = [](const std::string& p) {
    return test::forge(R"({"ver":1,"p":")" + test::b64u(p) + R"(","exp":1893459600})");
  };
  const auto statement = std::string("\x0a\x08\x0a\x06\x08\x02\x12\x00\x22\x00", 10);  // reads all of every cache
  std::string many = repeated(statement, 6000);
  many = std::string("\x12\xf0\x2e", 3) + many;
  const Row rows[] = {{"many names, one twice", claims(members(800) + R"(,"m3":0)"), Errc::malformed_token},
                      {"a name 2000 times", claims(members(33) + repeated(R"(,"":0)", 10'000)), Errc::malformed_token},
                      {"a long aud", claims(R"("aud":[)" + repeated("\"a\",", 10'000) + "\"a\"]"), Errc::not_accepted},
                      {"deep nesting", claims("\"x\":" + std::string(10'000, '[')), Errc::malformed_token},
                      {"a long p of anything", with_p(std::string(8'000, '\x12')), Errc::malformed_token},
                      {"600 statements", with_p(many), Errc::limit_exceeded},
                      {"expired", test::forge(R"({"ver":1,"p":"EgA","exp":1,"x":")" + std::string(11'000, 'x') + "\"}"),
                       Errc::expired}};
  for (const Row& row : rows) {
    const Cost cost = cost_of(verifier, row.token);
    std::printf("       signed, %-25s %zu bytes: %zu operator new of %zu bytes\n", row.name, row.token.size(),
                cost.news, cost.bytes);
    check(cost.code == row.code, "it is refused for what is wrong with it");
    check(cost.bytes <= 4 * row.token.size(), "and takes at most 4 times its length");
  }
}

// The public-key algorithms: what libcrypto needs for one verification is its own, and does not grow with the token.
void forged_public_key_signatures() {
  struct Kind {
    const char* alg;
    std::string_view pem;
    std::size_t signature_bytes;
  };
  for (const Kind& kind :
       {Kind{"ES256", test::keys::p256_public_pem, 64}, Kind{"EdDSA", test::keys::ed25519_public_pem, 64},
        Kind{"RS256", test::keys::rsa2048_public_pem, 256}}) {
    const auto key = verification_key_from_pem(kind.alg, kind.pem, "k").value();
    const Verifier verifier = test::forge_verifier({.keys = {key}});
    const std::string header = test::b64u(std::string(R"({"alg":")") + kind.alg + R"(","kid":"k"})");
    const auto forged = [&](std::size_t payload) {
      return header + "." + test::b64u(std::string(payload, 'x')) + "." +
             test::b64u(std::string(kind.signature_bytes, 'x'));
    };
    static_cast<void>(verifier.verify(forged(10)));
    const Cost small = cost_of(verifier, forged(10)), large = cost_of(verifier, forged(10'000));
    std::printf("       %s, forged: %zu operator new, %zu in libcrypto\n", kind.alg, small.news, small.libcrypto);
    check(small.code == Errc::signature_mismatch && large.code == Errc::signature_mismatch,
          "a forged signature is refused");
    check(large.news == small.news && large.libcrypto <= small.libcrypto + 2,
          "at a cost that does not grow with the claims");
  }
}

// ---- steps ----

/// Events of the strict reader: what it does is bounded by what it read.
std::size_t events_of(std::string json) {
  detail::JsonReader reader(json.data(), json.size());
  std::size_t events = 0;
  for (auto event = reader.next();; event = reader.next()) {
    ++events;
    if (event == detail::JsonReader::Event::end || event == detail::JsonReader::Event::error) return events;
  }
}

void steps_grow_with_length() {
  for (const std::string_view unit : {"1,", "[],", "{},", "\"\",", "\"\\n\","}) {
    const auto json = [&](std::size_t count) {
      std::string text = "[";
      for (std::size_t i = 0; i < count; ++i) text += unit;
      return text + "0]";
    };
    const std::size_t once = events_of(json(1000)), twice = events_of(json(2000));
    check(once <= json(1000).size() + 2 && twice <= 2 * once,
          "the JSON reader takes no more steps than letters, twice as many for twice");
  }
  check(events_of(std::string(1'000'000, '[')) <= 34, "nesting a million deep ends at depth 32");
}

// ---- times ----

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// The shortest of many rounds, in CPU time, so that neighbours disturb little.
class Shortest {
 public:
  template <class Work>
  void round(Work&& work, int repeat) {
    const double start = thread_seconds();
    for (int i = 0; i < repeat; ++i) work();
    best_ = std::min(best_, (thread_seconds() - start) * 1e9 / repeat);
  }
  [[nodiscard]] double nanoseconds() const { return best_; }

 private:
  double best_ = 1e30;
};

void time_of_long_tokens(bool assert_times) {
  const Verifier verifier = test::forge_verifier();
  for (const char letter : {'A', '.'}) {
    const std::string token(1'000'000, letter);
    Shortest time;
    for (int i = 0; i < 15; ++i) time.round([&] { static_cast<void>(verifier.verify(token).has_value()); }, 100);
    const double ns = time.nanoseconds();
    std::printf("       1 MB of '%c' is refused in %.0f ns\n", letter, ns);
    if (assert_times) check(ns < 1e6, "1 MB is refused within 1 ms");
  }
}

std::string with_letters_in_header(std::size_t bytes, unsigned) {
  return with_header(R"({"alg":"HS256","kid":"k","x":")" + std::string(bytes, 'x') + "\"}");
}
// In an order that a processor does not learn: another one for each variant.
std::string with_escapes_in_header(std::size_t bytes, unsigned variant) {
  constexpr std::string_view pieces[] = {"\\u0041", "\\n", "x", "\\u00e9", "\\\"", "\\ud83d\\ude00"};
  std::mt19937 random(variant);
  std::string json = R"({"alg":"HS256","kid":"k","x":")";
  while (json.size() < bytes) json += pieces[random() % std::size(pieces)];
  return with_header(json + "\"}");
}
std::string with_many_arrays(std::size_t bytes, unsigned) {
  std::string more = ",\"x\":[0";
  while (more.size() < bytes) more += ",[]";
  return test::forge(test::claims_with(more + "]"));
}
std::string with_many_names(std::size_t bytes, unsigned) {
  std::string json = R"({"ver":1,"p":")" + std::string(test::published_p) + R"(","exp":1893459600)";
  for (int i = 0; json.size() + 12 < bytes; ++i) json += ",\"x" + std::to_string(i) + "\":0";
  return test::forge(json + "}");
}

constexpr unsigned variants = 16;

std::vector<std::string> tokens_of(std::string (*make)(std::size_t, unsigned), std::size_t bytes, bool forged) {
  std::vector<std::string> tokens;
  for (unsigned variant = 0; variant < variants; ++variant) {
    tokens.push_back(make(bytes, variant));
    if (forged) tokens.back()[tokens.back().rfind('.') + 3] ^= 2;
  }
  return tokens;
}

void time_grows_with_length(bool assert_times) {
  struct Shape {
    const char* name;
    std::string (*make)(std::size_t, unsigned);
    bool forged;
  };
  const Shape shapes[] = {
      {"forged, long claims", [](std::size_t n, unsigned) { return test::forge(std::string(n, 'x')); }, true},
      {"forged, long header", with_letters_in_header, true},
      {"forged, escapes in the header", with_escapes_in_header, true},
      {"signed, arrays in the claims", with_many_arrays, false},
      {"signed, many different names", with_many_names, false}};
  const Verifier verifier = test::forge_verifier();
  for (const Shape& shape : shapes) {
    const auto once = tokens_of(shape.make, 5500, shape.forged), twice = tokens_of(shape.make, 11'000, shape.forged);
    const auto verify_all = [&](const std::vector<std::string>& tokens) {
      for (const std::string& token : tokens) static_cast<void>(verifier.verify(token).has_value());
    };
    Shortest time_once, time_twice;
    for (int i = 0; i < 40; ++i) {
      time_once.round([&] { verify_all(once); }, 1);
      time_twice.round([&] { verify_all(twice); }, 1);
    }
    const double ratio = time_twice.nanoseconds() / time_once.nanoseconds();
    std::printf("       %-32s 5.5 KB %8.0f ns, 11 KB %8.0f ns, ratio %.2f\n", shape.name,
                time_once.nanoseconds() / variants, time_twice.nanoseconds() / variants, ratio);
    if (assert_times) check(ratio <= 2.3, "time(2n) / time(n) is at most 2.3");
  }
}

}  // namespace

int main(int argc, char** argv) {
  // Before libcrypto allocates anything, or it declines.
  check(sanitized || CRYPTO_set_mem_functions(counted, counted_again, freed) == 1,
        "libcrypto's allocations are counted");
  const bool assert_times = has_flag(argc, argv, "--long") && !sanitized;
  refusing_allocates_nothing();
  many_names_in_a_header();
  refusing_signed_tokens_allocates_little();
  forged_public_key_signatures();
  steps_grow_with_length();
  if (under_valgrind()) return outcome();
  time_of_long_tokens(assert_times);
  time_grows_with_length(assert_times);
  return outcome();
}
