#define PARTY with_header_only
#include "party.inl"
