#pragma once

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <variant>

#include "momento_token/detail/option_checks.hpp"
#include "momento_token/detail/password_decisions.hpp"
#include "momento_token/detail/password_hash.hpp"
#include "momento_token/detail/peer_for_limits.hpp"
#include "momento_token/detail/random_hmac.hpp"
#include "momento_token/detail/traces.hpp"
#include "momento_token/detail/utf8.hpp"
#include "momento_token/detail/vending_text.hpp"
#include "momento_token/vending/password_auth.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::size_t max_user_bytes = 256;

/// Views into the request, or into `decoded`.
struct PasswordClaim {
  std::string_view user, password;
  SecretBytes decoded = {};
};

[[nodiscard]] MOMENTO_TOKEN_INLINE SecretBytes decoded_secret(std::string_view base64) {
  auto bytes = base64_decode(base64);
  if (!bytes) return {};
  SecretBytes secret = SecretBytes::copy_of(*bytes);
  wipe(bytes->data(), bytes->size());
  return secret;
}

/// RFC 7617 §2: the user ends at the first colon.
[[nodiscard]] MOMENTO_TOKEN_INLINE std::optional<PasswordClaim> read_basic(std::string_view value) {
  constexpr std::string_view scheme = "basic ";
  constexpr std::size_t most = (max_user_bytes + 1 + max_password_bytes + 2) / 3 * 4;
  if (!equal_ignoring_case(value.substr(0, scheme.size()), scheme)) return {};
  if (value.size() > scheme.size() + most) return {};
  PasswordClaim claim{.user = {}, .password = {}, .decoded = decoded_secret(value.substr(scheme.size()))};
  const std::string_view text = claim.decoded.expose_text();
  const std::size_t colon = text.find(':');
  if (colon == text.npos) return {};
  claim.user = text.substr(0, colon);
  claim.password = text.substr(colon + 1);
  return claim;
}

[[nodiscard]] MOMENTO_TOKEN_INLINE bool is_user_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= max_user_bytes && valid_utf8(name) && !has_control_character(name);
}

/// One of the two ways, said once.
[[nodiscard]] MOMENTO_TOKEN_INLINE std::optional<PasswordClaim> read_password(const vending::Request& request) {
  const auto user = vending::find_field(request, "username");
  const auto password = vending::find_field(request, "password");
  const auto basic = vending::find_field(request, "authorization");
  std::optional<PasswordClaim> claim;
  if (basic.count == 1 && user.count == 0 && password.count == 0) claim = read_basic(basic.value);
  if (basic.count == 0 && user.count == 1 && password.count == 1) {
    claim.emplace(PasswordClaim{.user = user.value, .password = password.value});
  }
  if (!claim || !is_user_name(claim->user)) return {};
  if (claim->password.empty() || claim->password.size() > max_password_bytes) return {};
  return claim;
}

/// One slot, given back at the end.
class TakenSlot {
 public:
  explicit TakenSlot(vending::PasswordSlots& slots) noexcept : slots_(slots), taken_(slots.try_take()) {}
  TakenSlot(const TakenSlot&) = delete;
  TakenSlot& operator=(const TakenSlot&) = delete;
  ~TakenSlot() {
    if (taken_) slots_.give_back();
  }
  [[nodiscard]] bool taken() const noexcept { return taken_; }

 private:
  vending::PasswordSlots& slots_;
  bool taken_;
};

struct KnownUser {
  PasswordHash hash;
  std::vector<std::string> groups;
};

}  // namespace detail
namespace vending {

MOMENTO_TOKEN_INLINE Result<std::string> hash_password(const SecretBytes& password, PasswordHashing hashing) {
  if (password.empty() || password.size() > detail::max_password_bytes) {
    return detail::bad_option("password", "must be 1 to 1024 bytes");
  }
  const detail::TraceGuard traces;
  const bool scrypt = hashing.function == PasswordHashing::Function::scrypt;
  detail::PasswordHash hash{.cost = {.scrypt = scrypt, .work = scrypt ? hashing.log2_n : hashing.iterations}};
  if (!detail::is_sane(hash.cost)) {
    return detail::bad_option("hashing", "must be scrypt with log2_n 14 to 18, or 100 000 to 10 million iterations");
  }
  if (!detail::fill_random(hash.salt.data(), hash.salt.size()) ||
      !detail::derive_password(hash.cost, password.expose_text(), hash.salt, hash.hash.data())) {
    return Error{Errc::internal_error, "password", "the random source or libcrypto failed"};
  }
  return detail::to_text(hash);
}

MOMENTO_TOKEN_INLINE PasswordSlots::PasswordSlots(unsigned most) noexcept
    : free_(most != 0 ? most : std::max(1U, std::thread::hardware_concurrency())) {}

MOMENTO_TOKEN_INLINE bool PasswordSlots::try_take() noexcept {
  unsigned free = free_.load();
  while (free != 0 && !free_.compare_exchange_weak(free, free - 1)) {
  }
  return free != 0;
}

MOMENTO_TOKEN_INLINE void PasswordSlots::give_back() noexcept { free_.fetch_add(1); }

MOMENTO_TOKEN_INLINE const std::shared_ptr<PasswordSlots>& PasswordSlots::of_process() {
  static const auto slots = std::make_shared<PasswordSlots>();
  return slots;
}

struct PasswordAuth::State {
  PasswordOptions options;
  std::unordered_map<std::string, detail::KnownUser> users;
  detail::PasswordHash nobody;  // what an unknown name is checked against
  std::unique_ptr<const detail::HmacState> hash;
  detail::DecisionCache decisions;
  detail::ChecksUnderWay under_way;
  std::atomic<std::uint64_t> checks{0};

