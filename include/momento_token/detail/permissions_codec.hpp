#pragma once
// permission_messages.Permissions in its canonical protobuf bytes:
//
//   Permissions   explicit=2 { permissions=1 … }          12 len ( 0a len statement )*
//   statement     oneof: cache=1, topic=2, function=3     0a|12|1a len body
//   body          role=1 unless 0                         08 role
//                 all_caches=2 | cache_selector=3         12 00 | 1a len ( 0a len name )
//                 all_…=4 | …_selector=5                  22 00 | 2a len ( 0a|12 len name|prefix )
//
// The reader takes exactly what the writer writes.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "momento_token/detail/statement.hpp"
#include "momento_token/detail/utf8.hpp"
#include "momento_token/encoding.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

inline constexpr std::uint8_t explicit_tag = 0x12, statement_tag = 0x0A, role_tag = 0x08, all_caches_tag = 0x12,
                              cache_selector_tag = 0x1A, all_resources_tag = 0x22, resource_selector_tag = 0x2A,
                              name_tag = 0x0A, prefix_tag = 0x12;

// ---- writing ----

[[nodiscard]] inline std::size_t varint_size(std::size_t value) noexcept {
  std::size_t size = 1;
  for (; value >= 0x80; value >>= 7) ++size;
  return size;
}
/// Tag, length and body.
[[nodiscard]] inline std::size_t field_size(std::size_t body) noexcept { return 1 + varint_size(body) + body; }

[[nodiscard]] inline std::size_t selector_size(const SelectorView& selector) noexcept {
  if (selector.select == Select::unset) return 0;
  return field_size(selector.select == Select::all ? 0 : field_size(selector.text.size()));
}
[[nodiscard]] inline std::size_t body_size(const StatementView& s) noexcept {
  return (s.role > 0 ? 2U : 0U) + selector_size(s.cache) + selector_size(s.resource);
}

inline std::byte* put_header(std::byte* out, std::uint8_t tag, std::size_t size) noexcept {
  *out++ = std::byte{tag};
  for (; size >= 0x80; size >>= 7) *out++ = static_cast<std::byte>(size | 0x80);
  *out++ = static_cast<std::byte>(size);
  return out;
}
inline std::byte* put_text(std::byte* out, std::uint8_t tag, std::string_view text) noexcept {
  out = put_header(out, tag, text.size());
  copy_letters(reinterpret_cast<char*>(out), text.data(), text.size());
  return out + text.size();
}
inline std::byte* put_selector(std::byte* out, const SelectorView& s, std::uint8_t all, std::uint8_t one) noexcept {
  if (s.select == Select::unset) return out;
  if (s.select == Select::all) return put_header(out, all, 0);
  out = put_header(out, one, field_size(s.text.size()));
  return put_text(out, s.select == Select::name ? name_tag : prefix_tag, s.text);
}
inline std::byte* put_statement(std::byte* out, const StatementView& s) noexcept {
  const std::size_t body = body_size(s);
  out = put_header(out, statement_tag, field_size(body));
  out = put_header(out, static_cast<std::uint8_t>(s.kind << 3 | 2), body);
  if (s.role > 0) {
    *out++ = std::byte{role_tag};
    *out++ = static_cast<std::byte>(s.role);
  }
  out = put_selector(out, s.cache, all_caches_tag, cache_selector_tag);
  return put_selector(out, s.resource, all_resources_tag, resource_selector_tag);
}

[[nodiscard]] inline std::size_t statements_size(const Permissions& permissions) noexcept {
  std::size_t size = 0;
  for (const Permission& item : permissions.items()) size += field_size(field_size(body_size(view_of(item))));
  return size;
}
/// `statements` is statements_size(permissions). Writes field_size(statements) bytes.
inline std::byte* put_permissions(std::byte* out, const Permissions& permissions, std::size_t statements) noexcept {
  out = put_header(out, explicit_tag, statements);
  for (const Permission& item : permissions.items()) out = put_statement(out, view_of(item));
  return out;
}

// ---- reading ----

/// Reads one message from front to back.
class ProtoReader {
 public:
  ProtoReader(const std::uint8_t* begin, const std::uint8_t* end) noexcept : p_(begin), end_(end) {}
  explicit ProtoReader(ByteView bytes) noexcept
      : ProtoReader(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                    reinterpret_cast<const std::uint8_t*>(bytes.data()) + bytes.size()) {}

