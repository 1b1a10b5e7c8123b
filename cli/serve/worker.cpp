#include "worker.hpp"

#include <fmt/format.h>

#include <boost/asio/post.hpp>

namespace cli::serve {

namespace {

constexpr auto tick_time = std::chrono::milliseconds(250);
constexpr std::size_t scratch_bytes = std::size_t{16} * 1024;

std::string date_field(std::chrono::sys_seconds now) {
  constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(now - day);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

}  // namespace

Worker::Worker() : work_(context_.get_executor()), timer_(context_), scratch_(scratch_bytes) {}

void Worker::run() {
  tick();
  context_.run();
}

void Worker::close_idle() {
  asio::post(context_, [this] { closing_idle_ = true; });
}

void Worker::stop() {
  asio::post(context_, [this] {
    work_.reset();
    context_.stop();
  });
}

void Worker::add(Connection& connection) {
  connection.place_ = connections_.size();
  connections_.push_back(&connection);
}

void Worker::remove(Connection& connection) {
  connections_.back()->place_ = connection.place_;
  connections_[connection.place_] = connections_.back();
  connections_.pop_back();
}

std::string_view Worker::date() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  if (now != date_of_) {
    date_of_ = now;
    date_ = date_field(now);
  }
  return date_;
}

// Connections end through their own handlers, so none leaves the list meanwhile.
void Worker::tick() {
  const auto now = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    if (closing_idle_) connections_[i]->close_if_idle(now);
    connections_[i]->check_time(now);
  }
  timer_.expires_after(tick_time);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
}

}  // namespace cli::serve
