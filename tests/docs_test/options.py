#!/usr/bin/env python3
"""Every option is named where its page promises all of them: options.py ROOT [MOMENTO_TOKEN]
Those of CMake in docs/installing.md; those of the program's --help in the command's row of docs/cli.md (those that many
commands have anywhere on the page), and those of `serve` in docs/guide/serve.md."""
import re
import subprocess
import sys

import pages

OF_MANY = {"--json", "--batch"}
errors = []


def expect(what, page, found):
    if not found:
        errors.append("%s has no word of %s" % (page, what))


def has(text, option):
    return re.search(r"(?<![\w-])%s(?![\w-])" % re.escape(option), text) is not None


def check_cmake(root):
    source, page = pages.read(root, "cmake/options.cmake"), pages.read(root, "docs/installing.md")
    options = re.findall(r"momento_token_option\((\w+) \"", source) + re.findall(r"set\(MOMENTO_TOKEN_(\w+) [^)]* CACHE ", source)
    expect("an option", "cmake/options.cmake", options)
    for name in options:
        expect(name, "docs/installing.md", re.search(r"`(MOMENTO_TOKEN|…)_%s`" % name, page))


def help_of(program, command):
    text = subprocess.run([program, *command.split(), "--help"], stdout=subprocess.PIPE, text=True, check=True, timeout=60).stdout
    return text.split("\nExample:")[0]


def commands_of(program, parent=""):
    listed = re.split("^subcommands:", help_of(program, parent), flags=re.I | re.M)  # CLI11 2.5 shouts
    for name in re.findall(r"^  ([a-z][\w-]*) ", "".join(listed[1:]), re.M):
        command = ("%s %s" % (parent, name)).strip()
        inner = list(commands_of(program, command))
        yield from inner or [command]


def row_of(page, command):
    rows = [row for row in page.partition("\n## ")[0].splitlines() if re.match(r"\| .*`%s[ `]" % command, row.partition(" | ")[0])]
    expect("the command " + command, "docs/cli.md", len(rows) == 1)
    return "".join(rows)


def check_program(root, program):
    page, guide = pages.read(root, "docs/cli.md"), pages.read(root, "docs/guide/serve.md")
    commands = list(commands_of(program))
    expect("ten commands", "--help", len(commands) >= 10)
    for command in commands:
        for option in re.findall(r"^ {2,10}(--[\w-]+)", help_of(program, command), re.M):
            if command == "serve":
                expect("serve " + option, "docs/guide/serve.md", has(guide, option))
            else:
                expect("%s %s" % (command, option), "docs/cli.md",
                       has(page if option in OF_MANY else row_of(page, command), option))


def main():
    check_cmake(sys.argv[1])
    if len(sys.argv) > 2:
        check_program(*sys.argv[1:3])
    sys.exit("\n".join(errors) or 0)


main()
