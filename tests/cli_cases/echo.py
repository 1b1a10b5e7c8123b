"""What is repeated of the command line: names, and nothing that could be a key or a token."""
import json, os

from cli_cases.support import PEM_PRIVATE, RFC_KEY, case, check, equal, hs256, mint, refused_with, run, write


def hides(name, words, secret, *args):
    """Refused with 2 and the words, without any 20 letters of the secret."""
    ran = refused_with(name, 2, words, *args)
    pieces = [secret[i:i + 20] for i in range(max(len(secret) - 20, 0) + 1)]
    check(name + " is not repeated", not any(piece in ran.out + ran.err for piece in pieces), ran)


@case
def a_key_in_place_of_its_file_is_not_repeated():
    text, secret = json.dumps(hs256()), RFC_KEY["k"]
    minting = ["--scope", "cache_read_only(m)", "--valid-for", "1h"]
    for key, inside in ((text, secret), ("  \n" + text, secret), (PEM_PRIVATE, PEM_PRIVATE.split("\n")[1]),
                        ("not a\nname", "not a\nname")):
        hides("mint --key %.8r" % key, "--key takes a file, not the key itself", inside, "mint", "--key", key, *minting)
        hides("mint --key=%.8r" % key, "--key takes a file, not the key itself", inside, "mint", "--key=" + key,
              *minting)
        hides("verify --key %.8r" % key, "--key takes a file", inside, "verify", "--key", key, "a.b.c")
        hides("verify --jwks %.8r" % key, "--jwks takes a file", inside, "verify", "--jwks", key, "a.b.c")
        hides("can --key %.8r" % key, "--key takes a file", inside, "can", "--key", key, "cache.read", "m")
        hides("jwks %.8r" % key, "KEYFILE takes a file", inside, "jwks", key)
        hides("keygen --out %.8r" % key, "--out takes a file", inside, "keygen", "--alg", "ES256", "--out", key)
        equal("nothing is written for %.8r" % key, os.listdir("."), [])


@case
def a_token_in_the_wrong_place_is_not_repeated():
    write("hs256.json", hs256())
    token = mint()
    for name, words, args in (
            ("--profile", "--profile", ["verify", "--key", "hs256.json", "--profile", token]),
            ("--profile=", "--profile", ["verify", "--key", "hs256.json", "--profile=" + token]),
            ("--shape", "--shape", ["mint", "--key", "hs256.json", "--shape", token]),
            ("--from", "--from", ["scope", "convert", "--from", token, "--to", "sdk", "{}"]),
            ("--json=", "--json", ["verify", "--key", "hs256.json", "--json=" + token]),
            ("--batch=", "--batch", ["verify", "--batch=" + token]),
            ("--key", "file", ["verify", "--key", token, "x"]), ("--jwks", "file", ["verify", "--jwks", token, "x"]),
            ("KEYFILE", "file", ["jwks", token]), ("SCOPE", "no scope", ["scope", "lint", token]),
            ("--scope", "no scope", ["mint", "--key", "hs256.json", "--valid-for", "1h", "--scope", token]),
            ("--out", "cannot be written", ["keygen", "--alg", "ES256", "--out", "no/" + token]),
            ("an option", "", ["verify", "--" + token]), ("a command", "", [token])):
        hides("a token as " + name, words, token, *args)
    # Three segments of base64url are a token however short they are: RFC 7515 §7.1.
    short = "eyJhIjox.eyJiIjoy.c2lnbmF0dXJl"
    for args in (["verify", "--profile", short, "--key", "hs256.json"], ["scope", "lint", short], ["jwks", short],
                 ["verify", "--" + short]):
        hides("a short token in %s" % args[:2], "", short, *args)


@case
def names_are_repeated():
    write("hs256.json", hs256())
    refused_with("a wrong profile", 2, "jwe", "verify", "--key", "hs256.json", "--profile", "jwe", "a.b.c")
    refused_with("a missing file", 2, '"missing.json"', "verify", "--key", "missing.json", "a.b.c")
    refused_with("a missing scope", 2, '"missing.json"', "scope", "lint", "missing.json")
    # Two dots do not make a token: RFC 7515 §7.1 wants three segments of base64url, the first two not empty.
    for name in (".a.b", "a..b", "a.b", "a.b.c.d", "a b.c.d", "\u00e9.b.c"):
        refused_with("a missing file %s" % name, 2, '"%s"' % name, "jwks", name)
    # What is there under that name is a file, and no secret: its name helps.
    for name in ("a-key-with-a-name-of-more-than-forty-bytes.json", "key.prod.json"):
        write(name, "not json", 0o644)
        refused_with("the file %s" % name, 2, '"%s"' % name, "jwks", name)
    equal("of 40 bytes", "x" * 40 in run("jwks", "x" * 40).err, True)
    equal("of 41 bytes", "x" * 20 in run("jwks", "x" * 41).err, False)
    ran = run("verify", "--json", "--key", "hs256.json", "--profile", "x" * 41, "a.b.c")
    equal("a value of 41 bytes, with --json", ("x" * 20 in ran.err, "--profile" in json.loads(ran.err)["error"]
                                               ["message"]), (False, True))
