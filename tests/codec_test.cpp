#include "momento_token/detail/permissions_codec.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "momento_token/detail/base64.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/permissions_proto.hpp"
#include "page_end.hpp"

namespace {

using namespace momento_token;

// A second decoder, as the protobuf encoding guide describes one: fields in any order, the last of a oneof and of a scalar
// wins, messages given twice are merged, unknown fields are skipped, varints up to ten bytes. Knows the schema by hand.
struct Wire {
  const std::uint8_t* p;
  const std::uint8_t* end;

  bool varint(std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
      if (p == end) return false;
      const std::uint8_t byte = *p++;
      if (shift < 64) value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }
  bool field(std::uint64_t& number, unsigned& type, std::uint64_t& value, Wire& body) {
    std::uint64_t tag = 0;
    if (!varint(tag) || tag >> 3 == 0) return false;
    number = tag >> 3;
    type = static_cast<unsigned>(tag & 7);
    if (type == 0) return varint(value);
    if (type == 1 || type == 5) {
      const std::ptrdiff_t size = type == 1 ? 8 : 4;
      if (end - p < size) return false;
      p += size;
      return true;
    }
    if (type != 2 || !varint(value) || value > static_cast<std::uint64_t>(end - p)) return false;
    body = {p, p + value};
    p += value;
    return true;
  }
};

struct Selector {
  int which = 0;  // 0 unset, 1 all, 2 name, 3 prefix, 4 a selector message without a case
  std::string text;
};
struct Statement {
  std::uint64_t kind = 0, role = 0;
  Selector cache, resource;
};

bool read_text_selector(Wire wire, bool prefixes, Selector& out) {
  if (out.which < 2) out = {4, {}};
  while (wire.p != wire.end) {
    std::uint64_t number = 0, value = 0;
    unsigned type = 0;
    Wire body{};
    if (!wire.field(number, type, value, body)) return false;
    if (type != 2 || (number != 1 && !(prefixes && number == 2))) continue;
    out = {number == 1 ? 2 : 3, std::string(body.p, body.end)};
  }
  return true;
}

bool read_body(Wire wire, Statement& s) {
  while (wire.p != wire.end) {
    std::uint64_t number = 0, value = 0;
    unsigned type = 0;
    Wire body{};
    if (!wire.field(number, type, value, body)) return false;
    if (number == 1 && type == 0) s.role = value;
    if (type != 2) continue;
    if (number == 2) s.cache = {1, {}};
    if (number == 3 && !read_text_selector(body, false, s.cache)) return false;
    if (number == 4) s.resource = {1, {}};
    if (number == 5 && !read_text_selector(body, true, s.resource)) return false;
  }
  return true;
}

// The statements, or nothing when the bytes are no protobuf or not explicit permissions.
std::optional<std::vector<Statement>> decode(const std::vector<std::uint8_t>& bytes) {
  Wire wire{bytes.data(), bytes.data() + bytes.size()};
  std::optional<std::vector<Statement>> statements;
  while (wire.p != wire.end) {
    std::uint64_t number = 0, value = 0;
    unsigned type = 0;
    Wire list{};
    if (!wire.field(number, type, value, list)) return std::nullopt;
    if (number == 1 && type == 0) statements.reset();
    if (number != 2 || type != 2) continue;
    if (!statements) statements.emplace();
    while (list.p != list.end) {
      Wire item{};
      if (!list.field(number, type, value, item)) return std::nullopt;
      if (number != 1 || type != 2) continue;
      Statement s;
      while (item.p != item.end) {
        Wire body{};
        if (!item.field(number, type, value, body)) return std::nullopt;
        if (type != 2 || number > 3) continue;
        if (s.kind != number) s = {};
        s.kind = number;
        if (!read_body(body, s)) return std::nullopt;
      }
      statements->push_back(s);
    }
  }
  return statements;
}

void put(std::string& out, std::uint8_t tag, const std::string& body) {
  out += static_cast<char>(tag);
  std::size_t size = body.size();
  for (; size >= 0x80; size >>= 7) out += static_cast<char>(size | 0x80);
  out += static_cast<char>(size);
  out += body;
}
void put_selector(std::string& out, const Selector& s, std::uint8_t all) {
  if (s.which == 1) put(out, all, {});
  if (s.which < 2) return;
  std::string inner;
  if (s.which != 4) put(inner, s.which == 2 ? 0x0A : 0x12, s.text);
  put(out, static_cast<std::uint8_t>(all + 8), inner);
}
std::string encode(const std::vector<Statement>& statements) {
  std::string list;
  for (const Statement& s : statements) {
    std::string body, item;
    if (s.role != 0) {
      body += '\x08';
      std::uint64_t role = s.role;
      for (; role >= 0x80; role >>= 7) body += static_cast<char>(role | 0x80);
      body += static_cast<char>(role);
    }
    put_selector(body, s.cache, 0x12);
    put_selector(body, s.resource, 0x22);
    if (s.kind != 0) put(item, static_cast<std::uint8_t>(s.kind << 3 | 2), body);
    put(list, 0x0A, item);
  }
  std::string out;
  put(out, 0x12, list);
  return out;
}

// design: what does not re-encode to itself is refused, and so is what has no meaning here.
bool should_accept(const std::vector<std::uint8_t>& bytes) {
  const auto statements = decode(bytes);
  if (!statements || encode(*statements) != std::string(bytes.begin(), bytes.end())) return false;
  for (const Statement& s : *statements) {
    if (s.kind == 0 || s.role > (s.kind == 3 ? 1U : 3U) || s.cache.which == 4 || s.resource.which == 4) return false;
    if (!is_utf8(s.cache.text) || (s.kind != 1 && !is_utf8(s.resource.text))) return false;
  }
  return true;
}

std::vector<std::uint8_t> bytes_of(const Permissions& permissions) {
  const Bytes bytes = to_proto(permissions).value();
  std::vector<std::uint8_t> out;
  for (const std::byte b : bytes) out.push_back(std::to_integer<std::uint8_t>(b));
  return out;
}
ByteView view(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()};
}

}  // namespace

