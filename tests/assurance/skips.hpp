#pragma once
// Where a measurement would measure its tools. ctest takes 77 for "skipped".

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace assurance {

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define MOMENTO_TOKEN_TEST_SANITIZED 1
#endif
#if __has_feature(thread_sanitizer)
#define MOMENTO_TOKEN_TEST_TSAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MOMENTO_TOKEN_TEST_SANITIZED 1
#endif
#if defined(__SANITIZE_THREAD__)
#define MOMENTO_TOKEN_TEST_TSAN 1
#endif

#if defined(MOMENTO_TOKEN_TEST_SANITIZED)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif
#if defined(MOMENTO_TOKEN_TEST_TSAN)
inline constexpr bool thread_sanitized = true;
#else
inline constexpr bool thread_sanitized = false;
#endif

[[nodiscard]] inline bool under_valgrind() {
  const char* const preloaded = std::getenv("LD_PRELOAD");
  return preloaded != nullptr && std::string_view(preloaded).find("vgpreload") != std::string_view::npos;
}

/// Sanitizers map terabytes, and Valgrind keeps copies of its own.
[[nodiscard]] inline const char* why_memory_cannot_be_read() {
  if (sanitized) return "a sanitizer's memory is too large to be searched";
  if (under_valgrind()) return "Valgrind keeps copies of its own";
  return nullptr;
}

/// For what a build cannot measure, whatever is installed: MOMENTO_TOKEN_NO_SKIPS does not ask for it.
[[nodiscard]] inline int skipped(const char* why) {
  std::printf("skipped: %s\n", why);
  return 77;
}

}  // namespace assurance
