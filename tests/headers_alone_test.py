#!/usr/bin/env python3
"""Every public header compiles alone with nothing but our include directory, and opens no third-party header but those
that ALLOWED names: headers_alone_test.py ROOT COMPILER"""
import concurrent.futures
import os
import re
import subprocess
import sys
import tempfile

root, compiler = sys.argv[1:]
include = os.path.join(root, "include")
home = os.path.join(include, "momento_token")
headers = sorted(os.path.relpath(os.path.join(where, name), include)
                 for where in (home, os.path.join(home, "permissions"), os.path.join(home, "testing"),
                               os.path.join(home, "vending"), os.path.join(home, "client"))
                 for name in os.listdir(where) if name.endswith(".hpp"))
foreign = re.compile(r"/(openssl|nlohmann|fmt|doctest|catch2|gtest|gmock|CLI)/")
ALLOWED = {
    "momento_token/format.hpp": {"fmt"},
    "momento_token/testing/doctest.hpp": {"doctest"},
    "momento_token/testing/catch2.hpp": {"catch2"},
    "momento_token/testing/gtest.hpp": {"gmock", "gtest"},
}
# A header of each test framework; a machine need not have all of them.
FRAMEWORK = {
    "momento_token/testing/doctest.hpp": ["doctest/doctest.h"],
    "momento_token/testing/catch2.hpp": ["catch2/catch_version_macros.hpp", "catch2/catch.hpp"],  # of 3 and of 2
    "momento_token/testing/gtest.hpp": ["gmock/gmock.h"],
}


def trouble(header):
    with tempfile.TemporaryDirectory() as work:
        source, opened = os.path.join(work, "alone.cpp"), os.path.join(work, "opened.d")
        with open(source, "w") as f:
            f.write('#include "%s"\n#include "%s"\n' % (header, header))
        run = subprocess.run([compiler, "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I", include,
                              "-fsyntax-only", "-MD", "-MF", opened, source], capture_output=True, text=True)
        if run.returncode != 0:
            return "does not compile alone:\n" + run.stderr[:2000]
        names = set(match.group(1) for match in foreign.finditer(open(opened).read()))
        allowed = ALLOWED.get(header, set())
        if names != allowed:
            return "opens headers of %s, expected %s" % (sorted(names) or "nobody", sorted(allowed) or "nobody")
    return None


def has_framework(header):
    there = " || ".join("__has_include(<%s>)" % name for name in FRAMEWORK[header])
    source = "#if !(%s)\n#error none\n#endif\n" % there
    return subprocess.run([compiler, "-std=c++20", "-E", "-x", "c++", "-"], input=source, text=True,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


for header in [h for h in headers if h in FRAMEWORK and not has_framework(h)]:
    print("%s was not tried: its framework is not installed" % header)
    headers.remove(header)
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    results = list(zip(headers, pool.map(trouble, headers)))
for header, what in results:
    if what:
        print("%s %s" % (header, what))
failed = sum(1 for _, what in results if what)
print("%d passed, %d failed" % (len(results) - failed, failed))
sys.exit(1 if failed or len(results) < 20 else 0)
