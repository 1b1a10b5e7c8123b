// The vending kit in an interceptor of a gRPC server: VEND_CREDENTIAL=… embed_grpc KEYFILE

#include <grpcpp/grpcpp.h>

#include <iostream>

#include "machine.hpp"
#include "vend.grpc.pb.h"

using namespace momento_token;
using grpc::StatusCode;
using Point = grpc::experimental::InterceptionHookPoints;

// The JSON of an error goes along as the status' message.
grpc::Status status_of(const vending::Response& answer) {
  switch (answer.status) {
    case 200: return grpc::Status::OK;
    case 400:
    case 413: return {StatusCode::INVALID_ARGUMENT, answer.body};
    case 401: return {StatusCode::UNAUTHENTICATED, answer.body};
    case 403: return {StatusCode::PERMISSION_DENIED, answer.body};
    case 429: return {StatusCode::RESOURCE_EXHAUSTED, answer.body};
    case 503: return {StatusCode::UNAVAILABLE, answer.body};
    default: return {StatusCode::INTERNAL, answer.body};
  }
}

// The address in "ipv4:192.0.2.1:40000" or "ipv6:%5B2001:db8::1%5D:40000": nobody may be counted by a port.
std::string peer_of(grpc::experimental::ServerRpcInfo& call) {
  std::string peer = call.server_context()->peer();
  peer.resize(std::min(peer.rfind(':'), peer.size()));
  peer.erase(0, peer.find(':') + 1);
  for (const std::string_view bracket : {"%5B", "%5D", "[", "]"}) {
    if (const auto at = peer.find(bracket); at != peer.npos) peer.erase(at, bracket.size());
  }
  return peer;
}

class VendInterceptor final : public grpc::experimental::Interceptor {
 public:
  VendInterceptor(const vending::VendingMachine& machine, std::string peer)
      : machine_(machine), peer_(std::move(peer)) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* call) override {
    if (call->QueryInterceptionHookPoint(Point::POST_RECV_INITIAL_METADATA)) {
      for (const auto& [name, value] : *call->GetRecvInitialMetadata()) {
        headers_.push_back({{name.data(), name.size()}, {value.data(), value.size()}});
      }
    }
    if (call->QueryInterceptionHookPoint(Point::POST_RECV_MESSAGE)) {
      const auto* asked = static_cast<const example::VendRequest*>(call->GetRecvMessage());
      if (asked != nullptr) {  // null where the message is no protobuf
        answer_ = machine_.handle(
            {.method = "POST", .target = "/vend", .headers = headers_, .body = asked->json(), .peer = peer_});
      }
      reply_.set_json(answer_.status == 200 ? answer_.body : std::string());
    }
    if (call->QueryInterceptionHookPoint(Point::PRE_SEND_MESSAGE)) call->ModifySendMessage(&reply_);
    if (call->QueryInterceptionHookPoint(Point::PRE_SEND_STATUS)) call->ModifySendStatus(status_of(answer_));
    call->Proceed();
  }

 private:
  const vending::VendingMachine& machine_;
  const std::string peer_;
  std::vector<vending::Header> headers_;
  vending::Response answer_;  // an error until the machine has answered
  example::VendReply reply_;
};

class VendInterceptors final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit VendInterceptors(vending::VendingMachine machine) : machine_(std::move(machine)) {}
  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* call) override {
    if (std::string_view(call->method()) != "/example.Tokens/Vend") return nullptr;
    return new VendInterceptor(machine_, peer_of(*call));  // gRPC deletes it
  }

 private:
  vending::VendingMachine machine_;
};

class Tokens final : public example::Tokens::Service {
  grpc::Status Vend(grpc::ServerContext*, const example::VendRequest*, example::VendReply*) override {
    return grpc::Status::OK;
  }
};

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "usage: embed_grpc KEYFILE\n", 2;
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(std::make_unique<VendInterceptors>(machine_of(argv[1])));
  Tokens tokens;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&tokens);
  builder.experimental().SetInterceptorCreators(std::move(interceptors));
  const auto server = builder.BuildAndStart();
  std::cout << "127.0.0.1:" << port << std::endl;
  server->Wait();
}
