#pragma once
// The strict JSON reader: RFC 8259 plus what I-JSON (RFC 7493) asks of names and text. It reads a buffer from front to
// back once, event by event, without recursion; texts are un-escaped in place. No member may be there twice, at any level.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <string_view>

#include "momento_token/config.hpp"
#include "momento_token/detail/letters.hpp"
#include "momento_token/detail/utf8.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// A name of an open object: where it is in the text.
struct HeldName {  // trivial: 32 of them lie unset on the stack of every verification
  std::uint32_t offset;
  std::uint32_t size;
};

/// Finds a name that an open object already has. Up to 32 names of an object are compared as they come; beyond that they
/// are sorted when the object closes. No hash to flood; when more than 32 names are held at once, they move to the room
/// that was given or, where that is too small, to one allocation of at most twice the text's size.
class NameStack {
 public:
  NameStack(const char* text, std::size_t text_size, std::span<HeldName> room) noexcept
      : text_(text), most_(text_size / shortest_name), room_(room) {}
  NameStack(const NameStack&) = delete;
  NameStack& operator=(const NameStack&) = delete;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// False when the object whose names start at `region` has this one already, as far as can be told now.
  [[nodiscard]] bool add(std::size_t region, std::string_view name) {
    if (size_ - region <= compared_on_insert) {
      for (std::size_t i = region; i < size_; ++i) {
        if (names_[i].size == name.size() && text_of(names_[i]) == name) return false;
      }
    }
    if (size_ == inline_.size() && names_ == inline_.data()) move_out();
    names_[size_++] = {static_cast<std::uint32_t>(name.data() - text_), static_cast<std::uint32_t>(name.size())};
    return true;
  }

  /// Forgets the names from `region` on; false when two of them are equal.
  [[nodiscard]] bool close(std::size_t region) noexcept {
    const bool checked = size_ - region <= compared_on_insert + 1;
    HeldName* const first = names_ + region;
    HeldName* const last = names_ + size_;
    size_ = region;
    if (checked) return true;
    std::sort(first, last, [this](const HeldName& a, const HeldName& b) {
      return a.size != b.size ? a.size < b.size : text_of(a) < text_of(b);
    });
    const auto equal = [this](const HeldName& a, const HeldName& b) { return text_of(a) == text_of(b); };
    return std::adjacent_find(first, last, equal) == last;
  }

  /// A name takes at least two quotes, the colon and what stands before it.
  static constexpr std::size_t shortest_name = 4;

 private:
  static constexpr std::size_t compared_on_insert = 32;

  [[nodiscard]] std::string_view text_of(const HeldName& name) const noexcept {
    return {text_ + name.offset, name.size};
  }

  void move_out() {
    if (room_.size() < most_) {
      heap_.reset(new HeldName[most_]);
      room_ = {heap_.get(), most_};
    }
    std::copy(inline_.begin(), inline_.end(), room_.begin());
    names_ = room_.data();
  }

  const char* text_;
  std::size_t most_;
  std::span<HeldName> room_;
  std::array<HeldName, 32> inline_;
  std::unique_ptr<HeldName[]> heap_;
  HeldName* names_ = inline_.data();
  std::size_t size_ = 0;
};

class JsonReader {
 public:
  enum class Event : std::uint8_t {
    error,  // for good: every later call says the same
    end,    // the one value is complete and nothing but white space follows
    begin_object,
    end_object,
    begin_array,
    end_array,
    name,
    string,
    number,
    yes,
    no,
    null,
  };
  static constexpr unsigned max_depth = 32;

  /// Reads and changes [text, text + size), which outlives every text() taken. At most 4 GiB: beyond that it is an error.
  /// `room` is for many names, so that they take no allocation; a quarter of `size` is always enough.
  JsonReader(char* text, std::size_t size, std::span<HeldName> room = {}) noexcept
      : p_(text), end_(text + size), names_(text, size, room) {
    if (size > std::numeric_limits<std::uint32_t>::max()) fail();
  }
  JsonReader(const JsonReader&) = delete;
  JsonReader& operator=(const JsonReader&) = delete;

  [[nodiscard]] Event next() {
    skip_space();
    switch (expect_) {
      case Expect::value: return value();
      case Expect::first_name:
        if (p_ != end_ && *p_ == '}') return close();
        return name();
      case Expect::first_element:
        if (p_ != end_ && *p_ == ']') return close();
        return value();
      case Expect::separator: return separator();
      case Expect::nothing: break;
    }
    return fail();
  }

