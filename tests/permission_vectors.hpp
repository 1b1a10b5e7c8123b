#pragma once
// The statements of tests/vectors (README-conformance.md) as Permissions, made with the public builders only.

#include <stdexcept>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "momento_token/permissions.hpp"
#include "support.hpp"

namespace test::vectors {

using Json = nlohmann::json;

/// One list of a file, by value: loops may run over it directly.
inline Json load(const std::string& name, const char* list) { return Json::parse(vector_text(name)).at(list); }

template <class P>
P with_cache_of(P permission, const Json& cache) {
  if (cache.is_null()) return permission;
  if (cache == "all") return std::move(permission).with_all_caches();
  return std::move(permission).with_cache(cache.at("name").get<std::string>());
}

inline momento_token::Permission cache_statement(const Json& s) {
  using namespace momento_token;
  const std::string role = s.at("role");
  CachePermissions p;
  if (role == "CachePermitNone")
    p = p.with_role(CacheRole::permit_none);
  else if (role == "CacheReadWrite")
    p = p.with_role(CacheRole::read_write);
  else if (role == "CacheReadOnly")
    p = p.with_role(CacheRole::read_only);
  else if (role == "CacheWriteOnly")
    p = p.with_role(CacheRole::write_only);
  else
    throw std::runtime_error(role);
  p = with_cache_of(p, s.at("cache"));
  const Json item = s.value("item", Json());
  if (item.is_null()) return p;
  if (item == "all") return p.with_all_items();
  if (item.contains("key")) return p.with_key(unb64(item.at("key").get<std::string>()));
  return p.with_key_prefix(unb64(item.at("key_prefix").get<std::string>()));
}

inline momento_token::Permission topic_statement(const Json& s) {
  using namespace momento_token;
  const std::string role = s.at("role");
  TopicPermissions p;
  if (role == "TopicPermitNone")
    p = p.with_role(TopicRole::permit_none);
  else if (role == "TopicReadWrite")
    p = p.with_role(TopicRole::publish_subscribe);
  else if (role == "TopicReadOnly")
    p = p.with_role(TopicRole::subscribe_only);
  else if (role == "TopicWriteOnly")
    p = p.with_role(TopicRole::publish_only);
  else
    throw std::runtime_error(role);
  p = with_cache_of(p, s.at("cache"));
  const Json topic = s.value("topic", Json());
  if (topic.is_null()) return p;
  if (topic == "all") return p.with_all_topics();
  if (topic.contains("name")) return p.with_topic(topic.at("name").get<std::string>());
  return p.with_topic_prefix(topic.at("prefix").get<std::string>());
}

inline momento_token::Permission function_statement(const Json& s) {
  using namespace momento_token;
  const std::string role = s.at("role");
  FunctionPermissions p;
  if (role == "FunctionPermitNone")
    p = p.with_role(FunctionRole::permit_none);
  else if (role == "FunctionInvoke")
    p = p.with_role(FunctionRole::invoke);
  else
    throw std::runtime_error(role);
  p = with_cache_of(p, s.at("cache"));
  const Json function = s.value("function", Json());
  if (function.is_null()) return p;
  if (function == "all") return p.with_all_functions();
  if (function.contains("name")) return p.with_function(function.at("name").get<std::string>());
  return p.with_function_prefix(function.at("prefix").get<std::string>());
}

inline momento_token::Permissions permissions_of(const Json& statements) {
  momento_token::Permissions permissions;
  for (const Json& s : statements) {
    const std::string kind = s.at("kind");
    permissions = permissions.with(kind == "cache"   ? cache_statement(s)
                                   : kind == "topic" ? topic_statement(s)
                                                     : function_statement(s));
  }
  return permissions;
}

}  // namespace test::vectors
