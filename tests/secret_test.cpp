#include "momento_token/secret.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>

#include "allocations.hpp"
#include "support.hpp"

#if __has_include(<sys/stat.h>) && !defined(_WIN32)
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

using namespace momento_token;

TEST_CASE("a secret is a copy of its bytes") {
  std::string own = "correct horse";
  const SecretBytes secret = SecretBytes::copy_of(own);
  own.assign(own.size(), 'x');

  CHECK(secret.size() == 13);
  CHECK(secret.expose_text() == "correct horse");
  CHECK(secret.expose().size() == 13);
  CHECK(static_cast<char>(secret.expose()[0]) == 'c');
  CHECK_FALSE(secret.empty());
}

TEST_CASE("a secret made with a size holds zeros, to be written") {
  SecretBytes secret(4);
  CHECK(secret.expose_text() == std::string_view("\0\0\0\0", 4));

  secret.expose_for_writing()[1] = std::byte{'a'};

  CHECK(secret.expose_text() == std::string_view("\0a\0\0", 4));
}

TEST_CASE("an empty secret is a secret") {
  const SecretBytes nothing;
  const SecretBytes none(0);
  const SecretBytes copy = SecretBytes::copy_of(std::string_view());

  CHECK(nothing.empty());
  CHECK(none.empty());
  CHECK(copy.expose_text().empty());
}

TEST_CASE("a secret can be moved and cannot be copied") {
  CHECK_FALSE(std::is_copy_constructible_v<SecretBytes>);
  CHECK_FALSE(std::is_copy_assignable_v<SecretBytes>);
  CHECK(std::is_nothrow_move_constructible_v<SecretBytes>);
  CHECK(std::is_nothrow_move_assignable_v<SecretBytes>);
}

TEST_CASE("a secret that was moved from is empty") {
  SecretBytes first = test::secret("first");
  SecretBytes second(std::move(first));
  CHECK(second.expose_text() == "first");
  CHECK(first.empty());
  CHECK(first.expose().empty());

  SecretBytes third = test::secret("third");
  third = std::move(second);

  CHECK(third.expose_text() == "first");
  CHECK(second.empty());
  CHECK(second.expose().empty());
}

TEST_CASE("a secret moved to itself stays what it is") {
  SecretBytes secret = test::secret("mine");
  SecretBytes& same = secret;

  secret = std::move(same);

  CHECK(secret.expose_text() == "mine");
}

TEST_CASE("truncate keeps the front, wipes the rest and never grows") {
  SecretBytes secret = test::secret("0123456789");
  const std::byte* memory = secret.expose().data();

  secret.truncate(10);
  CHECK(secret.expose_text() == "0123456789");
  secret.truncate(11);
  CHECK(secret.size() == 10);
  secret.truncate(4);
  CHECK(secret.expose_text() == "0123");
  REQUIRE(secret.expose().data() == memory);
  for (std::size_t i = 4; i < 10; ++i) CHECK(memory[i] == std::byte{0});
  secret.truncate(5);
  CHECK(secret.size() == 4);
  secret.truncate(0);
  CHECK(secret.empty());
}

TEST_CASE("wipe overwrites as many bytes as it is told") {
  char text[] = "abcdef";
  wipe(text, 3);
  CHECK(std::string_view(text, 6) == std::string_view("\0\0\0def", 6));
  wipe(nullptr, 0);
}

TEST_CASE("the memory of a secret is zero when it is given back") {
  const std::string text(64, 's');

  SUBCASE("destroyed") {
    {
      const SecretBytes secret = test::secret(text);
      test::freed_block.watch(secret.expose().data(), 64);
    }
    REQUIRE(test::freed_block.freed);
    CHECK(test::freed_block.all_zero());
  }
  SUBCASE("assigned to") {
    SecretBytes secret = test::secret(text);
    test::freed_block.watch(secret.expose().data(), 64);
    secret = test::secret("other");
    REQUIRE(test::freed_block.freed);
    CHECK(test::freed_block.all_zero());
    CHECK(secret.expose_text() == "other");
  }
  SUBCASE("truncated, then destroyed") {
    {
      SecretBytes secret = test::secret(text);
      test::freed_block.watch(secret.expose().data(), 64);
      secret.truncate(1);
    }
    REQUIRE(test::freed_block.freed);
    CHECK(test::freed_block.all_zero());
  }
  SUBCASE("the watch itself sees what is not wiped") {
    auto* plain = new std::byte[64];
    wipe(plain, 64);
    plain[63] = std::byte{1};
    test::freed_block.watch(plain, 64);
    delete[] plain;
    REQUIRE(test::freed_block.freed);
    CHECK_FALSE(test::freed_block.all_zero());
  }
}

TEST_CASE("a key file that is not there or is no file is an invalid argument") {
  CHECK(test::outcome(read_key_file("no/such/file.jwk")).starts_with("invalid_argument"));
  CHECK(test::outcome(read_key_file("")).starts_with("invalid_argument"));
}

