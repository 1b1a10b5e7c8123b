#include "session.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <type_traits>

#include "request_reader.hpp"
#include "wire.hpp"

namespace cli::serve {

namespace {

using Error = boost::system::error_code;
using Steady = std::chrono::steady_clock;
using TlsStream = asio::ssl::stream<Tcp::socket>;

// What a client that was refused may still send before it reads why.
constexpr std::size_t max_discarded_bytes = std::size_t{1} << 20;
constexpr std::chrono::seconds linger_time{1};
// When the server ends: until a connection that was just taken counts as idle, for its request is on the way.
constexpr std::chrono::seconds first_request_time{3};

std::string address_of(const Tcp::socket& socket) {
  Error error;
  const auto peer = socket.remote_endpoint(error);
  return error ? std::string() : peer.address().to_string();
}

template <class Stream>
class Session final : public Connection, public std::enable_shared_from_this<Session<Stream>> {
  static constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;
  enum class Phase { handshake, idle, head, body, answering, writing, lingering };

 public:
  Session(Stream stream, TlsContext tls, Worker& worker, std::shared_ptr<const SessionShared> shared)
      : tls_(std::move(tls)), stream_(std::move(stream)), worker_(worker), shared_(std::move(shared)) {
    peer_ = address_of(socket());
    worker_.add(*this);
  }
  ~Session() override {
    worker_.remove(*this);
    shared_->closed();
  }

  void start() {
    if constexpr (is_tls) {
      enter(Phase::handshake, shared_->timeouts.header);
      stream_.async_handshake(asio::ssl::stream_base::server, [self = this->shared_from_this()](const Error& error) {
        if (!error) self->read();
      });
    } else {
      read();
    }
  }
  void check_time(Time now) override {
    if (phase_ == Phase::answering || now < deadline_) return;
    if (phase_ != Phase::head && phase_ != Phase::body) return close();
    const auto self = this->shared_from_this();
    timed_out_ = true;
    Error ignored;
    socket().cancel(ignored);  // the wait for more: nobody reads any more
    refuse({408, "request_timeout", "the request took too long"});
  }
  void close_if_idle(Time now) override {
    Error ignored;
    const bool just_opened = now < deadline_ - shared_->timeouts.idle + first_request_time;
    if (phase_ == Phase::idle && !just_opened && socket().available(ignored) == 0) close();
  }

 private:
  enum class Then { go_on, close };

