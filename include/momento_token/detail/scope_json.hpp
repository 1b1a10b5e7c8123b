#pragma once
// A scope inside of a larger JSON document, in either of the two forms.

#include <string>
#include <utility>

#include "momento_token/detail/json_place.hpp"
#include "momento_token/permissions_json.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// The field of an error begins with the place.
[[nodiscard]] inline Result<Permissions> read_scope_json(const JsonPlace& place, MissingItem missing) {
  if (place.object() == nullptr) return place.wrong("must be an object with permissions, or with explicit");
  const std::string text = place.value().dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  auto scope =
      place.member("explicit") || place.member("super_user") ? from_functions_json(text) : from_sdk_json(text, missing);
  if (scope) return scope;
  Error error = scope.error();
  error.field = error.field.empty() ? place.path() : place.path() + "." + error.field;
  return error;
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
