# Warnings and sanitizers for our own targets. Nothing of it is exported, and none of it exists in a subproject.

add_library(momento_token_developer INTERFACE)
if(MSVC)
  target_compile_options(momento_token_developer INTERFACE /W4 /permissive- /utf-8)
else()
  target_compile_options(momento_token_developer INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 22)
  target_compile_options(momento_token_developer INTERFACE -Wno-c2y-extensions)  # __COUNTER__ in test frameworks
endif()
if(MOMENTO_TOKEN_SANITIZE)
  target_compile_options(momento_token_developer INTERFACE
    -fsanitize=${MOMENTO_TOKEN_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(momento_token_developer INTERFACE -fsanitize=${MOMENTO_TOKEN_SANITIZE})
  if(MOMENTO_TOKEN_SANITIZE MATCHES "thread")
    # Which g++'s ThreadSanitizer does not know; Asio's locks say the same.
    target_compile_definitions(momento_token_developer INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
endif()
