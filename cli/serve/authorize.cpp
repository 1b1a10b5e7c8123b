#include "authorize.hpp"

#include <algorithm>
#include <optional>

#include "momento_token/authorizer.hpp"
#include "momento_token/encoding.hpp"
#include "replies.hpp"

namespace cli::serve {

namespace {

// Alike for every token that does not hold, and for none.
Authorized no_token(const vending::Request& request, mt::StaticText detail) {
  return {error_reply(401, "invalid_token", "the token is missing or not accepted", request.id), detail};
}
Authorized denied(const vending::Request& request, mt::StaticText detail) {
  return {error_reply(403, "permission_denied", "the token does not allow this", request.id), detail};
}

bool begins_with_bearer(std::string_view text) {
  constexpr std::string_view scheme = "bearer ";
  return text.size() >= scheme.size() && std::equal(scheme.begin(), scheme.end(), text.begin(), [](char a, char b) {
           return a == ((b >= 'A' && b <= 'Z') ? static_cast<char>(b + ('a' - 'A')) : b);
         });
}

std::string_view token_of(std::string_view field) {
  return begins_with_bearer(field) ? field.substr(std::string_view("bearer ").size()) : field;
}

}  // namespace

Authorized authorize(const mt::Verifier& verifier, const mt::Clock& clock, const vending::Request& request) {
  const auto authorization = vending::find_field(request, "authorization");
  if (authorization.count != 1) return no_token(request, "no token, or several");
  const auto token = verifier.verify(token_of(authorization.value));
  if (!token) return no_token(request, token.error().message);

  const auto action_name = vending::find_field(request, action_header);
  const auto cache = vending::find_field(request, cache_header);
  const auto resource = vending::find_field(request, resource_header);
  if (action_name.count != 1 || cache.count != 1 || resource.count > 1) {
    return denied(request, "a header that decides is missing, or there twice");
  }
  if (cache.value.empty() || !mt::is_utf8(cache.value)) return denied(request, "the cache has no name");
  std::optional<std::string_view> wanted;
  mt::Bytes bytes;
  if (resource.count == 1) {
    auto decoded = mt::base64_decode(resource.value);
    if (!decoded) return denied(request, "the resource is no base64");
    bytes = std::move(decoded).value();
    wanted = mt::as_text(bytes);
  }
  const auto action = mt::action_from_name(action_name.value, cache.value, wanted);
  if (!action) return denied(request, "there is no such action");
  if (!mt::allows(*token, *action, clock)) return denied(request, "the token does not allow it");

  vending::Response reply{.status = 204};
  reply.headers.push_back({"cache-control", "no-store"});
  reply.headers.push_back({"x-request-id", std::string(request.id)});
  return {std::move(reply), {}};
}

}  // namespace cli::serve
