// What the vending kit reads and is sent: credentials, passwords, keys. While one is held it lies in memory once; what was
// only looked at, was replaced, or whose holder is gone lies nowhere: 19 bytes in a row of it would be found, in any form
// (secret_forms.hpp).
//   vending_memory_test [-v]    -v tells where what is found lies

#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "key_life.hpp"
#include "memory_scan.hpp"
#include "momento_token/scopes.hpp"
#include "momento_token/vending.hpp"
#include "secret_forms.hpp"
#include "skips.hpp"
#include "worker.hpp"

namespace {

using namespace assurance;
using namespace std::chrono_literals;
namespace vending = momento_token::vending;
using momento_token::Result;

// Literals lie in read-only memory, which is not searched: a request's views into them are no copies of ours.
constexpr std::string_view credential = "credential-Zk3vT8qLw2Yp9RbN4xHs6Jd0Fg7";
constexpr std::string_view bearer = "Bearer credential-Zk3vT8qLw2Yp9RbN4xHs6Jd0Fg7";
constexpr std::string_view next_credential = "replaced-Qm5cX1uVe8Kt3WzA7oGy2Bn9Lf4Ri";
constexpr std::string_view password = "correct-horse-Hy6Tg3Ws9Ed2Rf5Vq8Uj1Ik4";
constexpr std::string_view basic = "Basic YW5uOmNvcnJlY3QtaG9yc2UtSHk2VGczV3M5RWQyUmY1VnE4VWoxSWs0";
constexpr std::string_view wrong_password = "battery-staple-Pl7Mk4Nj1Bh8Vg5Cf2Xd9Zs";

bool verbose = false;
int failures = 0;

std::size_t found_in(MemoryScan& memory, const char* when, std::size_t* copies = nullptr) {
  const Found found = memory.scan();
  if (copies != nullptr) *copies = found.copies();
  for (const auto& [where, count] : found.where) {
    if (verbose) std::printf("    %s: %s (%zu)\n", when, where.c_str(), count);
  }
  return found.windows;
}

void expect(MemoryScan& memory, const char* what, std::size_t wanted_copies) {
  std::size_t copies = 0;
  found_in(memory, what, &copies);
  const bool ok = copies == wanted_copies;
  failures += ok ? 0 : 1;
  std::printf("%-6s %-70s copies: %zu\n", ok ? "ok" : "FAILED", what, copies);
}

// So that nothing is looked for in vain.
void control(MemoryScan& memory, const char* name, std::string_view secret) {
  memory.learn(name, [=](Windows& windows) { add_forms(windows, name, secret); });
  {
    const SecretBytes planted = copy(secret);
    const bool ok = found_in(memory, "planted") > 0;
    failures += ok ? 0 : 1;
    std::printf("%-6s %s is found when it is planted\n", ok ? "ok" : "FAILED", name);
  }
  expect(memory, "and not when that is gone", 0);
}

vending::Request asking(std::string_view value) {
  return {
      .method = "POST", .target = "/vend", .headers = {{"authorization", value}}, .body = "{}", .peer = "192.0.2.1"};
}

bool is_in(const vending::CallerAuth& auth, const vending::Request& request) {
  return std::holds_alternative<vending::Identity>(auth.authenticate(request));
}

void refreshed_secret(MemoryScan& memory, Worker& worker) {
  std::string_view store = credential;
  std::shared_ptr<vending::RefreshedSecret> secret;
  std::shared_ptr<const vending::CallerAuth> auth;
  worker.run([&] {
    const auto source = vending::callback_source([&]() -> Result<SecretBytes> {
      if (store.empty()) return momento_token::Error{momento_token::Errc::internal_error, "store", "does not answer"};
      return copy(store);
    });
    secret = vending::RefreshedSecret::create({.source = source}).value();
    auth = vending::bootstrap_auth({.source = secret}).value();
  });
  expect(memory, "a refreshed secret", 1);
  worker.run([&] {
    check(is_in(*auth, asking(credential)), "with the credential");
    check(is_in(*auth, asking(bearer)), "with Bearer");
    check(!is_in(*auth, asking(next_credential)), "not with another one");
    store = {};
    check(!secret->refresh(), "the store does not answer");
  });
  expect(memory, "after it has been compared, and a refresh has failed", 1);
  worker.run([&] {
    store = next_credential;
    check(secret->refresh().has_value(), "the next one is read");
    check(is_in(*auth, asking(next_credential)), "with the next one");
    check(!is_in(*auth, asking(credential)), "not with the one before");
  });
  expect(memory, "after another one has taken its place: of the two", 1);
  worker.run([&] {
    auth.reset();
    secret.reset();
  });
  expect(memory, "after both are gone", 0);
}

void bootstrap(MemoryScan& memory, Worker& worker) {
  std::optional<vending::VendingMachine> machine;
  worker.run([&] {
    const auto key = KeyPair::generate("ES256").value();
    machine.emplace(vending::VendingMachine::create(
                        {.issuer = {.signer = key.signer(), .endpoint = "cell.example.com"},
                         .auth = vending::bootstrap_auth({.credential = copy(credential)}).value(),
                         .policy = vending::policy_from_rules(
                                       {.scope = momento_token::scopes::cache_read_only("media"), .valid_for = 1min})
                                       .value()})
                        .value());
    check(machine->handle(asking(bearer)).status == 200, "it vends");
    check(machine->handle(asking(next_credential)).status == 401, "not to others");
    check(!vending::bootstrap_auth({.credential = copy(std::string_view("credential-Zk3vT8qLw2 Yp9RbN4x"))}),
          "a space");
  });
  expect(memory, "the credential of a machine that has vended", 1);
  worker.run([&] { machine.reset(); });
  expect(memory, "after the machine is gone", 0);
}

void passwords(MemoryScan& memory, Worker& worker, vending::PasswordHashing hashing) {
  std::shared_ptr<const vending::PasswordAuth> auth;
  worker.run([&] {
    const auto hash = vending::hash_password(copy(password), hashing).value();
    auth = vending::PasswordAuth::create({.users = {{.name = "ann", .hash = hash}}}).value();
  });
  expect(memory, "a password that was hashed", 0);
  worker.run([&] {
    check(is_in(*auth, {.method = "POST", .headers = {{"username", "ann"}, {"password", password}}}), "in two headers");
    check(is_in(*auth, asking(basic)), "as Basic");
    check(!is_in(*auth, {.method = "POST", .headers = {{"username", "ann"}, {"password", wrong_password}}}),
          "a wrong one");
    check(!is_in(*auth, {.method = "POST", .headers = {{"username", "bob"}, {"password", password}}}),
          "an unknown name");
  });
  expect(memory, "after it has been checked, in headers and as Basic", 0);
  worker.run([&] {
    check(is_in(*auth, {.method = "POST", .headers = {{"username", "ann"}, {"password", password}}}), "as remembered");
  });
  expect(memory, "after it was let in by what is remembered", 0);
  worker.run([&] { auth.reset(); });
  expect(memory, "after its check is gone", 0);
}

}  // namespace

int main(int argc, char** argv) {
  if (const char* why = why_memory_cannot_be_read()) return skipped(why);
  verbose = argc > 1 && std::string_view(argv[1]) == "-v";
  MemoryScan memory;
  {
    Worker worker;
    memory.call(worker.stack(), "the stack of the thread");
    // The loader looks a function up at its first call, and saves the vector registers on the stack meanwhile: those of the
    // search are not to be first called while a planted secret lies in a register.
    found_in(memory, "nothing known yet");
    control(memory, "credential", credential);
    control(memory, "next credential", next_credential);
    control(memory, "password", password);
    control(memory, "wrong password", wrong_password);
    refreshed_secret(memory, worker);
    bootstrap(memory, worker);
    passwords(memory, worker, {.log2_n = 14});
    passwords(memory, worker, {.function = vending::PasswordHashing::Function::pbkdf2, .iterations = 100'000});
  }
  expect(memory, "at the end, the thread gone", 0);
  return failures == 0 ? 0 : 1;
}
