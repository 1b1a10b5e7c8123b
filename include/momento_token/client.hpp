#pragma once
// For programs that use tokens which somebody else vends.

#include "momento_token/client/refreshing_token_source.hpp"
