// 64 MB on the program's standard input: refused within 50 ms of wall time and 16 MB of memory, whatever they are.
//   program_cost_test PROGRAM [--long]    without --long the figures are printed, and only the memory is asserted

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "checks.hpp"
#include "skips.hpp"

namespace {

using namespace assurance;

constexpr std::string_view key_set =
    R"({"keys":[{"kty":"oct","alg":"HS256","kid":"k","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}]})";

struct Input {
  const char* name;
  std::string first;  // then `fill` up to 64 MB
  char fill;
};

struct Run {
  double milliseconds = 0;
  long kilobytes = 0;
  int code = -1;
};

// A process of its own, so that the program's time does not wait for ours.
pid_t start_feeding(const int (&ends)[2], const Input& input) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::close(ends[0]);
  const int fd = ends[1];
  ::signal(SIGPIPE, SIG_DFL);  // the program stops reading: so do we
  static char block[std::size_t{64} << 10];
  std::memset(block, input.fill, sizeof block);
  std::memcpy(block, input.first.data(), input.first.size());
  for (std::size_t left = std::size_t{64} << 20; left != 0; left -= sizeof block) {
    for (std::size_t done = 0; done < sizeof block;) {
      const ssize_t n = ::write(fd, block + done, sizeof block - done);
      if (n <= 0) ::_exit(0);
      done += static_cast<std::size_t>(n);
    }
    std::memset(block, input.fill, input.first.size());
  }
  ::_exit(0);
}

Run run(const std::vector<const char*>& command, const Input& input) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
  std::fflush(nullptr);
  const pid_t feeder = start_feeding(ends, input);
  ::close(ends[1]);
  const auto start = std::chrono::steady_clock::now();
  const pid_t program = ::fork();
  if (program == 0) {
    ::dup2(ends[0], 0);
    const int nowhere = ::open("/dev/null", O_WRONLY);
    ::dup2(nowhere, 1);
    ::dup2(nowhere, 2);
    std::vector<char*> arguments;
    for (const char* argument : command) arguments.push_back(const_cast<char*>(argument));
    arguments.push_back(nullptr);
    ::execv(arguments[0], arguments.data());
    ::_exit(126);
  }
  ::close(ends[0]);
  int status = 0;
  rusage used{};
  ::wait4(program, &status, 0, &used);
  const auto end = std::chrono::steady_clock::now();
  ::waitpid(feeder, nullptr, 0);
  return {std::chrono::duration<double, std::milli>(end - start).count(), used.ru_maxrss,
          WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}

Run best_of(int times, const std::vector<const char*>& command, const Input& input) {
  Run best = run(command, input);
  for (int i = 1; i < times; ++i) {
    const Run again = run(command, input);
    if (again.milliseconds < best.milliseconds) best = again;
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  if (sanitized || under_valgrind()) return skipped("a sanitizer's memory is not the program's");
  const bool assert_times = has_flag(argc, argv, "--long");
  char keys[] = "/tmp/momento_token_cost_XXXXXX";
  const int fd = ::mkstemp(keys);
  if (fd < 0 || ::write(fd, key_set.data(), key_set.size()) != static_cast<ssize_t>(key_set.size())) return 2;
  ::close(fd);
  const std::vector<Input> inputs = {{"letters", "", 'A'},
                                     {"dots", "", '.'},
                                     {"a header and letters", "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsifQ.", 'A'},
                                     {"line ends", "", '\n'},
                                     {"brackets", "", '['},
                                     {"zeros", "", '\0'}};
  for (const Input& input : inputs) {
    for (const char* profile : {"token", "jws"}) {
      const Run verify = best_of(5, {argv[1], "verify", "--jwks", keys, "--profile", profile}, input);
      std::printf("       verify --profile %-6s 64 MB of %-22s %6.1f ms, %ld KB, exit code %d\n", profile, input.name,
                  verify.milliseconds, verify.kilobytes, verify.code);
      check(verify.code == 1, "it is refused");
      check(verify.kilobytes <= 16 * 1024, "in at most 16 MB");
      if (assert_times) check(verify.milliseconds <= 50, "within 50 ms");
    }
    const Run inspect = best_of(3, {argv[1], "inspect"}, input);
    std::printf("       inspect                64 MB of %-22s %6.1f ms, %ld KB, exit code %d\n", input.name,
                inspect.milliseconds, inspect.kilobytes, inspect.code);
    check(inspect.code == 1 && inspect.kilobytes <= 16 * 1024, "inspect refuses it in at most 16 MB, too");
  }
  // A batch reads on to the end of the line, to answer and go on (cli.md), and keeps up to 16 MiB of it.
  const Run batch = best_of(3, {argv[1], "verify", "--batch"}, {"one line", R"({"id":1,"token":")", 'A'});
  std::printf("       verify --batch         64 MB of one line               %6.1f ms, %ld KB, exit code %d\n",
              batch.milliseconds, batch.kilobytes, batch.code);
  check(batch.code == 0 && batch.kilobytes <= 64 * 1024, "a batch holds at most two copies of 16 MiB");
  ::unlink(keys);
  return outcome();
}
