#pragma once

#include <string>
#include <utility>

#include "momento_token/scopes.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace scopes {

namespace detail {
// The presets that are narrowed here start from all caches and all resources.
template <class P>
P in_cache(P p, Cache cache) {
  if (cache.is_all()) return p;
  return std::move(p).with_cache(std::move(cache).take_name());
}
MOMENTO_TOKEN_INLINE TopicPermissions on_topic(TopicPermissions p, Topic topic) {
  if (topic.is_all()) return p;
  return std::move(p).with_topic(std::move(topic).take_name());
}
MOMENTO_TOKEN_INLINE FunctionPermissions on_function(FunctionPermissions p, Function function) {
  if (function.is_all()) return p;
  return std::move(p).with_function(std::move(function).take_name());
}

MOMENTO_TOKEN_INLINE Permissions items(CachePermissions p, Cache cache) {
  return Permissions().with_cache(in_cache(std::move(p), std::move(cache)));
}
MOMENTO_TOKEN_INLINE Permissions key(CachePermissions p, Cache cache, std::string key) {
  return items(std::move(p).with_key(std::move(key)), std::move(cache));
}
MOMENTO_TOKEN_INLINE Permissions key_prefix(CachePermissions p, Cache cache, std::string prefix) {
  return items(std::move(p).with_key_prefix(std::move(prefix)), std::move(cache));
}
MOMENTO_TOKEN_INLINE Permissions topic(TopicPermissions p, Cache cache, Topic topic) {
  return Permissions().with_topic(in_cache(on_topic(std::move(p), std::move(topic)), std::move(cache)));
}
MOMENTO_TOKEN_INLINE Permissions topic_prefix(TopicPermissions p, Cache cache, std::string prefix) {
  return Permissions().with_topic(in_cache(std::move(p).with_topic_prefix(std::move(prefix)), std::move(cache)));
}
MOMENTO_TOKEN_INLINE Permissions function(FunctionPermissions p, Cache cache, Function function) {
  return Permissions().with_function(in_cache(on_function(std::move(p), std::move(function)), std::move(cache)));
}
MOMENTO_TOKEN_INLINE Permissions function_prefix(FunctionPermissions p, Cache cache, std::string prefix) {
  return Permissions().with_function(in_cache(std::move(p).with_function_prefix(std::move(prefix)), std::move(cache)));
}
}  // namespace detail

MOMENTO_TOKEN_INLINE Permissions cache_read_write(Cache cache) {
  return detail::items(CachePermissions::read_write(), std::move(cache));
}
MOMENTO_TOKEN_INLINE Permissions cache_read_only(Cache cache) {
  return detail::items(CachePermissions::read_only(), std::move(cache));
}
MOMENTO_TOKEN_INLINE Permissions cache_write_only(Cache cache) {
  return detail::items(CachePermissions::write_only(), std::move(cache));
}
MOMENTO_TOKEN_INLINE Permissions cache_key_read_write(Cache cache, std::string key) {
  return detail::key(CachePermissions::read_write(), std::move(cache), std::move(key));
}
MOMENTO_TOKEN_INLINE Permissions cache_key_read_only(Cache cache, std::string key) {
  return detail::key(CachePermissions::read_only(), std::move(cache), std::move(key));
}
MOMENTO_TOKEN_INLINE Permissions cache_key_write_only(Cache cache, std::string key) {
  return detail::key(CachePermissions::write_only(), std::move(cache), std::move(key));
}
MOMENTO_TOKEN_INLINE Permissions cache_key_prefix_read_write(Cache cache, std::string prefix) {
  return detail::key_prefix(CachePermissions::read_write(), std::move(cache), std::move(prefix));
}
MOMENTO_TOKEN_INLINE Permissions cache_key_prefix_read_only(Cache cache, std::string prefix) {
  return detail::key_prefix(CachePermissions::read_only(), std::move(cache), std::move(prefix));
}
MOMENTO_TOKEN_INLINE Permissions cache_key_prefix_write_only(Cache cache, std::string prefix) {
  return detail::key_prefix(CachePermissions::write_only(), std::move(cache), std::move(prefix));
}
MOMENTO_TOKEN_INLINE Permissions topic_publish_subscribe(Cache cache, Topic topic) {
  return detail::topic(TopicPermissions::publish_subscribe(), std::move(cache), std::move(topic));
}
MOMENTO_TOKEN_INLINE Permissions topic_subscribe_only(Cache cache, Topic topic) {
  return detail::topic(TopicPermissions::subscribe_only(), std::move(cache), std::move(topic));
}
MOMENTO_TOKEN_INLINE Permissions topic_publish_only(Cache cache, Topic topic) {
  return detail::topic(TopicPermissions::publish_only(), std::move(cache), std::move(topic));
}
MOMENTO_TOKEN_INLINE Permissions topic_prefix_publish_subscribe(Cache cache, std::string prefix) {
  return detail::topic_prefix(TopicPermissions::publish_subscribe(), std::move(cache), std::move(prefix));
}
MOMENTO_TOKEN_INLINE Permissions topic_prefix_subscribe_only(Cache cache, std::string prefix) {
  return detail::topic_prefix(TopicPermissions::subscribe_only(), std::move(cache), std::move(prefix));
}
MOMENTO_TOKEN_INLINE Permissions topic_prefix_publish_only(Cache cache, std::string prefix) {
  return detail::topic_prefix(TopicPermissions::publish_only(), std::move(cache), std::move(prefix));
}
MOMENTO_TOKEN_INLINE Permissions function_invoke(Cache cache, Function function) {
  return detail::function(FunctionPermissions::invoke(), std::move(cache), std::move(function));
}
MOMENTO_TOKEN_INLINE Permissions function_prefix_invoke(Cache cache, std::string prefix) {
  return detail::function_prefix(FunctionPermissions::invoke(), std::move(cache), std::move(prefix));
}
MOMENTO_TOKEN_INLINE Permissions function_permit_none(Cache cache, Function function) {
  return detail::function(FunctionPermissions::invoke().with_role(FunctionRole::permit_none), std::move(cache),
                          std::move(function));
}
MOMENTO_TOKEN_INLINE Permissions function_prefix_permit_none(Cache cache, std::string prefix) {
  return detail::function_prefix(FunctionPermissions::invoke().with_role(FunctionRole::permit_none), std::move(cache),
                                 std::move(prefix));
}
MOMENTO_TOKEN_INLINE Permissions all_data_read_write() {
  return Permissions().with_topic(TopicPermissions::publish_subscribe()).with_cache(CachePermissions::read_write());
}

}  // namespace scopes
MOMENTO_TOKEN_END_NAMESPACE
