#include "machine.hpp"

#include <fmt/format.h>

#include <utility>

#include "../echo.hpp"
#include "../json_text.hpp"
#include "../output.hpp"
#include "../scope_argument.hpp"
#include "addresses.hpp"
#include "development.hpp"
#include "momento_token/secret.hpp"
#include "secrets.hpp"

namespace cli::serve {

namespace {

// FUNCTION, or CACHE/FUNCTION.
vending::VendingFunction function_of(const std::string& text) {
  const std::size_t slash = text.find('/');
  vending::VendingFunction function;
  function.cache = slash == std::string::npos ? "" : text.substr(0, slash);
  function.function = slash == std::string::npos ? text : text.substr(slash + 1);
  const bool whole = !function.function.empty() && slash != 0;
  // As they stand in a path (RFC 3986 §3.3).
  if (!whole || function.function.find_first_of("/?# ") != text.npos ||
      function.cache.find_first_of("?# ") != text.npos) {
    throw UsageError("--function needs FUNCTION, or CACHE/FUNCTION");
  }
  return function;
}

std::shared_ptr<vending::ReloadablePolicy> policy_of(const std::string& path,
                                                     const vending::VendingFunction& function) {
  const auto file = usable(mt::read_key_file(path), file_in_quotes(path));
  auto first = usable(vending::policy_from_json(file.bytes.expose_text(), function), file_in_quotes(path));
  return usable(vending::ReloadablePolicy::create(std::move(first), function), file_in_quotes(path));
}

std::shared_ptr<vending::RateLimiter> limiter_of(const std::optional<Rate>& each, const std::optional<Rate>& all,
                                                 std::size_t capacity) {
  constexpr std::uint32_t most = 1'000'000;
  if (!each && !all) return nullptr;
  return usable(vending::InMemoryRateLimiter::create({.per_identity = each ? each->count : most,
                                                      .global = all ? all->count : 0,
                                                      .window = each ? each->window : all->window,
                                                      .capacity = capacity}),
                "--limit");
}

std::optional<vending::CorsPolicy> cors_of(const ServeOptions& options) {
  if (options.cors_origins.empty()) return std::nullopt;
  return usable(vending::CorsPolicy::create({.origins = options.cors_origins, .credentials = options.cors_credentials}),
                "--cors-origin");
}

std::optional<vending::ScopeCeiling> ceiling_of(const ServeOptions& options, const vending::VendingFunction& function) {
  if (!options.ceiling) return std::nullopt;
  const auto scope = read_scope(&*options.ceiling, {.missing_item = mt::MissingItem::all_items});
  return usable(vending::ScopeCeiling::create(scope, function), "--ceiling");
}

vending::Hooks hooks_of(Log& log) {
  vending::Hooks hooks;
  hooks.done = keep_report;
  hooks.log = [&log](const vending::LogLine& line) {
    log.line(line.level, line.event.view(),
             fmt::format(R"(,"request_id":"{}","detail":{})", line.request_id, quoted_json(line.detail.view())));
  };
  return hooks;
}

// A demonstration on this machine answers to its own names alone: a page could lead a name of its own here, and ask without an
// Origin.
std::vector<std::string> hosts_of(const ServeOptions& options) {
  if (!options.open || !options.hosts.empty()) return options.hosts;
  const Endpoint listen = address_of("--listen", options.listen.value_or(default_listen));
  return listen.address().is_loopback() ? names_of_this_machine() : std::vector<std::string>();
}

}  // namespace

Machine::Machine(const ServeOptions& options, Log& log)
    : options_(options),
      log_(log),
      function_(function_of(options.function)),
      key_(signing_key_of(options, log)),
      policy_(policy_of(options.policy, function_)),
      callers_(callers_of(options, log)),
      bootstrap_due_(std::chrono::steady_clock::now() + options.secrets_ttl) {}

vending::VendingOptions Machine::vending_options() const {
  vending::VendingOptions made;
  made.issuer.key_ring = key_->ring();
  made.issuer.endpoint = options_.endpoint;
  made.issuer.issuer = options_.issuer;
  made.issuer.audience = options_.audience;
  made.auth = callers_.auth;
  made.policy = policy_;
  made.ceiling = ceiling_of(options_, function_);
  made.function = function_;
  // Every path has its own; this one checks at the start that the endpoint suits all of them.
  made.shape = mt::ResponseShape::node;
  made.cors = cors_of(options_);
  made.limiter = limiter_of(options_.limit, options_.limit_all, options_.limit_capacity);
  made.attempts = limiter_of(options_.limit_peer, std::nullopt, options_.limit_capacity);
  made.hooks = hooks_of(log_);
  return made;
}

std::unique_ptr<const Handler> Machine::app(Common common) {
  mt::VerifierOptions verifying;
  verifying.key_ring = key_->ring();
  verifying.issuer = options_.issuer;
  verifying.audience = options_.audience;
  return make_app({.machine = usable(vending::VendingMachine::create(vending_options()), "serve"),
                   .verifier = usable(mt::Verifier::create(std::move(verifying)), "serve"),
                   .ring = key_->ring(),
                   .cache = function_.cache,
                   .function = function_.function,
                   .hosts = hosts_of(options_),
                   .slow_callers = callers_.slow,
                   .cors = cors_of(options_)},
                  common);
}

void Machine::reload(const std::function<void(std::string_view, const mt::Result<void>&)>& tell) {
  // One that throws keeps the others from nothing.
  const auto each = [&tell](std::string_view what, auto&& read) {
    try {
      tell(what, read());
    } catch (const std::exception&) {  // its words may hold anything
      tell(what, mt::Error{mt::Errc::internal_error, {}, "could not be read: out of memory or descriptors"});
    }
  };
  each("key", [this] { return key_->refresh(); });
  each("policy", [this] { return policy_->reload_file(options_.policy); });
  if (callers_.bootstrap != nullptr) each("bootstrap", [this] { return callers_.bootstrap->refresh(); });
  if (callers_.reload) each("callers", [this] { return callers_.reload(); });
}

void Machine::refresh() {
  key_->refresh_if_due();
  const auto now = std::chrono::steady_clock::now();
  if (callers_.bootstrap == nullptr || now < bootstrap_due_) return;
  bootstrap_due_ = now + options_.secrets_ttl;
  static_cast<void>(callers_.bootstrap->refresh());  // the log has been told
}

}  // namespace cli::serve
