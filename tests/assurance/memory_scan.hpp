#pragma once
// Looks for secrets in the writable memory of its own process (Linux). What it looks for is kept xor-masked and comes from a
// forked child through a pipe, so that the search finds neither its own list nor the work that made it.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assurance {

inline void require(bool ok, const char* what) {
  if (ok) return;
  std::perror(what);
  std::abort();
}

inline constexpr std::size_t window_bytes = 16;
// Each fourth byte begins a window: any 19 bytes in a row of a secret are found.
inline constexpr std::size_t window_step = 4;
inline constexpr std::uint64_t first_mask = 0xA5C3'1E97'6B0D'F248U, second_mask = 0x39F0'8D54'C2E7'617BU;

/// 16 bytes of a secret, masked.
struct Window {
  std::uint64_t first = 0, second = 0;
  char form[24] = {};  // "d raw", "midstate", …

  friend bool operator<(const Window& a, const Window& b) {
    return std::pair(a.first, a.second) < std::pair(b.first, b.second);
  }
};

/// In the child: takes secrets apart.
class Windows {
 public:
  void add(std::string_view form, std::string_view bytes) {
    for (std::size_t at = 0; at + window_bytes <= bytes.size(); at += window_step) {
      Window window;
      std::memcpy(&window.first, bytes.data() + at, 8);
      std::memcpy(&window.second, bytes.data() + at + 8, 8);
      window.first ^= first_mask;
      window.second ^= second_mask;
      std::memcpy(window.form, form.data(), std::min(form.size(), sizeof window.form - 1));
      windows_.push_back(window);
    }
  }
  void write_to(int fd) const {
    const char* p = reinterpret_cast<const char*>(windows_.data());
    for (std::size_t left = windows_.size() * sizeof(Window); left != 0;) {
      const ssize_t n = ::write(fd, p, left);
      require(n > 0, "write");
      p += n;
      left -= static_cast<std::size_t>(n);
    }
  }

 private:
  std::vector<Window> windows_;
};

struct Found {
  std::size_t windows = 0;
  std::map<std::string, std::size_t> where;  // "HS256 raw bytes in [stack]" and how many windows
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> each;

  /// How often the window lies there that is there most often.
  [[nodiscard]] std::size_t copies() const {
    std::size_t most = 0;
    for (const auto& [window, count] : each) most = std::max(most, count);
    return most;
  }
};

class MemoryScan {
 public:
  MemoryScan() {
    void* const memory = ::mmap(nullptr, buffer_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(memory != MAP_FAILED, "mmap");
    buffer_ = static_cast<unsigned char*>(memory);
    memory_ = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    require(memory_ >= 0, "/proc/self/mem");
  }
  MemoryScan(const MemoryScan&) = delete;
  MemoryScan& operator=(const MemoryScan&) = delete;
  ~MemoryScan() {
    ::close(memory_);
    ::munmap(buffer_, buffer_bytes);
  }

  /// Reports are to call this range by this name.
  void call(std::pair<std::uintptr_t, std::uintptr_t> range, std::string name) {
    named_ = range;
    name_ = std::move(name);
  }

  /// `take_apart(windows)` runs in a child of this process, which sees what this process sees. Returns how many windows
  /// are new.
  template <class F>
  std::size_t learn(const std::string& name, F&& take_apart) {
    int ends[2];
    require(::pipe(ends) == 0, "pipe");
    std::fflush(nullptr);
    const pid_t child = ::fork();
    require(child >= 0, "fork");
    if (child == 0) {
      ::close(ends[0]);
      Windows windows;
      take_apart(windows);
      windows.write_to(ends[1]);
      ::_exit(0);
    }
    ::close(ends[1]);
    const std::size_t count = read_windows(ends[0], name);
    ::close(ends[0]);
    int status = 0;
    require(::waitpid(child, &status, 0) == child && status == 0, "the child that takes a secret apart");
    index();
    return count;
  }

  /// Every place where a window of any secret lies.
  [[nodiscard]] Found scan() {
    Found found;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
      std::uintptr_t begin = 0, end = 0;
      char access[5] = {};
      int name_at = 0;
      if (std::sscanf(line.c_str(), "%lx-%lx %4s %*x %*s %*d %n", &begin, &end, access, &name_at) < 3) continue;
      if (access[1] != 'w') continue;
      const std::string name = line.size() > static_cast<std::size_t>(name_at)
                                   ? line.substr(static_cast<std::size_t>(name_at))
                                   : "anonymous";
      const auto own = reinterpret_cast<std::uintptr_t>(buffer_);
      scan_range(begin, std::min(end, std::max(begin, own)), name, found);
      scan_range(std::max(begin, std::min(end, own + buffer_bytes)), end, name, found);
    }
    std::memset(buffer_, 0, buffer_bytes);
    return found;
  }

