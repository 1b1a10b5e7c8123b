#pragma once
// The one-line scopes of Momento's SDKs: scopes::topic_publish_only("chat", "room-7").

#include <string>
#include <utility>

#include "momento_token/config.hpp"
#include "momento_token/permissions.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace scopes {

/// A cache by name, or AllCaches{}.
class Cache {
 public:
  Cache(std::string name) : selector_(CacheName(std::move(name))) {}
  Cache(const char* name) : Cache(std::string(name)) {}
  Cache(AllCaches all) : selector_(all) {}

  template <class P>
  [[nodiscard]] P of(P permission) && {
    if (auto* name = std::get_if<CacheName>(&selector_)) return std::move(permission).with_cache(std::move(name->value));
    return std::move(permission).with_all_caches();
  }

 private:
  CacheSelector selector_;
};

/// A topic by name, or AllTopics{}.
class Topic {
 public:
  Topic(std::string name) : selector_(TopicName(std::move(name))) {}
  Topic(const char* name) : Topic(std::string(name)) {}
  Topic(AllTopics all) : selector_(all) {}

  [[nodiscard]] TopicPermissions of(TopicPermissions permission) && {
    if (auto* name = std::get_if<TopicName>(&selector_)) return std::move(permission).with_topic(std::move(name->value));
    return std::move(permission).with_all_topics();
  }

 private:
  TopicSelector selector_;
};

/// A function by name, or AllFunctions{}.
class Function {
 public:
  Function(std::string name) : selector_(FunctionName(std::move(name))) {}
  Function(const char* name) : Function(std::string(name)) {}
  Function(AllFunctions all) : selector_(all) {}

  [[nodiscard]] FunctionPermissions of(FunctionPermissions permission) && {
    if (auto* name = std::get_if<FunctionName>(&selector_)) {
      return std::move(permission).with_function(std::move(name->value));
    }
    return std::move(permission).with_all_functions();
  }

 private:
  FunctionSelector selector_;
};

namespace detail {
inline Permissions items(CachePermissions p, Cache cache) {
  return Permissions().with_cache(std::move(cache).of(std::move(p)));
}
inline Permissions key(CachePermissions p, Cache cache, std::string key) {
  return items(std::move(p).with_key(std::move(key)), std::move(cache));
}
inline Permissions key_prefix(CachePermissions p, Cache cache, std::string prefix) {
  return items(std::move(p).with_key_prefix(std::move(prefix)), std::move(cache));
}
inline Permissions topic(TopicPermissions p, Cache cache, Topic topic) {
  return Permissions().with_topic(std::move(cache).of(std::move(topic).of(std::move(p))));
}
inline Permissions topic_prefix(TopicPermissions p, Cache cache, std::string prefix) {
  return Permissions().with_topic(std::move(cache).of(std::move(p).with_topic_prefix(std::move(prefix))));
}
}  // namespace detail

// Every item of one cache, or of all.
[[nodiscard]] inline Permissions cache_read_write(Cache cache) {
  return detail::items(CachePermissions::read_write(), std::move(cache));
}
[[nodiscard]] inline Permissions cache_read_only(Cache cache) {
  return detail::items(CachePermissions::read_only(), std::move(cache));
}
[[nodiscard]] inline Permissions cache_write_only(Cache cache) {
  return detail::items(CachePermissions::write_only(), std::move(cache));
}

// One item.
[[nodiscard]] inline Permissions cache_key_read_write(Cache cache, std::string key) {
  return detail::key(CachePermissions::read_write(), std::move(cache), std::move(key));
}
[[nodiscard]] inline Permissions cache_key_read_only(Cache cache, std::string key) {
  return detail::key(CachePermissions::read_only(), std::move(cache), std::move(key));
}
[[nodiscard]] inline Permissions cache_key_write_only(Cache cache, std::string key) {
  return detail::key(CachePermissions::write_only(), std::move(cache), std::move(key));
}

// The items whose key starts with a prefix.
[[nodiscard]] inline Permissions cache_key_prefix_read_write(Cache cache, std::string prefix) {
  return detail::key_prefix(CachePermissions::read_write(), std::move(cache), std::move(prefix));
}
[[nodiscard]] inline Permissions cache_key_prefix_read_only(Cache cache, std::string prefix) {
  return detail::key_prefix(CachePermissions::read_only(), std::move(cache), std::move(prefix));
}
[[nodiscard]] inline Permissions cache_key_prefix_write_only(Cache cache, std::string prefix) {
  return detail::key_prefix(CachePermissions::write_only(), std::move(cache), std::move(prefix));
}

// One topic, or all.
[[nodiscard]] inline Permissions topic_publish_subscribe(Cache cache, Topic topic) {
  return detail::topic(TopicPermissions::publish_subscribe(), std::move(cache), std::move(topic));
}
[[nodiscard]] inline Permissions topic_subscribe_only(Cache cache, Topic topic) {
  return detail::topic(TopicPermissions::subscribe_only(), std::move(cache), std::move(topic));
}
[[nodiscard]] inline Permissions topic_publish_only(Cache cache, Topic topic) {
  return detail::topic(TopicPermissions::publish_only(), std::move(cache), std::move(topic));
}

// The topics whose name starts with a prefix.
[[nodiscard]] inline Permissions topic_prefix_publish_subscribe(Cache cache, std::string prefix) {
  return detail::topic_prefix(TopicPermissions::publish_subscribe(), std::move(cache), std::move(prefix));
}
[[nodiscard]] inline Permissions topic_prefix_subscribe_only(Cache cache, std::string prefix) {
  return detail::topic_prefix(TopicPermissions::subscribe_only(), std::move(cache), std::move(prefix));
}
[[nodiscard]] inline Permissions topic_prefix_publish_only(Cache cache, std::string prefix) {
  return detail::topic_prefix(TopicPermissions::publish_only(), std::move(cache), std::move(prefix));
}

// One function, or all; the functions whose name starts with a prefix.
[[nodiscard]] inline Permissions function_invoke(Cache cache, Function function) {
  return Permissions().with_function(std::move(cache).of(std::move(function).of(FunctionPermissions())));
}
[[nodiscard]] inline Permissions function_prefix_invoke(Cache cache, std::string prefix) {
  return Permissions().with_function(std::move(cache).of(FunctionPermissions().with_function_prefix(std::move(prefix))));
}
/// Grants nothing: says so beside other statements. Alone it is refused at issue.
[[nodiscard]] inline Permissions function_permit_none(Cache cache, Function function) {
  return Permissions().with_function(
      std::move(cache).of(std::move(function).of(FunctionPermissions().with_role(FunctionRole::permit_none))));
}

/// Reads and writes every item of every cache, publishes and subscribes to every topic: the SDKs' AllDataReadWrite.
[[nodiscard]] inline Permissions all_data_read_write() {
  return Permissions().with_topic(TopicPermissions::publish_subscribe()).with_cache(CachePermissions::read_write());
}

}  // namespace scopes
MOMENTO_TOKEN_END_NAMESPACE
