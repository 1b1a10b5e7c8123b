#pragma once
// HOST:PORT on the command line and in what the program prints.

#include <utility>  // before Asio, which forgets it

#include <boost/asio/ip/tcp.hpp>
#include <string>

namespace cli::serve {

using Endpoint = boost::asio::ip::tcp::endpoint;

/// Of --listen.
inline constexpr const char* default_listen = "127.0.0.1:8080";

/// `PORT` is on loopback; `localhost:PORT`, an IPv4 address, `[::1]:PORT`. Names are not looked up: exit code 2.
[[nodiscard]] Endpoint address_of(const std::string& option, const std::string& text);
[[nodiscard]] std::string text_of(const Endpoint& endpoint);

}  // namespace cli::serve
