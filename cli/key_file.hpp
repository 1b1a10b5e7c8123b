#pragma once
// Keys from files: JWK, JWK Set and PEM. A file with a private or symmetric key has to be private itself. Everything
// that is wrong with a file or key is exit code 2.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "momento_token/keys.hpp"
#include "momento_token/signer.hpp"

namespace cli {

namespace mt = momento_token;
using VerificationKeys = std::vector<std::shared_ptr<const mt::VerificationKey>>;

/// What --key of mint names: a private or symmetric JWK, or PKCS#8 PEM. `alg` is needed for PEM with an RSA key and may
/// be empty otherwise.
[[nodiscard]] mt::KeyPair read_key_pair(const std::string& path, std::string_view alg);
/// What --key of verify and can names: the same, or a public JWK, or SPKI PEM. Of a private key, its verifying half.
[[nodiscard]] std::shared_ptr<const mt::VerificationKey> read_verification_key(const std::string& path,
                                                                               std::string_view alg);
/// What --jwks names: a JWK Set.
[[nodiscard]] VerificationKeys read_key_set(const std::string& path);
/// A KEYFILE, whichever of these it is. A set goes without `alg`.
[[nodiscard]] VerificationKeys read_keys(const std::string& path, std::string_view alg);

}  // namespace cli
