#pragma once
// Texts of several parts, for the test kit. Plainer than operator+, about which g++ 12 warns wrongly (GCC bug 105651).

#include <initializer_list>
#include <string>
#include <string_view>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace testing::detail {

[[nodiscard]] inline std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text.append(part);
  return text;
}

}  // namespace testing::detail
MOMENTO_TOKEN_END_NAMESPACE
