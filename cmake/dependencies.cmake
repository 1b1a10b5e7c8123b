# What the library, the program and the tests are built on: found first; downloaded only when
# MOMENTO_TOKEN_FETCH_DEPENDENCIES says so. The package config repeats the versions of the first three and where to get them.
set(momento_token_openssl_version 3.0)
set(momento_token_openssl_where
  "install libssl-dev (apt), openssl-devel (dnf), openssl (pacman, vcpkg), openssl@3 (brew), or get it from https://openssl-library.org/source/")
set(momento_token_fmt_version 9.0)
set(momento_token_fmt_where
  "install libfmt-dev (apt), fmt-devel (dnf) or fmt (brew, pacman, vcpkg), or get it from https://github.com/fmtlib/fmt")
set(momento_token_nlohmann_json_version 3.10.5)
set(momento_token_nlohmann_json_where
  "install nlohmann-json3-dev (apt), json-devel (dnf) or nlohmann-json (brew, pacman, vcpkg), or get it from https://github.com/nlohmann/json")

# momento_token_wanted(RESULT NAME VERSION FOUND): in words, what is wanted and what there is instead.
function(momento_token_wanted result name version found)
  list(JOIN found ", " found)
  if(found)
    set(found " (found ${found})")
  endif()
  set(${result} "${name} ${version} or newer${found}" PARENT_SCOPE)
endfunction()

# Stops with one sentence: what is wanted, what there is instead, where to get it.
function(momento_token_missing name version found where)
  momento_token_wanted(wanted "${name}" "${version}" "${found}")
  message(FATAL_ERROR "momento_token needs ${wanted}: ${where}")
endfunction()

# momento_token_need_compiler(ID NAME VERSION WHERE): stops when the compiler is ID and older. Others are not judged.
function(momento_token_need_compiler id name version where)
  if(CMAKE_CXX_COMPILER_ID STREQUAL id AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS version)
    momento_token_missing("${name}" ${version} "${CMAKE_CXX_COMPILER_VERSION}" "${where}")
  endif()
endfunction()
momento_token_need_compiler(GNU g++ 12
  "install g++-12 (apt), gcc-c++ (dnf) or gcc (brew, pacman), and say which one with -DCMAKE_CXX_COMPILER=g++-12")
momento_token_need_compiler(Clang clang 14
  "install clang-14 (apt), clang (dnf, pacman) or llvm (brew), and say which one with -DCMAKE_CXX_COMPILER=clang++-14")
momento_token_need_compiler(AppleClang "Apple clang" 15 "get Xcode 15 from https://developer.apple.com/xcode/")
momento_token_need_compiler(MSVC MSVC 19.30 "get Visual Studio 2022 from https://visualstudio.microsoft.com/")

# momento_token_have(RESULT TARGET NAME VERSION WHERE [INSTALLS]): whether a project that contains this one has TARGET already.
# What it built itself our exported targets can name only where it is installed, too: INSTALLS is the option that says so.
function(momento_token_have result target name version where)
  set(${result} FALSE PARENT_SCOPE)
  if(NOT TARGET ${target})
    return()
  elseif(DEFINED ${name}_VERSION AND ${name}_VERSION VERSION_LESS version)
    momento_token_missing(${name} ${version} "${${name}_VERSION}" "${where}")
  endif()
  get_target_property(imported ${target} IMPORTED)
  foreach(installs IN LISTS ARGN)
    if(MOMENTO_TOKEN_INSTALL AND NOT imported AND NOT ${installs})
      message(FATAL_ERROR "MOMENTO_TOKEN_INSTALL=ON needs ${target}, which the project that contains momento_token builds, to be installed as well: set ${installs} to ON before, or leave momento_token's installation out")
    endif()
  endforeach()
  set(${result} TRUE PARENT_SCOPE)
endfunction()

# Takes TARGET where it is there, or finds NAME in VERSION or newer, or downloads URL, or stops. What is downloaded is
# installed along where our exported targets name it: INSTALLS is its option for that.
macro(momento_token_need name target version url sha256 where)
  momento_token_have(momento_token_has_${name} ${target} ${name} ${version} "${where}" ${ARGN})
  if(NOT momento_token_has_${name})
    momento_token_find(${name} ${version} ${url} ${sha256} "${where}" ${ARGN})
  endif()
endmacro()

macro(momento_token_find name version url sha256 where)
  find_package(${name} ${version} QUIET)
  if(NOT ${name}_FOUND AND MOMENTO_TOKEN_FETCH_DEPENDENCIES)
    foreach(installs IN ITEMS ${ARGN})
      set(${installs} ${MOMENTO_TOKEN_INSTALL})
    endforeach()
    include(FetchContent)
    set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)  # lets the *_INSTALL variables below reach it
    FetchContent_Declare(${name} URL ${url} URL_HASH SHA256=${sha256})
    FetchContent_MakeAvailable(${name})
  elseif(NOT ${name}_FOUND)
    momento_token_missing(${name} ${version} "${${name}_CONSIDERED_VERSIONS}"
                          "${where}, or let CMake download it with -DMOMENTO_TOKEN_FETCH_DEPENDENCIES=ON")
  endif()
endmacro()

