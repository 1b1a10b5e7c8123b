#pragma once
// A second opinion on what permission sets allow: it writes every action of a small universe down as a bit.
//
// Selectors of the random sets hold strings of at most three letters a and b. The universe holds those strings and each
// of them with a c added, which only "all" and the prefixes of the string before it match: what is true of that one
// name is true of every longer one, so the answer over this universe is the answer over all names.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "momento_token/permissions.hpp"

namespace test::oracle {

/// "", a, b, aa … bbb
inline const std::vector<std::string>& short_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = {""};
    for (std::size_t i = 0; i < 7; ++i) {
      all.push_back(all[i] + "a");
      all.push_back(all[i] + "b");
    }
    return all;
  }();
  return names;
}

/// The universe: the short names, then each of them with a c added.
inline const std::vector<std::string>& all_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all = short_names();
    for (const std::string& name : short_names()) all.push_back(name + "c");
    return all;
  }();
  return names;
}

inline constexpr std::size_t name_count = 30;
/// Bit i: all_names()[i]; bit 30: all resources at once.
using NameBits = std::uint32_t;
inline constexpr NameBits whole = NameBits{1} << name_count;

enum class Pick : std::uint8_t { unset, all, name, prefix };

struct Selector {
  Pick pick = Pick::unset;
  std::size_t text = 0;  // of short_names()
};

/// design.md §4: prefixes by bytes, an empty name or prefix matches nothing.
inline NameBits names_of(const Selector& selector) {
  if (selector.pick == Pick::unset) return 0;
  if (selector.pick == Pick::all) return (whole << 1) - 1;
  const std::string& text = short_names()[selector.text];
  NameBits bits = 0;
  for (std::size_t i = 0; i < name_count && !text.empty(); ++i) {
    const std::string& name = all_names()[i];
    const bool matches = selector.pick == Pick::name ? name == text : name.substr(0, text.size()) == text;
    if (matches) bits |= NameBits{1} << i;
  }
  return bits;
}

/// The operations, in the order of Allowed: cache.read, .write, .conditional_write, topic.publish, .subscribe,
/// function.invoke.
inline constexpr std::size_t operation_count = 6;

/// kind 0 cache, 1 topic, 2 function; role as in permissionmessages.proto, -1 for none.
struct Statement {
  int kind = 0;
  int role = -1;
  Selector cache, resource;
};

/// permissionmessages.proto: what each role may do; write-only may not do conditional writes.
inline std::vector<std::size_t> operations_of(const Statement& s) {
  if (s.role <= 0) return {};
  if (s.kind == 2) return {5};
  if (s.kind == 1)
    return s.role == 1 ? std::vector<std::size_t>{3, 4} : std::vector<std::size_t>{s.role == 2 ? 4U : 3U};
  return s.role == 1 ? std::vector<std::size_t>{0, 1, 2} : std::vector<std::size_t>{s.role == 2 ? 0U : 1U};
}

/// For each operation and cache (of all_names()) the resources that are allowed.
struct Allowed {
  std::array<std::array<NameBits, name_count>, operation_count> resources = {};

  [[nodiscard]] bool within(const Allowed& outer) const {
    for (std::size_t operation = 0; operation < operation_count; ++operation) {
      for (std::size_t cache = 0; cache < name_count; ++cache) {
        if ((resources[operation][cache] & ~outer.resources[operation][cache]) != 0) return false;
      }
    }
    return true;
  }
  [[nodiscard]] bool nothing() const { return within({}); }
};

inline Allowed allowed_by(const std::vector<Statement>& statements) {
  Allowed allowed;
  for (const Statement& s : statements) {
    const NameBits caches = names_of(s.cache);
    // Only caches have a selector that means all when it is left out.
    const bool absent_item = s.kind == 0 && s.resource.pick == Pick::unset;
    const NameBits resources = names_of(absent_item ? Selector{Pick::all, 0} : s.resource);
    for (const std::size_t operation : operations_of(s)) {
      for (std::size_t cache = 0; cache < name_count; ++cache) {
        if ((caches >> cache & 1) != 0) allowed.resources[operation][cache] |= resources;
      }
    }
  }
  return allowed;
}

template <class P>
P with_cache_of(P permission, const Selector& cache) {
  if (cache.pick == Pick::unset) return permission;
  if (cache.pick == Pick::all) return permission.with_all_caches();
  return permission.with_cache(short_names()[cache.text]);
}

inline momento_token::Permission permission_of(const Statement& s) {
  using namespace momento_token;
  const std::string& text = short_names()[s.resource.text];
  if (s.kind == 0) {
    auto p = with_cache_of(CachePermissions(), s.cache);
    if (s.role >= 0) p = p.with_role(static_cast<CacheRole>(s.role));
    if (s.resource.pick == Pick::all) return p.with_all_items();
    if (s.resource.pick == Pick::name) return p.with_key(text);
    return s.resource.pick == Pick::prefix ? p.with_key_prefix(text) : p;
  }
  if (s.kind == 1) {
    auto p = with_cache_of(TopicPermissions(), s.cache);
    if (s.role >= 0) p = p.with_role(static_cast<TopicRole>(s.role));
    if (s.resource.pick == Pick::all) return p.with_all_topics();
    if (s.resource.pick == Pick::name) return p.with_topic(text);
    return s.resource.pick == Pick::prefix ? p.with_topic_prefix(text) : p;
  }
  auto p = with_cache_of(FunctionPermissions(), s.cache);
  p = p.with_role(static_cast<FunctionRole>(s.role));
  if (s.resource.pick == Pick::all) return p.with_all_functions();
  if (s.resource.pick == Pick::name) return p.with_function(text);
  return s.resource.pick == Pick::prefix ? p.with_function_prefix(text) : p;
}

inline momento_token::Permissions permissions_of(const std::vector<Statement>& statements) {
  momento_token::Permissions permissions;
  for (const Statement& s : statements) permissions = std::move(permissions).with(permission_of(s));
  return permissions;
}

inline momento_token::Action action_of(std::size_t operation, std::string_view cache,
                                       std::optional<std::string_view> resource) {
  using namespace momento_token;
  switch (operation) {
    case 0: return cache_read(cache, resource);
    case 1: return cache_write(cache, resource);
    case 2: return cache_conditional_write(cache, resource);
    case 3: return topic_publish(cache, resource);
    case 4: return topic_subscribe(cache, resource);
    default: return function_invoke(cache, resource);
  }
}

/// Random sets, the same in every run and on every system.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }

  /// `careless` ones may have no role, no selector and empty names.
  std::vector<Statement> statements(std::size_t most, bool careless = true) {
    std::vector<Statement> all(1 + below(most));
    for (Statement& s : all) {
      s.kind = static_cast<int>(below(3));
      const int roles = s.kind == 2 ? 2 : 4;
      s.role =
          careless && s.kind != 2 && below(20) == 0 ? -1 : static_cast<int>(below(static_cast<std::size_t>(roles)));
      s.cache = selector(false, careless);
      s.resource = selector(true, careless);
    }
    return all;
  }

 private:
  Selector selector(bool may_be_prefix, bool careless) {
    const std::size_t first = careless ? 0 : 1;  // 0 is the empty name
    const Selector named{may_be_prefix && below(2) == 0 ? Pick::prefix : Pick::name,
                         first + below(short_names().size() - first)};
    switch (below(8)) {
      case 0: return careless ? Selector{} : named;
      case 1:
      case 2:
      case 3: return {Pick::all, 0};
      default: return named;
    }
  }

  std::mt19937_64 random_;
};

}  // namespace test::oracle
