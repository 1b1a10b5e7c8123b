#pragma once
// What a token may do with topics.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "momento_token/config.hpp"
#include "momento_token/detail/kind.hpp"
#include "momento_token/detail/permission_base.hpp"
#include "momento_token/permissions/action.hpp"
#include "momento_token/permissions/selectors.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

/// The numbers are those of TopicRole in permissionmessages.proto, which calls them read-write, read-only, write-only.
enum class TopicRole : std::uint8_t { permit_none = 0, publish_subscribe = 1, subscribe_only = 2, publish_only = 3 };

/// What a topic selector may be; Unset until one is chosen.
using AllTopics = All<struct TopicTag>;
using TopicName = Name<struct TopicTag>;
using TopicNamePrefix = Prefix<struct TopicTag>;
using TopicSelector = std::variant<Unset, AllTopics, TopicName, TopicNamePrefix>;

namespace detail {
inline constexpr OperationInfo topic_operations[] = {{.name = "topic.publish", .bit = 1},
                                                     {.name = "topic.subscribe", .bit = 2}};
inline constexpr RoleInfo topic_roles[] = {
    {.name = "TopicPermitNone", .sdk_name = "", .verb = "do nothing with", .operations = 0},
    {.name = "TopicReadWrite", .sdk_name = "publishsubscribe", .verb = "publish and subscribe to", .operations = 1 | 2},
    {.name = "TopicReadOnly", .sdk_name = "subscribeonly", .verb = "subscribe to", .operations = 2},
    {.name = "TopicWriteOnly", .sdk_name = "publishonly", .verb = "publish to", .operations = 1}};
inline constexpr KindInfo topic_kind = {.proto_field = 2,
                                        .noun = "topic",
                                        .json_member = "topic_permissions",
                                        .json_all = "all_topics",
                                        .json_select = "topic_selector",
                                        .json_name = "topic_name",
                                        .json_prefix = "topic_name_prefix",
                                        .resource_is_bytes = false,
                                        .absent_resource_is_all = false,
                                        .sdk_member = "topic",
                                        .sdk_name = "name",
                                        .sdk_prefix = "namePrefix",
                                        .roles = topic_roles,
                                        .operations = topic_operations};
}  // namespace detail

/// A role over the topics that a cache selector and a topic selector pick. Without a role until one is given.
class TopicPermissions : public detail::PermissionBase<TopicPermissions, TopicRole, TopicSelector> {
 public:
  TopicPermissions() = default;
  /// Each starts from all caches and all topics; narrow it with with_*.
  [[nodiscard]] static TopicPermissions publish_subscribe() {
    return {TopicRole::publish_subscribe, AllCaches{}, AllTopics{}};
  }
  [[nodiscard]] static TopicPermissions subscribe_only() {
    return {TopicRole::subscribe_only, AllCaches{}, AllTopics{}};
  }
  [[nodiscard]] static TopicPermissions publish_only() { return {TopicRole::publish_only, AllCaches{}, AllTopics{}}; }
  /// The Rust crate's names for the same three.
  [[nodiscard]] static TopicPermissions read_write() { return publish_subscribe(); }
  [[nodiscard]] static TopicPermissions read_only() { return subscribe_only(); }
  [[nodiscard]] static TopicPermissions write_only() { return publish_only(); }

  /// The one topic with this name.
  [[nodiscard]] TopicPermissions with_topic(std::string name) && {
    return std::move(*this).select(TopicName(std::move(name)));
  }
  [[nodiscard]] TopicPermissions with_topic(std::string name) const& { return select(TopicName(std::move(name))); }
  /// Every topic whose name starts with these bytes. End it with a separator: "room1" also opens "room10".
  [[nodiscard]] TopicPermissions with_topic_prefix(std::string prefix) && {
    return std::move(*this).select(TopicNamePrefix(std::move(prefix)));
  }
  [[nodiscard]] TopicPermissions with_topic_prefix(std::string prefix) const& {
    return select(TopicNamePrefix(std::move(prefix)));
  }
  /// Replaces a name or prefix.
  [[nodiscard]] TopicPermissions with_all_topics() && { return std::move(*this).select(AllTopics{}); }
  [[nodiscard]] TopicPermissions with_all_topics() const& { return select(AllTopics{}); }

  /// Unset until topics are chosen.
  [[nodiscard]] const TopicSelector& topic() const& noexcept { return resource(); }
  const TopicSelector& topic() const&& = delete;

  static constexpr const detail::KindInfo& kind() noexcept { return detail::topic_kind; }
  friend bool operator==(const TopicPermissions&, const TopicPermissions&) = default;

 private:
  using PermissionBase::PermissionBase;
};

/// Publish to a topic; without a topic, to any of the cache.
[[nodiscard]] inline Action topic_publish(std::string_view cache, std::optional<std::string_view> topic = {}) noexcept {
  return {detail::topic_kind, detail::topic_operations[0], cache, topic};
}
/// Subscribe to a topic; without a topic, to any of the cache.
[[nodiscard]] inline Action topic_subscribe(std::string_view cache,
                                            std::optional<std::string_view> topic = {}) noexcept {
  return {detail::topic_kind, detail::topic_operations[1], cache, topic};
}

MOMENTO_TOKEN_END_NAMESPACE
