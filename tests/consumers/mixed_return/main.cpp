#include "momento_token/permissions.hpp"

momento_token::Permissions make();

int main() { return make().empty() ? 0 : 1; }
