// keygen and jwks: new keys, and what to publish of them.

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "commands.hpp"
#include "echo.hpp"
#include "json_text.hpp"
#include "key_file.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/secret.hpp"
#include "options.hpp"
#include "os.hpp"
#include "output.hpp"

namespace cli {

namespace {

struct KeygenOptions {
  std::string alg;
  std::optional<std::string> kid;
  std::optional<std::int64_t> bits;
  std::string out = "-";
  bool force = false;
  bool json = false;
};

bool is_rsa(std::string_view alg) { return alg.starts_with("RS") || alg.starts_with("PS"); }

void check_usage(const KeygenOptions& options) {
  if (options.bits && !is_rsa(options.alg)) throw UsageError("--bits is for RS256 to RS512 and PS256 to PS512 alone");
  if (options.force && options.out == "-") throw UsageError("--force is for an --out that is a file");
  check_is_file_name(options.out, "--out");
}

// A link, folder, pipe or device is never replaced by a key.
void check_is_replaceable(const std::string& path) {
  const auto refuse = [&](const char* what) {
    throw UsageError(in_quotes(path) + " exists and is " + what + ": keygen replaces regular files alone");
  };
  switch (os::path_kind(path)) {
    case os::PathKind::link: return refuse("a symbolic link");
    case os::PathKind::folder: return refuse("a folder");
    case os::PathKind::other: return refuse("no regular file");
    case os::PathKind::nothing:
    case os::PathKind::file: return;
  }
}

void write_key_file(const KeygenOptions& options, const mt::SecretBytes& jwk) {
  check_is_replaceable(options.out);
  switch (os::create_private_file(options.out, jwk.expose(), options.force)) {
    case os::Created::yes: return;
    case os::Created::exists: throw UsageError(file_in_quotes(options.out) + " exists; --force replaces it");
    case os::Created::failed: break;
  }
  throw UsageError(file_in_quotes(options.out) + " cannot be written");
}

void print_key(const mt::SecretBytes& jwk) {
  std::string text = ascii_json(jwk.expose_text());
  print_line(text);
  mt::wipe(text.data(), text.size());
}

int keygen(const KeygenOptions& options) {
  check_usage(options);
  mt::GenerateOptions generate{.kid = options.kid};
  if (options.bits) generate.rsa_bits = static_cast<unsigned>(*options.bits);
  const mt::SecretBytes jwk = usable(mt::generate_private_jwk(options.alg, generate), "keygen");
  if (options.out == "-") {
    print_key(jwk);
    return done;
  }
  write_key_file(options, jwk);
  const mt::KeyPair key = usable(mt::key_pair_from_jwk(jwk), "keygen");
  const std::string kid(key.signer()->kid());
  if (options.json) {
    print_line(JsonObject().text("file", options.out).text("alg", options.alg).text("kid", kid).str());
  } else {
    print_line("wrote " + in_quotes(options.out) + ": " + options.alg + ", kid " + in_quotes(kid));
  }
  return done;
}

VerificationKeys all_keys(const std::vector<std::string>& files, const std::string& alg) {
  VerificationKeys keys;
  for (const std::string& file : files) {
    for (auto& key : read_keys(file, alg)) {
      if (key->alg().starts_with("HS")) {
        throw UsageError(file_in_quotes(file) +
                         " holds a symmetric key: who can verify with it can mint, so it is not to be published");
      }
      const auto same_kid = [&](const auto& other) { return !key->kid().empty() && other->kid() == key->kid(); };
      if (std::any_of(keys.begin(), keys.end(), same_kid)) {
        throw UsageError(file_in_quotes(file) + " holds a key whose kid another key has");
      }
      keys.push_back(std::move(key));
    }
  }
  return keys;
}

int jwks(const std::vector<std::string>& files, const std::string& alg) {
  print_line(ascii_json(usable(mt::public_jwks(all_keys(files, alg)), "jwks")));
  return done;
}

}  // namespace

void add_keygen(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("keygen", "Make a private key (a JWK, RFC 7517)");
  const auto options = std::make_shared<KeygenOptions>();
  command->add_option("--alg", options->alg, "HS256|384|512, ES256|384|512, RS256|384|512, PS256|384|512 or EdDSA")
      ->required()
      ->type_name("ALG");
  not_empty(add_text(*command, "--kid", options->kid, "Its name; default: its RFC 7638 thumbprint, random for HS*"))
      ->type_name("TEXT");
  add_integer(*command, "--bits", options->bits, 2048, 8192, "Size of an RSA key; default 3072")->type_name("N");
  auto* out =
      not_empty(command->add_option("--out", options->out, "A new file, mode 0600; default or -: standard output"));
  out->type_name("FILE");
  command->add_flag("--force", options->force, "Replace FILE when it is a regular file")->needs(out);
  add_json(*command, options->json);
  add_example(*command, "momento-token keygen --alg ES256 --out key.json");
  command->callback([options, &exit_code] { exit_code = keygen(*options); });
}

void add_jwks(CLI::App& app, int& exit_code) {
  struct Options {
    std::vector<std::string> files;
    std::string alg;
    bool json = false;
  };
  auto* command = app.add_subcommand("jwks", "Print the public JWK Set of some keys; symmetric ones are refused");
  const auto options = std::make_shared<Options>();
  command->add_option("KEYFILE", options->files, "JWK, JWK Set or PEM, private or public")->required()->type_name("");
  not_empty(command->add_option("--alg", options->alg, "The algorithm of keys that do not say it, such as RS256"))
      ->type_name("ALG");
  add_json(*command, options->json, "Accepted: the set is one JSON object anyway");
  add_example(*command, "momento-token jwks key.json > jwks.json");
  command->callback([options, &exit_code] { exit_code = jwks(options->files, options->alg); });
}

}  // namespace cli