  /// The name or string, un-escaped, or the number as written, of the last event.
  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  /// After Event::error: where in the text it was found; what comes before may have been un-escaped in place.
  [[nodiscard]] const char* failed_at() const noexcept { return failed_at_; }
  /// How many objects and arrays are open.
  [[nodiscard]] unsigned depth() const noexcept { return depth_; }

  /// After the name or begin of something unwanted: reads to its end. False on error.
  [[nodiscard]] bool skip(Event begun) {
    const unsigned outer = depth_ - 1;
    if (begun == Event::name) {
      begun = next();
      if (begun != Event::begin_object && begun != Event::begin_array) return begun != Event::error;
      return skip(begun, depth_ - 1);
    }
    return skip(begun, outer);
  }

 private:
  enum class Expect : std::uint8_t { value, first_name, first_element, separator, nothing };

  [[nodiscard]] bool skip(Event event, unsigned outer) {
    while (event != Event::error && depth_ > outer) event = next();
    return event != Event::error;
  }

  Event fail() noexcept {
    if (failed_at_ == nullptr) failed_at_ = p_;
    expect_ = Expect::nothing;
    p_ = end_;
    return Event::error;
  }

  void skip_space() noexcept {
    while (p_ != end_ && (*p_ == ' ' || *p_ == '\n' || *p_ == '\t' || *p_ == '\r')) ++p_;
  }

  [[nodiscard]] bool in_object() const noexcept { return (object_levels_ >> depth_ & 1) != 0; }

  Event open(bool object) noexcept {
    if (depth_ == max_depth) return fail();
    ++p_;
    ++depth_;
    const std::uint64_t bit = std::uint64_t{1} << depth_;
    object_levels_ = object ? object_levels_ | bit : object_levels_ & ~bit;
    regions_[depth_] = static_cast<std::uint32_t>(names_.size());
    expect_ = object ? Expect::first_name : Expect::first_element;
    return object ? Event::begin_object : Event::begin_array;
  }

  Event close() noexcept {
    ++p_;
    const bool object = in_object();
    if (object && !names_.close(regions_[depth_])) return fail();
    --depth_;
    expect_ = Expect::separator;
    return object ? Event::end_object : Event::end_array;
  }

  Event separator() {
    if (depth_ == 0) {
      if (p_ != end_) return fail();
      return Event::end;
    }
    if (p_ == end_) return fail();
    if (*p_ == ',') {
      ++p_;
      skip_space();
      return in_object() ? name() : value();
    }
    if (*p_ == (in_object() ? '}' : ']')) return close();
    return fail();
  }

  Event name() {
    if (p_ == end_ || *p_ != '"' || !read_string()) return fail();
    skip_space();
    if (p_ == end_ || *p_ != ':') return fail();
    ++p_;
    if (!names_.add(regions_[depth_], text_)) return fail();
    expect_ = Expect::value;
    return Event::name;
  }

  Event value() {
    if (p_ == end_) return fail();
    expect_ = Expect::separator;
    switch (*p_) {
      case '{': return open(true);
      case '[': return open(false);
      case '"': return read_string() ? Event::string : fail();
      case 't': return literal("true", Event::yes);
      case 'f': return literal("false", Event::no);
      case 'n': return literal("null", Event::null);
      default: return read_number() ? Event::number : fail();
    }
  }

  Event literal(std::string_view word, Event event) noexcept {
    if (static_cast<std::size_t>(end_ - p_) < word.size() || std::memcmp(p_, word.data(), word.size()) != 0)
      return fail();
    p_ += word.size();
    return event;
  }

  [[nodiscard]] bool read_digits() noexcept {
    const char* const first = p_;
    while (p_ != end_ && *p_ >= '0' && *p_ <= '9') ++p_;
    return p_ != first;
  }

  // RFC 8259 §6.
  [[nodiscard]] bool read_number() noexcept {
    char* const first = p_;
    if (*p_ == '-') ++p_;
    if (p_ != end_ && *p_ == '0') {
      ++p_;
    } else if (!read_digits()) {
      return false;
    }
    if (p_ != end_ && *p_ == '.') {
      ++p_;
      if (!read_digits()) return false;
    }
    if (p_ != end_ && (*p_ == 'e' || *p_ == 'E')) {
      ++p_;
      if (p_ != end_ && (*p_ == '+' || *p_ == '-')) ++p_;
      if (!read_digits()) return false;
    }
    text_ = {first, static_cast<std::size_t>(p_ - first)};
    return true;
  }

