#pragma once
// Ids of requests: random for the process, counted within it.

#include <atomic>
#include <cstdint>
#include <string>

namespace cli::serve {

class RequestIds {
 public:
  RequestIds();
  /// 16 hexadecimal letters of the process, a dash, and a number.
  [[nodiscard]] std::string next();

 private:
  std::string prefix_;
  std::atomic<std::uint64_t> count_{0};
};

}  // namespace cli::serve
