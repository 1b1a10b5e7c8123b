#pragma once
// A socket that takes connections and hands them to the workers in turn.

#include <utility>  // before Asio, which forgets it

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <mutex>
#include <vector>

#include "session.hpp"
#include "worker.hpp"

namespace cli::serve {

class Listener {
 public:
  /// Of the context's thread, but for replace_tls() and address().
  Listener(asio::io_context& context, std::vector<std::unique_ptr<Worker>>& workers,
           std::shared_ptr<const SessionShared> shared, TlsContext tls, std::size_t max_connections);

  [[nodiscard]] boost::system::error_code open(const Tcp::endpoint& address);
  [[nodiscard]] Tcp::endpoint address() const;
  void accept();
  /// Takes what has connected already, and then nothing more.
  void close();
  void replace_tls(const TlsContext& tls);

 private:
  void take(Tcp::socket socket, Worker& worker);
  void accept_later();
  [[nodiscard]] Worker& next_worker();

  std::vector<std::unique_ptr<Worker>>& workers_;
  const std::shared_ptr<const SessionShared> shared_;
  const std::size_t max_connections_;
  Tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::size_t turn_ = 0;
  mutable std::mutex mutex_;  // of the TLS context
  TlsContext tls_;
};

}  // namespace cli::serve
