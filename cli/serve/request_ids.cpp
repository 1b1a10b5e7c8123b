#include "request_ids.hpp"

#include <fmt/format.h>

#include <random>

namespace cli::serve {

RequestIds::RequestIds() {
  std::random_device random;
  prefix_ = fmt::format("{:08x}{:08x}-", random(), random());
}

std::string RequestIds::next() {
  return fmt::format("{}{:x}", prefix_, count_.fetch_add(1, std::memory_order_relaxed));
}

}  // namespace cli::serve