  [[nodiscard]] Tcp::socket& socket() {
    if constexpr (is_tls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }
  void enter(Phase phase, std::chrono::milliseconds time) {
    phase_ = phase;
    deadline_ = Steady::now() + time;
  }
  // Pending operations end with an error, and with the last of them this object.
  void close() {
    Error ignored;
    socket().close(ignored);
  }

  // ---- requests ----

  void serve() {
    for (;;) {
      switch (reader_.advance()) {
        case RequestReader::Got::more_wanted: return read();
        case RequestReader::Got::wants_continue: return tell_to_continue();
        case RequestReader::Got::refused: return refuse(reader_.refusal());
        case RequestReader::Got::request: break;
      }
      if (!answer()) return;
    }
  }
  void refuse(const Refused& refused) {
    static_cast<void>(send(shared_->handler.refuse(refused, peer_, reader_.origin()), Then::close));
  }
  // True when the next request can be looked at; else a handler goes on.
  [[nodiscard]] bool answer() {
    vending::Request request = reader_.request();
    request.peer = peer_;
    if (shared_->handler.may_take_long(request)) {
      answer_elsewhere(std::move(request));
      return false;
    }
    return send(shared_->handler.answer(std::move(request)), Then::go_on);
  }
  void answer_elsewhere(vending::Request request) {
    phase_ = Phase::answering;
    asio::post(shared_->slow, [self = this->shared_from_this(), request = std::move(request)]() mutable {
      vending::Response reply = self->shared_->handler.answer(std::move(request));
      auto& context = self->worker_.context();
      asio::post(context, [self = std::move(self), reply = std::move(reply)] {
        if (self->send(reply, Then::go_on)) self->serve();
      });
    });
  }
  void tell_to_continue() {
    enter(Phase::writing, shared_->timeouts.write);
    out_ = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(stream_, asio::buffer(out_), [self = this->shared_from_this()](const Error& error, std::size_t) {
      if (!error) self->read();
    });
  }

  // ---- reading ----

  void read() {
    if (timed_out_) return;
    set_reading_phase();
    if constexpr (is_tls) {
      if (in_.empty()) in_.resize(4096);
      stream_.async_read_some(asio::buffer(in_), [self = this->shared_from_this()](const Error& error, std::size_t n) {
        if (!error) self->take({self->in_.data(), n});
      });
    } else {
      // No memory of its own while nothing comes.
      stream_.async_wait(Tcp::socket::wait_read, [self = this->shared_from_this()](const Error& error) {
        if (!error) self->read_now();
      });
    }
  }
  void set_reading_phase() {
    if (reader_.is_empty()) {
      enter(Phase::idle, shared_->timeouts.idle);
    } else if (!reader_.in_body() && phase_ != Phase::head) {
      enter(Phase::head, shared_->timeouts.header);
    } else if (reader_.in_body() && phase_ != Phase::body) {
      enter(Phase::body, shared_->timeouts.body);
    }
  }
  void read_now() {
    auto& scratch = worker_.scratch();
    Error error;
    const std::size_t n = socket().read_some(asio::buffer(scratch), error);
    if (error == asio::error::would_block) return read();
    if (!error) take({scratch.data(), n});
  }
  void take(std::string_view bytes) {
    if (timed_out_) return;
    reader_.append(bytes);
    serve();
  }

  // ---- writing ----

  // True when all of it is on its way and the connection goes on.
  bool send(const vending::Response& reply, Then then) {
    const bool whole = then == Then::go_on;
    const bool goes_on = whole && reader_.keep_alive() && !shared_->draining.load(std::memory_order_relaxed);
    write_wire(out_, reply, {worker_.date(), !goes_on, whole && reader_.is_head()});
    if (goes_on) reader_.next();
    enter(Phase::writing, shared_->timeouts.write);
    std::size_t written = 0;
    if constexpr (!is_tls) {
      Error error;
      written = stream_.write_some(asio::buffer(out_), error);
      if (error && error != asio::error::would_block) return close(), false;
      if (written == out_.size() && goes_on) return true;
    }
    asio::async_write(stream_, asio::buffer(out_) + written,
                      [self = this->shared_from_this(), goes_on](const Error& error, std::size_t) {
                        if (error) return;
                        if (goes_on) return self->serve();
                        self->linger();
                      });
    return false;
  }

  // Closing with unread bytes would reset the connection, and the client might lose the answer.
  void linger() {
    enter(Phase::lingering, linger_time);
    // With TLS its shutdown ends at once where the client is still sending; what it sends is read as it comes.
    if constexpr (is_tls) {
      stream_.async_shutdown([self = this->shared_from_this()](const Error&) { self->discard_rest(); });
    } else {
      discard_rest();
    }
  }
  void discard_rest() {
    if (!socket().is_open()) return;
    Error ignored;
    socket().shutdown(Tcp::socket::shutdown_send, ignored);
    discard();
  }
  void discard() {
    socket().async_wait(Tcp::socket::wait_read, [self = this->shared_from_this()](const Error& error) {
      if (!error) self->discard_now();
    });
  }
  void discard_now() {
    Error error;
    discarded_ += socket().read_some(asio::buffer(worker_.scratch()), error);
    if ((error && error != asio::error::would_block) || discarded_ > max_discarded_bytes) return close();
    discard();
  }

  TlsContext tls_;  // outlives the stream
  Stream stream_;
  Worker& worker_;
  const std::shared_ptr<const SessionShared> shared_;
  std::string peer_;
  RequestReader reader_;
  std::string in_, out_;
  Phase phase_ = Phase::idle;
  Time deadline_{};
  bool timed_out_ = false;
  std::size_t discarded_ = 0;
};

}  // namespace

void start_session(Tcp::socket socket, const TlsContext& tls, Worker& worker,
                   std::shared_ptr<const SessionShared> shared) {
  Error ignored;
  socket.set_option(Tcp::no_delay(true), ignored);
  if (tls != nullptr) {
    TlsStream stream(std::move(socket), *tls);
    std::make_shared<Session<TlsStream>>(std::move(stream), tls, worker, std::move(shared))->start();
  } else {
    socket.non_blocking(true, ignored);
    std::make_shared<Session<Tcp::socket>>(std::move(socket), nullptr, worker, std::move(shared))->start();
  }
}

}  // namespace cli::serve
