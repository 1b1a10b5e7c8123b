#!/usr/bin/env python3
"""Nothing that a token says makes the program open a file or a connection: under strace it makes the same calls for a token whose
header is full of addresses as for one without them (Python's standard library only).

usage: system_calls_test.py PATH-OF-THE-PROGRAM    ends with 77 (skipped) where strace is not there or not allowed
"""
import base64, hashlib, hmac, json, os, re, shutil, subprocess, sys, tempfile

SECRET = bytes(range(32))
NOW = "1893456000"
ELSEWHERE = "http://127.0.0.1:1/keys.json"
# One run each: what the header holds besides alg and kid.
HEADERS = ({"jku": ELSEWHERE}, {"x5u": ELSEWHERE}, {"jku": "file:///etc/hostname"}, {"x5u": "/etc/hostname"},
           {"jwk": {"kty": "oct", "k": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "x5u": ELSEWHERE}},
           {"x5c": ["MIIB"], "x5t": "AAAA", "x5t#S256": "AAAA"}, {"jku": ELSEWHERE, "x5u": ELSEWHERE, "kid": ELSEWHERE},
           {"kid": "/etc/hostname"}, {"kid": "../../../../etc/hostname"}, {"kid": "k; cat /etc/hostname"},
           {"kid": "' OR 1=1 --"}, {"url": ELSEWHERE, "iss": ELSEWHERE})


def unpadded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(header):
    claims = {"iss": ELSEWHERE, "exp": int(NOW) + 60, "ver": 1, "p": "EhIKEBoOCAEaBAoCZm8qBAoCb2Q"}
    text = "%s.%s" % (unpadded(json.dumps({"alg": "HS256", "kid": "k", **header}).encode()), unpadded(json.dumps(claims).encode()))
    return text + "." + unpadded(hmac.new(SECRET, text.encode(), hashlib.sha256).digest())


def calls(*command):
    """Every call about files and networks, without numbers that differ from run to run."""
    trace = os.path.abspath("trace")
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}  # the leak search cannot run under strace
    ran = subprocess.run(["strace", "-f", "-qq", "-e", "trace=%network,%file,%process", "-o", trace, *command], env=environment,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with open(trace) as f:
        lines = [re.sub(r"^\d+ +|0x[0-9a-f]+|\d+ vars|/proc/\d+|/tmp/tsan\.rodata\.\d+", "", line.rstrip("\n")) for line in f]
    return ran.returncode, [line for line in lines if not line.startswith(("execve", "+++", "exit_group", "wait4", "clone"))]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    program = os.path.abspath(sys.argv[1])
    os.umask(0o077)
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    try:
        if shutil.which("strace") is None or subprocess.run(["strace", "-o", "trace", "true"], stderr=subprocess.DEVNULL).returncode != 0:
            print("skipped: strace is not here, or not allowed")
            return 1 if os.environ.get("MOMENTO_TOKEN_NO_SKIPS") else 77
        key = {"kty": "oct", "alg": "HS256", "kid": "k", "k": unpadded(SECRET), "x5u": ELSEWHERE, "jku": ELSEWHERE}
        with open("keys.json", "w") as f:
            json.dump({"keys": [key]}, f)
        failures = 0
        for command in (["verify", "--jwks", "keys.json", "--now", NOW], ["verify", "--profile", "jwt", "--jwks", "keys.json",
                        "--now", NOW], ["inspect", "--now", NOW]):
            code, usual = calls(program, *command, token({}))
            opened = [line for line in usual if "keys.json" in line]
            if code != 0 or len(opened) != (0 if command[0] == "inspect" else 1):
                print("FAILED: control: %s ends with %d and opens %s" % (command[0], code, opened))
                failures += 1
            for header in HEADERS:
                code, these = calls(program, *command, token(header))
                network = [line for line in these if re.match(r"(socket|connect|bind|sendto|sendmsg|getaddrinfo)", line)]
                if these != usual or network or code not in (0, 1):
                    print("FAILED: %s %s: exit %d, other calls: %s" % (command[0], header, code,
                                                                        [c for c in these if c not in usual]))
                    failures += 1
        print("%d runs, %d failures; each made the same %d calls about files and none about a network" %
              (3 * len(HEADERS), failures, len(usual)))
        return 1 if failures else 0
    finally:
        os.chdir("/")
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
