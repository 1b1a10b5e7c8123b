#pragma once
// A selector picks resources: nothing yet, all of them, one by name, or those that start with a prefix.

#include <string>
#include <utility>
#include <variant>

#include "momento_token/config.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

/// Nothing chosen yet: what a forgotten selector looks like. Refused at issue, except where the JSON of Momento's service
/// leaves an item selector out.
struct Unset {
  friend bool operator==(Unset, Unset) = default;
};

/// Every resource of the kind.
template <class Tag>
struct All {
  friend bool operator==(All, All) = default;
};

/// The one resource with exactly this name. Cache, topic and function names are UTF-8 text; keys are any bytes.
template <class Tag>
struct Name {
  explicit Name(std::string text) : value(std::move(text)) {}
  std::string value;  ///< the name or key, unchanged
  friend bool operator==(const Name&, const Name&) = default;
};

/// Every resource whose name starts with these bytes; the prefix itself is one of them.
template <class Tag>
struct Prefix {
  explicit Prefix(std::string text) : value(std::move(text)) {}
  std::string value;  ///< the prefix, unchanged
  friend bool operator==(const Prefix&, const Prefix&) = default;
};

/// What a cache selector may be; Unset until one is chosen.
using AllCaches = All<struct CacheTag>;
using CacheName = Name<struct CacheTag>;
using CacheSelector = std::variant<Unset, AllCaches, CacheName>;

MOMENTO_TOKEN_END_NAMESPACE
