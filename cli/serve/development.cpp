#include "development.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "../os.hpp"
#include "../output.hpp"
#include "momento_token/encoding.hpp"
#include "momento_token/jwk.hpp"
#include "momento_token/secret.hpp"

namespace cli::serve {

namespace {

constexpr const char* files[] = {"key.json", "credential", "header", "policy.json"};

constexpr std::string_view example_policy = R"({
  "valid_for": "15m",
  "token_id": "${user}",
  "scope": {"permissions": [
    {"role": "readonly", "cache": "media", "item": {"keyPrefix": "movie-1/"}},
    {"role": "publishsubscribe", "cache": "chat", "topic": "room-7"}
  ]},
  "ceiling": {"permissions": [
    {"role": "readonly", "cache": "media", "item": {"keyPrefix": "movie-1/"}},
    {"role": "publishsubscribe", "cache": "chat", "topic": "*"}
  ]}
}
)";

// The random bytes of a new HMAC key, as text.
mt::SecretBytes make_credential() {
  const mt::SecretBytes jwk = usable(mt::generate_private_jwk("HS256"), "serve");
  const std::string_view text = jwk.expose_text();
  const std::size_t begin = text.find(R"("k":")") + 5;
  return mt::SecretBytes::copy_of(text.substr(begin, text.find('"', begin) - begin));
}

// Quoted where a shell would read it otherwise.
std::string quoted_if_needed(const std::string& path) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-";
  return path.find_first_not_of(plain) == std::string::npos ? path : shell_quoted(path);
}

}  // namespace

std::vector<std::string> names_of_this_machine() { return {"localhost", "127.0.0.1", "[::1]"}; }

PrivateFolder::PrivateFolder() {
  const char* const base = std::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe): before any thread is started
  path_ = std::string(base == nullptr || *base == '\0' ? "/tmp" : base) + "/momento-token-XXXXXX";
  if (::mkdtemp(path_.data()) == nullptr) throw UsageError("no private folder can be made below TMPDIR, or /tmp");
}

PrivateFolder::~PrivateFolder() {
  for (const char* name : files) ::unlink(path_of(name).c_str());
  ::rmdir(path_.c_str());
}

DevelopmentSetup::DevelopmentSetup() {
  const mt::SecretBytes key = usable(mt::generate_private_jwk("ES256"), "serve");
  const mt::SecretBytes credential = make_credential();
  write("key.json", key.expose_text());
  write("credential", credential.expose_text());
  write("policy.json", example_policy);
  mt::SecretBytes header(15 + credential.size());
  fmt::format_to(reinterpret_cast<char*>(header.expose_for_writing().data()), "authorization: {}",
                 credential.expose_text());
  write("header", header.expose_text());
}

void DevelopmentSetup::write(const std::string& name, std::string_view text) const {
  if (os::create_private_file(folder_.path_of(name), mt::as_bytes(text), false) != os::Created::yes) {
    throw UsageError("the files of the development set-up cannot be written");
  }
}

ServeOptions DevelopmentSetup::applied_to(ServeOptions options) const {
  options.key.file = folder_.path_of("key.json");
  options.bootstrap.file = folder_.path_of("credential");
  options.policy = folder_.path_of("policy.json");
  options.hosts = names_of_this_machine();
  return options;
}

std::string DevelopmentSetup::introduction(const std::string& url) const {
  return fmt::format(
      "A development set-up: its key, credential and policy are in {0} until the server ends.\n"
      "\n"
      "  curl -H @{3} -d '{{}}' {1}/functions/chat/vend\n"
      "  curl -H @{3} -d '{{\"cacheName\":\"chat\",\"topicName\":\"room-8\"}}' {1}/node\n"
      "  curl {1}/.well-known/jwks.json\n"
      "\n"
      "Change {0}/policy.json and read it again with: kill -HUP {2}",
      folder_.path(), url, ::getpid(), quoted_if_needed(folder_.path_of("header")));
}

}  // namespace cli::serve
