#!/usr/bin/env python3
"""Builds a project that uses the library, as a stranger would, and runs it.

  consumer.py --cmake CMAKE --root ROOT --work DIR PROJECT -- -DNAME=VALUE…       builds PROJECT (a folder beside this)
  consumer.py --cmake CMAKE --root ROOT --work DIR --install TO -- -DNAME=VALUE…  installs the library and moves it to TO
  consumer.py --cmake CMAKE --root ROOT --work DIR --install TO --built BUILD     the same, of what is built in BUILD

An installed copy is named by the environment variable PREFIX. A program that is built must print "consumer works"; a
project with a file `expected_failure` must not build, and what it says must match that file."""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
# Whatever we use ourselves to compile: none of it may reach a stranger's sources.
OUR_FLAGS = re.compile(r"\s(-W(?!odr|lto|error=odr|error=lto)\S*|-pedantic\S*|-fsanitize\S*|-fno-exceptions|-fvisibility\S*"
                       r"|-DMOMENTO_TOKEN_BUILDING)")


def fail(what, output=""):
    sys.exit("%s\n%s" % (what, output[-6000:]))


def run(*command, may_fail=False):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode != 0 and not may_fail:
        fail("failed: " + " ".join(command), done.stdout)
    return done


def install(o):
    staging = os.path.join(o.work, "staging")
    if not o.built:
        o.built = o.work + "/build"
        run(o.cmake, "-S", o.root, "-B", o.built, "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=", "-DMOMENTO_TOKEN_BUILD_TESTS=OFF",
            "-DMOMENTO_TOKEN_BUILD_CLI=OFF", "-DMOMENTO_TOKEN_BUILD_EXAMPLES=OFF", *o.define)
        run(o.cmake, "--build", o.built)
    run(o.cmake, "--install", o.built, "--prefix", staging)
    shutil.rmtree(o.install, ignore_errors=True)
    shutil.move(staging, o.install)
    check_paths(o.install, staging, o.built, o.root)


# A package that names a place of the machine that built it cannot move.
def check_paths(folder, *places):
    for where, _, names in os.walk(folder):
        for name in names:
            text = open(os.path.join(where, name), encoding="utf-8", errors="replace").read()
            for place in places:
                if name.endswith((".cmake", ".pc", ".hpp", ".ipp")) and place in text:
                    fail("%s names %s" % (os.path.join(where, name), place))


def take_from_readme(o):
    source = os.path.join(o.work, "source")
    os.makedirs(source)
    for language, name in (("cmake", "CMakeLists.txt"), ("cpp", "main.cpp")):
        run(sys.executable, os.path.join(o.root, "tests/readme_test/extract.py"), os.path.join(o.root, "README.md"),
            language, os.path.join(source, name))
    return source


def check_flags(build, source):
    for entry in json.load(open(os.path.join(build, "compile_commands.json"))):
        leaked = OUR_FLAGS.findall(entry["command"])
        if entry["file"].startswith(source) and leaked:
            fail("%s is compiled with flags of ours: %s" % (entry["file"], leaked))


def build(o):
    source = take_from_readme(o) if o.project == "readme" else os.path.join(here, o.project)
    binary = os.path.join(o.work, "build")
    expected = os.path.join(source, "expected_failure")
    prefix = ["-DCMAKE_PREFIX_PATH=" + os.environ["PREFIX"]] if "PREFIX" in os.environ else []
    run(o.cmake, "-S", source, "-B", binary, "-DLIBRARY_ROOT=" + o.root, "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
        # What only our tests and our program need is not looked for.
        "-DCMAKE_DISABLE_FIND_PACKAGE_doctest=ON", "-DCMAKE_DISABLE_FIND_PACKAGE_CLI11=ON", *prefix, *o.define)
    check_flags(binary, source)
    built = run(o.cmake, "--build", binary, may_fail=os.path.exists(expected))
    if os.path.exists(expected):
        pattern = open(expected).read().strip()
        if built.returncode == 0 or not re.search(pattern, built.stdout):
            fail("was to fail with %r, and %s" % (pattern, "built" if built.returncode == 0 else "failed:"), built.stdout)
        return
    if "warning:" in built.stdout:
        fail("warns", built.stdout)
    name = "my_server" if o.project == "readme" else "consumer"
    output = run(os.path.join(binary, name)).stdout
    if not re.search("consumer works|ann may invoke od", output):
        fail("the program says something else:", output)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cmake", required=True)
    parser.add_argument("--root", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--install")
    parser.add_argument("--built")
    parser.add_argument("project", nargs="?")
    parser.add_argument("define", nargs="*")
    options = parser.parse_args()
    if options.install and options.project:
        options.define.insert(0, options.project)
    shutil.rmtree(options.work, ignore_errors=True)
    install(options) if options.install else build(options)


if __name__ == "__main__":
    main()
