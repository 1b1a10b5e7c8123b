#!/usr/bin/env python3
"""Configures with what cannot work and expects the one sentence that says so: bad_input.py CMAKE ROOT WORK PREFIX COMPILER

PREFIX is an installed copy without the program."""
import os
import re
import shutil
import subprocess
import sys

CMAKE, ROOT, WORK, PREFIX, COMPILER = sys.argv[1:]
HERE = os.path.dirname(os.path.abspath(__file__))
LIBRARY = ROOT
SUBPROJECT = os.path.join(HERE, "subproject")
COMPONENTS = os.path.join(HERE, "components")
OLD = os.path.join(WORK, "old")
shutil.rmtree(WORK, ignore_errors=True)


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


# A package NAME that says VERSION and is the only one of that name.
def old_package(name, version):
    folder = "%s/%s/lib/cmake/%s" % (OLD, name, name)
    write(folder + "/%s-config.cmake" % name.lower(), "")
    write(folder + "/%s-config-version.cmake" % name.lower(),
          'set(PACKAGE_VERSION %s)\nif(NOT PACKAGE_FIND_VERSION VERSION_GREATER PACKAGE_VERSION)\n'
          '  set(PACKAGE_VERSION_COMPATIBLE TRUE)\nendif()\n' % version)
    write("%s/%s/only.cmake" % (OLD, name),
          'macro(find_package)\n  if("${ARGV0}" STREQUAL "%s")\n    _find_package(${ARGV} NO_DEFAULT_PATH PATHS "%s/%s")\n'
          '  else()\n    _find_package(${ARGV})\n  endif()\nendmacro()\n' % (name, OLD, name))
    return "-DCMAKE_PROJECT_INCLUDE=%s/%s/only.cmake" % (OLD, name)


def old_openssl():
    root = OLD + "/openssl"
    write(root + "/include/openssl/opensslv.h", '#define OPENSSL_VERSION_NUMBER 0x1010117fL\n')
    for library in ("libcrypto", "libssl"):
        for ending in (".a", ".so", ".dylib"):
            write(root + "/lib/" + library + ending, "")
    return ["-DOPENSSL_ROOT_DIR=" + root, "-DOPENSSL_INCLUDE_DIR=%s/include" % root,
            "-DOPENSSL_CRYPTO_LIBRARY=%s/lib/libcrypto.a" % root]


# As if the compiler that is there were another one.
def compiler(identity, version):
    write(OLD + "/%s-%s.cmake" % (identity, version), "set(CMAKE_CXX_COMPILER_ID %s)\nset(CMAKE_CXX_COMPILER_VERSION %s)\n" % (identity, version))
    return "-DCMAKE_PROJECT_INCLUDE=%s/%s-%s.cmake" % (OLD, identity, version)


def for_windows():
    write(OLD + "/windows.cmake", "set(WIN32 1)\n")
    return "-DCMAKE_PROJECT_INCLUDE=%s/windows.cmake" % OLD


def without(name):
    return "-DCMAKE_DISABLE_FIND_PACKAGE_%s=ON" % name


def option(name, value="ON"):
    return "-DMOMENTO_TOKEN_%s=%s" % (name, value)


