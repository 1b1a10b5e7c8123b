#include "key_file.hpp"

#include <fmt/format.h>

#include "echo.hpp"
#include "json_text.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/secret.hpp"
#include "os.hpp"
#include "output.hpp"

namespace cli {

namespace {

constexpr std::string_view algs_told_by_key_type[] = {"EdDSA", "ES256", "ES384", "ES512"};

bool is_pem(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size())).starts_with("-----BEGIN");
}

// What the owner of a file that others can get at has to do.
std::string remedy_for(const std::string& path) {
  switch (os::exposure_of(path)) {
    case os::Exposure::no_file: return "a pipe or a device is no regular file: write the key into a file of mode 0600";
    case os::Exposure::owner: return "it belongs to another user: copy the key into a file of your own, of mode 0600";
    case os::Exposure::mode_of_root: return "it is root's: root mends it with chmod 640 and a group of yours";
    case os::Exposure::mode: break;
  }
  // A name with control characters is no command to copy: then the file is named in words alone.
  return "mend it with: " + (mt::printable(path) == path ? "chmod 600 " + shell_quoted(path) : "chmod 600 on it");
}

void check_is_private(const mt::KeyFile& file, const std::string& path) {
  if (file.is_private) return;
  throw UsageError(
      fmt::format("{} holds a secret key: it must be a regular file of yours or root's that others can "
                  "neither read nor change; {}",
                  file_in_quotes(path), remedy_for(path)));
}

// `option` is what the path was given as.
mt::SecretBytes read_file(const std::string& path, std::string_view option) {
  check_is_file_name(path, option);
  mt::KeyFile file = usable(mt::read_key_file(path), file_in_quotes(path));
  const std::string_view text = file.bytes.expose_text();
  if (is_pem(text)) {
    if (text.find("PRIVATE") != std::string_view::npos) check_is_private(file, path);
  } else if (!mt::check_json(text)) {
    throw UsageError(file_in_quotes(path) + " is neither a JWK (strict JSON) nor PEM");
  } else if (mt::holds_private_key(text)) {
    check_is_private(file, path);
  }
  return std::move(file.bytes);
}

// The key of a PEM text. Its own type says the algorithm, unless it is RSA.
template <class Read>
auto from_pem(const std::string& path, std::string_view alg, Read&& read) {
  if (!alg.empty()) return usable(read(alg), file_in_quotes(path));
  for (const std::string_view candidate : algs_told_by_key_type) {
    auto key = read(candidate);
    if (key || key.error().field != "alg") return usable(std::move(key), file_in_quotes(path));
  }
  throw UsageError(file_in_quotes(path) + " is PEM that does not tell its algorithm: name it, such as --alg RS256");
}

mt::KeyPair key_pair_of(const mt::SecretBytes& text, const std::string& path, std::string_view alg) {
  if (!is_pem(text.expose_text())) return usable(mt::key_pair_from_jwk(text, alg), file_in_quotes(path));
  return from_pem(path, alg, [&](std::string_view name) { return mt::KeyPair::from_pem(name, text); });
}

std::shared_ptr<const mt::VerificationKey> verification_key_of_jwk(const mt::SecretBytes& text, const std::string& path,
                                                                   std::string_view alg) {
  auto key = mt::verification_key_from_jwk(text.expose_text(), alg);
  // RFC 7517 §4.3: a private key may be for signing alone. That says nothing of its public half.
  const bool not_for_verifying = !key && key.error().field == "key_ops";
  if (not_for_verifying && mt::holds_private_key(text.expose_text())) {
    return key_pair_of(text, path, alg).verification_key();
  }
  return usable(std::move(key), file_in_quotes(path));
}

std::shared_ptr<const mt::VerificationKey> verification_key_of(const mt::SecretBytes& text, const std::string& path,
                                                               std::string_view alg) {
  const std::string_view view = text.expose_text();
  if (!is_pem(view)) return verification_key_of_jwk(text, path, alg);
  if (view.find("PRIVATE") != std::string_view::npos) return key_pair_of(text, path, alg).verification_key();
  return from_pem(path, alg, [&](std::string_view name) { return mt::verification_key_from_pem(name, view); });
}

bool is_key_set(std::string_view text) {
  if (is_pem(text)) return false;
  const auto members = JsonMembers::of(text);
  return members && members->find("keys");
}

}  // namespace

mt::KeyPair read_key_pair(const std::string& path, std::string_view alg) {
  return key_pair_of(read_file(path, "--key"), path, alg);
}

std::shared_ptr<const mt::VerificationKey> read_verification_key(const std::string& path, std::string_view alg) {
  return verification_key_of(read_file(path, "--key"), path, alg);
}

VerificationKeys read_key_set(const std::string& path) {
  const mt::SecretBytes text = read_file(path, "--jwks");
  return usable(mt::verification_keys_from_jwks(text.expose_text()), file_in_quotes(path));
}

VerificationKeys read_keys(const std::string& path, std::string_view alg) {
  const mt::SecretBytes text = read_file(path, "KEYFILE");
  if (!is_key_set(text.expose_text())) return {verification_key_of(text, path, alg)};
  if (!alg.empty())
    throw UsageError(file_in_quotes(path) + " is a set, whose keys say their own algorithm: --alg is for single keys");
  return usable(mt::verification_keys_from_jwks(text.expose_text()), file_in_quotes(path));
}

}  // namespace cli
