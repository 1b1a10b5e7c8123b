// Permissions as protobuf bytes: decode(encode(p)) == p, and bytes have one form only.

#include <string>
#include <string_view>

#include "fuzz.hpp"
#include "momento_token/authorizer.hpp"
#include "momento_token/detail/statement.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/permissions_proto.hpp"
#include "permissions_input.hpp"

namespace {

namespace mt = momento_token;

void check_bytes(mt::ByteView bytes) {
  const auto permissions = mt::from_proto(bytes);
  if (!permissions) {
    return fuzz::law(permissions.error().code == mt::Errc::invalid_argument, "a refusal is invalid_argument");
  }
  const mt::Bytes again = fuzz::must(mt::to_proto(*permissions), "what was read can be written");
  fuzz::law(mt::as_text(again) == mt::as_text(bytes), "bytes that are taken are the canonical ones");
  fuzz::law(mt::is_utf8(mt::to_string(*permissions)), "permissions in words are UTF-8");
  if (bytes.empty()) return;
  fuzz::law(!mt::from_proto(bytes.first(bytes.size() - 1)), "a truncated set is refused");
}

bool names_are_utf8(const mt::Permission& permission) {
  const mt::detail::StatementView s = mt::detail::view_of(permission);
  return mt::is_utf8(s.cache.text) &&
         (std::holds_alternative<mt::CachePermissions>(permission) || mt::is_utf8(s.resource.text));
}

void check_set(const mt::Permissions& permissions) {
  bool sayable = true;
  for (const mt::Permission& permission : permissions.items()) sayable = sayable && names_are_utf8(permission);
  const auto bytes = mt::to_proto(permissions);
  fuzz::law(bytes.has_value() == sayable, "every set whose names are UTF-8 can be written");
  if (!bytes) return;
  fuzz::law(fuzz::must(mt::from_proto(*bytes), "what was written can be read") == permissions,
            "what was written comes back");
  // Deciding is no reading, but this is where sets of every shape are.
  const auto beyond = mt::first_uncovered(permissions, permissions);
  fuzz::law(mt::covers(permissions, permissions) == !beyond.has_value(), "covers and first_uncovered agree");
  fuzz::law(!beyond, "a set covers itself");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check_bytes(mt::as_bytes({reinterpret_cast<const char*>(data), size}));
  check_set(fuzz::permissions_from(fuzz::Input(data, size)));
  return 0;
}
