#pragma once
// The one-line scopes of Momento's SDKs: scopes::topic_publish_only("chat", "room-7").

#include <string>
#include <utility>

#include "momento_token/config.hpp"
#include "momento_token/permissions.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace scopes {

/// A name, or all: what the scopes take as an argument. `Everything` is AllCaches, AllTopics or AllFunctions.
template <class Everything>
class NameOrAll {
 public:
  NameOrAll(std::string name) : name_(std::move(name)) {}
  NameOrAll(const char* name) : name_(name) {}
  NameOrAll(Everything) noexcept : all_(true) {}

  [[nodiscard]] bool is_all() const noexcept { return all_; }
  [[nodiscard]] std::string take_name() && { return std::move(name_); }

 private:
  std::string name_;
  bool all_ = false;
};
using Cache = NameOrAll<AllCaches>;
using Topic = NameOrAll<AllTopics>;
using Function = NameOrAll<AllFunctions>;

namespace detail {
// The presets that are narrowed here start from all caches and all resources.
template <class P>
P in_cache(P p, Cache cache) {
  if (cache.is_all()) return p;
  return std::move(p).with_cache(std::move(cache).take_name());
}
inline TopicPermissions on_topic(TopicPermissions p, Topic topic) {
  if (topic.is_all()) return p;
  return std::move(p).with_topic(std::move(topic).take_name());
}
inline FunctionPermissions on_function(FunctionPermissions p, Function function) {
  if (function.is_all()) return p;
  return std::move(p).with_function(std::move(function).take_name());
}

inline Permissions items(CachePermissions p, Cache cache) {
  return Permissions().with_cache(in_cache(std::move(p), std::move(cache)));
}
inline Permissions key(CachePermissions p, Cache cache, std::string key) {
  return items(std::move(p).with_key(std::move(key)), std::move(cache));
}
inline Permissions key_prefix(CachePermissions p, Cache cache, std::string prefix) {
  return items(std::move(p).with_key_prefix(std::move(prefix)), std::move(cache));
}
inline Permissions topic(TopicPermissions p, Cache cache, Topic topic) {
  return Permissions().with_topic(in_cache(on_topic(std::move(p), std::move(topic)), std::move(cache)));
}
inline Permissions topic_prefix(TopicPermissions p, Cache cache, std::string prefix) {
  return Permissions().with_topic(in_cache(std::move(p).with_topic_prefix(std::move(prefix)), std::move(cache)));
}
inline Permissions function(FunctionPermissions p, Cache cache, Function function) {
  return Permissions().with_function(in_cache(on_function(std::move(p), std::move(function)), std::move(cache)));
}
inline Permissions function_prefix(FunctionPermissions p, Cache cache, std::string prefix) {
  return Permissions().with_function(in_cache(std::move(p).with_function_prefix(std::move(prefix)), std::move(cache)));
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
  return detail::function(FunctionPermissions::invoke(), std::move(cache), std::move(function));
}
[[nodiscard]] inline Permissions function_prefix_invoke(Cache cache, std::string prefix) {
  return detail::function_prefix(FunctionPermissions::invoke(), std::move(cache), std::move(prefix));
}
/// Grants nothing: says so beside other statements. Alone it is refused at issue.
[[nodiscard]] inline Permissions function_permit_none(Cache cache, Function function) {
  return detail::function(FunctionPermissions::invoke().with_role(FunctionRole::permit_none), std::move(cache),
                          std::move(function));
}
[[nodiscard]] inline Permissions function_prefix_permit_none(Cache cache, std::string prefix) {
  return detail::function_prefix(FunctionPermissions::invoke().with_role(FunctionRole::permit_none), std::move(cache),
                                 std::move(prefix));
}

/// Reads and writes every item of every cache, publishes and subscribes to every topic: the SDKs' AllDataReadWrite.
[[nodiscard]] inline Permissions all_data_read_write() {
  return Permissions().with_topic(TopicPermissions::publish_subscribe()).with_cache(CachePermissions::read_write());
}

}  // namespace scopes
MOMENTO_TOKEN_END_NAMESPACE
