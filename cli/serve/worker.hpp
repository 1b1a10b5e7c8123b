#pragma once
// A thread with its event loop and the connections it serves. A connection stays with its worker, so that nothing of it
// needs a lock.

#include <utility>  // before Asio, which forgets it

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cli::serve {

namespace asio = boost::asio;

/// What a worker asks of its connections.
class Connection {
 public:
  using Time = std::chrono::steady_clock::time_point;
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;
  /// Ends it when its time is up.
  virtual void check_time(Time now) = 0;
  /// Ends it when it waits for a request of which nothing has come.
  virtual void close_if_idle(Time now) = 0;

 private:
  friend class Worker;
  std::size_t place_ = 0;  // in the worker's list
};

class Worker {
 public:
  Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Serves until stop().
  void run();
  [[nodiscard]] asio::io_context& context() noexcept { return context_; }
  /// From any thread: no more idle connections.
  void close_idle();
  /// From any thread: run() returns, whatever is open.
  void stop();

  // Of the worker's own thread.
  void add(Connection& connection);
  void remove(Connection& connection);
  /// A Date field's value (RFC 9110 §5.6.7), made once a second.
  [[nodiscard]] std::string_view date();
  /// Where connections without data of their own read into.
  [[nodiscard]] std::vector<char>& scratch() noexcept { return scratch_; }

 private:
  void tick();

  std::vector<Connection*> connections_;  // outlives the context, whose handlers hold the connections
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  asio::steady_timer timer_;
  bool closing_idle_ = false;
  std::vector<char> scratch_;
  std::string date_;
  std::chrono::sys_seconds date_of_{};
};

}  // namespace cli::serve
