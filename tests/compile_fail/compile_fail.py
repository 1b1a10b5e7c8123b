#!/usr/bin/env python3
"""Compiles a case without its bad line, which has to work, and with it, which has to fail for the expected reason:
compile_fail.py CASE.cpp COMPILER [FLAG…]. Line 1 of a case says why, line 2 holds a regular expression that the
compiler's errors match; the bad line stands between #ifdef BAD_LINE and #endif."""
import re
import subprocess
import sys

case, compiler, *flags = sys.argv[1:]
lines = open(case, encoding="utf-8").read().split("\n")
expected = re.fullmatch(r"// error: (.+)", lines[1])
if not lines[0].startswith("// ") or not expected or lines.count("#ifdef BAD_LINE") != 1:
    sys.exit("%s: needs its reason, its error and one #ifdef BAD_LINE" % case)
if lines.index("#endif") != lines.index("#ifdef BAD_LINE") + 2:
    sys.exit("%s: has more than one bad line" % case)


def compile_case(*more):
    command = [compiler, "-std=c++20", "-fsyntax-only", "-Werror=unused-result", *flags, *more, case]
    return subprocess.run(command, capture_output=True, text=True)


good = compile_case()
if good.returncode != 0:
    sys.exit("does not compile without its bad line:\n" + good.stderr[:3000])
bad = compile_case("-DBAD_LINE")
if bad.returncode == 0:
    sys.exit("compiles, but must not: " + lines[0][3:])
errors = "\n".join(line for line in bad.stderr.split("\n") if "error" in line)
if not re.search(expected.group(1), errors):
    sys.exit("fails, but not with %r:\n%s" % (expected.group(1), errors[:3000]))
