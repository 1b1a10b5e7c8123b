#!/usr/bin/env python3
"""Runs the shell blocks in docs/ (see pages.py), all of a page in one shell and one directory: shell.py ROOT MOMENTO_TOKEN"""
import os
import re
import subprocess
import sys
import tempfile

import pages

END = "--- end of block %d ---"


def looks_like(text, pattern):
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("…")), text, re.S) is not None


def script_of(blocks):
    """One script, so that a variable of a block is there in the next; a line of ours after each."""
    return "".join("%s\necho '%s'\n" % (block.code, END % number) for number, block in enumerate(blocks))


def run_page(page, blocks, environment):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", script_of(blocks)], cwd=folder, env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    outputs, rest = [], done.stdout
    for number in range(len(blocks)):
        output, found, rest = rest.partition(END % number + "\n")
        if not found:
            sys.exit("%s: ends with %d:\n%s" % (blocks[number].where, done.returncode, output))
        outputs.append(output)
    return outputs


def main():
    root, program = sys.argv[1:]
    environment = dict(os.environ, PATH=os.path.dirname(program) + os.pathsep + os.environ["PATH"])
    by_page, expectations, last = {}, [], None
    for block in pages.all_blocks(root):
        if block.kind == "sh" and not pages.not_run(block):
            by_page.setdefault(block.page, []).append(block)
            last = block
        elif block.kind in ("sh", "cpp"):
            last = None
        elif "prints" in block.marks and last and last.page == block.page:
            expectations.append((block, block.page, len(by_page[block.page]) - 1))
    if not by_page:
        sys.exit("no shell block found: has the way of writing them changed?")
    outputs = {page: run_page(page, blocks, environment) for page, blocks in by_page.items()}
    for block, page, number in expectations:
        if not looks_like(outputs[page][number], block.code):
            sys.exit("%s: the page shows this, but its commands print:\n%s" % (block.where, outputs[page][number]))
    print("%d shell blocks, %d outputs compared" % (sum(map(len, by_page.values())), len(expectations)))


main()
