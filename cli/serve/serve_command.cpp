// serve: the token vending machine.

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "../commands.hpp"
#include "../echo.hpp"
#include "../key_file.hpp"
#include "../options.hpp"
#include "../output.hpp"
#include "addresses.hpp"
#include "callers.hpp"
#include "development.hpp"
#include "machine.hpp"
#include "options.hpp"
#include "secrets.hpp"
#include "server.hpp"
#include "tls.hpp"

namespace cli {

namespace {

using namespace serve;

// The operator gets in when callers have taken all there is, and the other way round.
constexpr std::size_t max_admin_connections = 32;

// As many connections as this process may have, each a file.
std::size_t connections_that_fit(std::size_t wanted) {
  struct rlimit files {};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return wanted;
  files.rlim_cur = files.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &files);
  constexpr std::size_t of_our_own = 64 + max_admin_connections;
  const auto most = static_cast<std::size_t>(files.rlim_max);
  return most > 2 * of_our_own ? std::min(wanted, most - of_our_own) : wanted;
}

ServerOptions server_options(const ServeOptions& options) {
  ServerOptions server;
  server.threads = options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  server.timeouts = {options.header_timeout, options.body_timeout, options.idle_timeout, options.write_timeout};
  server.drain_limit = options.drain_timeout;
  return server;
}

TlsContext tls_of(const ServeOptions& options) {
  if (options.tls_cert.empty()) return nullptr;
  return usable(make_tls(options.tls_cert, options.tls_key), "TLS");
}

// All that a running server needs, in the order in which it ends.
class Running {
 public:
  Running(const ServeOptions& options, const DevelopmentSetup* development)
      : options_(options),
        development_(development),
        log_(options.log),
        tls_(tls_of(options)),
        machine_(options, log_),
        app_(machine_.app(common())),
        server_(server_options(options), log_, metrics_, draining_) {}

  int run() {
    if (options_.open) metrics_.anyone_is_let_in();
    listen();
    announce();
    const bool whole = server_.run({.reload = [this] { reload(); }, .every_second = [this] { machine_.refresh(); }});
    return whole ? done : refused;
  }

 private:
  [[nodiscard]] Common common() { return {log_, metrics_, ids_, draining_}; }

  void listen() {
    const Endpoint main = address_of("--listen", options_.listen.value_or(default_listen));
    if (development_ != nullptr && !main.address().is_loopback()) {
      throw UsageError(
          "the development set-up is for this machine alone: a --listen of others needs a --key, callers and a "
          "--policy");
    }
    open("--listen", options_.listen.has_value(), main, *app_, connections_that_fit(options_.max_connections), tls_);
    if (options_.admin_listen == "off") return;
    const Endpoint admin = address_of("--admin-listen", options_.admin_listen.value_or("127.0.0.1:8081"));
    admin_ = make_admin(admin.address().is_loopback() ? names_of_this_machine() : std::vector<std::string>(), common());
    open("--admin-listen", options_.admin_listen.has_value(), admin, *admin_, max_admin_connections, nullptr);
    has_admin_ = true;
  }
  // Where nobody asked for a certain port, any free one will do.
  void open(const char* option, bool asked_for, Endpoint address, const Handler& handler, std::size_t max_connections,
            const TlsContext& tls) {
    auto error = server_.listen(address, handler, max_connections, tls);
    if (error && !asked_for) {
      address.port(0);
      error = server_.listen(address, handler, max_connections, tls);
    }
    if (error) throw UsageError(fmt::format("{}: {}", option, error.message()));
  }

  [[nodiscard]] std::string url_of(std::size_t listener, bool tls) const {
    return (tls ? "https://" : "http://") + text_of(server_.address(listener));
  }
  void announce() {
    const std::string url = url_of(0, tls_ != nullptr);
    std::string text = "Listening on " + url;
    if (has_admin_) text += ", for the operator on " + url_of(1, false);
    text +=
        fmt::format(" (process {}; Ctrl-C or SIGTERM ends it), with /healthz and /.well-known/jwks.json", ::getpid());
    if (development_ != nullptr) text += "\n" + development_->introduction(url);
    print_line(text);
    log_.line(Log::Level::info, "listening", fmt::format(R"(,"url":"{}","pid":{})", url, ::getpid()));
  }
  void reload() {
    const auto tell = [this](std::string_view what, const mt::Result<void>& result) {
      metrics_.count_reload(result.has_value());
      if (!result) return log_.error(Log::Level::error, "reload_failed", what, result.error());
      log_.line(Log::Level::info, "reloaded", fmt::format(R"(,"what":"{}")", what));
    };
    machine_.reload(tell);
    if (tls_ == nullptr) return;
    const auto next = make_tls(options_.tls_cert, options_.tls_key);
    if (next) server_.replace_tls(*next);
    tell("tls", next ? mt::Result<void>() : mt::Result<void>(next.error()));
  }

  const ServeOptions& options_;
  const DevelopmentSetup* const development_;
  Metrics metrics_;
  RequestIds ids_;
  std::atomic<bool> draining_{false};
  Log log_;
  TlsContext tls_;
  Machine machine_;
  std::unique_ptr<const Handler> app_, admin_;
  Server server_;
  bool has_admin_ = false;
};

int serve_until_told(const ServeOptions& given) {
  check_options(given);
  if (!given.is_development()) return Running(given, nullptr).run();
  const DevelopmentSetup development;
  const ServeOptions options = development.applied_to(given);
  return Running(options, &development).run();
}

}  // namespace

void add_serve(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("serve", "Vend tokens over HTTP until SIGTERM");
  const auto options = std::make_shared<ServeOptions>();
  add_options(*command, *options);
  add_example(
      *command,
      "momento-token serve\n"
      "  momento-token serve --listen 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem --key signing.json \\\n"
      "      --bootstrap credential --policy policy.json --endpoint cell.example.com\n\n"
      "With none of a key, callers and a policy it makes a development set-up, and shows how to use it.\n"
      "SIGHUP reads keys, credentials, policy, users and certificates again; what has a mistake stays as it was.\n\n"
      "Environment: --key-aws and --bootstrap-aws use AWS_SESSION_TOKEN, and PARAMETERS_SECRETS_EXTENSION_HTTP_PORT\n"
      "where the port is not 2773. The development set-up is a folder in TMPDIR, or else in /tmp.\n"
      "Exit codes: 0 ended well; 1 requests were cut off at the end; 2 wrong options, unreadable files or keys.");
  command->callback([options, &exit_code] { exit_code = serve_until_told(*options); });
}

}  // namespace cli
