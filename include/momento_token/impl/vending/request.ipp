#pragma once

#include "momento_token/detail/vending_text.hpp"
#include "momento_token/vending/request.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace vending {

MOMENTO_TOKEN_INLINE FieldLookup find_field(const Request& request, std::string_view name) noexcept {
  FieldLookup found;
  for (const Header& header : request.headers) {
    if (!detail::equal_ignoring_case(header.name, name)) continue;
    if (found.count++ == 0) found.value = header.value;
  }
  return found;
}

}  // namespace vending
MOMENTO_TOKEN_END_NAMESPACE
