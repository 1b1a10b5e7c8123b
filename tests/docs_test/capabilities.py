#!/usr/bin/env python3
"""Holds docs/capabilities.md to what it says: capabilities.py ROOT
The numbers 1 to 84 once each and in order; every file that is named is there; every test that is quoted is in the file it is
linked with; each row has a test or later work it waits for, and what has no place yet waits for one."""
import os
import re
import sys

PAGE = "docs/capabilities.md"
LATER = {"the example for AWS Lambda", "the chat page", "the proxy", "Momento's own service as a back end"}
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$")
LINK = re.compile(r"\[[^\]]+\]\(([^)]+)\)(?:: “([^”]+)”)?$")
errors = []


def linked(root, number, text):
    """(file, quoted test or None), and an error for what is neither a link nor there."""
    match = LINK.match(text)
    if not match:
        errors.append("%d: is no link: %s" % (number, text))
        return None
    file = os.path.normpath(os.path.join(os.path.dirname(PAGE), match.group(1)))
    if not os.path.isfile(os.path.join(root, file)):
        errors.append("%d: no such file: %s" % (number, file))
        return None
    return file, match.group(2)


def check_test(root, number, text):
    found = linked(root, number, text)
    if not found:
        return
    file, name = found
    if not file.startswith("tests/"):
        errors.append("%d: is no test: %s" % (number, file))
    if file.endswith("_test.cpp") and name:
        with open(os.path.join(root, file), encoding="utf-8") as source:
            if 'TEST_CASE("%s")' % name not in source.read():
                errors.append("%d: %s has no test “%s”" % (number, file, name))
    if file.startswith("tests/serve_cases/") and name:
        with open(os.path.join(root, file), encoding="utf-8") as source:
            if "@case\ndef %s()" % name.replace(" ", "_") not in source.read():
                errors.append("%d: %s has no test “%s”" % (number, file, name))


def check_row(root, number, where, shown):
    tests, waits = [], []
    for part in re.split(r"; (?=[\[*])", shown):
        (waits if part.startswith("*waits for* ") else tests).append(part)
    for part in tests:
        check_test(root, number, part)
    for part in waits:
        if part[len("*waits for* "):] not in LATER:
            errors.append("%d: waits for nothing that is planned: %s" % (number, part))
    if where == "–":
        if tests or not waits:
            errors.append("%d: is nowhere, and does not only wait" % number)
        return
    for part in where.split(", "):
        linked(root, number, part)


def main():
    root = sys.argv[1]
    with open(os.path.join(root, PAGE), encoding="utf-8") as file:
        rows = [ROW.match(line) for line in file.read().splitlines() if re.match(r"\| \d", line)]
    if None in rows:
        sys.exit("%s: a row is not of four cells" % PAGE)
    numbers = [int(row.group(1)) for row in rows]
    if numbers != list(range(1, 85)):
        errors.append("the numbers are not 1 to 84 in order: %s" % numbers)
    for row in rows:
        check_row(root, int(row.group(1)), row.group(3), row.group(4))
    if errors:
        sys.exit("\n".join("%s: %s" % (PAGE, error) for error in errors))
    print("84 capabilities, %d of them with a test" % sum("](../tests/" in row.group(4) for row in rows))


main()
