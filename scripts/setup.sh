# Sourced by scripts/run and scripts/test: makes sure that what they need is installed, configures and builds. Quiet
# unless something is wrong.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build
log=$build/last-step.log

say() { printf '%s\n' "$*"; }
die() {
  say "$*" >&2
  exit 1
}

# step TITLE COMMAND…: one line while it goes well, the end of its output when it does not.
step() {
  local title=$1 started=$SECONDS
  shift
  printf '%-12s' "$title"
  if "$@" >"$log" 2>&1; then
    say "done ($((SECONDS - started)) s)"
    return
  fi
  say "failed"
  tail -n 40 "$log" >&2
  die "The whole output is in $log"
}

packages_of() {
  case $1 in
    apt) say "cmake make g++ libssl-dev libfmt-dev nlohmann-json3-dev libcli11-dev libboost-dev doctest-dev python3 pkg-config" ;;
    dnf) say "cmake make gcc-c++ openssl-devel fmt-devel json-devel cli11-devel boost-devel doctest-devel python3 pkgconf" ;;
    pacman) say "cmake make gcc openssl fmt nlohmann-json cli11 boost doctest python pkgconf" ;;
    brew) say "cmake openssl@3 fmt nlohmann-json cli11 boost doctest python pkgconf" ;;
    vcpkg) say "openssl fmt nlohmann-json cli11 boost-asio boost-beast doctest" ;;
  esac
}

# What the programs of docs/embedding.md and their clients are made with; where something of it is missing they are skipped.
packages_of_tests() {
  say "curl libboost-dev libcpp-httplib-dev libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc"
}

# missing_debian_packages TESTS
missing_debian_packages() {
  local package
  for package in $(packages_of apt) $([ "$1" != ON ] || packages_of_tests); do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || printf '%s ' "$package"
  done
}

install_on_debian() {
  local missing sudo=
  missing=$(missing_debian_packages "$1")
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "Please have an administrator run: apt-get install $missing"
    say "sudo may ask for your password, to install: $missing"
    sudo -v || die "Without sudo, have an administrator run: apt-get install $missing"
    sudo=sudo
  fi
  step "update" $sudo env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  # shellcheck disable=SC2086 # a list of names
  step "install" $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
}

tell_what_to_install() {
  say "This needs CMake 3.21, a C++20 compiler (g++ 12, clang 14 or newer), OpenSSL 3, fmt 9, nlohmann/json, CLI11, Boost,"
  say "doctest and Python 3. Install them with the one you have, then run this again:"
  say "  brew install $(packages_of brew)"
  say "  sudo dnf install $(packages_of dnf)"
  say "  sudo pacman -S --needed $(packages_of pacman)"
  say "  vcpkg install $(packages_of vcpkg)   (then: export CMAKE_TOOLCHAIN_FILE=…/vcpkg/scripts/buildsystems/vcpkg.cmake)"
}

# The compiler that CMake would take, or a newer one where that is a g++ older than 12.
choose_compiler() {
  [ -z "${CXX:-}" ] || return 0
  local version candidate
  version=$(c++ -dumpversion 2>/dev/null | cut -d. -f1)
  c++ --version 2>/dev/null | grep -qi 'gcc\|g++\|debian\|ubuntu' && [ "${version:-0}" -lt 12 ] || return 0
  for candidate in g++-14 g++-13 g++-12 clang++; do
    if command -v "$candidate" >/dev/null; then
      export CXX=$candidate
      return
    fi
  done
  die "This needs g++ 12 or clang 14 or newer, and c++ is g++ ${version:-none}: install g++-12, or name one with CXX=…"
}

# install_what_is_missing TESTS
install_what_is_missing() {
  if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
    install_on_debian "$1"
  elif ! command -v cmake >/dev/null || ! command -v c++ >/dev/null || ! command -v python3 >/dev/null; then
    tell_what_to_install >&2
    exit 1
  fi
  # Homebrew keeps its OpenSSL where nobody looks.
  if command -v brew >/dev/null && brew --prefix openssl@3 >/dev/null 2>&1; then
    OPENSSL_ROOT_DIR=${OPENSSL_ROOT_DIR:-$(brew --prefix openssl@3)}
    export OPENSSL_ROOT_DIR
  fi
  choose_compiler
}

# configure TESTS: ON, or OFF where an earlier run has not said otherwise. More arguments of CMake may come in
# MOMENTO_TOKEN_CMAKE_ARGS, such as -DMOMENTO_TOKEN_FETCH_DEPENDENCIES=ON.
configure() {
  local cache=$build/CMakeCache.txt tests=$1
  if [ -f "$cache" ]; then
    # A tree that was moved or copied brings a cache that is about another place.
    grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache" || rm -rf "$cache" "$build/CMakeFiles"
    [ "$tests" = ON ] || ! grep -q '^MOMENTO_TOKEN_BUILD_TESTS:BOOL=ON' "$cache" 2>/dev/null || tests=ON
  fi
  if command -v ccache >/dev/null; then
    export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
  fi
  # shellcheck disable=SC2086 # a list of arguments
  cmake -S "$root" -B "$build" -DMOMENTO_TOKEN_BUILD_TESTS="$tests" ${MOMENTO_TOKEN_CMAKE_ARGS:-} && return
  command -v apt-get >/dev/null || tell_what_to_install
  return 1
}

jobs_of_this_machine() { getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2; }

# set_up TESTS [TARGET…]: everything up to a built tree.
set_up() {
  local tests=$1 target
  shift
  mkdir -p "$build"
  install_what_is_missing "$tests"
  step "configure" configure "$tests"
  local targets=()
  for target in "$@"; do targets+=(--target "$target"); done
  # Visual Studio and Xcode ask for the configuration here; others have it from `configure`.
  step "build" cmake --build "$build" --config Release -j "$(jobs_of_this_machine)" ${targets[@]+"${targets[@]}"}
}
