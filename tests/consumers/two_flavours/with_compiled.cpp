#define PARTY with_compiled
#include "party.inl"