  [[nodiscard]] bool read_string() noexcept {
    char* const first = ++p_;
    char* out = nullptr;  // where the next letter goes once an escape has made the text shorter
    for (;;) {
      char* const run = p_;
      p_ = const_cast<char*>(plain_run_end(p_, end_));
      while (p_ != end_ && static_cast<unsigned char>(*p_) >= 0x80) {
        const std::size_t size =
            utf8_sequence(reinterpret_cast<unsigned char*>(p_), reinterpret_cast<unsigned char*>(end_));
        if (size == 0) return false;
        p_ += size;
      }
      const auto length = static_cast<std::size_t>(p_ - run);
      if (out != nullptr) {
        std::memmove(out, run, length);
        out += length;
      }
      if (p_ == end_) return false;
      if (*p_ == '"') break;
      if (*p_ == '\\') {
        if (out == nullptr) out = p_;
        if (!read_escape(out)) return false;
      } else if (static_cast<unsigned char>(*p_) < 0x20) {
        return false;
      }
    }
    text_ = {first, static_cast<std::size_t>((out != nullptr ? out : p_) - first)};
    ++p_;
    return true;
  }

  // At a backslash. What is written is never longer than what was read.
  [[nodiscard]] bool read_escape(char*& out) noexcept {
    if (end_ - p_ < 2) return false;
    const char letter = p_[1];
    p_ += 2;
    switch (letter) {
      case '"':
      case '\\':
      case '/': *out++ = letter; return true;
      case 'b': *out++ = '\b'; return true;
      case 'f': *out++ = '\f'; return true;
      case 'n': *out++ = '\n'; return true;
      case 'r': *out++ = '\r'; return true;
      case 't': *out++ = '\t'; return true;
      case 'u': return read_unicode_escape(out);
      default: return false;
    }
  }

  [[nodiscard]] bool read_hex4(std::uint32_t& unit) noexcept {
    if (end_ - p_ < 4) return false;
    unit = 0;
    for (int i = 0; i < 4; ++i, ++p_) {
      const char c = *p_;
      std::uint32_t digit = 0;
      if (c >= '0' && c <= '9')
        digit = static_cast<std::uint32_t>(c - '0');
      else if (c >= 'a' && c <= 'f')
        digit = static_cast<std::uint32_t>(c - 'a' + 10);
      else if (c >= 'A' && c <= 'F')
        digit = static_cast<std::uint32_t>(c - 'A' + 10);
      else
        return false;
      unit = unit << 4 | digit;
    }
    return true;
  }

  [[nodiscard]] bool read_unicode_escape(char*& out) noexcept {
    std::uint32_t code = 0;
    if (!read_hex4(code)) return false;
    if (code >= 0xDC00 && code < 0xE000) return false;
    if (code >= 0xD800 && code < 0xDC00) {
      if (end_ - p_ < 6 || p_[0] != '\\' || p_[1] != 'u') return false;
      p_ += 2;
      std::uint32_t low = 0;
      if (!read_hex4(low) || low < 0xDC00 || low >= 0xE000) return false;
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    append_utf8(code, out);
    return true;
  }

  static void append_utf8(std::uint32_t code, char*& out) noexcept {
    const auto put = [&](std::uint32_t byte) { *out++ = static_cast<char>(byte); };
    if (code < 0x80) {
      put(code);
    } else if (code < 0x800) {
      put(0xC0 | code >> 6);
      put(0x80 | (code & 63));
    } else if (code < 0x10000) {
      put(0xE0 | code >> 12);
      put(0x80 | (code >> 6 & 63));
      put(0x80 | (code & 63));
    } else {
      put(0xF0 | code >> 18);
      put(0x80 | (code >> 12 & 63));
      put(0x80 | (code >> 6 & 63));
      put(0x80 | (code & 63));
    }
  }

  char* p_;
  char* const end_;
  const char* failed_at_ = nullptr;
  std::string_view text_;
  Expect expect_ = Expect::value;
  unsigned depth_ = 0;
  std::uint64_t object_levels_ = 0;                   // bit n: level n is an object
  std::array<std::uint32_t, max_depth + 1> regions_;  // where the names of each level start; written by open()
  NameStack names_;
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
