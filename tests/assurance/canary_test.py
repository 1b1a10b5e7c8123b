#!/usr/bin/env python3
"""Whatever the program is asked, no output of it holds a piece of a key, and none but the commands that are asked for a token
holds one or its signature; no control character comes out raw (Python's standard library and the openssl command only).

usage: canary_test.py PATH-OF-THE-PROGRAM [--all]    without --all two keys, with it every family as JWK and PEM

Keys of every family, as JWK and PEM, good and damaged, go through every command, with --json and without. All that is written to
standard output and standard error is searched for pieces of the secret numbers: raw, hexadecimal, base64, base64url. That the
search finds a key is shown where the program is asked for one (keygen).
"""
import base64, itertools, json, os, re, shutil, subprocess, sys, tempfile

NOW = 1893456000  # 2030-01-01T00:00:00Z
PIECE = 8         # bytes in a row of a secret that must not be seen
LETTERS = 12      # letters in a row of a token's signature
PRIVATE_MEMBERS = ("k", "d", "p", "q", "dp", "dq", "qi")

program, failures, runs = "", [], 0


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def forms_of(secret):
    """Every piece of a secret as it could be written."""
    for at in range(0, len(secret) - PIECE + 1):
        piece = secret[at:at + PIECE]
        yield piece
        yield piece[::-1]
        yield piece.hex().encode()
        yield piece.hex().upper().encode()
        yield ":".join("%02x" % b for b in piece).encode()
        for before in range(3):  # letters that hang on these bytes alone, wherever they stand in the text
            letters = base64.b64encode(b"\0" * before + piece)[(before * 8 + 5) // 6:(before + PIECE) * 8 // 6]
            yield letters
            yield letters.replace(b"+", b"-").replace(b"/", b"_")


def letters_of(text):
    return {text[at:at + LETTERS].encode() for at in range(len(text) - LETTERS + 1)}


class Watch:
    """What must not be seen, found by its first bytes."""

    def __init__(self):
        self.by_head = {}

    def add(self, needles):
        for needle in needles:
            if len(set(needle)) > 4:  # zeros in a row are nobody's secret
                self.by_head.setdefault(needle[:6], set()).add(needle)

    def hits(self, data):
        return [needle for at in range(len(data)) for needle in self.by_head.get(data[at:at + 6], ())
                if data.startswith(needle, at)]


keys, tokens = Watch(), Watch()


def fail(words, name, ran):
    failures.append(name)
    print("FAILED: %s: %s: exit %d, %r %r" % (words, name, ran.returncode, ran.stdout[:300], ran.stderr[:300]))


def run(*args, stdin=b"", may_show_token=False):
    """Runs the program and searches all it writes."""
    global runs
    ran = subprocess.run([program, *args], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    runs += 1
    name = " ".join(a if len(a) < 60 else a[:57] + "…" for a in args)
    if keys.hits(ran.stdout) or keys.hits(ran.stderr):
        fail("a piece of a key", name, ran)
    if tokens.hits(ran.stderr) or (not may_show_token and tokens.hits(ran.stdout)):
        fail("a piece of a token", name, ran)
    if re.search(rb"[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]", ran.stdout + ran.stderr):
        fail("a raw control character", name, ran)
    if ran.returncode not in (0, 1, 2):
        fail("a crash", name, ran)
    return ran


def both(*args, **more):
    """Without --json and with it."""
    run(*args, *(() if args[0] == "keygen" else ("--json",)), **more)
    return run(*args, **more)


def write(name, text):
    with open(name, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())
    os.chmod(name, 0o600)
    return name


def new_key(alg):
    """A key that the program makes and shows, because it is asked for it; from here on it is watched for."""
    args = ["keygen", "--alg", alg] + (["--bits", "2048"] if alg[:2] in ("RS", "PS") else [])
    shown = subprocess.run([program, *args], stdout=subprocess.PIPE, check=True).stdout
    jwk = json.loads(shown)
    for member in PRIVATE_MEMBERS:
        if member in jwk:
            keys.add(forms_of(decoded(jwk[member])))
            if not keys.hits(shown):
                failures.append("control")
                print("FAILED: the search does not find %s of %s in the JWK" % (member, alg))
    return jwk


def pem_of(alg, options, encrypted=False):
    """A PKCS#8 file by OpenSSL, and its secret numbers in the watch. None without OpenSSL."""
    if shutil.which("openssl") is None:
        return None
    pem = subprocess.run(["openssl", "genpkey", *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
    text = subprocess.run(["openssl", "pkey", "-text", "-noout"], input=pem, stdout=subprocess.PIPE, check=True).stdout.decode()
    private = re.findall(r"^(priv|privateExponent|prime1|prime2|exponent1|exponent2|coefficient):\n((?:    .*\n)+)", text, re.M)
    for _, digits in private:
        keys.add(forms_of(bytes.fromhex(re.sub(r"[\s:]", "", digits)).lstrip(b"\0")))
    if not private or not keys.hits(b"".join(base64.b64decode(line) for line in pem.splitlines()[1:-1])):
        failures.append("control")
        print("FAILED: the search does not find the numbers of a PEM key of", alg)
    if encrypted:
        pem = subprocess.run(["openssl", "pkcs8", "-topk8", "-passout", "pass:canary-passphrase-1"], input=pem,
                             stdout=subprocess.PIPE, check=True).stdout
    return pem


def damaged(text):
    """Key files with something wrong in them, all of which have the secret inside."""
    half = len(text) * 2 // 3
    yield text[:half]
    yield text + text
    yield b"[" + text + b"]"
    yield text.replace(b"\":\"", b"\":\"!", 4)
    yield text.replace(b"\"kid\"", b"\"kid\":5,\"kid\"")
    yield text.replace(b"{", b"{\"use\":\"enc\",", 1)
    yield text.replace(b"{", b"{\"d\":\"AAAA\",", 1)
    yield text.replace(b"{", b"{\"\x1b[31m\\u001b]0;x\\u0007\":", 1)
    yield text.replace(b"-----END", b"!\n-----END")
    yield text.replace(b"BEGIN ", b"BEGIN EC ")
    yield b"\xff" + text
    yield text.replace(b"A", b"\n", 1)


SCOPE = "function_invoke(fo,od)"


def mint(key, *more):
    """A token, whose signature is watched for from here on."""
    made = run("mint", "--key", key, "--scope", SCOPE, "--valid-for", "1h", "--now", str(NOW), "--shape", "jwt", *more,
               may_show_token=True)
    token = made.stdout.decode().strip()
    if made.returncode != 0 or token.count(".") != 2:
        failures.append("mint")
        print("FAILED: nothing was minted with", key, made.stderr)
        return "a.b.c"
    tokens.add(letters_of(token.rsplit(".", 1)[1]))
    return token


def wrong_tokens(token):
    head, body, mac = token.split(".")
    yield head + "." + body + "." + mac[:-4] + "AAAA"
    yield head + "." + body + "." + mac + "="
    yield token + "\x1b[2J\r\n"
    yield token[:-1]
    yield token + "." + mac
    yield head + "." + mac + "." + mac
    yield json.dumps({"payload": body, "signature": mac, "protected": head})
    yield base64.b64encode(json.dumps({"endpoint": "cell.example.com", "api_key": token}).encode()).decode()


def every_use_of_a_token(key, token, more):
    # Not from --key for a symmetric key alone: `verify` and `can` take it as they take a public one.
    for text in [token, *wrong_tokens(token)]:
        both("verify", "--key", key, *more, "--now", str(NOW), stdin=text.encode())
        both("verify", "--key", key, *more, "--now", str(NOW + 7200), "--", text)
        both("can", "--key", key, *more, "--now", str(NOW), "--token", text, "function.invoke", "fo", "od")
        both("inspect", "--now", str(NOW), stdin=text.encode())
        both("verify", "--key", key, *more, "--profile", "jwt", "--audience", "nobody", stdin=text.encode())
        both("verify", "--key", key, *more, "--profile", "jws", stdin=text.encode())


def every_use_of_a_key(name, text, alg, tells_alg):
    """As a file that is right, then in every wrong place."""
    key = write(name, text)
    more = () if tells_alg else ("--alg", alg)
    token = mint(key, *more, "--token-id", "canary \x1b[31m\r\n\x7f\u009b")
    every_use_of_a_token(key, token, more)
    for shape in ("functions", "node", "rust", "envelope"):
        both("mint", "--key", key, *more, "--scope", SCOPE, "--valid-for", "1h", "--shape", shape, "--endpoint", "e.example",
             may_show_token=True)
    for wrong in ("--valid-for 0s", "--valid-for 26h", "--alg HS999", "--alg none", "--scope {}", "--scope nobody(x)"):
        both("mint", "--key", key, "--scope", SCOPE, "--valid-for", "1h", *more, *wrong.split())
    both("jwks", key, *more)
    both("jwks", key, key, *more)
    both("verify", "--jwks", key, "a.b.c")
    both("scope", "lint", key)
    both("scope", "diff", key, SCOPE)
    both("scope", "convert", "--from", "functions", "--to", "sdk", key)
    both("keygen", "--alg", "ES256", "--out", key)
    both("inspect", stdin=text)
    both("verify", "--key", key, *more, stdin=text)
    for mode in (0o644, 0o660):
        os.chmod(key, mode)
        both("mint", "--key", key, *more, "--scope", SCOPE, "--valid-for", "1h")
        both("verify", "--jwks", key, "a.b.c")
        both("jwks", key, *more)
    os.chmod(key, 0o600)
    as_word = text.decode()
    for args in (["mint", "--key", as_word, "--scope", SCOPE, "--valid-for", "1h"], ["verify", "--key", as_word, "a.b.c"],
                 ["verify", "--jwks", as_word, "a.b.c"], ["can", "--scope", as_word, "cache.read", "m"], ["jwks", as_word],
                 ["inspect", as_word], ["scope", "lint", as_word], ["keygen", "--alg", as_word], [as_word],
                 ["mint", "--key", key, *more, "--scope", as_word, "--valid-for", "1h"]):
        both(*args)
    for i, broken in enumerate(damaged(text)):
        file = write("damaged-%d" % i, broken)
        for args in (["mint", "--key", file, *more, "--scope", SCOPE, "--valid-for", "1h"], ["jwks", file, *more],
                     ["verify", "--key", file, *more, "a.b.c"], ["verify", "--jwks", file, "a.b.c"]):
            both(*args, may_show_token=args[0] == "mint")  # some are none the worse for it
    return token


def batches(jwk, key, token):
    """A thousand lines: keys inside them, right and wrong."""
    wrong = list(wrong_tokens(token))
    set_of_it = {"keys": [jwk]}
    broken = [{"keys": [jwk, jwk]}, {"keys": [{**jwk, "kty": "EC"}]}, {"keys": [{**jwk, "kid": 5}]}, jwk, [jwk], {}]
    lines = []
    for i in range(1000):
        line = {"id": i, "jwks": set_of_it if i % 3 else broken[i % len(broken)], "now": NOW,
                "token": token if i % 2 else wrong[i % len(wrong)], "mode": ("scope", "jwt", "jws", "x")[i % 4]}
        text = json.dumps(line)
        lines.append(text if i % 7 else text[:-(i % 50) - 1])
    run("verify", "--batch", stdin="\n".join(lines).encode())
    run("inspect", "--batch", stdin="\n".join(json.dumps({"id": i, "token": w}) for i, w in enumerate(wrong)).encode(),
        may_show_token=True)
    scope = {"explicit": {"permissions": []}}
    mints = [{"id": i, "scope": s, "valid_for_seconds": v, "token_id": "\x1b[31m"}
             for i, (s, v) in enumerate(itertools.product((scope, SCOPE, jwk, 5), (60, 0, -1, 1e400, "1h")))]
    run("mint", "--batch", "--key", key, stdin="\n".join(json.dumps(m) for m in mints).encode(), may_show_token=True)
    for command in (["can"], ["scope", "convert", "--from", "functions", "--to", "sdk"]):
        run(*command, "--batch", stdin="\n".join(json.dumps({"id": 1, "scope": s, "action": jwk, "cache": jwk})
                                                 for s in (scope, jwk, 5)).encode())


def main():
    global program
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["--all"]):
        sys.exit(__doc__)
    every = sys.argv[2:] == ["--all"]
    program = os.path.abspath(sys.argv[1])
    os.umask(0o077)
    home, folder = os.getcwd(), tempfile.mkdtemp()
    os.chdir(folder)
    try:
        for alg in ("HS256", "HS512", "ES256", "ES512", "EdDSA", "RS256") if every else ("HS256",):
            jwk = new_key(alg)
            token = every_use_of_a_key("%s.json" % alg, json.dumps(jwk).encode(), alg, True)
            batches(jwk, "%s.json" % alg, token)
            run("keygen", "--alg", alg, "--out", "new-%s.json" % alg)
        for alg, options in (("ES256", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
                             ("EdDSA", ["-algorithm", "ED25519"]),
                             ("PS256", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"])):
            pem = pem_of(alg, options) if every or alg == "EdDSA" else None
            if pem is not None:
                every_use_of_a_key("%s.pem" % alg, pem, alg, alg != "PS256")
                file = write("locked.pem", pem_of(alg, options, encrypted=True))
                both("mint", "--key", file, "--alg", alg, "--scope", SCOPE, "--valid-for", "1h")
                both("jwks", file, "--alg", alg)
    finally:
        os.chdir(home)
        shutil.rmtree(folder)
    print("%d runs of the program, %d failures" % (runs, len(failures)))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
