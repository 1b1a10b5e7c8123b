#!/usr/bin/env python3
"""The library installed, found and made a part of another build, with the oldest CMake and Make and the newest CMake and Ninja;
and what a CMake that is too old says: cmake_test.py --tools DIR --work DIR --compiler COMPILER oldest|newest"""
import os
import shutil

from support import CONSUMERS, ROOT, check, ninja_of, options, run


def too_old(tools, work):
    said = " ".join(run(tools / "cmake-too-old/bin/cmake", "-S", ROOT, "-B", work / "too-old", status=1).split())
    check("momento_token needs CMake 3.21 or newer (this is 3.20." in said, "a CMake that is too old says\n" + said)


def main():
    parser = options("tools", "compiler")
    parser.add_argument("which", choices=["oldest", "newest"])
    o = parser.parse_args()
    shutil.rmtree(o.work, ignore_errors=True)
    cmake = o.tools / ("cmake-" + o.which) / "bin/cmake"
    if o.which == "oldest":
        too_old(o.tools, o.work)
        generator = ["-GUnix Makefiles"]
    else:
        generator = ninja_of(cmake)
    ours = generator + ["-DCMAKE_CXX_COMPILER=" + o.compiler, "-Werror=dev", "-Werror=deprecated"]

    def consumer(name, *arguments, prefix=None):
        run("python3", CONSUMERS / "consumer.py", "--cmake", cmake, "--root", ROOT, "--work", o.work / name, *arguments,
            env={"PREFIX": prefix} if prefix else None)

    shared = "-DBUILD_SHARED_LIBS=%s" % ("ON" if o.which == "newest" else "OFF")
    consumer("install", "--install", o.work / "installed", "--", shared, *ours)
    consumer("components", "components", "--", "-DCOMPONENTS=core;vending;testing", *ours, prefix=o.work / "installed")
    consumer("pkg-config", "package", "--", "-DLIBRARY=pkg-config", *ours, prefix=o.work / "installed")
    consumer("fetch", "subproject", "--", "-DHOW=FetchContent", *ours)
    print(run(cmake, "--version").splitlines()[0], os.path.basename(generator[0]))


main()
