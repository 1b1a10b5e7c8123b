// Signs with a key that this process never has; a second process stands in for a KMS. Derive from Signer, put the call to
// your key service, with a time-out, into sign(), and verify with its public key.

#include <sys/socket.h>
#include <unistd.h>

#include <iostream>
#include <mutex>

#include "momento_token/momento_token.hpp"

using namespace momento_token;

// The key service, the only one that has the private key: it tells the public half, then signs what it is sent.
void serve_key(int socket) {
  const auto key = KeyPair::generate("ES256").value();
  const auto jwks = public_jwks({{key.verification_key()}}).value();
  send(socket, jwks.data(), jwks.size(), MSG_NOSIGNAL);
  std::byte input[16 * 1024], signature[max_signature_bytes];
  for (ssize_t size; (size = recv(socket, input, sizeof input, 0)) > 0;) {
    const auto used = key.signer()->sign({input, static_cast<std::size_t>(size)}, signature);
    if (!used || send(socket, signature, *used, MSG_NOSIGNAL) <= 0) return;
  }
}

class RemoteSigner final : public Signer {
 public:
  RemoteSigner(int socket, std::string_view kid) : socket_(socket), kid_(kid) {}
  std::string_view alg() const noexcept override { return "ES256"; }
  std::string_view kid() const noexcept override { return kid_; }
  Result<std::size_t> sign(ByteView input, std::span<std::byte> signature) const override {
    const std::scoped_lock one_at_a_time(mutex_);  // several threads may mint
    const bool sent = send(socket_, input.data(), input.size(), MSG_NOSIGNAL) > 0;
    const ssize_t size = sent ? recv(socket_, signature.data(), signature.size(), 0) : 0;
    if (size <= 0) return Error{Errc::internal_error, "signer", "the key service did not answer"};
    return static_cast<std::size_t>(size);  // r and s, 32 bytes each; a KMS that answers in DER needs a step more
  }

 private:
  int socket_;
  std::string kid_;
  mutable std::mutex mutex_;
};

int main() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0) return 1;
  if (fork() == 0) return close(ends[0]), serve_key(ends[1]), 0;
  close(ends[1]);
  char jwks[4096] = {};
  if (recv(ends[0], jwks, sizeof jwks - 1, 0) <= 0) return 1;
  const auto keys = verification_keys_from_jwks(jwks).value();
  const auto issuer = Issuer::create({.signer = std::make_shared<RemoteSigner>(ends[0], keys[0]->kid())}).value();
  const auto token =
      generate_disposable_token(issuer, std::chrono::minutes(5), scopes::topic_publish_only("chat", "room-7"), "ann");
  const auto seen = Verifier::create({.keys = keys}).value().verify(token.value().api_key);
  std::cout << "signed elsewhere, verified here, for " << *seen.value().token_metadata() << '\n';
}
