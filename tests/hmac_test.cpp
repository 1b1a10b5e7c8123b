#include "momento_token/detail/hmac.hpp"

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <string>

#include "allocations.hpp"
#include "momento_token/detail/algorithms.hpp"

namespace {

using namespace momento_token;
using namespace momento_token::detail;

// libcrypto's own one-shot HMAC.
std::string reference(const char* digest, const std::string& key, const std::string& message) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  std::size_t size = 0;
  REQUIRE(EVP_Q_mac(nullptr, "HMAC", nullptr, digest, nullptr, key.data(), key.size(),
                    reinterpret_cast<const unsigned char*>(message.data()), message.size(), out.data(), out.size(),
                    &size));
  return {reinterpret_cast<const char*>(out.data()), size};
}

std::string counting(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 7 + 1);
  return text;
}

}  // namespace

TEST_CASE(
    "both back ends give libcrypto's HMAC for keys and messages around every block edge, whole and from a prefix") {
  for (const HmacBackend backend : {HmacBackend::fastest, HmacBackend::evp}) {
    for (const char* alg : {"HS256", "HS384", "HS512"}) {
      const Algorithm& algorithm = *find_algorithm(alg);
      for (const std::size_t key_size : {32U, 63U, 64U, 65U, 127U, 128U, 129U, 200U}) {
        const std::string key = counting(key_size);
        const auto state = make_hmac_state(algorithm, as_bytes(key), backend);
        REQUIRE(state != nullptr);
        CHECK(state->block_bytes() == (algorithm.digest_bytes == 32 ? 64 : 128));
        for (const std::size_t size : {0U, 1U, 55U, 56U, 63U, 64U, 65U, 111U, 112U, 127U, 128U, 129U, 300U}) {
          CAPTURE(alg);
          CAPTURE(key_size);
          CAPTURE(size);
          const std::string message = counting(size);
          const std::string expected = reference(algorithm.digest, key, message);
          std::array<std::byte, max_digest_bytes> mac{};
          REQUIRE(state->mac(as_bytes(message), mac.data()));
          CHECK(as_text(ByteView(mac).first(algorithm.digest_bytes)) == expected);

          const std::size_t whole = size / state->block_bytes() * state->block_bytes();
          const std::size_t half = whole / 2 / state->block_bytes() * state->block_bytes();
          const auto first = state->absorb(nullptr, as_bytes(message).first(half));
          REQUIRE(first != nullptr);
          const auto prefix = state->absorb(first.get(), as_bytes(message).subspan(half, whole - half));
          REQUIRE(prefix != nullptr);
          for (int again = 0; again < 2; ++again) {
            REQUIRE(state->mac_after(*prefix, as_bytes(message).subspan(whole), mac.data()));
            CHECK(as_text(ByteView(mac).first(algorithm.digest_bytes)) == expected);
          }
        }
      }
    }
  }
}

TEST_CASE("without memory for a context EVP makes no MAC, and afterwards it does") {
  const auto state = make_hmac_state(*find_algorithm("HS256"), as_bytes(counting(32)), HmacBackend::evp);
  std::array<std::byte, 32> out{};

  test::out_of_memory = true;
  const bool without = state->mac(as_bytes("message"), out.data());
  test::out_of_memory = false;

  CHECK_FALSE(without);
  CHECK(state->mac(as_bytes("message"), out.data()));
}