TEST_CASE("the reader takes a text exactly when it decodes and re-encodes to itself: a million mutated inputs") {
  const std::string long_name(130, 'n');
  const std::vector<std::vector<std::uint8_t>> seeds = {
      bytes_of(Permissions()),
      bytes_of(Permissions().with_function(FunctionPermissions().with_cache("fo").with_function("od"))),
      bytes_of(Permissions().with_cache(CachePermissions::read_only().with_cache("media").with_key_prefix("/m/"))),
      bytes_of(Permissions().with_topic(TopicPermissions::publish_only()).with_cache(CachePermissions::read_write())),
      bytes_of(Permissions()
                   .with_cache(CachePermissions().with_role(CacheRole::permit_none))
                   .with_topic(TopicPermissions::subscribe_only().with_cache("").with_topic_prefix("r"))),
      bytes_of(Permissions().with_cache(
          CachePermissions::write_only().with_cache(long_name).with_key(std::string("\x00\xFF", 2))))};
  const std::vector<std::uint8_t> tags = {0x08, 0x0A, 0x10, 0x12, 0x1A, 0x22, 0x2A, 0x32,
                                          0x00, 0x01, 0x02, 0x03, 0x04, 0x80, 0x81, 0xFF};
  std::mt19937_64 random(3);
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  std::size_t accepted = 0;
  for (int round = 0; round < 1000000; ++round) {
    std::vector<std::uint8_t> bytes = seeds[below(seeds.size())];
    for (std::size_t changes = below(3); changes < 3; ++changes) {
      const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(below(bytes.size()));
      const std::uint8_t byte = below(4) == 0 ? static_cast<std::uint8_t>(random()) : tags[below(tags.size())];
      switch (below(4)) {
        case 0: *at = byte; break;
        case 1: *at = static_cast<std::uint8_t>(*at + (below(2) != 0 ? 1 : -1)); break;
        case 2: bytes.insert(at, byte); break;
        default:
          if (bytes.size() > 1) bytes.erase(at);
          break;
      }
    }
    const auto read = from_proto(view(bytes));
    accepted += read.has_value();
    if (read.has_value() != should_accept(bytes)) FAIL_CHECK("differs on: " << hex_encode(view(bytes)));
    // And what was read is what was written.
    if (read && bytes_of(*read) != bytes) FAIL_CHECK("does not come back: " << hex_encode(view(bytes)));
  }
  CHECK(accepted > 20000);
}

TEST_CASE("nothing behind the end of the bytes is looked at") {
  const Bytes whole = to_proto(Permissions()
                                   .with_cache(CachePermissions::read_only().with_cache("c").with_key("k"))
                                   .with_topic(TopicPermissions::publish_only().with_topic_prefix("t")))
                          .value();
  const auto reads = [&](std::size_t size) {
    const test::AtPageEnd bytes(as_text(ByteView(whole).first(size)));
    return detail::read_permissions(as_bytes(bytes.view()), [](const auto&, const auto&) { return true; });
  };
  CHECK(reads(whole.size()));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(reads(size));
  }
}

TEST_CASE("no bytes are no permissions, and an empty explicit list is one") {
  CHECK_FALSE(from_proto({}).has_value());
  const std::vector<std::uint8_t> empty = {0x12, 0x00};
  CHECK(from_proto(view(empty)).value() == Permissions());
}

// RFC 4648 §4 and §5: a letter's value is its place in the alphabet.
TEST_CASE("the tables of letters say what the alphabets say") {
  using namespace momento_token::detail;
  for (const std::string_view alphabet : {base64url_alphabet, base64_alphabet}) {
    const auto values = make_letter_values(alphabet);
    const auto pairs = make_letter_pairs(alphabet);
    for (std::size_t i = 0; i < 256; ++i) {
      const std::size_t place = alphabet.find(static_cast<char>(i));
      CHECK(values[i] == (place == alphabet.npos ? no_letter : place));
    }
    for (std::size_t i = 0; i < 4096; ++i) {
      CHECK(std::string{pairs[i].first, pairs[i].second} == std::string{alphabet[i / 64], alphabet[i % 64]});
    }
  }
  CHECK(make_letter_values(base64url_alphabet) == base64url_values);
  CHECK(make_letter_values(base64_alphabet) == base64_values);
}