  [[nodiscard]] bool at_end() const noexcept { return p_ == end_; }
  [[nodiscard]] bool at(std::uint8_t tag) const noexcept { return p_ != end_ && *p_ == tag; }
  [[nodiscard]] std::uint8_t peek() const noexcept { return p_ == end_ ? std::uint8_t{0} : *p_; }
  [[nodiscard]] std::string_view rest() const noexcept {
    return {reinterpret_cast<const char*>(p_), static_cast<std::size_t>(end_ - p_)};
  }

  /// Past the tag at hand: the length-delimited field's body. False when the length is over-long or beyond the end.
  [[nodiscard]] bool enter(ProtoReader& body) noexcept {
    ++p_;
    std::size_t size = 0;
    if (!read_varint(size) || size > static_cast<std::size_t>(end_ - p_)) return false;
    body = ProtoReader(p_, p_ + size);
    p_ += size;
    return true;
  }
  /// Past the tag at hand: a value of one byte.
  [[nodiscard]] bool read_small(std::uint8_t& value) noexcept {
    ++p_;
    if (p_ == end_ || *p_ >= 0x80) return false;
    value = *p_++;
    return true;
  }

 private:
  // Only the shortest form. Four bytes are 256 MiB, more than any caller takes.
  [[nodiscard]] bool read_varint(std::size_t& value) noexcept {
    value = 0;
    for (unsigned shift = 0; shift < 28; shift += 7) {
      if (p_ == end_) return false;
      const std::uint8_t byte = *p_++;
      value |= static_cast<std::size_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return byte != 0 || shift == 0;
    }
    return false;
  }

  const std::uint8_t* p_;
  const std::uint8_t* end_;
};

/// The selector at hand, if it is one: `all` or `one` tag. False when it is malformed.
[[nodiscard]] inline bool read_selector(ProtoReader& body, std::uint8_t all, std::uint8_t one, bool prefixes,
                                        bool bytes, SelectorView& selector) noexcept {
  ProtoReader inner(nullptr, nullptr);
  if (body.at(all)) {
    selector.select = Select::all;
    return body.enter(inner) && inner.at_end();
  }
  if (!body.at(one)) return true;
  if (!body.enter(inner)) return false;
  const std::uint8_t tag = inner.peek();
  if (tag == name_tag)
    selector.select = Select::name;
  else if (tag == prefix_tag && prefixes)
    selector.select = Select::prefix;
  else
    return false;
  ProtoReader text(nullptr, nullptr);
  if (!inner.enter(text) || !inner.at_end()) return false;
  selector.text = text.rest();
  return bytes || valid_utf8(selector.text);
}

[[nodiscard]] inline bool read_statement(ProtoReader statement, const KindInfo*& kind, StatementView& view) noexcept {
  const std::uint8_t tag = statement.peek();
  kind = (tag & 7) == 2 ? find_kind(tag >> 3) : nullptr;
  ProtoReader body(nullptr, nullptr);
  if (kind == nullptr || !statement.enter(body) || !statement.at_end()) return false;
  view = {kind->proto_field, 0, {}, {}};
  if (body.at(role_tag)) {
    std::uint8_t role = 0;
    if (!body.read_small(role) || role == 0 || role >= kind->roles.size()) return false;
    view.role = static_cast<std::int8_t>(role);
  }
  return read_selector(body, all_caches_tag, cache_selector_tag, false, false, view.cache) &&
         read_selector(body, all_resources_tag, resource_selector_tag, true, kind->resource_is_bytes, view.resource) &&
         body.at_end();
}

/// Calls sink(kind, statement) for each statement; stops when it says false. False when the bytes are not what
/// put_permissions writes or the sink said so.
template <class Sink>
[[nodiscard]] bool read_permissions(ByteView bytes, Sink&& sink) {
  ProtoReader reader(bytes);
  ProtoReader statements(nullptr, nullptr);
  if (!reader.at(explicit_tag) || !reader.enter(statements) || !reader.at_end()) return false;
  while (!statements.at_end()) {
    ProtoReader statement(nullptr, nullptr);
    const KindInfo* kind = nullptr;
    StatementView view;
    if (!statements.at(statement_tag) || !statements.enter(statement)) return false;
    if (!read_statement(statement, kind, view) || !sink(*kind, view)) return false;
  }
  return true;
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
