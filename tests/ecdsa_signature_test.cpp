#include "momento_token/detail/ecdsa_signature.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "der.hpp"
#include "support.hpp"

using namespace momento_token;
using test::der::integer;
using test::der::seq;

namespace {

std::string to_der(const std::string& raw) {
  std::uint8_t out[detail::max_ecdsa_der_bytes];
  const std::size_t size = detail::ecdsa_to_der(as_bytes(raw).data(), raw.size() / 2, out);
  return std::string(reinterpret_cast<const char*>(out), size);
}

// Of two bytes each, or "refused". From a copy of exactly its size, so that a sanitizer sees a read beyond.
std::string from_der(const std::string& der) {
  const std::vector<std::uint8_t> bytes(der.begin(), der.end());
  std::string raw(4, '\xEE');
  const bool taken =
      detail::ecdsa_from_der(bytes.data(), bytes.size(), reinterpret_cast<std::byte*>(raw.data()), raw.size() / 2);
  return taken ? raw : "refused";
}

}  // namespace

// X.690 §8.3: the fewest bytes, and a zero byte before a number whose highest bit is set.
TEST_CASE("numbers of a signature are written in their shortest form, and read at full width") {
  struct Row {
    const char *r, *s, *der_r, *der_s;
  };
  for (const Row& row : {Row{"1234", "7fff", "1234", "7fff"}, Row{"8000", "ffff", "008000", "00ffff"},
                         Row{"0001", "0080", "01", "0080"}, Row{"0000", "0100", "00", "0100"}}) {
    CAPTURE(row.r);
    const std::string raw = test::unhex(row.r) + test::unhex(row.s), der = seq(integer(row.der_r) + integer(row.der_s));
    CHECK(to_der(raw) == der);
    CHECK(from_der(der) == raw);
  }
}

TEST_CASE("a signature of P-521 fits, its length in two bytes") {
  const std::string raw(132, '\xFF'), number = integer("00" + std::string(132, 'f'));
  const std::string der = to_der(raw);
  CHECK(der == seq(number + number));
  CHECK(der.size() == detail::max_ecdsa_der_bytes);
  std::string back(132, '\0');
  CHECK(detail::ecdsa_from_der(reinterpret_cast<const std::uint8_t*>(der.data()), der.size(),
                               reinterpret_cast<std::byte*>(back.data()), 66));
  CHECK(back == raw);
}

TEST_CASE("what is not exactly two integers that fit is no signature") {
  const std::string one = integer("01"), good = seq(one + one);
  REQUIRE(from_der(good) == test::unhex("00010001"));
  for (std::size_t size = 0; size < good.size(); ++size) {
    CAPTURE(size);
    CHECK(from_der(good.substr(0, size)) == "refused");
  }
  for (const std::string& wrong :
       {good + '\0', seq(one), seq(one + one + one), seq(one + test::der::null), seq(test::der::null + one),
        seq(integer("010000") + one), seq(one + integer("010000")), test::der::tlv(0x31, one + one), seq(one + "\x02"),
        seq(one + "\x02\x02\x01"), std::string("\x30\x81"), std::string("\x30\x81\x06") + one}) {
    CAPTURE(test::b64u(wrong));
    CHECK(from_der(wrong) == "refused");
  }
}
