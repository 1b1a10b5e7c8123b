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

  /// For the scopes themselves.
  [[nodiscard]] bool is_all() const noexcept { return all_; }
  [[nodiscard]] std::string take_name() && { return std::move(name_); }

 private:
  std::string name_;
  bool all_ = false;
};
/// A name, or AllCaches{}, AllTopics{}, AllFunctions{}.
using Cache = NameOrAll<AllCaches>;
using Topic = NameOrAll<AllTopics>;
using Function = NameOrAll<AllFunctions>;

/// Every item of one cache, or of all.
[[nodiscard]] MOMENTO_TOKEN_API Permissions cache_read_write(Cache cache);
[[nodiscard]] MOMENTO_TOKEN_API Permissions cache_read_only(Cache cache);
[[nodiscard]] MOMENTO_TOKEN_API Permissions cache_write_only(Cache cache);

/// One item.
[[nodiscard]] MOMENTO_TOKEN_API Permissions cache_key_read_write(Cache cache, std::string key);
[[nodiscard]] MOMENTO_TOKEN_API Permissions cache_key_read_only(Cache cache, std::string key);
[[nodiscard]] MOMENTO_TOKEN_API Permissions cache_key_write_only(Cache cache, std::string key);

/// The items whose key starts with a prefix.
[[nodiscard]] MOMENTO_TOKEN_API Permissions cache_key_prefix_read_write(Cache cache, std::string prefix);
[[nodiscard]] MOMENTO_TOKEN_API Permissions cache_key_prefix_read_only(Cache cache, std::string prefix);
[[nodiscard]] MOMENTO_TOKEN_API Permissions cache_key_prefix_write_only(Cache cache, std::string prefix);

/// One topic, or all.
[[nodiscard]] MOMENTO_TOKEN_API Permissions topic_publish_subscribe(Cache cache, Topic topic);
[[nodiscard]] MOMENTO_TOKEN_API Permissions topic_subscribe_only(Cache cache, Topic topic);
[[nodiscard]] MOMENTO_TOKEN_API Permissions topic_publish_only(Cache cache, Topic topic);

/// The topics whose name starts with a prefix.
[[nodiscard]] MOMENTO_TOKEN_API Permissions topic_prefix_publish_subscribe(Cache cache, std::string prefix);
[[nodiscard]] MOMENTO_TOKEN_API Permissions topic_prefix_subscribe_only(Cache cache, std::string prefix);
[[nodiscard]] MOMENTO_TOKEN_API Permissions topic_prefix_publish_only(Cache cache, std::string prefix);

/// One function, or all; the functions whose name starts with a prefix.
[[nodiscard]] MOMENTO_TOKEN_API Permissions function_invoke(Cache cache, Function function);
[[nodiscard]] MOMENTO_TOKEN_API Permissions function_prefix_invoke(Cache cache, std::string prefix);
/// Grants nothing: says so beside other statements. Alone it is refused at issue.
[[nodiscard]] MOMENTO_TOKEN_API Permissions function_permit_none(Cache cache, Function function);
[[nodiscard]] MOMENTO_TOKEN_API Permissions function_prefix_permit_none(Cache cache, std::string prefix);

/// Reads and writes every item of every cache, publishes and subscribes to every topic: the SDKs' AllDataReadWrite (the
/// JavaScript SDK's also invokes every function).
[[nodiscard]] MOMENTO_TOKEN_API Permissions all_data_read_write();

}  // namespace scopes
MOMENTO_TOKEN_END_NAMESPACE

#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#include "momento_token/impl/scopes.ipp"
#endif
