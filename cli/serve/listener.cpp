#include "listener.hpp"

#include <sys/socket.h>
#if defined(__linux__)
#include <linux/filter.h>
#endif

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <string_view>

namespace cli::serve {

namespace {

using Error = boost::system::error_code;

constexpr int backlog = 4096;
constexpr auto pause_after_error = std::chrono::milliseconds(50);

// One attempt, without waiting: whoever is over the cap gets no memory of ours, and nothing of its request is read.
void say_busy(Tcp::socket& socket) {
  // Nothing is logged of it, so no id finds it there.
  constexpr std::string_view busy =
      "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\ncache-control: no-store\r\n"
      "x-request-id: none\r\nretry-after: 1\r\ncontent-length: 79\r\nconnection: close\r\n\r\n"
      R"({"code":"unavailable","message":"too many connections now","request_id":"none"})";
  Error ignored;
  socket.non_blocking(true, ignored);
  socket.write_some(asio::buffer(busy), ignored);
  socket.shutdown(Tcp::socket::shutdown_send, ignored);
}

// From here on the system completes no connection, so that none comes between the last one taken and the close: it
// would be reset with its request. (A socket filter that lets no packet through.)
void hold_off_new_ones(Tcp::acceptor& acceptor) {
#if defined(__linux__)
  struct sock_filter nothing {};
  nothing.code = BPF_RET | BPF_K;
  const struct sock_fprog program { 1, &nothing };
  (void)::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
#else
  (void)acceptor;
#endif
}

}  // namespace

Listener::Listener(asio::io_context& context, std::vector<std::unique_ptr<Worker>>& workers,
                   std::shared_ptr<const SessionShared> shared, TlsContext tls, std::size_t max_connections)
    : workers_(workers),
      shared_(std::move(shared)),
      max_connections_(max_connections),
      acceptor_(context),
      pause_(context),
      tls_(std::move(tls)) {}

boost::system::error_code Listener::open(const Tcp::endpoint& address) {
  Error error;
  acceptor_.open(address.protocol(), error);
  if (!error) acceptor_.set_option(Tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(address, error);
  if (!error) acceptor_.listen(backlog, error);
  if (!error) acceptor_.non_blocking(true, error);
  return error;
}

Tcp::endpoint Listener::address() const {
  Error ignored;
  return acceptor_.local_endpoint(ignored);
}

Worker& Listener::next_worker() { return *workers_[turn_++ % workers_.size()]; }

// A socket belongs to a worker from its accept on, and no other one may serve it.
void Listener::accept() {
  Worker& worker = next_worker();
  acceptor_.async_accept(worker.context(), [this, &worker](const Error& error, Tcp::socket socket) {
    // One that was taken is served, even if the listener was closed before this could be called.
    if (!error) take(std::move(socket), worker);
    if (error == asio::error::operation_aborted || !acceptor_.is_open()) return;
    if (error) return accept_later();  // no descriptor or memory is left
    accept();
  });
}

void Listener::accept_later() {
  pause_.expires_after(pause_after_error);
  pause_.async_wait([this](const Error& error) {
    if (!error && acceptor_.is_open()) accept();
  });
}

void Listener::take(Tcp::socket socket, Worker& worker) {
  TlsContext tls;
  {
    const std::lock_guard lock(mutex_);
    tls = tls_;
  }
  if (shared_->open.load(std::memory_order_relaxed) >= static_cast<std::int64_t>(max_connections_)) {
    shared_->metrics.connection_refused();
    if (tls == nullptr) say_busy(socket);  // a handshake would be work
    return;
  }
  shared_->opened();
  asio::post(worker.context(), [socket = std::move(socket), tls = std::move(tls), &worker, shared = shared_]() mutable {
    start_session(std::move(socket), tls, worker, std::move(shared));
  });
}

void Listener::close() {
  Error error;
  hold_off_new_ones(acceptor_);
  for (;;) {
    Worker& worker = next_worker();
    Tcp::socket socket = acceptor_.accept(worker.context(), error);
    if (error == asio::error::connection_aborted) continue;  // that client has left
    if (error) break;
    take(std::move(socket), worker);
  }
  pause_.cancel();
  acceptor_.close(error);
}

void Listener::replace_tls(const TlsContext& tls) {
  const std::lock_guard lock(mutex_);
  if (tls_ != nullptr) tls_ = tls;
}

}  // namespace cli::serve
