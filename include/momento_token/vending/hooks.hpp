#pragma once
// What a vending machine tells its operator: log lines, one report a request, spans. None of it can hold a token, a
// key, a password or a token_id: the texts are literals of ours, numbers, and ids that were made at random.

#include <chrono>
#include <cstdint>
#include <functional>
#include <string_view>

#include "momento_token/config.hpp"
#include "momento_token/error.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace vending {

/// How much a line matters.
enum class LogLevel : std::uint8_t {
  info,     ///< for the record
  warning,  ///< somebody should know
  error,    ///< a request failed through no fault of its caller
};

/// One line of a log. Views live for the call.
struct LogLine {
  LogLevel level = LogLevel::info;   ///< how much it matters
  StaticText event = {};             ///< what happened, such as "open_vending"
  StaticText detail = {};            ///< one sentence
  std::string_view request_id = {};  ///< empty when it is about no request
};

/// One answered request, for metrics and for a line of an access log. Views live for the call.
struct RequestReport {
  std::string_view request_id = {};  ///< as in the answer
  int status = 0;                    ///< as in the answer
  std::string_view outcome = {};     ///< "vended", "preflight", or the error's code such as "invalid_token"
  StaticText detail = {};  ///< why, for the operator alone: callers are not told which part of a credential was wrong
  std::string_view jti = {};                   ///< the vended token's own id, for a deny-list; not a credential
  std::chrono::seconds valid_for{0};           ///< the vended token's lifetime
  std::chrono::steady_clock::duration took{};  ///< from the call to the answer
};

/// One part of the work, for traces. Views live for the call.
struct Span {
  StaticText name = {};                ///< "authenticate", "decide" or "mint"
  std::string_view request_id = {};    ///< as in the answer
  std::string_view trace_parent = {};  ///< the caller's traceparent when it is well-formed (W3C Trace Context §3.2)
  std::chrono::steady_clock::time_point begin = {};  ///< when it began
  std::chrono::steady_clock::time_point end = {};    ///< when it ended
  bool ok = false;                                   ///< whether the request went on
};

/// Called from the threads that call the machine, several at once, with no lock held. Empty ones are not called. What
/// they throw passes through to whoever called the machine.
struct Hooks {
  std::function<void(const LogLine&)> log = {};         ///< warnings and failures
  std::function<void(const RequestReport&)> done = {};  ///< once for each request
  std::function<void(const Span&)> span = {};           ///< once for each part
};

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE
