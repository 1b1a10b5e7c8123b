#include "users_file.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "momento_token/encoding.hpp"
#include "momento_token/secret.hpp"

namespace cli::serve {

namespace mt = momento_token;
using mt::vending::PasswordUser;

namespace {

using Json = nlohmann::json;

mt::Error wrong(std::string place, mt::StaticText message) {
  return {mt::Errc::invalid_argument, std::move(place), message};
}

const std::string* text_in(const Json& object, const char* name) {
  const auto member = object.find(name);
  return member == object.end() ? nullptr : member->get_ptr<const std::string*>();
}

mt::Result<std::vector<std::string>> groups_of(const Json& user, const std::string& place) {
  std::vector<std::string> groups;
  const auto member = user.find("groups");
  if (member == user.end()) return groups;
  const auto* list = member->get_ptr<const Json::array_t*>();
  if (list == nullptr) return wrong(place + ".groups", "must be a list of texts");
  for (const Json& item : *list) {
    const auto* group = item.get_ptr<const std::string*>();
    if (group == nullptr) return wrong(place + ".groups", "must be a list of texts");
    groups.push_back(*group);
  }
  return groups;
}

mt::Result<PasswordUser> user_of(const Json& user, const std::string& place) {
  const auto* members = user.get_ptr<const Json::object_t*>();
  if (members == nullptr) return wrong(place, "must be an object");
  for (const auto& [name, value] : *members) {
    if (name != "name" && name != "hash" && name != "groups") return wrong(place, "has a member that is unknown here");
  }
  const std::string* name = text_in(user, "name");
  const std::string* hash = text_in(user, "hash");
  if (name == nullptr) return wrong(place + ".name", "must be a text");
  if (hash == nullptr) return wrong(place + ".hash", "must be a text, as `momento-token hash-password` prints it");
  auto groups = groups_of(user, place);
  if (!groups) return groups.error();
  return PasswordUser{*name, *hash, std::move(groups).value()};
}

}  // namespace

mt::Result<std::vector<PasswordUser>> read_users(const std::string& path) {
  const auto file = mt::read_key_file(path);
  if (!file) return file.error();
  if (!file->is_private) return wrong("", "may be read or written by others; chmod 600 mends it");
  const std::string_view text = file->bytes.expose_text();
  if (const auto strict = mt::check_json(text); !strict) return strict.error();
  const Json document = Json::parse(text, nullptr, false);
  const auto* members = document.get_ptr<const Json::object_t*>();
  const auto found = document.find("users");
  const auto* list = found == document.end() ? nullptr : found->get_ptr<const Json::array_t*>();
  if (members == nullptr || members->size() != 1 || list == nullptr)
    return wrong("users", "must be the one member, a list");
  std::vector<PasswordUser> users;
  for (const Json& item : *list) {
    auto user = user_of(item, fmt::format("users[{}]", users.size()));
    if (!user) return user.error();
    users.push_back(std::move(user).value());
  }
  return users;
}

}  // namespace cli::serve
