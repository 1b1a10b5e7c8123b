#pragma once
// Password hashes as text, and the costly functions behind them (libcrypto's scrypt and PBKDF2).

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "momento_token/detail/openssl.hpp"
#include "momento_token/detail/os_fork.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/secret.hpp"

MOMENTO_TOKEN_BEGIN_NAMESPACE
namespace detail {

/// What a check costs. Equal for all users of a machine, or the time it takes would tell who is one.
struct PasswordCost {
  bool scrypt = true;
  std::uint64_t work = 0;  // of scrypt log2 N, of PBKDF2 the iterations
  friend bool operator==(const PasswordCost&, const PasswordCost&) = default;
};

inline constexpr std::size_t password_salt_bytes = 16, password_hash_bytes = 32, max_password_bytes = 1024;
inline constexpr std::uint64_t scrypt_r = 8, scrypt_p = 2;

[[nodiscard]] inline bool is_sane(const PasswordCost& cost) noexcept {
  if (cost.scrypt) return cost.work >= 14 && cost.work <= 18;
  return cost.work >= 100'000 && cost.work <= 10'000'000;
}

struct PasswordHash {
  PasswordCost cost;
  std::array<std::byte, password_salt_bytes> salt{};
  std::array<std::byte, password_hash_bytes> hash{};
};

/// Writes password_hash_bytes. False only when libcrypto cannot allocate. A fork waits for its end.
[[nodiscard]] inline bool derive_password(const PasswordCost& cost, std::string_view password, ByteView salt,
                                          std::byte* out) {
  const NoForkHere no_fork;
  const ErrorQueueGuard queue;
  const auto* const salt_bytes = reinterpret_cast<const unsigned char*>(salt.data());
  auto* const hash = reinterpret_cast<unsigned char*>(out);
  if (cost.scrypt) {
    const std::uint64_t n = std::uint64_t{1} << cost.work;
    const std::uint64_t memory = (128 * scrypt_r * (n + scrypt_p + 2)) + (std::uint64_t{1} << 20);
    return EVP_PBE_scrypt(password.data(), password.size(), salt_bytes, salt.size(), n, scrypt_r, scrypt_p, memory,
                          hash, password_hash_bytes) == 1;
  }
  return PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), salt_bytes,
                           static_cast<int>(salt.size()), static_cast<int>(cost.work), EVP_sha256(),
                           static_cast<int>(password_hash_bytes), hash) == 1;
}

/// Standard base64 without its padding, as the PHC string format has it.
[[nodiscard]] inline std::string phc_base64(ByteView bytes) {
  std::string text = base64_encode(bytes);
  text.erase(text.find_last_not_of('=') + 1);
  return text;
}

template <std::size_t Size>
[[nodiscard]] bool read_phc_base64(std::string_view text, std::array<std::byte, Size>& out) {
  std::string padded(text);
  padded.append((4 - padded.size() % 4) % 4, '=');
  const auto bytes = base64_decode(padded);
  if (text.ends_with('=') || !bytes || bytes->size() != Size) return false;
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return true;
}

[[nodiscard]] inline std::string to_text(const PasswordHash& hash) {
  const std::string work = std::to_string(hash.cost.work);
  std::string text = hash.cost.scrypt ? "$scrypt$ln=" + work + ",r=8,p=2$" : "$pbkdf2-sha256$i=" + work + "$";
  return text.append(phc_base64(hash.salt)).append("$").append(phc_base64(hash.hash));
}

/// Takes exactly what to_text() writes.
[[nodiscard]] inline std::optional<PasswordHash> read_password_hash(std::string_view text) {
  PasswordHash hash;
  constexpr std::string_view scrypt = "$scrypt$ln=", pbkdf2 = "$pbkdf2-sha256$i=";
  hash.cost.scrypt = text.starts_with(scrypt);
  if (!hash.cost.scrypt && !text.starts_with(pbkdf2)) return {};
  const std::string_view work = text.substr(hash.cost.scrypt ? scrypt.size() : pbkdf2.size());
  const auto parsed = std::from_chars(work.data(), work.data() + work.size(), hash.cost.work);
  if (parsed.ec != std::errc() || !is_sane(hash.cost)) return {};
  const std::size_t last = text.rfind('$');
  const std::size_t middle = text.rfind('$', last - 1);
  if (!read_phc_base64(text.substr(middle + 1, last - middle - 1), hash.salt)) return {};
  if (!read_phc_base64(text.substr(last + 1), hash.hash)) return {};
  if (to_text(hash) != text) return {};
  return hash;
}

}  // namespace detail
MOMENTO_TOKEN_END_NAMESPACE
