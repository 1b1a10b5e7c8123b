#include "row.hpp"
namespace bench {
void add_peers() {}
}  // namespace bench
