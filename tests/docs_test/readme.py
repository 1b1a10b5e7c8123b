#!/usr/bin/env python3
"""Does what README.md says, beginning in an empty directory: readme.py ROOT WORK. The scripts of the first shell block are
called by the gate; here they only have to be there. git, sudo and apt-get are stand-ins: git brings the files that are here.
What is installed goes into a folder, and with it the test does what docs/cookbook/unit-tests.md says."""
import os
import shutil
import stat
import subprocess
import sys

import pages

CLONE = "clone https://github.com/momento-token/momento_token"
LEFT_OUT = shutil.ignore_patterns(".*", "build*", "tests", "fuzz", "docs", "__pycache__")
STAND_INS = {"sudo": '#!/bin/sh\nexec "$@"\n', "apt-get": '#!/bin/sh\n[ "$1" = install ] && [ $# -gt 1 ]\n',
             "git": '#!/bin/sh\n[ "$*" = "%s" ] && cp -R "${0%%/*}/../github" momento_token\n' % CLONE}


def write_file(path, text, mode=0o644):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, mode)


def prepare(root, work):
    """Where everything is: a copy of the tree, a folder of stand-ins, a folder to install into, the folder to begin in."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(root, work + "/github", ignore=LEFT_OUT)
    os.mkdir(work + "/bin")
    os.mkdir(work + "/begin-here")
    for name, text in STAND_INS.items():
        write_file(work + "/bin/" + name, text, 0o755)
    prefixes = [work + "/installed/usr/local", *filter(None, [os.environ.get("CMAKE_PREFIX_PATH")])]
    return dict(os.environ, PATH=work + "/bin" + os.pathsep + os.environ["PATH"], DESTDIR=work + "/installed",
                CMAKE_PREFIX_PATH=os.pathsep.join(prefixes))


def check_scripts(root, block):
    """The line that clones, when the others are our scripts."""
    clone, *scripts = [line for line in block.code.splitlines() if line.strip()]
    if not clone.startswith("git clone ") or not scripts:
        sys.exit("%s: begins with no clone" % block.where)
    for command in (line.split()[0] for line in scripts):
        if not os.stat(os.path.join(root, command)).st_mode & stat.S_IXUSR:
            sys.exit("%s: %s is no program" % (block.where, command))
    return clone


def run(block, script, folder, environment):
    done = subprocess.run(["bash", "-euxo", "pipefail", "-c", script], cwd=folder, env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode != 0:
        sys.exit("%s: ends with %d:\n%s" % (block.where, done.returncode, done.stdout[-8000:]))
    return done.stdout


def of_kind(blocks, kind):
    return [block for block in blocks if block.kind == kind]


def build(blocks, command, name, folder, environment):
    """What the last commands of a page print where its C++ blocks are the file NAME."""
    os.mkdir(folder)
    write_file(os.path.join(folder, name), "\n".join(block.code for block in of_kind(blocks, "cpp")))
    write_file(os.path.join(folder, "CMakeLists.txt"), "".join(block.code for block in of_kind(blocks, "cmake")))
    return run(command, command.code, folder, environment)


def check_installed(folder):
    found = [name for _, _, names in os.walk(folder) for name in names]
    for name in ("momento_token.hpp", "momento_token-config.cmake", "momento_token.pc"):
        if name not in found:
            sys.exit("README.md: what it says installs no %s" % name)


def main():
    root, work = sys.argv[1], os.path.abspath(sys.argv[2])
    blocks = list(pages.blocks_of(root, "README.md"))
    scripts, install, use = of_kind(blocks, "sh")
    clone = check_scripts(root, scripts)
    environment = prepare(root, work)
    run(install, clone + "\n" + install.code, work + "/begin-here", environment)
    check_installed(work + "/installed")
    if "ann may invoke od and nothing else" not in build(blocks, use, "main.cpp", work + "/mine", environment):
        sys.exit("%s: the first program does not say what it should" % use.where)
    tests = [block for block in pages.blocks_of(root, "docs/cookbook/unit-tests.md") if not pages.mark(block, "part of")]
    [ctest] = of_kind(tests, "sh")
    if "100% tests passed" not in build(tests, ctest, "tests.cpp", work + "/tests", environment):
        sys.exit("%s: the tests of the page do not pass" % ctest.where)
    shutil.rmtree(work)


main()
