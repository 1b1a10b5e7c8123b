// The vending kit in a server of cpp-httplib: VEND_CREDENTIAL=… embed_httplib KEYFILE

#include <httplib.h>

#include <iostream>

#include "machine.hpp"

using namespace momento_token;

void vend(const vending::VendingMachine& machine, const httplib::Request& in, httplib::Response& out) {
  vending::Request request{.method = in.method, .target = in.target, .body = in.body, .peer = in.remote_addr};
  for (const auto& [name, value] : in.headers) request.headers.push_back({name, value});
  vending::Response answer = machine.handle(request);
  out.status = answer.status;
  for (const auto& [name, value] : answer.headers) out.set_header(name, value);
  out.body = std::move(answer.body);
}

void serve(const vending::VendingMachine& machine) {
  httplib::Server server;
  const httplib::Server::Handler handler = [&](const auto& in, auto& out) { vend(machine, in, out); };
  server.Post("/vend", handler).Get("/vend", handler).Options("/vend", handler);
  server.set_payload_max_length(128 * 1024);
  const int port = server.bind_to_any_port("127.0.0.1");
  std::cout << "http://127.0.0.1:" << port << "/vend" << std::endl;
  server.listen_after_bind();
}

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "usage: embed_httplib KEYFILE\n", 2;
  serve(machine_of(argv[1]));
}
