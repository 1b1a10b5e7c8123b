#pragma once
// Permission sets made of the bytes of an input: every kind, role and selector, also those that cannot be issued.

#include <string>
#include <utility>

#include "fuzz.hpp"
#include "momento_token/permissions.hpp"

namespace fuzz {

template <class P>
[[nodiscard]] P permission_from(Input& input, P permission) {
  permission = std::move(permission).with_role(static_cast<typename P::Role>(input.below(P::kind().roles.size())));
  switch (input.below(4)) {
    case 0: permission = std::move(permission).with_all_caches(); break;
    case 1: break;
    default: permission = std::move(permission).with_cache(std::string(input.until('\0'))); break;
  }
  return permission;
}

[[nodiscard]] inline momento_token::Permission cache_permission_from(Input& input) {
  auto p = permission_from(input, momento_token::CachePermissions());
  switch (input.below(4)) {
    case 0: return p;
    case 1: return std::move(p).with_all_items();
    case 2: return std::move(p).with_key(std::string(input.until('\0')));
    default: return std::move(p).with_key_prefix(std::string(input.until('\0')));
  }
}
[[nodiscard]] inline momento_token::Permission topic_permission_from(Input& input) {
  auto p = permission_from(input, momento_token::TopicPermissions());
  switch (input.below(4)) {
    case 0: return p;
    case 1: return std::move(p).with_all_topics();
    case 2: return std::move(p).with_topic(std::string(input.until('\0')));
    default: return std::move(p).with_topic_prefix(std::string(input.until('\0')));
  }
}
[[nodiscard]] inline momento_token::Permission function_permission_from(Input& input) {
  auto p = permission_from(input, momento_token::FunctionPermissions());
  switch (input.below(4)) {
    case 0: return p;
    case 1: return std::move(p).with_all_functions();
    case 2: return std::move(p).with_function(std::string(input.until('\0')));
    default: return std::move(p).with_function_prefix(std::string(input.until('\0')));
  }
}

/// At most `most` statements; a few more than may be issued, unless another number will do.
[[nodiscard]] inline momento_token::Permissions permissions_from(Input input, std::size_t most = 24) {
  momento_token::Permissions set;
  while (!input.empty() && set.size() < most) {
    switch (input.below(3)) {
      case 0: set = std::move(set).with(cache_permission_from(input)); break;
      case 1: set = std::move(set).with(topic_permission_from(input)); break;
      default: set = std::move(set).with(function_permission_from(input)); break;
    }
  }
  return set;
}

}  // namespace fuzz
