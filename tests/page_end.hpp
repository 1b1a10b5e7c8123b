#pragma once
// Bytes whose end is the end of a page, with nothing mapped behind: to read one more ends the test.

#include <cstddef>
#include <cstring>
#include <string_view>
#include <vector>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace test {

#if __has_include(<sys/mman.h>)
class AtPageEnd {
 public:
  explicit AtPageEnd(std::string_view bytes) : size_(bytes.size()) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t room = (size_ + page - 1) / page * page;
    mapped_ = room + page;
    void* const all = ::mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED || ::mprotect(static_cast<char*>(all) + room, page, PROT_NONE) != 0) throw "no memory";
    all_ = static_cast<char*>(all);
    begin_ = all_ + room - size_;
    std::memcpy(begin_, bytes.data(), size_);
  }
  AtPageEnd(const AtPageEnd&) = delete;
  AtPageEnd& operator=(const AtPageEnd&) = delete;
  ~AtPageEnd() { ::munmap(all_, mapped_); }
  [[nodiscard]] std::string_view view() const { return {begin_, size_}; }

 private:
  std::size_t size_, mapped_ = 0;
  char *all_ = nullptr, *begin_ = nullptr;
};
#else
// Elsewhere AddressSanitizer would notice.
class AtPageEnd {
 public:
  explicit AtPageEnd(std::string_view bytes) : bytes_(bytes.begin(), bytes.end()) {}
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::vector<char> bytes_;
};
#endif

}  // namespace test
