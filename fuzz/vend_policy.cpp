// Policy files: one that loads grants nobody the vending function, and no value opens somebody else's prefix.

#include <chrono>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fuzz.hpp"
#include "momento_token/authorizer.hpp"
#include "momento_token/detail/statement.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/vending/policy.hpp"

namespace {

namespace mt = momento_token;
namespace vending = momento_token::vending;

// Names that would like to be something else; claims of the same kind.
const std::vector<vending::Identity>& identities() {
  static const std::vector<vending::Identity> all = [] {
    std::vector<vending::Identity> made;
    for (const char* name : {"ann", "anna", "ann/", "a", "${user}", "${claim:email}", "%2F", "vend", "ve", "*", "nd",
                             "..", "\xC3\xA9", "\xFF", "a\"b", "end"}) {
      made.push_back({.name = name,
                      .claims = {{"email", std::string(name) + "@example.com"}, {"team", name}},
                      .groups = {"writers", "readers"}});
    }
    made.push_back({});
    return made;
  }();
  return all;
}

void check_scope(const mt::Permissions& scope) {
  for (const char* cache : {"fo", "chat", "a"}) {
    fuzz::law(!allows(scope, mt::function_invoke(cache, "vend")), "nobody is given the vending function");
  }
}

// With prefixes that no value can lengthen, two callers' prefixes are the same or apart.
void check_apart(const mt::Permissions& one, const mt::Permissions& other) {
  if (one.size() != other.size()) return;
  for (std::size_t i = 0; i < one.size(); ++i) {
    const auto a = mt::detail::view_of(one.items()[i]).resource, b = mt::detail::view_of(other.items()[i]).resource;
    if (a.select != mt::detail::Select::prefix || b.select != a.select || a.text == b.text) continue;
    fuzz::law(!a.text.starts_with(b.text) && !b.text.starts_with(a.text), "no prefix opens another caller's");
  }
}

void check_policy(const vending::VendingPolicy& policy) {
  std::vector<mt::Permissions> granted;
  for (const vending::Identity& identity : identities()) {
    const auto grant = policy.grant_for(identity);
    if (!grant) {
      fuzz::law(grant.error().code == mt::Errc::permission_denied, "who gets nothing is denied, nothing fails");
      continue;
    }
    check_scope(grant->permissions);
    if (grant->ceiling) check_scope(*grant->ceiling);
    const auto lifetime = grant->valid_for.seconds();
    fuzz::law(lifetime >= std::chrono::seconds(1) && lifetime <= std::chrono::hours(25), "a lifetime is 1 s to 25 h");
    granted.push_back(grant->permissions);
  }
  for (std::size_t i = 1; i < granted.size(); ++i) check_apart(granted[i - 1], granted[i]);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto policy = vending::policy_from_json(text);
  if (!policy) {
    fuzz::law(!policy.error().message.view().empty(), "a mistake is told");
    fuzz::law(mt::check_json(text).has_value() || policy.error().field.starts_with("line "), "with its line");
    return 0;
  }
  fuzz::law(mt::check_json(text).has_value(), "only strict JSON is read");
  check_policy(**policy);
  return 0;
}
