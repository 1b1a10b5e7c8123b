#include "server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <csignal>
#include <exception>

namespace cli::serve {

namespace {

using Error = boost::system::error_code;
using Steady = std::chrono::steady_clock;

constexpr auto drain_step_time = std::chrono::milliseconds(20);

// One more than passwords are checked at once, so that there is always one to say that all are taken.
unsigned threads_for_slow_answers() { return std::max(1U, std::thread::hardware_concurrency()) + 1; }

}  // namespace

Server::Server(ServerOptions options, Log& log, Metrics& metrics, std::atomic<bool>& draining)
    : options_(options),
      log_(log),
      metrics_(metrics),
      draining_(draining),
      slow_(threads_for_slow_answers()),
      signals_(control_, SIGTERM, SIGINT, SIGHUP),
      drain_timer_(control_),
      upkeep_timer_(control_) {
  for (unsigned i = 0; i < options_.threads; ++i) workers_.push_back(std::make_unique<Worker>());
}

Server::~Server() {
  slow_.join();
  upkeep_thread_.join();
}

boost::system::error_code Server::listen(const Tcp::endpoint& address, const Handler& handler,
                                         std::size_t max_connections, TlsContext tls) {
  std::shared_ptr<const SessionShared> shared(
      new SessionShared{handler, metrics_, slow_, draining_, options_.timeouts});
  auto listener = std::make_unique<Listener>(control_, workers_, std::move(shared), std::move(tls), max_connections);
  const Error error = listener->open(address);
  if (!error) listeners_.push_back(std::move(listener));
  return error;
}

void Server::replace_tls(const TlsContext& tls) {
  for (const auto& listener : listeners_) listener->replace_tls(tls);
}

bool Server::run(Upkeep upkeep) {
  upkeep_ = std::move(upkeep);
  wait_for_signal();
  wait_for_upkeep();
  for (const auto& listener : listeners_) listener->accept();
  std::vector<std::thread> threads;
  for (const auto& worker : workers_) threads.emplace_back([&worker] { worker->run(); });
  control_.run();
  for (std::thread& thread : threads) thread.join();
  return whole_;
}

// ---- signals ----

void Server::wait_for_signal() {
  signals_.async_wait([this](const Error& error, int number) {
    if (error) return;
    on_signal(number);
    wait_for_signal();
  });
}

void Server::on_signal(int number) {
  if (number == SIGHUP) {
    keep_up(upkeep_.reload);
  } else if (!draining_.exchange(true)) {
    begin_drain();
  } else {
    end(false);
  }
}

// What was, stays: an exception here would end the program.
void Server::keep_up(const std::function<void()>& work) {
  asio::post(upkeep_thread_, [this, &work] {
    try {
      work();
    } catch (const std::exception&) {  // its words may hold anything
      log_.line(Log::Level::error, "upkeep_failed", {});
    }
  });
}

void Server::wait_for_upkeep() {
  upkeep_timer_.expires_after(std::chrono::seconds(1));
  upkeep_timer_.async_wait([this](const Error& error) {
    if (error) return;
    keep_up(upkeep_.every_second);
    wait_for_upkeep();
  });
}

// ---- the end ----

void Server::begin_drain() {
  log_.line(Log::Level::info, "draining", fmt::format(",\"connections\":{}", metrics_.open()));
  drain_begin_ = Steady::now();
  drain_step();
}

// First all goes on, but each answer ends its connection; then nothing new is taken, and what is idle is closed.
void Server::drain_step() {
  const auto passed = Steady::now() - drain_begin_;
  const bool nobody = metrics_.open() == 0;
  if (!listening_ && nobody) return end(true);
  if (listening_ && (passed >= options_.drain_grace || nobody)) {
    listening_ = false;  // the end is a step later: a connection may be on its way to its worker
    for (const auto& listener : listeners_) listener->close();
    for (const auto& worker : workers_) worker->close_idle();
  }
  if (passed >= options_.drain_grace + options_.drain_limit) return end(false);
  drain_timer_.expires_after(drain_step_time);
  drain_timer_.async_wait([this](const Error& error) {
    if (!error) drain_step();
  });
}

void Server::end(bool whole) {
  whole_ = whole;
  log_.line(whole ? Log::Level::info : Log::Level::warning, "ended",
            fmt::format(",\"unfinished_connections\":{}", metrics_.open()));
  for (const auto& listener : listeners_) listener->close();
  for (const auto& worker : workers_) worker->stop();
  control_.stop();
}

}  // namespace cli::serve
