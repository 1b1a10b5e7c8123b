#include "addresses.hpp"

#include <cstdint>
#include <string_view>

#include "../options.hpp"
#include "../output.hpp"

namespace cli::serve {

namespace ip = boost::asio::ip;

namespace {

std::string_view without_brackets(std::string_view host) {
  const bool bracketed = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
  return bracketed ? host.substr(1, host.size() - 2) : host;
}

}  // namespace

Endpoint address_of(const std::string& option, const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const std::string port_text = colon == std::string::npos ? text : text.substr(colon + 1);
  const std::string host = colon == std::string::npos ? "127.0.0.1" : text.substr(0, colon);
  const auto port = parse_integer(port_text);
  if (!port || *port < 0 || *port > 65'535) throw UsageError(option + " needs a port, such as 127.0.0.1:8080");
  boost::system::error_code error;
  const auto address = ip::make_address(host == "localhost" ? "127.0.0.1" : std::string(without_brackets(host)), error);
  if (error || (address.is_v6() && !host.starts_with('['))) {
    throw UsageError(option + " needs an address, such as 127.0.0.1:8080, 0.0.0.0:443 or [::1]:8080");
  }
  return {address, static_cast<std::uint16_t>(*port)};
}

std::string text_of(const Endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(endpoint.port());
}

}  // namespace cli::serve
