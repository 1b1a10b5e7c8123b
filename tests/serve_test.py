#!/usr/bin/env python3
"""Tests of `momento-token serve` over real sockets (Python's standard library, and the openssl command for TLS).

usage: serve_test.py PATH-OF-THE-PROGRAM [--long] [MODULE…]     --long: loads, faults, a browser and an SDK: minutes

Expectations come from the page docs/guide/serve.md, from RFC 9110 and 9112, and from what the documents of Momento's
vending machines show. Signatures of HS256 tokens are checked with Python's hmac. No test depends on how fast the
machine is: a server has a minute for what takes it a moment.
"""
import os, shutil, sys, tempfile, traceback

sys.dont_write_bytecode = True
from serve_cases import support
from serve_cases import (  # each adds its cases
    authorizing, aws, callers, development, draining, hostile, limits, metrics, reloading, routes, tls)

LONG = "--long" in sys.argv[2:]
LONG_MODULES = ("serve_cases.load", "serve_cases.real_clients")
ONLY = [name for name in sys.argv[2:] if not name.startswith("-")]


def run_in_new_folder(case):
    home, folder = os.getcwd(), tempfile.mkdtemp()
    os.chdir(folder)
    try:
        case()
    except Exception:
        support.check(case.__name__ + " runs to its end", False, "\n" + traceback.format_exc())
    finally:
        support.end_all()
        os.chdir(home)
        shutil.rmtree(folder)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    support.program = os.path.abspath(sys.argv[1])
    if LONG:
        from serve_cases import load, real_clients  # noqa: F401
    os.umask(0o077)
    cases = [case for case in support.cases if (case.__module__ in LONG_MODULES) == LONG]
    cases = [case for case in cases if not ONLY or case.__module__.split(".")[-1] in ONLY]
    for case in cases:
        run_in_new_folder(case)
    print("%d passed, %d failed" % (support.passed, len(support.failures)))
    return 1 if support.failures else 0


if __name__ == "__main__":
    sys.exit(main())
