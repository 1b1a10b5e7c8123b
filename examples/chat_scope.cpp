// A token per chat session: a room is a topic, and what somebody may do there is a role.

#include <iostream>
#include <string>

#include "momento_token/momento_token.hpp"

using namespace momento_token;
using namespace std::chrono_literals;

enum class Member { guest, speaker, moderated };

// The room is one the caller was let into by your own rules; a scope that the caller sends is never signed.
Permissions in_room(Member member, const std::string& room) {
  const auto listening =
      Permissions().with_topic(TopicPermissions::subscribe_only().with_cache("chat").with_topic(room));
  switch (member) {
    case Member::guest: return listening;
    case Member::speaker: return scopes::topic_publish_subscribe("chat", room);
    // What they write goes to a topic that only the moderator subscribes to, who passes it on.
    case Member::moderated:
      return listening.with_topic(TopicPermissions::publish_only().with_cache("chat").with_topic(room + "-input"));
  }
  return {};
}

int main() {
  const auto key = KeyPair::generate("EdDSA").value();
  const auto issuer = Issuer::create({.signer = key.signer(), .endpoint = "localhost"}).value();
  const auto verifier = Verifier::create({.keys = {key.verification_key()}}).value();

  // Many people enter the same room: check and encode its scope once, mint from it for each.
  const auto room = issuer.prepare(in_room(Member::moderated, "room-7")).value();
  for (const auto* const user : {"ann", "ben"}) {
    const auto minted = room.generate_disposable_token({.valid_for = 15min, .token_id = user});
    if (!minted) return std::cerr << to_string(minted.error()) << '\n', 1;

    // Put the token_id beside each message that is passed on: nobody can write under another's name.
    const auto token = verifier.verify(minted->api_key).value();
    std::cout << *token.token_metadata() << " may " << to_string(token.permissions()) << '\n';
    std::cout << "  reads the room: " << allows(token, topic_subscribe("chat", "room-7"))
              << ", writes to it: " << allows(token, topic_publish("chat", "room-7"))
              << ", writes to its moderator: " << allows(token, topic_publish("chat", "room-7-input"))
              << ", reads another: " << allows(token, topic_subscribe("chat", "room-8")) << '\n';
  }
}
