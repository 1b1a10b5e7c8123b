// Every row in one process; scripts/bench shuffles their repetitions and makes the table.

#include "material.hpp"
#include "row.hpp"

int main(int argc, char** argv) {
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
