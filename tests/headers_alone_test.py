#!/usr/bin/env python3
"""Every public header compiles alone with nothing but our include directory, and opens no third-party header
(format.hpp may open fmt): headers_alone_test.py ROOT COMPILER"""
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
                 for where in (home, os.path.join(home, "permissions"))
                 for name in os.listdir(where) if name.endswith(".hpp"))
foreign = re.compile(r"/(openssl|nlohmann|fmt|doctest|CLI)/")


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
        allowed = {"fmt"} if header.endswith("/format.hpp") else set()
        if names != allowed:
            return "opens headers of %s, expected %s" % (sorted(names) or "nobody", sorted(allowed) or "nobody")
    return None


with concurrent.futures.ThreadPoolExecutor(2) as pool:
    results = list(zip(headers, pool.map(trouble, headers)))
for header, what in results:
    if what:
        print("%s %s" % (header, what))
failed = sum(1 for _, what in results if what)
print("%d passed, %d failed" % (len(results) - failed, failed))
sys.exit(1 if failed or len(results) < 20 else 0)
