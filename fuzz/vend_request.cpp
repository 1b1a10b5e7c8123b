// Requests to a vending machine: whatever comes, there is one answer, nothing of the request is in an error, and what is
// vended lies within the ceiling and ends with its caller.

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz.hpp"
#include "momento_token/authorizer.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/keys.hpp"
#include "momento_token/scopes.hpp"
#include "momento_token/testing.hpp"
#include "momento_token/token.hpp"
#include "momento_token/vending.hpp"
#include "momento_token/verifier.hpp"

namespace {

namespace mt = momento_token;
namespace vending = momento_token::vending;
using namespace std::chrono_literals;
using Json = nlohmann::json;

constexpr std::chrono::sys_seconds new_year_2030{std::chrono::seconds(1893456000)};
constexpr std::chrono::sys_seconds caller_ends = new_year_2030 + 5min;
constexpr std::string_view page = "https://chat.example";

mt::Permissions most() {
  return mt::scopes::topic_publish_subscribe("chat", mt::AllTopics{})
      .with_cache(mt::CachePermissions::read_only().with_cache("media").with_key_prefix("room-7/"));
}

// One machine behind a credential, one open to anyone; both answer pages of one origin.
struct World {
  std::shared_ptr<mt::testing::ManualClock> clock = std::make_shared<mt::testing::ManualClock>(new_year_2030);
  mt::KeyPair key = fuzz::must(
      mt::KeyPair::from_secret("HS256", mt::SecretBytes::copy_of("0123456789abcdef0123456789abcdef"), "k"), "a key");
  mt::Verifier verifier =
      fuzz::must(mt::Verifier::create({.keys = {key.verification_key()}, .clock = clock}), "a verifier is made");
  vending::VendingMachine closed =
      machine(fuzz::must(vending::callback_auth([](const vending::Request& request) -> vending::AuthOutcome {
                           if (vending::find_field(request, "authorization").value != "ann") return vending::NotLetIn{};
                           return vending::Identity{.name = "ann", .expires_at = caller_ends};
                         }),
                         "a callback decides"));
  vending::VendingMachine open = machine(vending::open_to_anyone());

