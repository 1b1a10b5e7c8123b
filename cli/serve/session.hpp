#pragma once
// One connection: requests in, answers out, each within its time and size.

#include <utility>  // before Asio, which forgets it

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstdint>
#include <memory>

#include "app.hpp"
#include "tls.hpp"
#include "worker.hpp"

namespace cli::serve {

using Tcp = asio::ip::tcp;

/// A body is no longer than this.
inline constexpr std::size_t max_body_bytes = std::size_t{64} * 1024;

/// How long a connection may take for what.
struct Timeouts {
  std::chrono::milliseconds header{10'000};  ///< from a request's first byte to the end of its head; a TLS handshake
  std::chrono::milliseconds body{10'000};    ///< from there to the body's end
  std::chrono::milliseconds idle{60'000};    ///< until the first byte of the next request
  std::chrono::milliseconds write{10'000};   ///< until the client has taken an answer
};

/// What all connections of a listener share; they may outlive it.
struct SessionShared {
  const Handler& handler;
  Metrics& metrics;
  asio::thread_pool& slow;  ///< where answers are made that take long
  const std::atomic<bool>& draining;
  Timeouts timeouts;
  mutable std::atomic<std::int64_t> open{0};  ///< connections of this listener

  void opened() const noexcept {
    metrics.connection_opened();
    open.fetch_add(1, std::memory_order_relaxed);
  }
  void closed() const noexcept {
    open.fetch_sub(1, std::memory_order_relaxed);
    metrics.connection_closed();
  }
};

/// Serves a connection, which has been counted as open, until it ends; called in the worker's thread. `tls` may be
/// null.
void start_session(Tcp::socket socket, const TlsContext& tls, Worker& worker,
                   std::shared_ptr<const SessionShared> shared);

}  // namespace cli::serve
