#pragma once
// One thing somebody wants to do: an operation on a resource of a cache. Made by the named functions of the kinds'
// headers: cache_read("media", "/movie1/part7"), topic_publish("chat", "room-7"), function_invoke("fo", "od").

#include <cstdint>
#include <optional>
#include <string_view>

#include "momento_token/config.hpp"
#include "momento_token/detail/kind.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE

/// Holds views: use it for one call, while the strings it was made from live. Without a resource it means the cache as a
/// whole, which only a selector of all resources allows.
class Action {
 public:
  constexpr Action(const detail::KindInfo& kind, const detail::OperationInfo& operation, std::string_view cache,
                   std::optional<std::string_view> resource) noexcept
      : name_(operation.name),
        cache_(cache),
        resource_(resource.value_or(std::string_view())),
        has_resource_(resource.has_value()),
        kind_(kind.proto_field),
        operation_(operation.bit) {}

  /// "cache.read", "cache.write", "cache.conditional_write", "topic.publish", "topic.subscribe", "function.invoke".
  [[nodiscard]] constexpr std::string_view name() const noexcept { return name_; }
  [[nodiscard]] constexpr std::string_view cache() const noexcept { return cache_; }
  [[nodiscard]] constexpr std::optional<std::string_view> resource() const noexcept {
    return has_resource_ ? std::optional(resource_) : std::nullopt;
  }
  /// The kind's number in permissionmessages.proto and the operation's bit within it.
  [[nodiscard]] constexpr std::uint8_t kind() const noexcept { return kind_; }
  [[nodiscard]] constexpr std::uint8_t operation() const noexcept { return operation_; }

 private:
  std::string_view name_;
  std::string_view cache_;
  std::string_view resource_;
  bool has_resource_;
  std::uint8_t kind_;
  std::uint8_t operation_;
};

MOMENTO_TOKEN_END_NAMESPACE