  [[nodiscard]] Result<void> add(PasswordUser& user);
  [[nodiscard]] bool key_of(char kind, std::string_view user, std::string_view rest, detail::DecisionKey& key) const;
  [[nodiscard]] std::string counted_as(char kind, std::string_view user, std::string_view peer) const;
  [[nodiscard]] std::optional<bool> check(std::string_view user, std::string_view password);
  [[nodiscard]] std::variant<bool, NotLetIn> decide(const detail::PasswordClaim& claim, std::string_view peer,
                                                    const detail::DecisionKey& key);
  [[nodiscard]] std::variant<bool, NotLetIn> try_it(const detail::PasswordClaim& claim, std::string_view peer);
};

MOMENTO_TOKEN_INLINE Result<void> PasswordAuth::State::add(PasswordUser& user) {
  if (!detail::is_user_name(user.name)) return detail::bad_option("name", "must be 1 to 256 bytes of UTF-8 text");
  const auto kept = detail::read_password_hash(user.hash);
  if (!kept) return detail::bad_option("hash", "is not what hash_password() makes");
  if (users.empty()) nobody.cost = kept->cost;
  if (kept->cost != nobody.cost) {
    return detail::bad_option("hash", "costs more or less than the others, which would tell who is known");
  }
  if (!users.try_emplace(std::move(user.name), detail::KnownUser{*kept, std::move(user.groups)}).second) {
    return detail::bad_option("name", "is there twice");
  }
  return {};
}

/// The lengths are part of it, so that no two pairs run into one.
MOMENTO_TOKEN_INLINE bool PasswordAuth::State::key_of(char kind, std::string_view user, std::string_view rest,
                                                      detail::DecisionKey& key) const {
  const std::string length = std::to_string(user.size());
  SecretBytes message(2 + length.size() + user.size() + rest.size());
  auto* out = reinterpret_cast<char*>(message.expose_for_writing().data());
  *out++ = kind;
  out = std::copy(length.begin(), length.end(), out);
  *out++ = ':';
  out = std::copy(user.begin(), user.end(), out);
  std::copy(rest.begin(), rest.end(), out);
  return hash->mac(message.expose(), key.data());
}

/// One of 65536 places, so that strangers with made-up names cannot fill the limiter.
MOMENTO_TOKEN_INLINE std::string PasswordAuth::State::counted_as(char kind, std::string_view user,
                                                                 std::string_view peer) const {
  const std::string prefix = kind == 'p' ? "peer:" : "attempt:";
  detail::DecisionKey key{};
  if (!key_of(kind, user, detail::peer_for_limits(peer), key)) return prefix;
  return prefix + hex_encode(std::span(key).first(2));
}

/// Empty when libcrypto failed.
MOMENTO_TOKEN_INLINE std::optional<bool> PasswordAuth::State::check(std::string_view user, std::string_view password) {
  const auto known = users.find(std::string(user));
  const detail::PasswordHash& kept = known != users.end() ? known->second.hash : nobody;
  std::array<std::byte, detail::password_hash_bytes> derived{};
  checks.fetch_add(1, std::memory_order_relaxed);
  if (!detail::derive_password(kept.cost, password, kept.salt, derived.data())) return {};
  const bool equal = CRYPTO_memcmp(derived.data(), kept.hash.data(), derived.size()) == 0;
  wipe(derived.data(), derived.size());
  return equal && known != users.end();
}

/// Who finds no slot, or the same password being checked, has not tried.
MOMENTO_TOKEN_INLINE std::variant<bool, NotLetIn> PasswordAuth::State::decide(const detail::PasswordClaim& claim,
                                                                              std::string_view peer,
                                                                              const detail::DecisionKey& key) {
  const detail::TakenSlot slot(*options.slots);
  if (!slot.taken()) return NotLetIn{.why = AuthFailure::busy, .detail = "every core checks a password"};
  const detail::OnlyCheck check(under_way, key);
  if (!check.is_only()) return NotLetIn{.why = AuthFailure::busy, .detail = "this password is being checked"};
  if (const auto known = decisions.find(key, options.ticks())) return *known;  // decided a moment ago
  auto decided = try_it(claim, peer);
  const bool* const allowed = std::get_if<bool>(&decided);
  if (allowed != nullptr && options.remember_for.count() > 0) {
    decisions.keep(key, *allowed, options.ticks() + options.remember_for);
  }
  return decided;
}

/// Only a wrong password uses up what a peer and a name may try.
MOMENTO_TOKEN_INLINE std::variant<bool, NotLetIn> PasswordAuth::State::try_it(const detail::PasswordClaim& claim,
                                                                              std::string_view peer) {
  const std::string of_peer = counted_as('p', {}, peer), of_user = counted_as('a', claim.user, peer);
  const auto limited = [](const Admission& refused) {
    return NotLetIn{AuthFailure::limited, refused.retry_after, "too many passwords were tried"};
  };
  if (const auto admission = options.peers->admit(of_peer); !admission.admitted) return limited(admission);
  if (const auto admission = options.attempts->admit(of_user); !admission.admitted) {
    options.peers->give_back(of_peer);
    return limited(admission);
  }
  const std::optional<bool> allowed = check(claim.user, claim.password);
  if (!allowed || *allowed) {
    options.attempts->give_back(of_user);
    options.peers->give_back(of_peer);
  }
  if (!allowed) return NotLetIn{.why = AuthFailure::unavailable, .detail = "libcrypto failed"};
  return *allowed;
}

MOMENTO_TOKEN_INLINE PasswordAuth::PasswordAuth(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
MOMENTO_TOKEN_INLINE PasswordAuth::~PasswordAuth() = default;

MOMENTO_TOKEN_INLINE Result<std::shared_ptr<const PasswordAuth>> PasswordAuth::create(PasswordOptions options) {
  if (options.users.empty() || options.users.size() > 100'000)
    return detail::bad_option("users", "must be 1 to 100 000");
  if (options.slots == nullptr) return detail::bad_option("slots", "is null");
  if (options.remember_for < std::chrono::seconds(0) || options.remember_for > std::chrono::minutes(1)) {
    return detail::bad_option("remember_for", "must be 0 s to 60 s");
  }
  if (!options.ticks) return detail::bad_option("ticks", "is empty");
  auto state = std::make_unique<State>();
  for (std::size_t i = 0; i < options.users.size(); ++i) {
    const auto added = state->add(options.users[i]);
    if (!added)
      return Error{added.error().code, "users[" + std::to_string(i) + "]." + added.error().field,
                   added.error().message};
  }
  state->hash = detail::random_hmac();
  if (state->hash == nullptr || !detail::fill_random(state->nobody.salt.data(), state->nobody.salt.size()) ||
      !detail::fill_random(state->nobody.hash.data(), state->nobody.hash.size())) {
    return Error{Errc::internal_error, "users", "the random source or libcrypto failed"};
  }
  const auto make_limiter = [&options](std::shared_ptr<RateLimiter>& wanted, std::uint32_t each,
                                       std::uint32_t all) -> Result<void> {
    if (wanted != nullptr) return {};
    auto limiter = InMemoryRateLimiter::create({.per_identity = each, .global = all, .ticks = options.ticks});
    if (!limiter) return limiter.error();
    wanted = std::move(limiter).value();
    return {};
  };
  if (const auto made = make_limiter(options.attempts, 10, 600); !made) return made.error();
  if (const auto made = make_limiter(options.peers, 60, 0); !made) return made.error();
  options.users.clear();
  state->options = std::move(options);
  return std::shared_ptr<const PasswordAuth>(new PasswordAuth(std::move(state)));
}

MOMENTO_TOKEN_INLINE AuthOutcome PasswordAuth::authenticate(const Request& request) const {
  State& s = *state_;
  const detail::TraceGuard traces;
  const auto claim = detail::read_password(request);
  if (!claim) return NotLetIn{.detail = "there is no user name with a password"};
  detail::DecisionKey key{};
  if (!s.key_of('d', claim->user, claim->password, key)) return NotLetIn{.why = AuthFailure::unavailable};
  std::optional<bool> allowed = s.decisions.find(key, s.options.ticks());
  if (!allowed) {
    const auto decided = s.decide(*claim, request.peer, key);
    if (const auto* const refused = std::get_if<NotLetIn>(&decided)) return *refused;
    allowed = *std::get_if<bool>(&decided);
  }
  if (!*allowed) return NotLetIn{.detail = "the user name or the password is wrong"};
  return Identity{.name = std::string(claim->user), .groups = s.users.find(std::string(claim->user))->second.groups};
}

MOMENTO_TOKEN_INLINE std::vector<std::string> PasswordAuth::request_headers() const {
  return {"authorization", "password", "username"};
}

MOMENTO_TOKEN_INLINE std::uint64_t PasswordAuth::checks() const noexcept {
  return state_->checks.load(std::memory_order_relaxed);
}

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE
