"""The program as a whole: help, bad usage, a closed standard output."""
import os, subprocess

from cli_cases import support
from cli_cases.support import case, check, equal, refused_with, run


@case
def every_command_has_help_with_an_example():
    for command in ("keygen", "jwks", "mint", "inspect", "verify", "can", "scope convert", "scope lint", "scope diff",
                    "hash-password"):
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


@case
def a_standard_output_that_was_never_open_is_a_failure():
    for args in ("--version", "keygen --alg ES256", "keygen --alg ES256 --out key.json",
                 "can --scope cache_read_only(m) cache.read m"):
        p = subprocess.run([support.program, *args.split()], stderr=subprocess.PIPE, timeout=60,
                           preexec_fn=lambda: os.close(1))
        equal("%s >&-" % args, (p.returncode, p.stderr.count(b"\n"), b"standard output" in p.stderr), (2, 1, True))
    equal("nothing was made", os.listdir("."), [])


@case
def options_that_would_do_nothing_are_refused():
    scope = ["--scope", "cache_read_only(m)"]
    asked = ["cache.read", "m"]
    for args, words in (
            (["mint", "--batch", "--key", "k.json", "--shape", "node"], "--shape"),
            (["mint", "--batch", "--key", "k.json", "--shape", "functions"], "--shape"),
            (["mint", "--batch", "--key", "k.json", "--endpoint", "cell.example.com"], "--endpoint"),
            (["verify", "--batch", "--profile", "jwt"], "--profile"),
            (["can", "--batch", "--now", "5"], "--now"), (["can", "--batch", "--issuer", "x"], "--issuer"),
            (["can", "--batch", "--audience", "x"], "--audience"),
            (["can", *scope, "--now", "5", *asked], "--now"), (["can", *scope, "--issuer", "x", *asked], "--issuer"),
            (["can", *scope, "--audience", "y", *asked], "--audience"), (["inspect", "--batch", "--now", "5"], "--now"),
            (["verify", "--key", "k.json", "--profile", "jws", "--issuer", "x", "a.b.c"], "--issuer"),
            (["verify", "--key", "k.json", "--profile", "jws", "--audience", "x", "a.b.c"], "--audience")):
        refused_with(" ".join(args), 2, words, *args)
        check("%s is refused for that" % words, "k.json" not in run(*args).err)


@case
def an_empty_text_is_not_taken_for_none():
    for option in ("--issuer", "--audience", "--alg"):
        refused_with("mint %s ''" % option, 2, option + " is empty", "mint", "--key", "k.json", option, "")
        refused_with("verify %s ''" % option, 2, option + " is empty", "verify", "--key", "k.json", option, "", "a.b.c")
        refused_with("can %s ''" % option, 2, option + " is empty", "can", "--key", "k.json", option, "", "cache.read",
                     "m")
    for option in ("--issuer", "--audience"):
        refused_with("verify --batch %s ''" % option, 2, option + " is empty", "verify", "--batch", option, "")
    for option in ("--key", "--jwks"):
        refused_with("can --scope S %s ''" % option, 2, option + " is empty", "can", "--scope", "cache_read_only(m)",
                     option, "", "cache.read", "m")
    refused_with("lint --valid-for ''", 2, "--valid-for", "scope", "lint", "--valid-for", "", "cache_read_only(m)")


@case
def the_code_of_bad_usage_is_in_the_help():
    check("usage", '"usage"' in run("--help").out)
