#pragma once
// The vending kit: what hands out tokens over HTTP, without a socket of its own.

#include "momento_token/vending/cors.hpp"
#include "momento_token/vending/key_source.hpp"
#include "momento_token/vending/rate_limiter.hpp"
#include "momento_token/vending/request.hpp"
#include "momento_token/vending/response.hpp"
