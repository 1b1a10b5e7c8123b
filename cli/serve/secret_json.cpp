#include "secret_json.hpp"

#include <charconv>
#include <cstddef>
#include <span>
#include <string>

#include "../json_text.hpp"
#include "momento_token/encoding.hpp"

namespace cli::serve {

namespace mt = momento_token;

namespace {

// Un-escapes a string of strict JSON, which has no lone surrogates, into memory that is large enough.
class Unescaper {
 public:
  Unescaper(std::string_view text, mt::SecretBytes& out) : text_(text), out_(out.expose_for_writing()) {}

  [[nodiscard]] std::size_t run() {
    while (!text_.empty()) {
      const char c = take();
      if (c == '\\') {
        put_escape(take());
      } else {
        put(static_cast<unsigned char>(c));
      }
    }
    return size_;
  }

 private:
  [[nodiscard]] char take() {
    const char c = text_.front();
    text_.remove_prefix(1);
    return c;
  }
  void put(unsigned byte) { out_[size_++] = static_cast<std::byte>(byte); }
  void put_escape(char letter) {
    switch (letter) {
      case 'b': return put('\b');
      case 'f': return put('\f');
      case 'n': return put('\n');
      case 'r': return put('\r');
      case 't': return put('\t');
      case 'u': return put_code_point(take_code_point());
      default: return put(static_cast<unsigned char>(letter));
    }
  }
  [[nodiscard]] unsigned take_unit() {
    unsigned unit = 0;
    std::from_chars(text_.data(), text_.data() + 4, unit, 16);
    text_.remove_prefix(4);
    return unit;
  }
  [[nodiscard]] unsigned take_code_point() {
    const unsigned unit = take_unit();
    if (unit < 0xD800 || unit > 0xDBFF) return unit;
    text_.remove_prefix(2);  // the other half's \u
    return 0x10000 + ((unit - 0xD800) << 10) + (take_unit() - 0xDC00);
  }
  void put_code_point(unsigned code) {
    if (code < 0x80) return put(code);
    if (code >= 0x10000) put(0xF0 | code >> 18);
    if (code >= 0x10000) put(0x80 | (code >> 12 & 0x3F));
    if (code >= 0x800 && code < 0x10000) put(0xE0 | code >> 12);
    if (code >= 0x800) put(0x80 | (code >> 6 & 0x3F));
    if (code < 0x800) put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  }

  std::string_view text_;
  std::span<std::byte> out_;
  std::size_t size_ = 0;
};

}  // namespace

mt::Result<mt::SecretBytes> secret_member(std::string_view json, std::string_view name) {
  const auto wrong = [name](mt::StaticText message) {
    return mt::Error{mt::Errc::invalid_argument, std::string(name), message};
  };
  if (!mt::check_json(json)) return wrong("is looked for in what is no JSON");
  const auto members = JsonMembers::of(json);
  const auto value = members ? members->find(name) : std::nullopt;
  if (!value) return wrong("is missing");
  if (!value->starts_with('"')) return wrong("is no text");
  const std::string_view text = value->substr(1, value->size() - 2);
  mt::SecretBytes secret(text.size());
  secret.truncate(Unescaper(text, secret).run());
  return secret;
}

}  // namespace cli::serve
