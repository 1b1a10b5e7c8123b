#include "momento_token/permissions.hpp"

momento_token::Permissions make() { return momento_token::Permissions(); }