  [[nodiscard]] vending::VendingMachine machine(std::shared_ptr<const vending::CallerAuth> auth) const {
    return fuzz::must(
        vending::VendingMachine::create(
            {.issuer = {.signer = key.signer(), .endpoint = "cell.example.com", .clock = clock},
             .auth = std::move(auth),
             .policy = fuzz::must(vending::policy_from_rules({.scope = most(), .valid_for = 15min}), "it loads"),
             .cors = fuzz::must(vending::CorsPolicy::create({.origins = {std::string(page)}}), "CORS"),
             .max_body_bytes = 1024}),
        "a machine is made");
  }
};

const World& world() {
  static const World it;
  return it;
}

// The names that errors may give: ours.
bool is_known_field(std::string_view field) {
  static const std::vector<std::string_view> known = {"",
                                                      "name",
                                                      "scope",
                                                      "cacheName",
                                                      "cache_name",
                                                      "topicName",
                                                      "topic_name",
                                                      "permissions",
                                                      "explicit",
                                                      "super_user",
                                                      "cache_permissions",
                                                      "topic_permissions",
                                                      "function_permissions",
                                                      "role",
                                                      "cache",
                                                      "item",
                                                      "topic",
                                                      "func",
                                                      "function",
                                                      "key",
                                                      "keyPrefix",
                                                      "key_prefix",
                                                      "namePrefix",
                                                      "cache_selector",
                                                      "item_selector",
                                                      "topic_selector",
                                                      "function_selector",
                                                      "all_caches",
                                                      "all_items",
                                                      "all_topics",
                                                      "all_functions",
                                                      "topic_name_prefix",
                                                      "function_name",
                                                      "function_name_prefix"};
  while (true) {
    std::string_view part = field.substr(0, field.find('.'));
    field.remove_prefix(part.size() < field.size() ? part.size() + 1 : part.size());
    const std::size_t bracket = part.find('[');
    if (bracket != part.npos) {
      const std::string_view index = part.substr(bracket + 1);
      if (index.find_first_not_of("0123456789[]") != index.npos) return false;
      part = part.substr(0, bracket);
    }
    if (std::find(known.begin(), known.end(), part) == known.end()) return false;
    if (field.empty()) return true;
  }
}

void check_headers(const vending::Request& request, const vending::Response& answer) {
  fuzz::law(answer.header("cache-control") == "no-store", "no answer may be kept");
  for (const auto& header : answer.headers) {
    const auto same = [&header](const vending::ResponseHeader& other) { return other.name == header.name; };
    fuzz::law(std::count_if(answer.headers.begin(), answer.headers.end(), same) == 1, "each header is there once");
    fuzz::law(header.value.find_first_of(std::string_view("\r\n\0", 3)) == header.value.npos, "a header is one line");
  }
  const auto origin = vending::find_field(request, "origin");
  const bool ours = origin.count == 1 && origin.value == page;
  fuzz::law((answer.header("access-control-allow-origin") == page) == ours, "our page may read, no other may");
}

void check_error(const vending::Response& answer) {
  const Json error = Json::parse(answer.body, nullptr, false);
  fuzz::law(error.is_object() && error["code"].is_string() && error["request_id"] == "r-1", "an error is JSON");
  if (error.contains("field"))
    fuzz::law(is_known_field(error["field"].get<std::string>()), "a field has a name of ours");
  for (const auto& [name, value] : error.items()) {
    fuzz::law(name == "code" || name == "message" || name == "field" || name == "request_id", "and nothing else");
  }
  constexpr int statuses[] = {400, 401, 403, 405, 413, 415};
  fuzz::law(std::find(std::begin(statuses), std::end(statuses), answer.status) != std::end(statuses),
            "no request makes the machine fail");
}

void check_vended(const vending::Request& request, const vending::Response& answer, bool open) {
  const Json body = Json::parse(answer.body, nullptr, false);
  fuzz::law(body.is_object() && body["api_key"].is_string(), "what is vended is JSON");
  const std::string text = body["api_key"].get<std::string>();
  const auto token = fuzz::must(world().verifier.verify(text), "it verifies");
  fuzz::law(covers(most(), token.permissions()), "it lies within the ceiling");
  const auto seen = fuzz::must(mt::decode_unverified(text), "it is a token");
  fuzz::law(seen.claims().audience.empty(), "it is not for vending");
  fuzz::law(request.method == "POST" || request.method == "GET", "only POST and GET vend");
  if (open) {
    const auto tid = token.token_metadata();
    fuzz::law(!tid || tid->starts_with(R"({"unverified_name":)"), "a name that nobody checked is marked");
    if (tid) fuzz::law(mt::check_json(*tid).has_value(), "and is strict JSON");
  } else {
    fuzz::law(token.expires_at() <= caller_ends, "it ends with its caller");
    fuzz::law(!token.token_metadata().has_value(), "the query names nobody");
  }
}

void check(const vending::Request& request, bool open) {
  const vending::Response answer = (open ? world().open : world().closed).handle(request);
  check_headers(request, answer);
  if (answer.status == 200) return check_vended(request, answer, open);
  if (answer.status == 204)
    return fuzz::law(request.method == "OPTIONS" && answer.body.empty(), "only a preflight is 204");
  check_error(answer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::uint8_t bits = input.byte();
  vending::Request request{.body_is_base64 = (bits & 2) != 0, .peer = "192.0.2.1", .id = "r-1"};
  request.method = (bits & 4) != 0 ? input.until('\n') : "POST";
  request.target = input.until('\n');
  if ((bits & 8) != 0) request.headers.push_back({"authorization", "ann"});
  if ((bits & 16) != 0) request.headers.push_back({"Origin", page});
  if ((bits & 32) != 0) request.headers.push_back({"content-type", "application/json"});
  for (int i = 0; i < (bits >> 6); ++i) {
    const std::string_view name = input.until(':');
    request.headers.push_back({name, input.until('\n')});
  }
  request.body = input.rest();
  check(request, (bits & 1) != 0);
  return 0;
}
