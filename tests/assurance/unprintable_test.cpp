// Nothing that holds a key or a token can be put into a stream or into fmt::format, compared or turned into a text by accident,
// and what holds key bytes cannot be copied. All of it is decided by the compiler.

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <cstdio>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>

#include "momento_token/client.hpp"
#include "momento_token/detail/hmac_key.hpp"
#include "momento_token/format.hpp"
#include "momento_token/momento_token.hpp"
#include "momento_token/vending.hpp"

namespace {

using namespace momento_token;

template <class T>
concept Streamed = requires(std::ostream& out, const T& value) {
  out << value;
};
template <class T>
concept Named = requires(const T& value) {
  to_string(value);
};
template <class T>
concept Compared = requires(const T& a, const T& b) {
  a == b;
};
template <class T>
inline constexpr bool printed =
    Streamed<T> || Named<T> || fmt::is_formattable<T>::value || std::is_convertible_v<const T&, std::string_view> ||
    std::is_convertible_v<const T&, std::string>;

// Controls: what may be printed is.
static_assert(Streamed<std::string> && printed<std::string>);
static_assert(printed<Error> && printed<Permissions> && Compared<Permissions>);

// Key bytes.
static_assert(!printed<SecretBytes> && !Compared<SecretBytes> && !std::is_copy_constructible_v<SecretBytes> &&
              !std::is_copy_assignable_v<SecretBytes>);
static_assert(!printed<KeyFile> && !Compared<KeyFile> && !std::is_copy_constructible_v<KeyFile>);
static_assert(!printed<PreparedScope> && !Compared<PreparedScope> && !std::is_copy_constructible_v<PreparedScope>);

// What leads to them.
static_assert(!printed<KeyPair> && !Compared<KeyPair>);
static_assert(!printed<Signer> && !Compared<Signer> && !std::is_copy_constructible_v<Signer>);
static_assert(!printed<VerificationKey> && !Compared<VerificationKey>);
static_assert(!printed<KeyRing> && !Compared<KeyRing> && !std::is_copy_constructible_v<KeyRing>);
static_assert(!printed<Issuer> && !printed<Verifier>);
static_assert(!printed<IssuerOptions> && !printed<KeyRingOptions> && !printed<VerifierOptions>);
static_assert(!printed<Result<SecretBytes>> && !printed<Result<KeyPair>> && !printed<Result<KeyFile>>);
static_assert(!printed<detail::HmacSigner> && !printed<detail::HmacVerificationKey> && !printed<detail::HmacState> &&
              !printed<detail::HmacPrefix>);

// Tokens.
static_assert(!printed<DisposableToken> && !printed<VerifiedToken> && !printed<UnverifiedToken>);
static_assert(!printed<BatchToken> && !printed<client::FetchedToken>);
static_assert(!printed<Credential> && !printed<VerifiedJwt>);
static_assert(!printed<Result<DisposableToken>> && !printed<Result<VerifiedToken>>);
static_assert(!printed<DisposableTokenRequest> && !printed<PreparedTokenRequest>);  // their token_id

// What callers send to a vending machine, what it holds of them, what it answers.
static_assert(!printed<vending::Header> && !printed<vending::FieldLookup> && !printed<vending::Request> &&
              !printed<vending::EventRequest> && !printed<vending::Response>);
static_assert(!printed<vending::Claim> && !printed<vending::Identity> && !printed<vending::VendingGrant> &&
              !printed<vending::PolicyRules>);
static_assert(!printed<vending::BootstrapOptions> && !printed<vending::PasswordUser>);

// An error's message is a literal, which no input can get into.
static_assert(!std::is_convertible_v<std::string, StaticText> && !std::is_constructible_v<StaticText, std::string> &&
              !std::is_constructible_v<StaticText, std::string_view>);

}  // namespace

int main() {
  std::puts("ok     the compiler agrees");
  return 0;
}
