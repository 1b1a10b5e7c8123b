#pragma once
// Where a secret comes from while the program runs: a file, one environment variable, a function of yours; read again
// after a while, and kept as it was when that fails.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "momento_token/config.hpp"
#include "momento_token/key_ring.hpp"
#include "momento_token/result.hpp"
#include "momento_token/secret.hpp"
#include "momento_token/vending/rate_limiter.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace vending {

/// A secret store of your own derives from this. Must be thread-safe.
class MOMENTO_TOKEN_API KeySource {
 public:
  KeySource() = default;
  KeySource(const KeySource&) = delete;
  KeySource& operator=(const KeySource&) = delete;
  virtual ~KeySource() = default;
  /// The secret as it is now; may take its time.
  [[nodiscard]] virtual Result<SecretBytes> read() const = 0;
};

/// A file, opened anew each time. One that others may read, or write, is refused (invalid_argument); one final LF or CR
/// LF is dropped, because editors put it there. At most 1 MiB.
[[nodiscard]] MOMENTO_TOKEN_API std::shared_ptr<const KeySource> file_source(std::string path);
/// One environment variable. The environment is read at each call, and must not be changed by other threads meanwhile.
/// invalid_argument while it is unset or empty.
[[nodiscard]] MOMENTO_TOKEN_API std::shared_ptr<const KeySource> environment_source(std::string variable);
/// A function of yours. invalid_argument for an empty secret: no store means that. What it throws passes through
/// whatever asked for the secret, VendingMachine::handle() too, and the secret before stays.
[[nodiscard]] MOMENTO_TOKEN_API std::shared_ptr<const KeySource> callback_source(
    std::function<Result<SecretBytes>()> read);

/// How a secret is kept fresh.
struct RefreshOptions {
  std::shared_ptr<const KeySource> source = {};                 ///< required
  std::chrono::seconds time_to_live = std::chrono::minutes(5);  ///< read again after this; 1 s … 24 h
  /// Told about each refresh that failed; the secret stays as it was. Called without locks.
  std::function<void(const Error&)> on_failure = {};
  Ticks ticks = std::chrono::steady_clock::now;  ///< another for tests
  /// What a secret that was read must pass; when it does not, that is a failed read, and the old one stays. Such as
  /// check_bootstrap_credential(). Empty takes all.
  std::function<Result<void>(const SecretBytes&)> check = {};
};

/// A secret with a time to live. Thread-safe: when it is due, one caller reads it again and the others go on with the
/// old one. What is replaced is wiped as soon as nobody holds it.
class MOMENTO_TOKEN_API RefreshedSecret {
 public:
  /// Reads it once; the error is the source's, or that of `check`. invalid_argument for a null source or a time to live
  /// out of range.
  [[nodiscard]] static Result<std::shared_ptr<RefreshedSecret>> create(RefreshOptions options);
  ~RefreshedSecret();
  RefreshedSecret(const RefreshedSecret&) = delete;
  RefreshedSecret& operator=(const RefreshedSecret&) = delete;

  /// Never null. After a failed refresh the next try is a time to live later.
  [[nodiscard]] std::shared_ptr<const SecretBytes> current();
  /// Reads it at once, whatever its age; on an error the old one stays. Of reads that overlap the one counts that began last.
  [[nodiscard]] Result<void> refresh();

 private:
  struct State;
  explicit RefreshedSecret(std::unique_ptr<State> state) noexcept;
  std::unique_ptr<State> state_;
};

/// How a key that signs is read.
struct SigningKeyOptions {
  RefreshOptions refresh;  ///< where from, how often
  /// Of a PEM key, and of a JWK without `alg`; not needed else.
  std::string alg = {};
  /// The ring's `signing_key` is read from the source, the rest is taken as it is.
  KeyRingOptions ring = {};
};

/// A key ring whose signing key is what the source has: a private JWK with `kid`, or a PKCS#8 PEM key. A new key is
/// published and signs at once, the one before goes on verifying until its last token is over. Where others verify, put
/// the new key into their JWK Set before the source has it. Thread-safe.
class MOMENTO_TOKEN_API RefreshedSigningKey {
 public:
  /// The errors of the source, of the key's reading and of KeyRing::create.
  [[nodiscard]] static Result<std::shared_ptr<RefreshedSigningKey>> create(SigningKeyOptions options);
  ~RefreshedSigningKey();
  RefreshedSigningKey(const RefreshedSigningKey&) = delete;
  RefreshedSigningKey& operator=(const RefreshedSigningKey&) = delete;

  /// For IssuerOptions::key_ring and VerifierOptions::key_ring.
  [[nodiscard]] const std::shared_ptr<KeyRing>& ring() const noexcept { return ring_; }
  /// Looks whether the key is due and has changed; call it now and then, such as before each request. The ring stays as
  /// it was when the source or its key is bad, and `on_failure` is told.
  void refresh_if_due();
  /// The same at once; the error is returned as well.
  [[nodiscard]] Result<void> refresh();

 private:
  struct State;
  RefreshedSigningKey(std::unique_ptr<State> state, std::shared_ptr<KeyRing> ring) noexcept;
  std::unique_ptr<State> state_;
  std::shared_ptr<KeyRing> ring_;
};

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/vending/key_source.ipp"
#endif
