#!/usr/bin/env python3
"""Tests of the program momento-token (Python's standard library only).

usage: cli_test.py PATH-OF-THE-PROGRAM

Expectations come from the program's contract (its --help), from RFC 7515, 7517, 7519 and 7638, and from
permissionmessages.proto; signatures are checked with Python's hmac. Times are given with --now.
"""
import os, shutil, sys, tempfile, traceback

sys.dont_write_bytecode = True
from cli_cases import support
from cli_cases import keys, mint, verify, scope, batch, echo, program  # each adds its cases


def run_in_new_folder(case):
    home, folder = os.getcwd(), tempfile.mkdtemp()
    os.chdir(folder)
    try:
        case()
    except Exception:
        support.check(case.__name__ + " runs to its end", False, "\n" + traceback.format_exc())
    finally:
        os.chdir(home)
        shutil.rmtree(folder)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    support.program = os.path.abspath(sys.argv[1])
    os.umask(0o077)
    for case in support.cases:
        run_in_new_folder(case)
    print("%d passed, %d failed" % (support.passed, len(support.failures)))
    return 1 if support.failures else 0


if __name__ == "__main__":
    sys.exit(main())
