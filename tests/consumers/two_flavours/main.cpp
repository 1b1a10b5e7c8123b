#include <iostream>

#include "party.hpp"

int main() {
  const std::string secret(32, 's');
  const std::string other(32, 't');
  const std::string compiled = with_compiled::mint(secret, "room-1");
  const std::string header_only = with_header_only::mint(secret, "room-2");
  const bool agree =
      with_compiled::accepts(secret, compiled, "room-1") && with_compiled::accepts(secret, header_only, "room-2") &&
      with_header_only::accepts(secret, compiled, "room-1") && with_header_only::accepts(secret, header_only, "room-2");
  const bool refuse = !with_compiled::accepts(other, header_only, "room-2") &&
                      !with_header_only::accepts(other, compiled, "room-1") &&
                      !with_compiled::accepts(secret, header_only, "room-1");
  std::cout << (agree && refuse ? "consumer works\n" : "consumer fails\n");
  return agree && refuse ? 0 : 1;
}
