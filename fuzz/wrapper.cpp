// The SDKs' wrapper: unwrap(wrap(c)) == c, byte for byte as JSON.stringify writes it, and nothing unclear is unwrapped.

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "fuzz.hpp"
#include "momento_token/credential.hpp"
#include "momento_token/encoding.hpp"

namespace {

namespace mt = momento_token;
using OrderedJson = nlohmann::ordered_json;

std::string encoded(std::string_view text) { return mt::base64_encode(mt::as_bytes(text)); }

// What JSON.stringify writes, by nlohmann.
std::string stringified(const mt::Credential& c) {
  return OrderedJson({{"endpoint", c.endpoint}, {"api_key", c.api_key}}).dump();
}

void check_wrapper(std::string_view wrapper) {
  const auto credential = mt::unwrap(wrapper);
  if (!credential) {
    return fuzz::law(credential.error().code == mt::Errc::malformed_token ||
                         (credential.error().code == mt::Errc::limit_exceeded && wrapper.size() > 65536),
                     "the code of a refusal");
  }
  const mt::Bytes bytes = fuzz::must(mt::base64_decode(wrapper), "a wrapper is canonical base64");
  const std::string_view json = mt::as_text(bytes);
  fuzz::law(mt::check_json(json).has_value(), "a wrapper holds strict JSON");
  const auto document = OrderedJson::parse(json, nullptr, false);
  if (!document.is_discarded()) {
    fuzz::law(document.at("endpoint") == credential->endpoint && document.at("api_key") == credential->api_key,
              "the texts are those of the JSON");
  }
  const std::string again = fuzz::must(mt::wrap(*credential), "what was unwrapped can be wrapped");
  fuzz::law((again == wrapper) == (json == stringified(*credential)), "the canonical wrapper comes back as it was");
}

void check_credential(const mt::Credential& credential) {
  const bool sayable = !credential.api_key.empty() && !credential.endpoint.empty() && mt::is_utf8(credential.api_key) &&
                       mt::is_utf8(credential.endpoint);
  const auto wrapper = mt::wrap(credential);
  fuzz::law(wrapper.has_value() == sayable, "two texts can be wrapped, and nothing else");
  if (!wrapper) return;
  fuzz::law(*wrapper == encoded(stringified(credential)), "the wrapper is what JSON.stringify writes");
  if (wrapper->size() <= 65536) {
    fuzz::law(fuzz::must(mt::unwrap(*wrapper), "what was wrapped can be unwrapped") == credential, "it comes back");
  }
}

void check_response(const mt::Credential& credential) {
  const std::chrono::sys_seconds valid_until{std::chrono::seconds(1893459600)};
  const mt::DisposableToken token{.api_key = credential.api_key,
                                  .endpoint = credential.endpoint,
                                  .valid_until = valid_until,
                                  .issued_at = valid_until - std::chrono::hours(1),
                                  .jti = {}};
  const auto node = mt::response_body(token, mt::ResponseShape::node);
  const auto rust = mt::response_body(token, mt::ResponseShape::rust);
  fuzz::law(node.has_value() == rust.has_value(), "the two vending machines wrap the same tokens");
  if (!node) return;
  const auto a = OrderedJson::parse(*node, nullptr, false);
  const auto b = OrderedJson::parse(*rust, nullptr, false);
  const std::string wrapper = fuzz::must(mt::wrap(credential), "what is answered can be wrapped");
  fuzz::law(a == OrderedJson({{"authToken", wrapper}, {"expiresAt", 1893459600}}), "the Node.js answer");
  fuzz::law(b == OrderedJson({{"auth_token", wrapper}, {"expires_at", 1893459600}}), "the Rust answer");
  fuzz::law(credential.endpoint.find_first_of("/\\?#@ \n") == std::string::npos, "an endpoint is a host");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  check_wrapper(input.rest());
  check_wrapper(encoded(input.rest()));
  const std::string endpoint(input.until('\n'));
  const mt::Credential credential{.api_key = std::string(input.rest()), .endpoint = endpoint};
  check_credential(credential);
  check_response(credential);
  return 0;
}