momento_token_have(momento_token_has_openssl OpenSSL::Crypto OpenSSL ${momento_token_openssl_version} "${momento_token_openssl_where}")
if(NOT momento_token_has_openssl)
  find_package(OpenSSL ${momento_token_openssl_version} QUIET COMPONENTS Crypto)
  if(NOT OpenSSL_FOUND)
    momento_token_missing(OpenSSL ${momento_token_openssl_version} "${OPENSSL_VERSION}" "${momento_token_openssl_where}")
  endif()
endif()

# The C library has threads itself, or (glibc before 2.34, the BSDs) a library beside it.
find_package(Threads QUIET)
if(NOT Threads_FOUND)
  message(FATAL_ERROR "momento_token needs the system's threads, and find_package(Threads) does not find them")
endif()
momento_token_need(fmt fmt::fmt ${momento_token_fmt_version}
  https://github.com/fmtlib/fmt/archive/refs/tags/9.1.0.tar.gz
  5dea48d1fcddc3ec571ce2058e13910a0d4a6bab4cc09a809d8b1dd1c88ae6f2 "${momento_token_fmt_where}" FMT_INSTALL)
momento_token_need(nlohmann_json nlohmann_json::nlohmann_json ${momento_token_nlohmann_json_version}
  https://github.com/nlohmann/json/releases/download/v3.12.0/json.tar.xz
  42f6e95cad6ec532fd372391373363b62a14af6d771056dbfc86160e6dfff7aa "${momento_token_nlohmann_json_where}" JSON_Install)
if(MOMENTO_TOKEN_BUILD_CLI)
  momento_token_need(CLI11 CLI11::CLI11 2.1
    https://github.com/CLIUtils/CLI11/archive/refs/tags/v2.4.2.tar.gz
    f2d893a65c3b1324c50d4e682c0cdc021dd0477ae2c048544f39eed6654b699a
    "install libcli11-dev (apt), cli11-devel (dnf) or cli11 (brew, pacman, vcpkg), leave the program out with -DMOMENTO_TOKEN_BUILD_CLI=OFF")
endif()
# The program's server. AUTO: where Boost is; where it is not it is left out, and that is said.
if(momento_token_serve STREQUAL "AUTO" AND (WIN32 OR NOT MOMENTO_TOKEN_BUILD_CLI))
  set(MOMENTO_TOKEN_BUILD_SERVE OFF)
elseif(momento_token_serve STREQUAL "AUTO" OR momento_token_serve_wanted)
  find_package(Boost 1.74 QUIET)
  find_package(OpenSSL ${momento_token_openssl_version} QUIET COMPONENTS Crypto SSL)
  set(momento_token_serve_where
    "install libboost-dev and libssl-dev (apt), boost-devel and openssl-devel (dnf), boost and openssl (brew, pacman) or boost-asio, boost-beast and openssl (vcpkg), get Boost from https://www.boost.org/releases/latest/, or leave the server out with -DMOMENTO_TOKEN_BUILD_SERVE=OFF")
  set(momento_token_serve_lacks "")
  if(NOT Boost_FOUND)
    set(momento_token_serve_found "${Boost_CONSIDERED_VERSIONS}")
    if(NOT momento_token_serve_found)
      set(momento_token_serve_found "${Boost_VERSION_STRING}")  # FindBoost's, of headers without a package config
    endif()
    momento_token_wanted(momento_token_serve_lacks Boost 1.74 "${momento_token_serve_found}")
  elseif(NOT TARGET OpenSSL::SSL)
    set(momento_token_serve_lacks "OpenSSL's libssl")
  endif()
  if(momento_token_serve_lacks AND momento_token_serve_wanted)
    message(FATAL_ERROR "momento-token serve needs ${momento_token_serve_lacks}: ${momento_token_serve_where}")
  elseif(momento_token_serve_lacks)
    message(STATUS "momento-token is built without `serve`: it needs ${momento_token_serve_lacks}; ${momento_token_serve_where}")
    set(MOMENTO_TOKEN_BUILD_SERVE OFF)
  else()
    set(MOMENTO_TOKEN_BUILD_SERVE ON)
  endif()
endif()
if(MOMENTO_TOKEN_BUILD_TESTS)
  momento_token_need(doctest doctest::doctest 2.4
    https://github.com/doctest/doctest/archive/refs/tags/v2.4.12.tar.gz
    73381c7aa4dee704bd935609668cf41880ea7f19fa0504a200e13b74999c2d70
    "install doctest-dev (apt), doctest-devel (dnf) or doctest (brew, pacman, vcpkg), leave the tests out with -DMOMENTO_TOKEN_BUILD_TESTS=OFF")
  find_package(Python3 3.8 QUIET COMPONENTS Interpreter)
  if(NOT Python3_FOUND)
    momento_token_missing("Python" 3.8 "${Python3_VERSION}"
      "its tests are run by it; install python3 (apt, dnf), python (brew, pacman), or get it from https://www.python.org/downloads/")
  endif()
endif()
if(MOMENTO_TOKEN_BUILD_BENCHMARKS)
  set(BENCHMARK_ENABLE_TESTING OFF)
  set(BENCHMARK_ENABLE_INSTALL OFF)
  momento_token_need(benchmark benchmark::benchmark 1.7
    https://github.com/google/benchmark/archive/refs/tags/v1.8.3.tar.gz
    6bc180a57d23d4d9515519f92b0c83d61b05b5bab188961f36ac7b06b0d9e9ce
    "install libbenchmark-dev (apt), google-benchmark-devel (dnf), google-benchmark (brew) or benchmark (pacman, vcpkg)")
endif()
