#!/usr/bin/env python3
"""Writes the one fenced block of LANGUAGE in a Markdown file to OUT: extract.py README.md LANGUAGE OUT"""
import re
import sys

markdown, language, out = sys.argv[1:]
text = open(markdown, encoding="utf-8").read()
blocks = re.findall(r"^```%s\n(.*?)^```$" % re.escape(language), text, re.MULTILINE | re.DOTALL)
if len(blocks) != 1:
    sys.exit("%s has %d blocks of %s; this test knows what to do with one" % (markdown, len(blocks), language))
if language == "cpp" and blocks[0].count("\n") > 25:
    sys.exit("the README promises a token's life in 25 lines, and its code has %d" % blocks[0].count("\n"))
open(out, "w", encoding="utf-8").write(blocks[0])
