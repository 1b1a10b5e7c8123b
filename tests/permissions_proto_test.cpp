#include "momento_token/permissions_proto.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "permission_vectors.hpp"
#include "support.hpp"

using namespace momento_token;
namespace vectors = test::vectors;

namespace test {

inline std::string bytes_of(const Permissions& permissions) {
  const auto bytes = to_proto(permissions);
  return bytes ? hex_encode(*bytes) : outcome(bytes);
}

inline std::string read(std::string_view hex) { return outcome(from_proto(as_bytes(unhex(hex)))); }

/// One statement's fields, wrapped: 12 explicit { 0a statement { <kind> { fields } } }.
inline std::string one_statement(std::string_view kind_tag, std::string_view fields_hex) {
  const auto with_length = [](std::string_view tag, const std::string& body) {
    const std::string size{static_cast<char>(body.size())};
    return unhex(tag) + size + body;
  };
  return hex_encode(as_bytes(with_length("12", with_length("0a", with_length(kind_tag, unhex(fields_hex))))));
}

}  // namespace test

// proto_hex was written by @gomomento/generated-types (README-conformance.md).
TEST_CASE("every vector has the bytes of Momento's generated types, and they read back as the same set") {
  std::size_t read_back = 0;
  for (const auto& vector : vectors::load("permissions.json", "vectors")) {
    if (!vector.contains("permissions")) continue;
    CAPTURE(vector.at("id").get<std::string>());
    const Permissions permissions = vectors::permissions_of(vector.at("permissions"));
    const std::string hex = vector.at("proto_hex");

    CHECK(test::bytes_of(permissions) == hex);
    const auto read = from_proto(as_bytes(test::unhex(hex)));
    REQUIRE(read);
    CHECK(*read == permissions);
    ++read_back;
  }

  CHECK(read_back == 220);
}

// design.md §3: what does not encode to itself again is refused, and so are no kind, super_user and missing cases.
TEST_CASE("of the bytes that Momento's generated types read, only the canonical ones are read here") {
  for (const auto& wire : vectors::load("permissions.json", "wire")) {
    CAPTURE(wire.at("id").get<std::string>());
    const bool canonical = wire.at("id") == "W02";
    CHECK(test::read(wire.at("wire_hex").get<std::string>()) == (canonical ? "ok" : "invalid_argument"));
  }
}

TEST_CASE("an empty explicit set is a value and no bytes are none") {
  const auto empty = from_proto(as_bytes(test::unhex("1200")));

  REQUIRE(empty);
  CHECK(empty->empty());
  CHECK(test::bytes_of(Permissions()) == "1200");
  CHECK(test::read("") == "invalid_argument");
  CHECK(test::read("0800") == "invalid_argument");
  CHECK(test::read("0801") == "invalid_argument");
}

// Worked out by hand from permissionmessages.proto as design.md §3 gives it.
TEST_CASE("a statement is read when its bytes are canonical and refused when anything about them is not") {
  struct Row {
    const char* what;
    const char* kind;
    const char* fields;
    bool valid;
  };
  for (const Row& row : {
           Row{"read-only, all caches, all items", "0a", "080212002200", true},
           Row{"permit none, nothing selected", "0a", "", true},
           Row{"cache \"a\", key \"k\"", "0a", "08011a030a01612a030a016b", true},
           Row{"cache \"a\", key prefix \"k\"", "0a", "08011a030a01612a0312016b", true},
           Row{"a key that is no UTF-8", "0a", "08011a030a01612a030a01ff", true},
           Row{"an empty cache name", "0a", "08011a020a002200", true},
           Row{"write-only, the last cache role", "0a", "080312002200", true},
           Row{"a cache role without a name", "0a", "080412002200", false},
           Row{"a role of 2^64 - 1", "0a", "08ffffffffffffffffff0112002200", false},
           Row{"an over-long role", "0a", "08810012002200", false},
           Row{"a role of 0 written out", "0a", "080012002200", false},
           Row{"the fields in another order", "0a", "120008022200", false},
           Row{"all caches that are not empty", "0a", "0802120208012200", false},
           Row{"all caches and one", "0a", "080212001a030a01612200", false},
           Row{"all items and one", "0a", "0802120022002a030a0161", false},
           Row{"a cache selector without a case", "0a", "08021a002200", false},
           Row{"an item selector without a case", "0a", "080212002a00", false},
           Row{"an item selector with both cases", "0a", "080212002a060a0161120162", false},
           Row{"an item selector with its case twice", "0a", "080212002a060a01610a0162", false},
           Row{"a role twice", "0a", "0802080212002200", false},
           Row{"an unknown field", "0a", "0802120022003000", false},
           Row{"a role with the wire type of a text", "0a", "0a010212002200", false},
           Row{"a cache name that is no UTF-8", "0a", "08021a030a01ff2200", false},
           Row{"a cache name that is longer than its selector", "0a", "08021a030a0261612200", false},
           Row{"subscribe-only, all caches, all topics", "12", "080212002200", true},
           Row{"topic \"t\"", "12", "080112002a030a0174", true},
           Row{"topic prefix \"t\"", "12", "080112002a03120174", true},
           Row{"a topic that is no UTF-8", "12", "080112002a030a01ff", false},
           Row{"a topic prefix that is no UTF-8", "12", "080112002a031201ff", false},
           Row{"a topic role without a name", "12", "080412002200", false},
           Row{"invoke, all caches, all functions", "1a", "080112002200", true},
           Row{"a function that is no UTF-8", "1a", "080112002a030a01ff", false},
           Row{"a function role without a name", "1a", "080212002200", false},
           Row{"an unknown kind", "22", "080112002200", false},
       }) {
    CAPTURE(row.what);
    CHECK(test::read(test::one_statement(row.kind, row.fields)) == (row.valid ? "ok" : "invalid_argument"));
  }
}

