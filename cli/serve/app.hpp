#pragma once
// From a request to its answer: which path means what. Knows no socket.

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "log.hpp"
#include "metrics.hpp"
#include "momento_token/credential.hpp"
#include "momento_token/key_ring.hpp"
#include "momento_token/vending/vending_machine.hpp"
#include "momento_token/verifier.hpp"
#include "request_ids.hpp"

namespace cli::serve {

namespace vending = momento_token::vending;

/// Why what came was no request that could be answered.
struct Refused {
  int status;
  mt::StaticText code;
  mt::StaticText message;
};

/// What all paths share.
struct Common {
  Log& log;
  Metrics& metrics;
  RequestIds& ids;
  const std::atomic<bool>& draining;
};

/// Answers requests. Called from several threads at once.
class Handler {
 public:
  Handler() = default;
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;
  virtual ~Handler() = default;
  /// Everything but `id` comes from the connection.
  [[nodiscard]] virtual vending::Response answer(vending::Request request) const = 0;
  /// True when an answer may take long enough to hold up others: then not in a thread that serves connections.
  [[nodiscard]] virtual bool may_take_long(const vending::Request& request) const = 0;
  /// What is sent before the connection is closed.
  [[nodiscard]] virtual vending::Response refuse(const Refused& refused, std::string_view peer,
                                                 std::string_view origin) const = 0;
};

struct AppOptions {
  vending::VendingMachine machine;
  mt::Verifier verifier;                         // of /authorize
  std::shared_ptr<const mt::KeyRing> ring;       // of /.well-known/jwks.json
  std::string cache, function;                   // of /functions/{cache}/{function}; any cache when empty
  std::vector<std::string> hosts;                // what a Host field may say, without port; any when empty
  bool slow_callers = false;                     // checking one costs a memory-hard function
  std::optional<vending::CorsPolicy> cors = {};  // of every path, and of what is no request
};
/// Where callers and proxies ask.
[[nodiscard]] std::unique_ptr<const Handler> make_app(AppOptions options, Common common);
/// Where the operator asks: /metrics and /healthz.
[[nodiscard]] std::unique_ptr<const Handler> make_admin(std::vector<std::string> hosts, Common common);

/// Fills the report of the request that this thread is answering: for Hooks::done of the machine.
void keep_report(const vending::RequestReport& report);

}  // namespace cli::serve
