#pragma once
// What the vector paths of base64url have in common.

#include <cstddef>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// What a vector path decoded: the rest is the scalar path's.
struct VectorDecoded {
  std::size_t letters = 0;  // a multiple of 4
  bool all_letters = true;  // false when a foreign one was among them
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
