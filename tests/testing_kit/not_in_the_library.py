#!/usr/bin/env python3
"""The published keys are in programs that include the test kit and in no library: not_in_the_library.py LIBRARY TEST"""
import sys

# Of testing::published_jwk(): the HMAC secret and the x of the P-256 key.
MARKS = (b"PUBLIC, never use in production", b"9HJfdADJj17wNg9VkaD4-cbJ-GKXTGm29G6hC0X0CLA")

library, test = (open(path, "rb").read() for path in sys.argv[1:])
for mark in MARKS:
    if mark in library:
        sys.exit("the library holds %r" % mark)
    if mark not in test:
        sys.exit("the test does not hold %r, so its absence elsewhere says nothing" % mark)
