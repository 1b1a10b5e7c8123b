#!/usr/bin/env python3
"""MOMENTO_TOKEN_FETCH_DEPENDENCIES with the newest CMake on a machine that has none of the dependencies that it can fetch: the
library built, installed, found and used: fetch_test.py --tools DIR --work DIR --compiler COMPILER

Where GitHub cannot be reached, projects of the system's headers stand in for the downloads (which are then not tried), under the
oldest CMake version that one of the real ones asks for."""
import os
import pathlib
import shutil
import subprocess

from support import CONSUMERS, ROOT, check, ninja_of, options, run

# Package, its target, its headers below /usr/include: none where it is configured only.
PACKAGES = [("fmt", "fmt", "fmt"), ("nlohmann_json", "nlohmann_json", "nlohmann"), ("CLI11", "CLI11", ""), ("benchmark", "benchmark", "")]
ARCHIVE = "https://github.com/fmtlib/fmt/archive/refs/tags/9.1.0.tar.gz"

PROJECT = """cmake_minimum_required(VERSION 3.5...3.18)
project({package} LANGUAGES NONE)
add_library({target} INTERFACE)
add_library({package}::{target} ALIAS {target})
target_include_directories({target} INTERFACE $<BUILD_INTERFACE:${{CMAKE_CURRENT_SOURCE_DIR}}/include> $<INSTALL_INTERFACE:include>)
target_compile_definitions({target} INTERFACE {package}_STANDS_IN FMT_HEADER_ONLY)
install(DIRECTORY include/ DESTINATION include)
install(TARGETS {target} EXPORT {package}-config)
install(EXPORT {package}-config NAMESPACE {package}:: DESTINATION share/{package})
file(WRITE ${{CMAKE_CURRENT_BINARY_DIR}}/{package}-config-version.cmake "set(PACKAGE_VERSION_COMPATIBLE TRUE)")
install(FILES ${{CMAKE_CURRENT_BINARY_DIR}}/{package}-config-version.cmake DESTINATION share/{package})
"""


def stand_ins(folder):
    arguments = []
    for package, target, headers in PACKAGES:
        project = folder / package
        (project / "include").mkdir(parents=True)
        if headers:
            shutil.copytree(pathlib.Path("/usr/include") / headers, project / "include" / headers)
        (project / "CMakeLists.txt").write_text(PROJECT.format(package=package, target=target), encoding="utf-8")
        arguments.append("-DFETCHCONTENT_SOURCE_DIR_%s=%s" % (package.upper(), project))
    return arguments


def github_answers():
    return subprocess.run(["curl", "-fsIL", "--max-time", "20", ARCHIVE], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def main():
    o = options("tools", "compiler").parse_args()
    shutil.rmtree(o.work, ignore_errors=True)
    cmake = o.tools / "cmake-newest/bin/cmake"
    ninja = ninja_of(cmake) + ["-DCMAKE_CXX_COMPILER=" + o.compiler]
    hidden = ["-DCMAKE_DISABLE_FIND_PACKAGE_%s=ON" % package for package, _, _ in PACKAGES]
    settings = ninja + ["-DMOMENTO_TOKEN_BUILD_TESTS=OFF", "-DMOMENTO_TOKEN_BUILD_EXAMPLES=OFF", "-DCMAKE_CXX_FLAGS=-O0",
                        "-DCMAKE_CXX_COMPILER_LAUNCHER=" + os.environ.get("CMAKE_CXX_COMPILER_LAUNCHER", "")]

    said = run(cmake, "-S", ROOT, "-B", o.work / "without", *settings, *hidden, status=1)
    check("-DMOMENTO_TOKEN_FETCH_DEPENDENCIES=ON" in said, "what is missing does not say how to get it:\n" + said)

    real = github_answers()
    fetched = [] if real else stand_ins(o.work / "stand-ins")
    build, prefix = o.work / "build", o.work / "installed"
    run(cmake, "-S", ROOT, "-B", build, *settings, *hidden, *fetched, "-DMOMENTO_TOKEN_FETCH_DEPENDENCIES=ON",
        "-DMOMENTO_TOKEN_BUILD_BENCHMARKS=ON", "-DCMAKE_INSTALL_PREFIX=%s" % prefix)
    commands = (build / "build.ninja").read_text(encoding="utf-8")
    check(real or all(package + "_STANDS_IN" in commands for package, _, _ in PACKAGES), "the system's packages were used")
    # The program and the benchmarks are configured only: their many files take minutes.
    run(cmake, "-S", ROOT, "-B", build, "-DMOMENTO_TOKEN_BUILD_CLI=OFF", "-DMOMENTO_TOKEN_BUILD_BENCHMARKS=OFF")
    run(cmake, "--build", build)
    run(cmake, "--install", build)

    run(cmake, "-S", CONSUMERS / "components", "-B", o.work / "consumer", *ninja, "-DCOMPONENTS=core;vending;testing",
        "-DCMAKE_PREFIX_PATH=%s" % prefix)
    check("test kit works" in run(cmake, "--build", o.work / "consumer"), "the test kit does not work")
    check("consumer works" in run(o.work / "consumer/consumer"), "the consumer does not work")
    print("downloaded" if real else "GitHub does not answer: stand-ins instead of downloads")


main()