ROWS = [
    # An option that does not exist, a value that is none.
    (LIBRARY, [option("FOO")], "momento_token has no option MOMENTO_TOKEN_FOO; it has MOMENTO_TOKEN_BUILD_CLI, "),
    (LIBRARY, ["-DMOMENTO_TOKEN_FOO:BOOL=ON"], "momento_token has no option MOMENTO_TOKEN_FOO; it has"),
    (LIBRARY, ["-DMOMENTO_TOKEN_FOO:PATH=/usr"], "momento_token has no option MOMENTO_TOKEN_FOO; it has"),
    (LIBRARY, ["-DMOMENTO_TOKEN_FOO:FILEPATH=/usr/bin/foo"], "momento_token has no option MOMENTO_TOKEN_FOO; it has"),
    (LIBRARY, ["-DMOMENTO_TOKEN_FOO:INTERNAL=ON"], "momento_token has no option MOMENTO_TOKEN_FOO; it has"),
    (SUBPROJECT, [option("FOO")], "momento_token has no option MOMENTO_TOKEN_FOO; it has"),
    (LIBRARY, [option("BUILD_CLI", "maybe")], "MOMENTO_TOKEN_BUILD_CLI is ON or OFF, not `maybe`"),
    (LIBRARY, [option("BUILD_SERVE", "maybe")], "MOMENTO_TOKEN_BUILD_SERVE is ON, OFF or AUTO, not `maybe`"),
    (LIBRARY, [option("SANITIZE", "nonsense")], "MOMENTO_TOKEN_SANITIZE: no sanitizer is called `nonsense`; there are address, "),
    (LIBRARY, [option("SANITIZE", "address,undefine")], "MOMENTO_TOKEN_SANITIZE: no sanitizer is called `undefine`; there are "),
    # Two that exclude each other.
    (LIBRARY, [option("NO_EXCEPTIONS"), option("TESTS_HEADER_ONLY")],
     "MOMENTO_TOKEN_NO_EXCEPTIONS changes the compiled library, and MOMENTO_TOKEN_TESTS_HEADER_ONLY tests the other one"),
    (LIBRARY, [option("EVP_ONLY"), option("TESTS_HEADER_ONLY")], "MOMENTO_TOKEN_EVP_ONLY changes the compiled library, and "),
    (LIBRARY, [option("TESTS_HEADER_ONLY"), option("BUILD_TESTS", "OFF")],
     "MOMENTO_TOKEN_TESTS_HEADER_ONLY needs MOMENTO_TOKEN_BUILD_TESTS=ON"),
    (LIBRARY, [option("TEST_PACKAGES"), option("BUILD_TESTS", "OFF")],
     "MOMENTO_TOKEN_TEST_PACKAGES needs MOMENTO_TOKEN_BUILD_TESTS=ON"),
    (LIBRARY, [option("REQUIRE_FRAMEWORKS"), option("BUILD_TESTS", "OFF")],
     "MOMENTO_TOKEN_REQUIRE_FRAMEWORKS needs MOMENTO_TOKEN_BUILD_TESTS=ON"),
    (LIBRARY, [option("REQUIRE_FRAMEWORKS"), option("TESTS_HEADER_ONLY")],
     "MOMENTO_TOKEN_REQUIRE_FRAMEWORKS asks for tests that MOMENTO_TOKEN_TESTS_HEADER_ONLY leaves out"),
    (LIBRARY, [option("BUILD_SERVE"), option("BUILD_CLI", "OFF")], "MOMENTO_TOKEN_BUILD_SERVE=ON needs MOMENTO_TOKEN_BUILD_CLI=ON"),
    (LIBRARY, [option("BUILD_SERVE"), for_windows()], "MOMENTO_TOKEN_BUILD_SERVE=ON: `momento-token serve` does not run on Windows"),
    (LIBRARY, [option("SANITIZE", "address,memory")], "MOMENTO_TOKEN_SANITIZE: the memory sanitizer does not work together with address"),
    (LIBRARY, [option("SANITIZE", "memory"), compiler("GNU", "12.2.0")], "MOMENTO_TOKEN_SANITIZE: the memory sanitizer needs clang"),
    (LIBRARY, [option("BUILD_FUZZERS"), compiler("GNU", "12.2.0")], "The fuzzers need clang's libFuzzer: configure with "),
    (LIBRARY, [option("SANITIZE", "address,thread")],
     "MOMENTO_TOKEN_SANITIZE: the thread sanitizer does not work together with address"),
    (LIBRARY, [option("NO_EXCEPTIONS"), "-DMSVC=1"],
     "MOMENTO_TOKEN_NO_EXCEPTIONS needs a compiler with -fno-exceptions, and MSVC has none"),
    (LIBRARY, ["-DBUILD_SHARED_LIBS=ON", "-DCMAKE_POSITION_INDEPENDENT_CODE=OFF"],
     "BUILD_SHARED_LIBS=ON needs position-independent code, and CMAKE_POSITION_INDEPENDENT_CODE is OFF"),
    (SUBPROJECT, [option("BUILD_TESTS")], "MOMENTO_TOKEN_BUILD_TESTS is for momento_token's own build"),
    (SUBPROJECT, [option("BUILD_BENCHMARKS")], "MOMENTO_TOKEN_BUILD_BENCHMARKS is for momento_token's own build"),
    (SUBPROJECT, ["-DTARGETS_OF_OUR_OWN=ON", option("INSTALL")],
     "MOMENTO_TOKEN_INSTALL=ON needs fmt::fmt, which the project that contains momento_token builds, to be installed as well: "),
    # What is missing, and what is too old.
    (LIBRARY, [compiler("GNU", "11.4.0")], "momento_token needs g++ 12 or newer (found 11.4.0): install g++-12 (apt)"),
    (LIBRARY, [compiler("Clang", "13.0.1")], "momento_token needs clang 14 or newer (found 13.0.1): install clang-14 (apt)"),
    (LIBRARY, [compiler("AppleClang", "14.0.3")], "momento_token needs Apple clang 15 or newer (found 14.0.3): get Xcode 15"),
    (LIBRARY, [compiler("MSVC", "19.29.30133")], "momento_token needs MSVC 19.30 or newer (found 19.29.30133): get Visual Studio"),
    (LIBRARY, [without("OpenSSL")], "momento_token needs OpenSSL 3.0 or newer: install libssl-dev (apt)"),
    # The options that the vcpkg port gives are Windows' too.
    (LIBRARY, [option("BUILD_SERVE", "OFF"), for_windows(), without("OpenSSL")], "momento_token needs OpenSSL 3.0 or newer: "),
    (LIBRARY, old_openssl(), "momento_token needs OpenSSL 3.0 or newer (found 1.1.1w): install libssl-dev (apt)"),
    (LIBRARY, [without("Threads")], "momento_token needs the system's threads, and find_package(Threads) does not find them"),
    (LIBRARY, [without("fmt")], "momento_token needs fmt 9.0 or newer: install libfmt-dev (apt)"),
    (LIBRARY, [old_package("fmt", "8.1.1")], "momento_token needs fmt 9.0 or newer (found 8.1.1): install libfmt-dev"),
    (LIBRARY, [without("nlohmann_json")], "momento_token needs nlohmann_json 3.10.5 or newer: install nlohmann-json3-dev"),
    (LIBRARY, [old_package("nlohmann_json", "3.9.1")], "nlohmann_json 3.10.5 or newer (found 3.9.1): install"),
    (LIBRARY, [without("CLI11")], "momento_token needs CLI11 2.1 or newer: install libcli11-dev"),
    (LIBRARY, [option("BUILD_SERVE"), without("Boost")], "momento-token serve needs Boost 1.74 or newer: install libboost-dev"),
    (LIBRARY, [option("BUILD_SERVE"), old_package("Boost", "1.71.0")],
     "momento-token serve needs Boost 1.74 or newer (found 1.71.0): install libboost-dev"),
    (LIBRARY, [without("doctest")], "momento_token needs doctest 2.4 or newer: install doctest-dev"),
    (LIBRARY, [without("Python3")], "momento_token needs Python 3.8 or newer: "),
    # The same for those who use an installed copy.
    (COMPONENTS, ["-DCOMPONENTS=vendig"], "momento_token has no component `vendig`; it has core, vending, testing and program"),
    (COMPONENTS, ["-DCOMPONENTS=core;program"], "installed without its component `program` (build it with"),
    (COMPONENTS, [without("Threads")], "momento_token needs the system's threads, and find_package(Threads) does not find them"),
    (COMPONENTS, [without("fmt")], "momento_token needs fmt 9.0 or newer: install libfmt-dev (apt)"),
    (COMPONENTS, [old_package("nlohmann_json", "3.9.1")], "momento_token needs nlohmann_json 3.10.5 or newer (found 3.9.1): "),
    (COMPONENTS, old_openssl(), "momento_token needs OpenSSL 3.0 or newer (found 1.1.1w): install libssl-dev (apt)"),
]