#if __has_include(<sys/stat.h>) && !defined(_WIN32)
namespace test {

/// A file that goes away with the case.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view text) {
    char name[] = "/tmp/momento_token_secret_test_XXXXXX";
    const int descriptor = ::mkstemp(name);
    if (descriptor >= 0) ::close(descriptor);
    path_ = name;
    std::ofstream(path_, std::ios::binary) << text;
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() { std::remove(path_.c_str()); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace test

TEST_CASE("a key file is read to its last byte and no further than its limit") {
  const test::TemporaryFile file(std::string("key\0\n", 5) + std::string(95, 'k'));

  const auto whole = read_key_file(file.path());
  REQUIRE(whole);
  CHECK(whole->bytes.expose_text() == std::string("key\0\n", 5) + std::string(95, 'k'));
  CHECK(test::outcome(read_key_file(file.path(), 100)) == "ok");
  CHECK(test::outcome(read_key_file(file.path(), 99)).starts_with("limit_exceeded"));
}

TEST_CASE("a key file of 1 MiB is read and a longer one is not") {
  const test::TemporaryFile fits(std::string(std::size_t{1} << 20, 'k'));
  const test::TemporaryFile longer(std::string((std::size_t{1} << 20) + 1, 'k'));

  const auto read = read_key_file(fits.path());
  REQUIRE(read);
  CHECK(read->bytes.size() == std::size_t{1} << 20);
  CHECK(test::outcome(read_key_file(longer.path())).starts_with("limit_exceeded"));
  CHECK(test::outcome(read_key_file(longer.path(), std::numeric_limits<std::size_t>::max())) == "ok");
}

TEST_CASE("an empty key file is read as nothing") {
  const test::TemporaryFile file("");
  const auto read = read_key_file(file.path());
  REQUIRE(read);
  CHECK(read->bytes.empty());
}

// cli.md: a regular file owned by the user or root, not writable by group or others and not readable by others.
TEST_CASE("a key file is private when nobody but its owner writes it and others do not read it") {
  struct Row {
    ::mode_t mode;
    bool is_private;
  };
  const test::TemporaryFile file("key");
  for (const Row& row :
       {Row{0600, true}, Row{0400, true}, Row{0440, true}, Row{0640, true}, Row{0700, true}, Row{0644, false},
        Row{0604, false}, Row{0444, false}, Row{0620, false}, Row{0660, false}, Row{0602, false}, Row{0666, false}}) {
    CAPTURE(row.mode);
    REQUIRE(::chmod(file.path().c_str(), row.mode) == 0);
    const auto read = read_key_file(file.path());
    REQUIRE(read);
    CHECK(read->is_private == row.is_private);
  }
}

TEST_CASE("a link does not hide the permissions of the file behind it") {
  const test::TemporaryFile file("key");
  const std::string link = file.path() + ".link";
  REQUIRE(::symlink(file.path().c_str(), link.c_str()) == 0);

  REQUIRE(::chmod(file.path().c_str(), 0644) == 0);
  const auto open_to_all = read_key_file(link);
  REQUIRE(::chmod(file.path().c_str(), 0600) == 0);
  const auto closed = read_key_file(link);
  std::remove(link.c_str());

  REQUIRE(open_to_all);
  CHECK_FALSE(open_to_all->is_private);
  REQUIRE(closed);
  CHECK(closed->is_private);
}

// cli.md: the opened descriptor counts. A pipe's reader waits until somebody writes; by then the name is another file's.
TEST_CASE("what counts is the file that was opened, not the one that has its name by then") {
  for (int i = 0; i < 50; ++i) {
    const test::TemporaryFile regular("{}");
    const std::string name = regular.path() + ".key", pipe = regular.path() + ".pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    REQUIRE(::link(pipe.c_str(), name.c_str()) == 0);
    std::thread writer([&] {
      const int end = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC);  // returns when the reader opens its end
      std::rename(regular.path().c_str(), name.c_str());
      ::close(end);
    });

    const auto opened = read_key_file(name);
    writer.join();

    const auto now = read_key_file(name);
    std::remove(name.c_str());
    std::remove(pipe.c_str());
    REQUIRE(opened);
    CHECK_FALSE(opened->is_private);
    REQUIRE(now);
    CHECK(now->is_private);
  }
}

TEST_CASE("a key file is closed again, whether it was read or not") {
  const auto next_descriptor = [] {
    const int lowest = ::open("/", O_RDONLY | O_CLOEXEC);
    ::close(lowest);
    return lowest;
  };
  const test::TemporaryFile file("key");
  const int before = next_descriptor();

  CHECK(read_key_file(file.path()).has_value());
  CHECK_FALSE(read_key_file(file.path(), 2).has_value());
  CHECK_FALSE(read_key_file("/").has_value());

  CHECK(next_descriptor() == before);
}

// The owner is the user or root. Only root can make such files, and be another user for a moment.
TEST_CASE("a key file of another user is not private, and one of root is") {
  if (::geteuid() != 0) {
    MESSAGE("not run: only root can give files away");
    return;
  }
  const test::TemporaryFile file("key");
  struct Row {
    ::uid_t owner, user;
    bool is_private;
  };
  for (const Row& row :
       {Row{0, 0, true}, Row{4321, 0, false}, Row{0, 4321, true}, Row{4321, 4321, true}, Row{4322, 4321, false}}) {
    CAPTURE(row.owner);
    CAPTURE(row.user);
    REQUIRE(::chown(file.path().c_str(), row.owner, 4321) == 0);
    REQUIRE(::chmod(file.path().c_str(), 0440) == 0);
    REQUIRE(::setegid(4321) == 0);
    REQUIRE(::seteuid(row.user) == 0);
    const auto read = read_key_file(file.path());
    REQUIRE(::seteuid(0) == 0);
    REQUIRE(::setegid(0) == 0);
    REQUIRE(read);
    CHECK(read->is_private == row.is_private);
  }
}

TEST_CASE("what is no regular file is never private") {
  const auto directory = read_key_file("/");
  const auto device = read_key_file("/dev/null");

  CHECK_FALSE(directory.has_value());
  if (device) CHECK_FALSE(device->is_private);
}
#endif
