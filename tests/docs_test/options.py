#!/usr/bin/env python3
"""Every option of CMake is named in docs/installing.md, which promises all of them: options.py ROOT"""
import re
import sys

import pages

errors = []


def expect(what, page, found):
    if not found:
        errors.append("%s has no word of %s" % (page, what))


def check_cmake(root):
    source, page = pages.read(root, "cmake/options.cmake"), pages.read(root, "docs/installing.md")
    options = re.findall(r"momento_token_option\((\w+) \"", source) + re.findall(r"set\(MOMENTO_TOKEN_(\w+) [^)]* CACHE ", source)
    expect("an option", "cmake/options.cmake", options)
    for name in options:
        expect(name, "docs/installing.md", re.search(r"`(MOMENTO_TOKEN|…)_%s`" % name, page))


def main():
    check_cmake(sys.argv[1])
    sys.exit("\n".join(errors) or 0)


main()
