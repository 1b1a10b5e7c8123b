// Every row in one process; scripts/bench shuffles their repetitions and makes the table. With --tokens: only prints the usual
// tokens, one a line, so that a peer in another process has the same claims.

#include <cstdio>

#include "material.hpp"
#include "row.hpp"

int main(int argc, char** argv) {
  if (argc == 2 && std::string_view(argv[1]) == "--tokens") {
    for (const std::string& token : bench::usual_tokens()) std::puts(token.c_str());
    return 0;
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  bench::add_limits();
  bench::add_ours();
  bench::add_growth();
  bench::add_peers();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