LIBRARY_ALONE = [option("BUILD_TESTS", "OFF"), option("BUILD_CLI", "OFF"), option("BUILD_EXAMPLES", "OFF")]
GOOD = [
    # A name that is none is not remembered.
    ("the corrected command", "0", LIBRARY_ALONE),
    ("no Boost where the server is not asked for", "boost", [option("BUILD_TESTS", "OFF"), without("Boost")]),
]


def configure(source, work, arguments):
    command = [CMAKE, "-S", source, "-B", work, "-DLIBRARY_ROOT=" + ROOT, "-DCMAKE_PREFIX_PATH=" + PREFIX,
               "-DCMAKE_CXX_COMPILER=" + COMPILER, *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    return done.returncode, re.sub(r"\s+", " ", done.stdout)


def main():
    failed = 0
    for number, (source, arguments, sentence) in enumerate(ROWS):
        status, output = configure(source, "%s/%d" % (WORK, number), arguments)
        if status == 0 or sentence not in output or output.count("CMake Error") != 1:
            failed += 1
            print("%s: wanted the one error `%s`, got status %d and\n%s\n" % (" ".join(arguments), sentence, status, output))
    for name, work, arguments in GOOD:
        status, output = configure(LIBRARY, WORK + "/" + work, arguments)
        if status != 0:
            failed += 1
            print("%s fails:\n%s" % (name, output))
    print("%d of %d wrong" % (failed, len(ROWS) + len(GOOD)))
    return failed != 0


sys.exit(main())
