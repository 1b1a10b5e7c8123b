# Every option, and what stops the configure step: a name that is none, a value that is none, two that exclude each other.
set(momento_token_options "")

macro(momento_token_option name text default)
  option(MOMENTO_TOKEN_${name} "${text}" ${default})
  list(APPEND momento_token_options MOMENTO_TOKEN_${name})
  string(TOUPPER "${MOMENTO_TOKEN_${name}}" value)
  if(NOT "${value}" MATCHES "^(ON|OFF|TRUE|FALSE|YES|NO|Y|N|1|0|)$")
    message(FATAL_ERROR "MOMENTO_TOKEN_${name} is ON or OFF, not `${MOMENTO_TOKEN_${name}}`")
  endif()
endmacro()

momento_token_option(BUILD_CLI "Build the program momento-token" ${PROJECT_IS_TOP_LEVEL})
set(momento_token_serve_default OFF)
if(PROJECT_IS_TOP_LEVEL)
  set(momento_token_serve_default AUTO)
endif()
set(MOMENTO_TOKEN_BUILD_SERVE ${momento_token_serve_default} CACHE STRING
  "Build `momento-token serve`: ON, OFF, or AUTO, which is where Boost is found")
set_property(CACHE MOMENTO_TOKEN_BUILD_SERVE PROPERTY STRINGS AUTO ON OFF)
list(APPEND momento_token_options MOMENTO_TOKEN_BUILD_SERVE)
momento_token_option(BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
momento_token_option(BUILD_EXAMPLES "Build the examples" ${PROJECT_IS_TOP_LEVEL})
momento_token_option(BUILD_FUZZERS "Build the fuzzers (clang)" OFF)
momento_token_option(BUILD_BENCHMARKS "Build the benchmarks (Google Benchmark)" OFF)
momento_token_option(INSTALL "Install the library" ${PROJECT_IS_TOP_LEVEL})
momento_token_option(FETCH_DEPENDENCIES "Download what find_package does not find (all but OpenSSL and Boost)" OFF)
momento_token_option(NO_EXCEPTIONS "Compile the library without exceptions; Result::value() then aborts" OFF)
momento_token_option(EVP_ONLY "Compile the library without OpenSSL's deprecated functions" OFF)
if(PROJECT_IS_TOP_LEVEL)
  momento_token_option(TESTS_HEADER_ONLY "Link the tests with momento_token::header_only" OFF)
  momento_token_option(TEST_TREE "Also test the tree: layers, headers alone, what must not compile, consumers" ON)
  momento_token_option(REQUIRE_FRAMEWORKS "Stop where Catch2 or GoogleTest, for which there are matchers, is not found" OFF)
  momento_token_option(TEST_PACKAGES "Also test Conan, vcpkg, .deb and the oldest and newest CMake; see tests/packaging" OFF)
  set(MOMENTO_TOKEN_SANITIZE "" CACHE STRING "Sanitizers for our own targets, such as address,undefined or thread")
  list(APPEND momento_token_options MOMENTO_TOKEN_SANITIZE)
endif()

# What our tests look for keeps what they found in the cache, and may be said there. In a larger build only the command line
# is looked at: what that build itself declares is its own.
set(momento_token_looked_for "^MOMENTO_TOKEN_(BEAST|GDB|GRPC_PLUGIN|PROTOC|TESTED_[A-Za-z0-9]+)$")
get_cmake_property(cached CACHE_VARIABLES)
list(FILTER cached INCLUDE REGEX "^MOMENTO_TOKEN_")
list(REMOVE_ITEM cached ${momento_token_options})
if(PROJECT_IS_TOP_LEVEL)
  list(FILTER cached EXCLUDE REGEX "${momento_token_looked_for}")
endif()
foreach(name IN LISTS cached)
  get_property(type CACHE ${name} PROPERTY TYPE)
  if(PROJECT_IS_TOP_LEVEL OR type STREQUAL "UNINITIALIZED")
    unset(${name} CACHE)  # or a corrected command would find it again
    list(JOIN momento_token_options ", " known)
    message(FATAL_ERROR "momento_token has no option ${name}; it has ${known}")
  endif()
endforeach()

# momento_token_exclude(REASON CONDITION…): stops when all of CONDITION holds.
function(momento_token_exclude reason)
  if(${ARGN})
    message(FATAL_ERROR "${reason}")
  endif()
endfunction()

string(TOUPPER "${MOMENTO_TOKEN_BUILD_SERVE}" momento_token_serve)
momento_token_exclude("MOMENTO_TOKEN_BUILD_SERVE is ON, OFF or AUTO, not `${MOMENTO_TOKEN_BUILD_SERVE}`"
  NOT momento_token_serve MATCHES "^(AUTO|ON|OFF|TRUE|FALSE|YES|NO|Y|N|1|0|)$")
set(momento_token_serve_wanted OFF)
if(NOT momento_token_serve STREQUAL "AUTO" AND MOMENTO_TOKEN_BUILD_SERVE)
  set(momento_token_serve_wanted ON)
endif()
momento_token_exclude("MOMENTO_TOKEN_BUILD_SERVE=ON: `momento-token serve` does not run on Windows"
  momento_token_serve_wanted AND WIN32)
momento_token_exclude("MOMENTO_TOKEN_BUILD_SERVE=ON needs MOMENTO_TOKEN_BUILD_CLI=ON"
  momento_token_serve_wanted AND NOT MOMENTO_TOKEN_BUILD_CLI)
momento_token_exclude("MOMENTO_TOKEN_BUILD_TESTS is for momento_token's own build, not for one that contains it"
  MOMENTO_TOKEN_BUILD_TESTS AND NOT PROJECT_IS_TOP_LEVEL)
momento_token_exclude("MOMENTO_TOKEN_BUILD_BENCHMARKS is for momento_token's own build, not for one that contains it"
  MOMENTO_TOKEN_BUILD_BENCHMARKS AND NOT PROJECT_IS_TOP_LEVEL)
momento_token_exclude("MOMENTO_TOKEN_NO_EXCEPTIONS needs a compiler with -fno-exceptions, and MSVC has none"
  MOMENTO_TOKEN_NO_EXCEPTIONS AND MSVC)
momento_token_exclude("BUILD_SHARED_LIBS=ON needs position-independent code, and CMAKE_POSITION_INDEPENDENT_CODE is OFF"
  BUILD_SHARED_LIBS AND DEFINED CMAKE_POSITION_INDEPENDENT_CODE AND NOT CMAKE_POSITION_INDEPENDENT_CODE AND NOT WIN32)
momento_token_exclude("MOMENTO_TOKEN_TESTS_HEADER_ONLY needs MOMENTO_TOKEN_BUILD_TESTS=ON"
  MOMENTO_TOKEN_TESTS_HEADER_ONLY AND NOT MOMENTO_TOKEN_BUILD_TESTS)
momento_token_exclude("MOMENTO_TOKEN_TEST_PACKAGES needs MOMENTO_TOKEN_BUILD_TESTS=ON"
  MOMENTO_TOKEN_TEST_PACKAGES AND NOT MOMENTO_TOKEN_BUILD_TESTS)
momento_token_exclude("MOMENTO_TOKEN_REQUIRE_FRAMEWORKS needs MOMENTO_TOKEN_BUILD_TESTS=ON"
  MOMENTO_TOKEN_REQUIRE_FRAMEWORKS AND NOT MOMENTO_TOKEN_BUILD_TESTS)
momento_token_exclude("MOMENTO_TOKEN_REQUIRE_FRAMEWORKS asks for tests that MOMENTO_TOKEN_TESTS_HEADER_ONLY leaves out"
  MOMENTO_TOKEN_REQUIRE_FRAMEWORKS AND MOMENTO_TOKEN_TESTS_HEADER_ONLY)
foreach(name IN ITEMS NO_EXCEPTIONS EVP_ONLY)
  momento_token_exclude(
    "MOMENTO_TOKEN_${name} changes the compiled library, and MOMENTO_TOKEN_TESTS_HEADER_ONLY tests the other one"
    MOMENTO_TOKEN_${name} AND MOMENTO_TOKEN_TESTS_HEADER_ONLY)
endforeach()
string(REPLACE "," ";" momento_token_sanitizers "${MOMENTO_TOKEN_SANITIZE}")
foreach(name IN LISTS momento_token_sanitizers)
  momento_token_exclude("MOMENTO_TOKEN_SANITIZE: no sanitizer is called `${name}`; there are address, undefined, leak, thread and memory"
    NOT name MATCHES "^(address|undefined|leak|thread|memory)$")
endforeach()
momento_token_exclude("MOMENTO_TOKEN_SANITIZE: the thread sanitizer does not work together with address, leak or memory"
  MOMENTO_TOKEN_SANITIZE MATCHES "thread" AND MOMENTO_TOKEN_SANITIZE MATCHES "address|leak|memory")
momento_token_exclude("MOMENTO_TOKEN_SANITIZE: the memory sanitizer does not work together with address or leak"
  MOMENTO_TOKEN_SANITIZE MATCHES "memory" AND MOMENTO_TOKEN_SANITIZE MATCHES "address|leak")
momento_token_exclude("MOMENTO_TOKEN_SANITIZE: the memory sanitizer needs clang"
  MOMENTO_TOKEN_SANITIZE MATCHES "memory" AND NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
momento_token_exclude("MOMENTO_TOKEN_SANITIZE: MSVC has the sanitizer address only"
  MOMENTO_TOKEN_SANITIZE AND MSVC AND NOT MOMENTO_TOKEN_SANITIZE STREQUAL "address")
