#!/usr/bin/env python3
"""Does what the shell blocks of README.md say, in a copy of the tree: readme.py ROOT WORK. The scripts of the first block are
called by the gate; here they only have to be there. sudo and apt-get are stand-ins, and what is installed goes into a folder."""
import os
import shutil
import stat
import subprocess
import sys

import pages

LEFT_OUT = shutil.ignore_patterns(".*", "build*", "tests", "fuzz", "docs", "__pycache__")
STAND_INS = {"sudo": '#!/bin/sh\nexec "$@"\n', "apt-get": '#!/bin/sh\n[ "$1" = install ] && [ $# -gt 1 ]\n'}


def write_program(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o755)


def prepare(root, work):
    """Where everything is: a copy of the tree, a folder of stand-ins, a folder to install into."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(root, work + "/tree", ignore=LEFT_OUT)
    os.mkdir(work + "/bin")
    for name, text in STAND_INS.items():
        write_program(work + "/bin/" + name, text)
    return dict(os.environ, PATH=work + "/bin" + os.pathsep + os.environ["PATH"], DESTDIR=work + "/installed")


def check_scripts(root, block):
    for command in (line.split()[0] for line in block.code.splitlines() if line.strip()):
        if not os.stat(os.path.join(root, command)).st_mode & stat.S_IXUSR:
            sys.exit("%s: %s is no program" % (block.where, command))


def check_installed(folder):
    found = [name for _, _, names in os.walk(folder) for name in names]
    for name in ("momento_token.hpp", "momento_token-config.cmake", "momento_token.pc"):
        if name not in found:
            sys.exit("README.md: what it says installs no %s" % name)


def main():
    root, work = sys.argv[1:]
    scripts, install = [block for block in pages.blocks_of(root, "README.md") if block.kind == "sh"]
    check_scripts(root, scripts)
    environment = prepare(root, work)
    done = subprocess.run(["bash", "-euxo", "pipefail", "-c", install.code], cwd=work + "/tree", env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode != 0:
        sys.exit("%s: ends with %d:\n%s" % (install.where, done.returncode, done.stdout[-8000:]))
    check_installed(work + "/installed")
    shutil.rmtree(work)


main()
