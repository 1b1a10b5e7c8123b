#include "app.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "authorize.hpp"
#include "momento_token/encoding.hpp"
#include "replies.hpp"

namespace cli::serve {

namespace {

using Steady = std::chrono::steady_clock;

// What the log says about a request. Literals, numbers and ids of ours.
struct Line {
  std::string outcome = {};
  mt::StaticText detail = {};
  std::string jti = {};
  std::chrono::seconds valid_for{0};
};
// The vending kit reports in the thread that asks it, before it answers.
thread_local Line* current_line = nullptr;

class ReportInto {
 public:
  explicit ReportInto(Line& line) { current_line = &line; }
  ~ReportInto() { current_line = nullptr; }
  ReportInto(const ReportInto&) = delete;
  ReportInto& operator=(const ReportInto&) = delete;
};

struct Answer {
  Route route;
  vending::Response reply;
};

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

// RFC 9110 §7.2: the host without its port; nothing when something else stands behind it.
std::string_view host_of(const vending::Request& request) {
  const std::string_view field = vending::find_field(request, "host").value;
  const std::size_t end = field.starts_with('[') ? std::min(field.find(']'), field.size() - 1) + 1
                                                 : std::min(field.find(':'), field.size());
  const std::string_view port = field.substr(end);
  const bool is_whole =
      port.empty() || (port.front() == ':' && port.find_first_not_of("0123456789", 1) == std::string_view::npos);
  return is_whole ? field.substr(0, end) : std::string_view();
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

// A method's name in the log is one of these.
std::string_view method_for_log(std::string_view method) {
  for (const std::string_view known : {"GET", "POST", "OPTIONS", "HEAD", "PUT", "DELETE", "PATCH"}) {
    if (method == known) return known;
  }
  return "other";
}

// What both handlers do around an answer: an id, the host, the log, the counters.
class Around : public Handler {
 public:
  Around(std::vector<std::string> hosts, Common common, std::optional<vending::CorsPolicy> cors = {})
      : hosts_(std::move(hosts)), common_(common), cors_(std::move(cors)) {}

  [[nodiscard]] vending::Response answer(vending::Request request) const final {
    const auto begin = Steady::now();
    const std::string id = common_.ids.next();
    request.id = id;
    Line line;
    Answer answer = answer_of(request, line);
    const auto origin = vending::find_field(request, "origin");
    let_pages_read(answer.reply, origin.count == 1 ? origin.value : std::string_view());
    finish(answer.route, answer.reply.status, request, line, Steady::now() - begin);
    return std::move(answer.reply);
  }
  [[nodiscard]] vending::Response refuse(const Refused& refused, std::string_view peer,
                                         std::string_view origin) const final {
    const std::string id = common_.ids.next();
    const vending::Request request{.peer = peer, .id = id};
    const Line line{.outcome = std::string(refused.code.view())};
    finish(Route::protocol, refused.status, request, line, {});
    vending::Response reply = error_reply(refused.status, refused.code, refused.message, id);
    let_pages_read(reply, origin);
    return reply;
  }

 protected:
  [[nodiscard]] virtual Answer route(const vending::Request& request, Line& line) const = 0;
  [[nodiscard]] Answer healthz(const vending::Request& request) const {
    if (request.method != "GET" && request.method != "HEAD")
      return {Route::healthz, wrong_method("GET, HEAD", request.id)};
    if (common_.draining.load(std::memory_order_relaxed)) {
      return {Route::healthz, error_reply(503, "unavailable", "the server is about to end", request.id)};
    }
    return {Route::healthz, text_reply("application/json", R"({"status":"ok"})", request.id)};
  }
  [[nodiscard]] static Answer no_such_path(const vending::Request& request) {
    return {Route::unknown, error_reply(404, "not_found", "there is no such path", request.id)};
  }
  [[nodiscard]] const Common& common() const { return common_; }

 private:
  // The vending machine has said it on its own answers already.
  void let_pages_read(vending::Response& reply, std::string_view origin) const {
    if (cors_ && reply.header("vary").empty()) cors_->add_headers(reply, origin);
  }
  [[nodiscard]] Answer answer_of(const vending::Request& request, Line& line) const {
    if (!is_for_us(request)) {
      return {Route::unknown, error_reply(421, "misdirected_request", "this host is not served here", request.id)};
    }
    try {
      return route(request, line);
    } catch (const std::exception&) {  // out of memory, or a bug; what() could hold anything
      return {Route::unknown, error_reply(500, "internal_error", "something failed here", request.id)};
    }
  }
  [[nodiscard]] bool is_for_us(const vending::Request& request) const {
    const std::string_view host = host_of(request);
    return hosts_.empty() ||
           std::any_of(hosts_.begin(), hosts_.end(), [&](const auto& ours) { return equal_ignoring_case(ours, host); });
  }
  void finish(Route route, int status, const vending::Request& request, const Line& line, Steady::duration took) const {
    common_.metrics.count(route, status, took);
    if (!common_.log.wants_requests()) return;
    std::string members =
        fmt::format(R"(,"request_id":"{}","peer":"{}","method":"{}","route":"{}","status":{},"took_us":{})", request.id,
                    request.peer, method_for_log(request.method), name_of(route), status,
                    std::chrono::duration_cast<std::chrono::microseconds>(took).count());
    const auto add = [&members](std::string_view name, std::string_view value) {
      if (!value.empty()) members += fmt::format(R"(,"{}":"{}")", name, mt::printable(value));
    };
    add("outcome", line.outcome);
    add("detail", line.detail.view());
    add("jti", line.jti);
    if (line.valid_for.count() > 0) members += fmt::format(R"(,"valid_for":{})", line.valid_for.count());
    common_.log.line(status >= 500 ? Log::Level::error : Log::Level::info, "request", members);
  }

  std::vector<std::string> hosts_;
  Common common_;
  std::optional<vending::CorsPolicy> cors_;
};

struct VendingPath {
  std::string_view path;
  Route route;
  mt::ResponseShape shape;
};
// Node.js and Rust vending machines answer at the root of an API; the Next.js chat has its own path.
constexpr VendingPath vending_paths[] = {
    {"/node", Route::node, mt::ResponseShape::node},
    {"/prod", Route::node, mt::ResponseShape::node},
    {"/prod/", Route::node, mt::ResponseShape::node},
    {"/rust", Route::rust, mt::ResponseShape::rust},
    {"/api/momento/token", Route::envelope, mt::ResponseShape::envelope},
};

class App final : public Around {
 public:
  App(AppOptions options, Common common)
      : Around(std::move(options.hosts), common, std::move(options.cors)), options_(std::move(options)) {}

  [[nodiscard]] bool may_take_long(const vending::Request& request) const override {
    return options_.slow_callers && vending_path(path_of(request.target)).has_value();
  }

 private:
  [[nodiscard]] Answer route(const vending::Request& request, Line& line) const override {
    const std::string_view path = path_of(request.target);
    if (const auto found = vending_path(path)) return {found->route, vend(request, found->shape, line)};
    if (path == "/authorize") return ask(request, line);
    if (path == "/.well-known/jwks.json") return jwks(request);
    if (path == "/healthz") return healthz(request);
    return no_such_path(request);
  }
  [[nodiscard]] std::optional<VendingPath> vending_path(std::string_view path) const {
    if (is_functions_path(path)) return VendingPath{path, Route::functions, mt::ResponseShape::functions};
    for (const VendingPath& known : vending_paths) {
      if (known.path == path) return known;
    }
    return std::nullopt;
  }
  // /functions/{cache}/{function}
  [[nodiscard]] bool is_functions_path(std::string_view path) const {
    constexpr std::string_view prefix = "/functions/";
    if (!path.starts_with(prefix)) return false;
    path.remove_prefix(prefix.size());
    const std::size_t slash = path.find('/');
    if (slash == 0 || slash == std::string_view::npos || path.substr(slash + 1) != options_.function) return false;
    return options_.cache.empty() || path.substr(0, slash) == options_.cache;
  }
  [[nodiscard]] vending::Response vend(const vending::Request& request, mt::ResponseShape shape, Line& line) const {
    const ReportInto report(line);
    return options_.machine.handle(request, shape);
  }
  [[nodiscard]] Answer ask(const vending::Request& request, Line& line) const {
    if (request.method != "GET" && request.method != "POST" && request.method != "HEAD") {
      return {Route::authorize, wrong_method("GET, HEAD, POST", request.id)};
    }
    Authorized authorized = authorize(options_.verifier, *mt::system_clock(), request);
    line.detail = authorized.detail;
    return {Route::authorize, std::move(authorized.reply)};
  }
  [[nodiscard]] Answer jwks(const vending::Request& request) const {
    if (request.method != "GET" && request.method != "HEAD")
      return {Route::jwks, wrong_method("GET, HEAD", request.id)};
    const auto set = options_.ring->public_jwks();
    // A symmetric key is never published: whoever has it can mint.
    vending::Response reply = text_reply("application/jwk-set+json", set ? *set : R"({"keys":[]})", request.id);
    for (auto& field : reply.headers) {
      if (field.name == "cache-control") field.value = "public, max-age=60";
    }
    return {Route::jwks, std::move(reply)};
  }

  AppOptions options_;
};

class Admin final : public Around {
 public:
  using Around::Around;
  [[nodiscard]] bool may_take_long(const vending::Request&) const override { return false; }

 private:
  [[nodiscard]] Answer route(const vending::Request& request, Line&) const override {
    const std::string_view path = path_of(request.target);
    if (path == "/healthz") return healthz(request);
    if (path != "/metrics") return no_such_path(request);
    if (request.method != "GET" && request.method != "HEAD") {
      return {Route::metrics, wrong_method("GET, HEAD", request.id)};
    }
    return {Route::metrics, text_reply("text/plain; version=0.0.4; charset=utf-8",
                                       common().metrics.text(common().log.dropped()), request.id)};
  }
};

}  // namespace

void keep_report(const vending::RequestReport& report) {
  if (current_line == nullptr) return;
  current_line->outcome = report.outcome;
  current_line->detail = report.detail;
  current_line->jti = report.jti;
  current_line->valid_for = report.valid_for;
}

std::unique_ptr<const Handler> make_app(AppOptions options, Common common) {
  return std::make_unique<const App>(std::move(options), common);
}
std::unique_ptr<const Handler> make_admin(std::vector<std::string> hosts, Common common) {
  return std::make_unique<const Admin>(std::move(hosts), common);
}

}  // namespace cli::serve
