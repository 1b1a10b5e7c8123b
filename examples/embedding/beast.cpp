// The vending kit in a server of Boost.Beast: VEND_CREDENTIAL=… embed_beast KEYFILE

#include <utility>  // which Boost 1.74 uses and does not include

#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <iostream>
#include <thread>

#include "machine.hpp"

using namespace momento_token;
namespace http = boost::beast::http;
using boost::asio::ip::tcp;

http::response<http::string_body> vend(const vending::VendingMachine& machine, std::string_view peer,
                                       const http::request<http::string_body>& in) {
  const auto view = [](auto text) { return std::string_view(text.data(), text.size()); };
  vending::Request request{
      .method = view(in.method_string()), .target = view(in.target()), .body = in.body(), .peer = peer};
  for (const auto& field : in) {
    request.headers.push_back({view(field.name_string()), view(field.value())});
  }
  vending::Response answer = machine.handle(request);
  http::response<http::string_body> out(http::int_to_status(unsigned(answer.status)), in.version());
  for (const auto& [name, value] : answer.headers) out.set(name, value);
  if (in.method() != http::verb::head) out.body() = std::move(answer.body);
  out.keep_alive(in.keep_alive());
  out.prepare_payload();
  return out;
}

// As short as can be: one thread for each connection, and no time-outs. Yours has the shape of Beast's examples.
void serve_connection(const vending::VendingMachine& machine, tcp::socket socket) {
  boost::beast::flat_buffer buffer;
  boost::beast::error_code error;
  const std::string peer = socket.remote_endpoint(error).address().to_string();
  if (error) return;  // the client has left
  for (bool open = true; open && !error;) {
    http::request_parser<http::string_body> parser;
    parser.body_limit(128 * 1024);
    http::read(socket, buffer, parser, error);
    if (error) return;
    const auto answer = vend(machine, peer, parser.get());
    http::write(socket, answer, error);
    open = answer.keep_alive();
  }
}

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "usage: embed_beast KEYFILE\n", 2;
  const auto machine = machine_of(argv[1]);
  boost::asio::io_context context;
  tcp::acceptor acceptor(context, {boost::asio::ip::make_address("127.0.0.1"), 0});
  std::cout << "http://127.0.0.1:" << acceptor.local_endpoint().port() << "/vend" << std::endl;
  for (;;) {
    boost::beast::error_code error;
    tcp::socket socket = acceptor.accept(error);
    if (!error) std::thread(serve_connection, machine, std::move(socket)).detach();
    if (error) std::this_thread::sleep_for(std::chrono::milliseconds(50));  // no descriptor is left
  }
}
