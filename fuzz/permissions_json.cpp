// Permissions as JSON, in the Rust crate's form and in the JavaScript SDK's: from(to(p)) == p, and nothing ambiguous.

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "fuzz.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/permissions_json.hpp"
#include "momento_token/permissions_proto.hpp"
#include "permissions_input.hpp"

namespace {

namespace mt = momento_token;
using Json = nlohmann::json;

bool is_strict(std::string_view text) { return mt::check_json(text).has_value(); }

void check_functions_round(const mt::Permissions& permissions, const char* source) {
  const std::string text = fuzz::must(mt::to_functions_json(permissions), source);
  fuzz::law(is_strict(text), "what is written is strict JSON");
  fuzz::law(fuzz::must(mt::from_functions_json(text), "what is written can be read") == permissions,
            "the Rust crate's form comes back");
}
void check_proto_round(const mt::Permissions& permissions) {
  const mt::Bytes bytes = fuzz::must(mt::to_proto(permissions), "what was read can travel");
  fuzz::law(fuzz::must(mt::from_proto(bytes), "what travels can be read") == permissions, "it arrives as it was");
}
void check_sdk_round(const mt::Permissions& permissions) {
  const auto text = mt::to_sdk_json(permissions);
  if (!text) return fuzz::law(text.error().code == mt::Errc::invalid_argument, "what it cannot say is refused");
  fuzz::law(is_strict(*text), "what is written is strict JSON");
  fuzz::law(fuzz::must(mt::from_sdk_json(*text), "what is written can be read") == permissions,
            "the SDK's form comes back");
}

// By nlohmann: some statement names all and one.
bool names_all_and_one(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  for (const Json& statement : json["explicit"]["permissions"]) {
    for (const Json& body : statement) {
      for (const char* kind : {"caches", "items", "topics", "functions"}) {
        std::string one = kind;
        one.resize(one.size() - 1);
        if (body.contains("all_" + std::string(kind)) && body.contains(one + "_selector")) return true;
      }
    }
  }
  return false;
}

// False when the text is not of this form.
bool check_functions_text(std::string_view text) {
  const auto read = mt::from_functions_json(text);
  const auto narrower = mt::from_functions_json(text, mt::AmbiguousSelectors::narrower);
  if (read || narrower) fuzz::law(is_strict(text), "only strict JSON is read");
  if (!narrower)
    fuzz::law(narrower.error().code != mt::Errc::ambiguous_scope, "the narrower reading is never in doubt");
  if (read) {
    fuzz::law(!names_all_and_one(text), "what names both all and one is not read");
    fuzz::law(narrower.has_value() && *narrower == *read, "what is not ambiguous reads the same both ways");
  } else if (narrower) {
    fuzz::law(read.error().code == mt::Errc::ambiguous_scope, "only ambiguity sets the two readings apart");
  }
  if (!narrower) return false;
  check_functions_round(*narrower, "what was read can be written");
  check_proto_round(*narrower);
  return true;
}

bool check_sdk_text(std::string_view text) {
  const auto read = mt::from_sdk_json(text);
  const auto with_items = mt::from_sdk_json(text, mt::MissingItem::all_items);
  fuzz::law(read.has_value() == with_items.has_value(), "a missing item is no error in either reading");
  if (!read) return false;
  fuzz::law(is_strict(text), "only strict JSON is read");
  fuzz::law(mt::to_sdk_json(*read).has_value(), "what was read in the SDK's form can be written in it");
  fuzz::law(read->size() == with_items->size(), "the statements are the same ones");
  for (const mt::Permission& permission : with_items->items()) {
    const auto* cache = std::get_if<mt::CachePermissions>(&permission);
    if (cache != nullptr) fuzz::law(cache->item().index() != 0, "no item is left out when missing means all");
  }
  check_sdk_round(*read);
  check_sdk_round(*with_items);
  check_functions_round(*read, "what the SDK's form says the Rust crate's can say");
  check_proto_round(*read);
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const bool functions = check_functions_text(text);
  const bool sdk = check_sdk_text(text);
  if (functions || sdk) return 0;
  // No such text: then a set made of its bytes. A small one, because statements are written one by one.
  const mt::Permissions made = fuzz::permissions_from(fuzz::Input(data, size), 3);
  if (mt::to_proto(made)) check_functions_round(made, "a set that can travel can be written");
  check_sdk_round(made);
  return 0;
}
