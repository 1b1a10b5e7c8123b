#!/usr/bin/env python3
"""Writes one C++ source file of all C++ blocks in docs/ (see pages.py) and of the examples in the public headers (see
header_examples.py): snippets.py ROOT OUT [DEPFILE]"""
import os
import re
import sys

import header_examples
import pages

PREAMBLE = """// Written by tests/docs_test/snippets.py from the pages in docs/ and the headers. Change these.
#include "page_runner.hpp"
"""


class Page:
    def __init__(self, name):
        self.name = name
        self.namespace = "page_" + re.sub(r"\W", "_", name)
        self.top, self.parts = [], [[]]

    def add(self, block):
        code = hoist_includes(block, self)
        if re.search(r"^int main\(", code, re.M):
            return self.add_program(block, code)
        if "cpp top" in block.marks:
            self.top.append(at_line(block, code))
            return
        if "cpp restart" in block.marks and self.parts[-1]:
            self.parts.append([])
        self.parts[-1].append(at_line(block, code))

    def add_program(self, block, code):
        name = "program_%d" % block.line
        code = re.sub(r"^int main\(\)", "int %s()" % name, code, flags=re.M)
        code = re.sub(r"\}\s*\Z", "return 0;\n}\n", code)  # what a main() does by itself
        self.top.append(at_line(block, code))
        self.parts[-1].append("check(%s() == 0);\n" % name)

    def add_output(self, block):
        self.parts[-1].append(at_line(block, "expect_printed(R\"page(%s)page\");\n" % block.code))

    def add_policy(self, block):
        code = "check(momento_token::vending::policy_from_json(R\"page(%s)page\").has_value());\n" % block.code
        self.parts[-1].append(at_line(block, code))

    def source(self):
        out = ["namespace %s {\nusing namespace momento_token;\nusing namespace std::chrono_literals;\n" % self.namespace]
        out += self.top
        for number, part in enumerate(self.parts, 1):
            out.append("void part_%d() {\n%s}\n" % (number, "".join(part)))
        return "".join(out) + "}  // namespace\n"

    def calls(self):
        return "".join("  run(%s, %s::part_%d);\n" % (quoted(self.name), self.namespace, number)
                       for number, part in enumerate(self.parts, 1) if part)


def quoted(text):
    return '"%s"' % text


def at_line(block, code):
    return '#line %d "%s"\n%s' % (block.line, block.page, code)


INCLUDES = []


def hoist_includes(block, page):
    """Takes the #include lines out (they cannot stand in a namespace), and keeps the count of lines."""
    def take(match):
        INCLUDES.append('#line %d "%s"\n%s\n' % (block.line, page.name, match.group(0)))
        return ""
    return re.sub(r"^#include .*$", take, block.code, flags=re.M)


def check_excerpt(root, block, file):
    if block.code not in pages.read(root, file):
        sys.exit("%s: says it is a part of %s, which has no such lines" % (block.where, file))


def check_beginning(root, page):
    """A page of the guide says what its blocks assume, unless it shows them."""
    code = [block.code for block in pages.blocks_of(root, page) if block.kind == "cpp"]
    shown = any("#include <momento_token/" in text for text in code)
    if code and not shown and "(../installing.md#the-program-to-try-it-with)" not in pages.read(root, page):
        sys.exit("%s: does not say which lines its blocks assume; the other pages of the guide link to them" % page)


def collect(root):
    found, before = [], None
    for block in pages.all_blocks(root):
        if not found or found[-1].name != block.page:
            found.append(Page(block.page))
            if block.page.startswith("docs/guide/"):
                check_beginning(root, block.page)
            before = None
        if block.kind not in pages.LANGUAGES | {"hidden"}:
            sys.exit("%s: what is to be done with a block of %s? tests/docs_test/pages.py knows no such language"
                     % (block.where, block.kind))
        file = pages.mark(block, "part of")
        if file:
            check_excerpt(root, block, file)
        elif (block.kind == "hidden" and block.marks[0].startswith("cpp")) or (block.kind == "cpp" and not pages.not_run(block)):
            found[-1].add(block)
        elif "policy" in block.marks:
            found[-1].add_policy(block)
        elif "prints" in block.marks and before == "cpp":
            found[-1].add_output(block)
        if block.kind in ("cpp", "sh"):
            before = block.kind
    return [page for page in found if page.top or page.parts != [[]]]


def main():
    root, out = sys.argv[1:3]
    found = collect(root)
    body = "".join(page.source() for page in found)
    calls = "".join(page.calls() for page in found)
    examples, sources = header_examples.source(root)
    with open(out, "w", encoding="utf-8") as file:
        file.write(PREAMBLE + examples + "".join(INCLUDES) + body + '#line 1 "main"\nint main() {\n%s  return result();\n}\n' % calls)
    if len(sys.argv) > 3:  # so that a changed page or header is compiled again
        with open(sys.argv[3], "w", encoding="utf-8") as file:
            names = [os.path.join(root, name) for name in [*pages.markdown_files(root), *sources]]
            file.write("%s: %s\n" % (out, " ".join(name.replace(" ", "\\ ") for name in names)))


main()