  /// Unmasks window number `i` into 16 bytes: for controls.
  void unmask(std::size_t i, unsigned char* out) const {
    const std::uint64_t first = windows_[i].first ^ first_mask, second = windows_[i].second ^ second_mask;
    std::memcpy(out, &first, 8);
    std::memcpy(out + 8, &second, 8);
  }
  [[nodiscard]] std::size_t size() const { return windows_.size(); }

 private:
  static constexpr std::size_t buffer_bytes = std::size_t{1} << 20;
  static constexpr unsigned filter_bits = 22;

  std::size_t read_windows(int fd, const std::string& name) {
    std::vector<Window> read;
    Window window;
    std::size_t filled = 0;
    for (;;) {
      const ssize_t n = ::read(fd, reinterpret_cast<char*>(&window) + filled, sizeof window - filled);
      require(n >= 0, "read");
      if (n == 0) break;
      filled += static_cast<std::size_t>(n);
      if (filled < sizeof window) continue;
      read.push_back(window);
      filled = 0;
    }
    require(filled == 0, "half a window");
    for (const Window& one : read) {
      windows_.push_back(one);
      names_[{one.first, one.second}] = name + ", " + one.form;
    }
    return read.size();
  }

  static std::size_t filter_place(std::uint64_t masked) {
    return static_cast<std::size_t>(masked * 0x9E37'79B9'7F4A'7C15U >> (64 - filter_bits));
  }

  void index() {
    filter_.assign(std::size_t{1} << filter_bits, false);
    for (const Window& window : windows_) filter_[filter_place(window.first)] = true;
  }

  void scan_range(std::uintptr_t begin, std::uintptr_t end, const std::string& name, Found& found) {
    while (begin + window_bytes <= end) {
      const std::size_t want = std::min<std::size_t>(buffer_bytes, end - begin);
      const ssize_t n = ::pread(memory_, buffer_, want, static_cast<off_t>(begin));
      if (n < static_cast<ssize_t>(window_bytes)) return;  // a guard page or a device
      const auto size = static_cast<std::size_t>(n);
      for (std::size_t at = 0; at + window_bytes <= size; ++at) look(buffer_ + at, begin + at, name, found);
      begin += size - (window_bytes - 1);
    }
  }

  void look(const unsigned char* p, std::uintptr_t address, const std::string& name, Found& found) const {
    std::uint64_t first = 0, second = 0;
    std::memcpy(&first, p, 8);
    first ^= first_mask;
    if (!filter_[filter_place(first)]) return;
    std::memcpy(&second, p + 8, 8);
    second ^= second_mask;
    const auto known = names_.find({first, second});
    if (known == names_.end()) return;
    ++found.windows;
    ++found.each[known->first];
    const bool is_named = address >= named_.first && address < named_.second;
    ++found.where[known->second + " in " + (is_named ? name_ : name)];
  }

  std::vector<Window> windows_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::string> names_;
  std::vector<bool> filter_ = std::vector<bool>(std::size_t{1} << filter_bits);
  std::pair<std::uintptr_t, std::uintptr_t> named_;
  std::string name_;
  unsigned char* buffer_ = nullptr;
  int memory_ = -1;
};

}  // namespace assurance
