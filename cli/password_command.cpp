// hash-password: what a file of users keeps in place of a password.

#include <memory>
#include <string>

#include "commands.hpp"
#include "input.hpp"
#include "json_text.hpp"
#include "momento_token/vending/password_auth.hpp"
#include "options.hpp"
#include "os.hpp"
#include "output.hpp"

namespace cli {

namespace {

using Hashing = mt::vending::PasswordHashing;

struct PasswordOptions {
  std::string function = "scrypt";
  bool json = false;
};

int hash_password(const PasswordOptions& options) {
  if (os::input_is_terminal()) {
    os::write_error("momento-token: reading a password from standard input, where it can be seen\n");
  }
  LineReader input;
  const LineReader::Got got = input.next();
  if (got == LineReader::Got::too_long) throw UsageError("a password has at most 1024 bytes");
  std::string_view line = got == LineReader::Got::line ? input.line() : std::string_view();
  if (line.ends_with('\r')) line.remove_suffix(1);
  Hashing hashing;
  hashing.function = options.function == "pbkdf2" ? Hashing::Function::pbkdf2 : Hashing::Function::scrypt;
  const std::string hash = accepted(mt::vending::hash_password(mt::SecretBytes::copy_of(line), hashing));
  print_line(options.json ? JsonObject().text("hash", hash).str() : hash);
  return done;
}

}  // namespace

void add_hash_password(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("hash-password", "Hash a line of standard input for a file of users");
  const auto options = std::make_shared<PasswordOptions>();
  command->add_option("--function", options->function, "scrypt, or pbkdf2 where no memory is to spare")
      ->check(CLI::IsMember({"scrypt", "pbkdf2"}))
      ->type_name("NAME")
      ->capture_default_str();
  add_json(*command, options->json);
  add_example(*command, "momento-token hash-password < password.txt");
  command->callback([options, &exit_code] { exit_code = hash_password(*options); });
}

}  // namespace cli
