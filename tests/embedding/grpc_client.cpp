// Asks a gRPC server for a token: grpc_client ADDRESS JSON [NAME VALUE]… with the metadata's names and values; prints the
// status code's number and, on the next line, the reply's JSON or the status' message.

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <iostream>

#include "vend.grpc.pb.h"

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const auto stub = example::Tokens::NewStub(grpc::CreateChannel(argv[1], grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  for (int i = 3; i + 1 < argc; i += 2) context.AddMetadata(argv[i], argv[i + 1]);
  example::VendRequest request;
  request.set_json(argv[2]);
  example::VendReply reply;
  const grpc::Status status = stub->Vend(&context, request, &reply);
  std::cout << int(status.error_code()) << '\n' << (status.ok() ? reply.json() : status.error_message()) << '\n';
}
