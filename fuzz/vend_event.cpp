// Events of AWS Lambda: what is read is what nlohmann reads, and every event that is read gets an answer.

#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <string_view>

#include "fuzz.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/keys.hpp"
#include "momento_token/scopes.hpp"
#include "momento_token/vending.hpp"

namespace {

namespace mt = momento_token;
namespace vending = momento_token::vending;
using Json = nlohmann::json;

const vending::VendingMachine& machine() {
  static const vending::VendingMachine it = fuzz::must(
      vending::VendingMachine::create(
          {.issuer = {.signer = fuzz::must(mt::KeyPair::from_secret(
                                               "HS256", mt::SecretBytes::copy_of("0123456789abcdef0123456789abcdef")),
                                           "a key is made")
                                    .signer()},
           .auth = fuzz::must(
               vending::bootstrap_auth({.credential = mt::SecretBytes::copy_of("bootstrap-credential-0123456789")}),
               "a credential"),
           .policy = fuzz::must(vending::policy_from_rules({.scope = mt::scopes::topic_publish_only("chat", "room-7"),
                                                            .valid_for = std::chrono::minutes(1)}),
                                "it loads")}),
      "a machine is made");
  return it;
}

std::string text_at(const Json& json, const char* pointer) {
  const Json::json_pointer place(pointer);
  return json.contains(place) && json.at(place).is_string() ? json.at(place).get<std::string>() : std::string();
}

bool is_given(const Json& json, const char* name) { return json.contains(name) && !json[name].is_null(); }

std::size_t texts_in(const Json& fields) {
  std::size_t count = 0;
  for (const Json& value : fields) count += value.is_array() ? value.size() : 1;
  return count;
}

void check_read(const Json& json, const vending::Request& request) {
  const bool second = json.contains(Json::json_pointer("/requestContext/http"));
  fuzz::law(request.method == text_at(json, second ? "/requestContext/http/method" : "/httpMethod"), "the method");
  fuzz::law(!request.method.empty(), "there is a method");
  fuzz::law(request.body == text_at(json, "/body"), "the body is the event's");
  fuzz::law(request.body_is_base64 == (json.contains("isBase64Encoded") && json["isBase64Encoded"] == true),
            "the flag is the event's");
  fuzz::law(request.target.starts_with(text_at(json, second ? "/rawPath" : "/path")), "the path comes first");
  const char* headers = is_given(json, "multiValueHeaders") ? "multiValueHeaders" : "headers";
  fuzz::law(request.headers.size() == (is_given(json, headers) ? texts_in(json[headers]) : 0), "no header is lost");
  if (!second) {  // what the query holds cannot begin another one
    const std::size_t query = request.target.size() - text_at(json, "/path").size();
    const std::string_view tail = request.target.substr(request.target.size() - query);
    fuzz::law(
        tail.find_first_not_of("?&=%ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == tail.npos,
        "the query is encoded");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto event = vending::EventRequest::read(text);
  if (!event) return 0;
  fuzz::law(mt::check_json(text).has_value(), "only strict JSON is read");
  check_read(Json::parse(text, nullptr, false), event->request());
  const vending::Response answer = machine().handle(event->request());
  const std::string back = vending::event_response(answer);
  fuzz::law(mt::check_json(back).has_value(), "an answer is strict JSON");
  const Json json = Json::parse(back, nullptr, false);
  fuzz::law(json["statusCode"] == answer.status && json["body"] == answer.body, "and says what was answered");
  fuzz::law(answer.status < 500, "no event makes the machine fail");
  return 0;
}
