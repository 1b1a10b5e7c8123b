#pragma once
// Answers as they go onto the wire (RFC 9112 §4).

#include <string>
#include <string_view>

#include "momento_token/vending/response.hpp"

namespace cli::serve {

struct WireOptions {
  std::string_view date;
  bool close = false;    ///< says that the connection ends
  bool no_body = false;  ///< to HEAD
};
/// Replaces what is in `out`, and keeps its memory.
void write_wire(std::string& out, const momento_token::vending::Response& reply, const WireOptions& options);

}  // namespace cli::serve
