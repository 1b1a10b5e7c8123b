#!/usr/bin/env python3
"""When the system's random source fails, the program mints no token and makes no HMAC key (Python's standard library only).

usage: program_entropy_test.py PATH-OF-THE-PROGRAM PATH-OF-NO-ENTROPY (the library made of no_entropy.cpp)
"""
import json, os, shutil, subprocess, sys, tempfile

failures = 0


def check(words, held, ran):
    global failures
    if not held:
        failures += 1
        print("FAILED: %s: exit %d, %r %r" % (words, ran.returncode, ran.stdout[:300], ran.stderr[:300]))


def run(*args, stdin="", preload=""):
    environment = {**os.environ, **({"LD_PRELOAD": preload} if preload else {})}
    return subprocess.run(args, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    program, shim = map(os.path.abspath, sys.argv[1:])
    os.umask(0o077)
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    try:
        for alg in ("HS256", "ES256", "EdDSA"):
            key = alg + ".json"
            run(program, "keygen", "--alg", alg, "--out", key)
            mint = [program, "mint", "--key", key, "--scope", "function_invoke(fo,od)", "--valid-for", "1h", "--json"]
            made = run(*mint)
            check("control: %s mints" % alg, made.returncode == 0 and "api_key" in made.stdout, made)
            refused = run(*mint, preload=shim)
            # With 2 where the key cannot even be tried when it is loaded (ECDSA needs randomness), else with 1.
            check("%s mints nothing" % alg, refused.returncode == (2 if alg == "ES256" else 1) and refused.stdout == "" and
                  "internal_error" in json.dumps(json.loads(refused.stderr)["error"]), refused)
            scope = {"explicit": {"permissions": [{"function_permissions": {
                "role": "FunctionInvoke", "cache_selector": {"cacheName": "fo"}, "function_selector": {"function_name": "od"}}}]}}
            lines = "".join(json.dumps({"id": i, "scope": scope, "valid_for_seconds": 60}) + "\n" for i in range(100))
            good = run(program, "mint", "--batch", "--key", key, stdin=lines)
            check("control: 100 tokens with %s" % alg, good.stdout.count('"token":"') == 100, good)
            bad = run(program, "mint", "--batch", "--key", key, stdin=lines, preload=shim)
            check("none of 100 with %s" % alg, "token" not in bad.stdout and "internal_error" in bad.stdout + bad.stderr, bad)
        ran = run(program, "keygen", "--alg", "HS256", preload=shim)
        check("no HMAC key is made", ran.returncode == 2 and ran.stdout == "" and "internal_error" in ran.stderr, ran)
        print("%d failures" % failures)
        return 1 if failures else 0
    finally:
        os.chdir("/")
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
