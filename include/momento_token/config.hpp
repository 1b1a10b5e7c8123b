#pragma once
// How the library is compiled: header-only or not, exported symbols, and the namespace that keeps the two apart.

#if defined(_MSVC_LANG)
#if _MSVC_LANG < 202002L
#error "momento_token needs C++20: compile with /std:c++20"
#endif
#elif __cplusplus <= 201703L
#error "momento_token needs C++20: compile with -std=c++20"
#endif

/// Defined by the CMake target momento_token::header_only, never by hand: every body is then inline, and
/// everything lives in another inline namespace, so that one program may hold both flavours.
#if defined(MOMENTO_TOKEN_HEADER_ONLY)
#define MOMENTO_TOKEN_INLINE inline
#define MOMENTO_TOKEN_API
#if defined(__GNUC__)
// The tag also reaches functions that only *return* one of our types, which a namespace alone does not.
#define MOMENTO_TOKEN_ABI v1_ho __attribute__((abi_tag("momento_token_header_only")))
#else
#define MOMENTO_TOKEN_ABI v1_ho
#endif
#else
#define MOMENTO_TOKEN_INLINE
#define MOMENTO_TOKEN_ABI v1
#if defined(MOMENTO_TOKEN_SHARED) && defined(_WIN32)
#if defined(MOMENTO_TOKEN_BUILDING)
#define MOMENTO_TOKEN_API __declspec(dllexport)
#else
#define MOMENTO_TOKEN_API __declspec(dllimport)
#endif
#elif defined(MOMENTO_TOKEN_SHARED) && defined(__GNUC__)
#define MOMENTO_TOKEN_API __attribute__((visibility("default")))
#else
#define MOMENTO_TOKEN_API
#endif
#endif

#define MOMENTO_TOKEN_BEGIN_NAMESPACE \
  namespace momento_token {           \
  inline namespace MOMENTO_TOKEN_ABI {
#define MOMENTO_TOKEN_END_NAMESPACE \
  }                                 \
  }
