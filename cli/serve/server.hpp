#pragma once
// The process as a server: listens, spreads connections over the cores, and ends without losing a request.

#include <utility>  // before Asio, which forgets it

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app.hpp"
#include "listener.hpp"
#include "session.hpp"
#include "worker.hpp"

namespace cli::serve {

struct ServerOptions {
  unsigned threads = 1;
  Timeouts timeouts;
  /// After SIGTERM: connections are still taken, and requests answered with `Connection: close`, for the first; then
  /// what was begun is finished, for the second at most.
  std::chrono::milliseconds drain_grace{1'000};
  std::chrono::milliseconds drain_limit{30'000};
};

/// What the operator's signals and the passing of time ask for, in a thread that serves no connection.
struct Upkeep {
  std::function<void()> reload;        ///< SIGHUP
  std::function<void()> every_second;  ///< keys that are due
};

class Server {
 public:
  Server(ServerOptions options, Log& log, Metrics& metrics, std::atomic<bool>& draining);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Connections to this address, so many at a time, are answered by the handler, which outlives the server. The error
  /// says why not.
  [[nodiscard]] boost::system::error_code listen(const Tcp::endpoint& address, const Handler& handler,
                                                 std::size_t max_connections, TlsContext tls = nullptr);
  /// Of the listener that was made as the n-th.
  [[nodiscard]] Tcp::endpoint address(std::size_t listener) const { return listeners_[listener]->address(); }
  /// For connections from now on, of listeners that have TLS.
  void replace_tls(const TlsContext& tls);

  /// Serves until SIGTERM or SIGINT, and then until all is answered. False when it had to be cut short.
  [[nodiscard]] bool run(Upkeep upkeep);

 private:
  void wait_for_signal();
  void on_signal(int number);
  void begin_drain();
  void drain_step();
  void end(bool whole);
  void wait_for_upkeep();
  void keep_up(const std::function<void()>& work);

  ServerOptions options_;
  Log& log_;
  Metrics& metrics_;
  std::atomic<bool>& draining_;
  Upkeep upkeep_;
  // In the order of who needs whom: an acceptor needs the context, whose waiting handlers hold sockets of the workers.
  asio::thread_pool slow_, upkeep_thread_{1};
  std::vector<std::unique_ptr<Worker>> workers_;
  asio::io_context control_{1};
  asio::signal_set signals_;
  asio::steady_timer drain_timer_, upkeep_timer_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::chrono::steady_clock::time_point drain_begin_{};
  bool listening_ = true;
  bool whole_ = true;
};

}  // namespace cli::serve
