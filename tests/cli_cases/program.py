"""The program as a whole: help, bad usage, a closed standard output."""
import os, subprocess

from cli_cases import support
from cli_cases.support import case, check, equal, refused_with, run


@case
def every_command_has_help_with_an_example():
    for command in ("keygen", "jwks", "mint", "inspect", "verify", "can", "scope convert", "scope lint", "scope diff"):
        ran = run(*command.split(), "--help")
        check(command + " --help", ran.code == 0 and ran.err == ""
              and "Example:\n  momento-token " + command in ran.out, ran)
    ran = run("--help")
    check("--help names every command", ran.code == 0 and all(c in ran.out for c in ("keygen", "jwks", "mint",
                                                                                     "inspect", "verify", "can",
                                                                                     "scope")), ran)
    ran = run("--version")
    check("--version", ran.code == 0 and ran.out.startswith("momento-token ") and ran.out.count("\n") == 1, ran)
    for name, args in (("no command", []), ("an unknown command", ["frobnicate"]), ("no command of scope", ["scope"]),
                       ("an unknown command of scope", ["scope", "frobnicate"]),
                       ("an unknown option", ["inspect", "--bogus"])):
        refused_with(name, 2, "--help", *args)


@case
def a_closed_standard_output_ends_the_program_quietly():
    lines = b'{"id":1,"token":"x"}\n' * 20000
    r, w = os.pipe()
    os.close(r)
    p = subprocess.run([support.program, "inspect", "--batch"], input=lines, stdout=w, stderr=subprocess.PIPE,
                       timeout=60)
    os.close(w)
    equal("a pipe nobody reads", (p.returncode, p.stderr), (0, b""))
    r, w = os.pipe()
    os.close(r)
    p = subprocess.run([support.program, "can", "--scope", "cache_read_only(m)", "cache.write", "m"], stdout=w,
                       stderr=subprocess.PIPE, timeout=60)
    os.close(w)
    equal("a denial stays one", (p.returncode, p.stderr), (1, b""))
    if os.path.exists("/dev/full"):
        with open("/dev/full", "w") as full:
            p = subprocess.run([support.program, "--version"], stdout=full, stderr=subprocess.PIPE, timeout=60)
        equal("a full disk is told", (p.returncode, p.stderr.count(b"\n")), (2, 1))
