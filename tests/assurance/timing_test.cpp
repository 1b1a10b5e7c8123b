// Does the time of comparing a signature tell how much of it is right? Two classes of forged signatures, the first byte wrong
// and the last byte wrong, in random order; Welch's t-test over all samples and over those below a percentile, as dudect does
// (Reparaz, Balasch, Verbauwhede: Dude, is my code constant time?). A comparison that leaks by design is the control.
//   timing_test [--samples N]    N for each class; 10^6 by default

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

#include "checks.hpp"
#include "momento_token/keys.hpp"
#include "momento_token/verifier.hpp"
#include "skips.hpp"

namespace {

using namespace assurance;
using namespace momento_token;

std::uint64_t ticks() {
#if defined(__x86_64__)
  _mm_lfence();
  const std::uint64_t now = __rdtsc();
  _mm_lfence();
  return now;
#else
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

struct Sample {
  bool last_wrong;
  std::uint64_t ticks;
};

// Welford's algorithm.
class Moments {
 public:
  void add(double x) {
    ++n_;
    const double delta = x - mean_;
    mean_ += delta / n_;
    m2_ += delta * (x - mean_);
  }
  [[nodiscard]] double mean() const { return mean_; }
  [[nodiscard]] double variance_of_mean() const { return m2_ / (n_ - 1) / n_; }
  [[nodiscard]] double count() const { return n_; }

 private:
  double n_ = 0, mean_ = 0, m2_ = 0;
};

struct Welch {
  double t = 0, difference = 0, samples = 0;
};

Welch welch(const std::vector<Sample>& samples, std::uint64_t crop) {
  Moments of[2];
  for (const Sample& sample : samples) {
    if (sample.ticks <= crop) of[sample.last_wrong ? 1 : 0].add(static_cast<double>(sample.ticks));
  }
  const double difference = of[0].mean() - of[1].mean();
  const double spread = std::sqrt(of[0].variance_of_mean() + of[1].variance_of_mean());
  return {spread > 0 ? difference / spread : 0, difference, of[0].count() + of[1].count()};
}

/// The largest |t| of all crops.
double report(const char* name, const std::vector<Sample>& samples) {
  std::vector<std::uint64_t> sorted(samples.size());
  std::transform(samples.begin(), samples.end(), sorted.begin(), [](const Sample& s) { return s.ticks; });
  std::sort(sorted.begin(), sorted.end());
  const auto percentile = [&](double p) {
    return sorted[static_cast<std::size_t>(p * static_cast<double>(sorted.size() - 1))];
  };
  double worst = 0;
  std::printf("%s: median %llu ticks\n", name, static_cast<unsigned long long>(percentile(0.5)));
  for (const double p : {1.0, 0.999, 0.99, 0.95, 0.9, 0.75, 0.5}) {
    const Welch w = welch(samples, percentile(p));
    std::printf("  below the %5.1f %% mark: t = %+7.2f, difference %+8.3f ticks, %.0f samples\n", p * 100, w.t,
                w.difference, w.samples);
    worst = std::max(worst, std::fabs(w.t));
  }
  std::printf("  largest |t| = %.2f\n", worst);
  return worst;
}

/// `compare(signature)` is timed. Both classes go through the same memory.
template <class Compare>
std::vector<Sample> measure(std::size_t per_class, const std::string& right, Compare&& compare) {
  std::mt19937_64 random(20300101);
  std::string signature = right;
  std::vector<Sample> samples;
  samples.reserve(2 * per_class);
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 2 * per_class; ++i) {
    if (i % 64 == 0) bits = random();
    const bool last = (bits >> (i % 64) & 1) != 0;
    // The same loads and stores for both classes, and no branch.
    const auto flip = static_cast<char>(last);
    std::memcpy(signature.data(), right.data(), right.size());
    signature.front() = static_cast<char>(signature.front() ^ 1 ^ flip);
    signature.back() = static_cast<char>(signature.back() ^ flip);
    const std::uint64_t before = ticks();
    const bool equal = compare(signature);
    const std::uint64_t after = ticks();
    if (equal) std::abort();
    if (i >= 1000) samples.push_back({last, after - before});  // warm by then
  }
  return samples;
}

/// What a careless comparison does.
bool leaking_compare(std::string_view a, std::string_view b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i]) return false;
    __asm__ volatile("" ::: "memory");
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (sanitized || under_valgrind()) return skipped("times mean nothing here");
  const auto per_class = static_cast<std::size_t>(option(argc, argv, "--samples", 1'000'000));
  const SecretBytes secret(64);
  const std::string input = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ2ZXIiOjEsInAiOiJFZ0EiLCJleHAiOjE4OTM0NTk2MDB9";
  for (const char* alg : {"HS256", "HS512"}) {
    const KeyPair pair = KeyPair::from_secret(alg, secret).value();
    std::byte mac[max_signature_bytes];
    const std::size_t size = pair.signer()->sign(as_bytes(input), mac).value();
    const std::string right(as_text({mac, size}));
    const auto samples = measure(per_class, right, [&](const std::string& signature) {
      return pair.verification_key()->verify(as_bytes(input), as_bytes(signature));
    });
    check(report(alg, samples) < 4.5, "the key's verify() tells nothing: |t| < 4.5");

    const Verifier verifier = Verifier::create({.keys = {pair.verification_key()}}).value();
    // The letters of the signature but the last one, which holds bits that must be zero.
    std::string header = base64url_encode(as_bytes("{\"alg\":\"" + std::string(alg) + "\",\"typ\":\"JWT\"}"));
    const std::string token_input = header + input.substr(input.find('.'));
    const std::size_t again = pair.signer()->sign(as_bytes(token_input), mac).value();
    const std::string token = token_input + "." + base64url_encode({mac, again});
    if (!verifier.verify_jws(token)) return 2;
    const std::size_t signature_at = token_input.size() + 1;
    std::string room = token;
    const auto whole = measure(per_class, token.substr(signature_at, token.size() - signature_at - 1),
                               [&](const std::string& letters) {
                                 std::memcpy(room.data() + signature_at, letters.data(), letters.size());
                                 return verifier.verify_jws(room).has_value();
                               });
    check(report((std::string(alg) + ", whole token").c_str(), whole) < 4.5, "Verifier tells nothing: |t| < 4.5");
  }
  const std::string right(32, 'r');
  const auto control = measure(std::min<std::size_t>(per_class, 200'000), right,
                               [&](const std::string& signature) { return leaking_compare(right, signature); });
  check(report("control: byte by byte, stops at the first difference", control) > 4.5,
        "the test sees a comparison that leaks");
  return outcome();
}