TEST_CASE("a statement with two kinds, a second explicit set or a field beside it is refused") {
  CHECK(test::read("12040a020a00") == "ok");
  CHECK(test::read("12060a040a001200") == "invalid_argument");
  CHECK(test::read("12060a040a000a00") == "invalid_argument");
  CHECK(test::read("12040a020a001200") == "invalid_argument");
  CHECK(test::read("12040a020a000800") == "invalid_argument");
  CHECK(test::read("080012040a020a00") == "invalid_argument");
  CHECK(test::read("12061200") == "invalid_argument");
  CHECK(test::read("12021200") == "invalid_argument");
  CHECK(test::read("12020a00") == "invalid_argument");
}

TEST_CASE("bytes that end too early or too late are refused wherever that is") {
  for (const auto& vector : vectors::load("permissions.json", "vectors")) {
    if (!vector.contains("permissions")) continue;
    const std::string bytes = test::unhex(vector.at("proto_hex").get<std::string>());
    if (bytes.size() > 200) continue;
    CAPTURE(vector.at("id").get<std::string>());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      CHECK_FALSE(from_proto(as_bytes(std::string_view(bytes).substr(0, size))).has_value());
    }
    CHECK_FALSE(from_proto(as_bytes(bytes + '\0')).has_value());
  }
}

// The law of design.md §3: one reader accepts exactly what the encoder writes.
TEST_CASE("any byte changed is refused or gives a set that is written as just these bytes") {
  std::size_t accepted = 0;
  std::size_t refused = 0;
  std::size_t lawless = 0;
  for (const auto& vector : vectors::load("permissions.json", "vectors")) {
    if (!vector.contains("permissions")) continue;
    const std::string original = test::unhex(vector.at("proto_hex").get<std::string>());
    if (original.size() > 120) continue;
    for (std::size_t at = 0; at < original.size(); ++at) {
      for (const int change : {1, 2, 3, 4, 8, 16, 32, 64, 128, 255}) {
        std::string bytes = original;
        bytes[at] = static_cast<char>(bytes[at] ^ change);
        const auto read = from_proto(as_bytes(bytes));
        ++(read ? accepted : refused);
        if (read) lawless += test::bytes_of(*read) != hex_encode(as_bytes(bytes));
      }
    }
  }

  CHECK(lawless == 0);
  CHECK(accepted > 1000);
  CHECK(refused > 1000);
}

TEST_CASE("writing names the statement whose role is unset or whose name is no UTF-8") {
  const auto fine = CachePermissions::read_only();
  const std::string bad = "\xff";

  CHECK(test::bytes_of(Permissions().with_cache(CachePermissions())) == "invalid_argument permissions[0].role");
  CHECK(test::bytes_of(Permissions().with_cache(fine).with_topic(TopicPermissions())) ==
        "invalid_argument permissions[1].role");
  CHECK(test::bytes_of(Permissions().with_cache(fine.with_cache(bad))) == "invalid_argument permissions[0].cache");
  CHECK(test::bytes_of(Permissions().with_cache(fine).with_topic(TopicPermissions::publish_only().with_topic(bad))) ==
        "invalid_argument permissions[1].topic");
  CHECK(test::bytes_of(Permissions().with_topic(TopicPermissions::publish_only().with_topic_prefix(bad))) ==
        "invalid_argument permissions[0].topic");
  CHECK(test::bytes_of(Permissions().with_function(FunctionPermissions::invoke().with_function(bad))) ==
        "invalid_argument permissions[0].function");
  CHECK(to_proto(Permissions().with_cache(fine.with_key(bad))).has_value());
}

// "Applies no issue limits": neither the number of statements nor unset or empty selectors matter here.
TEST_CASE("what an issuer refuses still has its bytes") {
  Permissions many;
  for (int i = 0; i < 300; ++i) many = std::move(many).with_cache(CachePermissions::read_only());
  const auto bytes = to_proto(many);
  REQUIRE(bytes);
  const auto read = from_proto(*bytes);
  REQUIRE(read);
  CHECK(*read == many);

  const Permissions odd = Permissions()
                              .with_cache(CachePermissions().with_role(CacheRole::read_only).with_cache(""))
                              .with_function(FunctionPermissions());
  // By hand: 12 explicit { 0a { 0a cache { 08 02, 1a { 0a "" } } } 0a { 1a function { 08 01 } } }
  CHECK(test::bytes_of(odd) == "12100a080a0608021a020a000a041a020801");
  const auto odd_bytes = to_proto(odd);
  REQUIRE(odd_bytes);
  const auto odd_read = from_proto(*odd_bytes);
  REQUIRE(odd_read);
  CHECK(*odd_read == odd);
}
