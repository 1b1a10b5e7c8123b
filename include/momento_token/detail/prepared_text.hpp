#pragma once
// What the tokens of one scope under one key have in common.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "momento_token/detail/base64.hpp"
#include "momento_token/detail/signing_key.hpp"
#include "momento_token/secret.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

[[nodiscard]] inline Error crypto_out_of_memory() {
  return {Errc::internal_error, "signer", "libcrypto is out of memory"};
}

class PreparedText {
 public:
  /// `claims` is the JSON up to and with p. Null when libcrypto is out of memory.
  [[nodiscard]] static std::shared_ptr<const PreparedText> make(std::shared_ptr<const SigningKey> key,
                                                                std::string_view claims, std::uint64_t generation) {
    const std::size_t whole_groups = claims.size() / 3 * 3;
    auto prepared = std::make_shared<PreparedText>();
    std::string& text = prepared->text;
    text = key->header;
    text.resize(key->header.size() + base64url_size(whole_groups));
    encode_base64url(claims.data(), whole_groups, text.data() + key->header.size());
    prepared->carry = claims.substr(whole_groups);
    if (key->hmac != nullptr) {
      const std::size_t block = key->hmac->state().block_bytes();
      prepared->absorbed = text.size() / block * block;
      prepared->midstate = key->hmac->state().absorb(as_bytes(text).first(prepared->absorbed));
      if (prepared->midstate == nullptr) return nullptr;
    }
    prepared->key = std::move(key);
    prepared->generation = generation;
    return prepared;
  }

  PreparedText() = default;
  PreparedText(const PreparedText&) = delete;
  PreparedText& operator=(const PreparedText&) = delete;
  ~PreparedText() { wipe(text.data(), text.size()); }

  std::shared_ptr<const SigningKey> key;
  std::string text;                            // the token's constant beginning, header included
  std::string carry;                           // 0–2 bytes of JSON that did not fill a group of three
  std::unique_ptr<const HmacPrefix> midstate;  // after the text's whole blocks; null for signers of other kinds
  std::size_t absorbed = 0;                    // letters of the text that the midstate holds
  std::uint64_t generation = 0;                // of the key ring
};

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
