"""keygen and jwks: new keys, what is published of them, which files are believed."""
import base64, hashlib, json, os, stat

from cli_cases.support import (
    NOW, PEM_PRIVATE, PEM_PUBLIC, RFC_8037_X, case, check, decoded, equal, hs256, mint, refused_with, run, unpadded,
    write)


@case
def keygen_writes_a_private_file_and_never_replaces_one_unasked():
    ran = run("keygen", "--alg", "ES256", "--out", "key.json")
    equal("keygen ends with 0", ran.code, 0)
    equal("the file's mode is 0600", stat.S_IMODE(os.stat("key.json").st_mode), 0o600)
    first = open("key.json").read()
    check("keygen --out does not print the key", json.loads(first)["d"] not in ran.out + ran.err, ran)
    refused_with("keygen keeps an existing file", 2, "--force", "keygen", "--alg", "ES256", "--out", "key.json")
    equal("the kept file has not changed", open("key.json").read(), first)
    equal("keygen --force ends with 0", run("keygen", "--alg", "ES256", "--out", "key.json", "--force").code, 0)
    check("keygen --force replaces the key", open("key.json").read() != first)
    equal("the new file's mode is 0600", stat.S_IMODE(os.stat("key.json").st_mode), 0o600)
    equal("nothing else is left behind", sorted(os.listdir(".")), ["key.json"])


@case
def keygen_follows_no_link():
    os.symlink("elsewhere.json", "link.json")
    refused_with("keygen refuses a dangling link", 2, "exists", "keygen", "--alg", "EdDSA", "--out", "link.json")
    check("nothing was made behind the link", not os.path.exists("elsewhere.json"))
    refused_with("a folder that is not there", 2, "cannot be written", "keygen", "--alg", "EdDSA", "--out",
                 "no/key.json")


@case
def keygen_makes_each_kind_of_key():
    for alg, kty in (("HS256", "oct"), ("HS512", "oct"), ("ES256", "EC"), ("ES384", "EC"), ("ES512", "EC"),
                     ("EdDSA", "OKP"), ("RS256", "RSA"), ("PS384", "RSA")):
        ran = run("keygen", "--alg", alg, *(["--bits", "2048"] if kty == "RSA" else []))
        jwk = ran.json()
        equal("kty and alg of " + alg, (jwk["kty"], jwk["alg"]), (kty, alg))
        check("the kid of %s is not empty" % alg, jwk["kid"] != "")
    jwk = run("keygen", "--alg", "ES256").json()
    # RFC 7638 §3: SHA-256 of the required members in lexicographic order without white space.
    text = '{"crv":"P-256","kty":"EC","x":"%s","y":"%s"}' % (jwk["x"], jwk["y"])
    equal("the kid is the RFC 7638 thumbprint", jwk["kid"], unpadded(hashlib.sha256(text.encode()).digest()))
    equal("--kid names the key", run("keygen", "--alg", "ES256", "--kid", "mine").json()["kid"], "mine")
    equal("--bits is the size of n", len(decoded(run("keygen", "--alg", "RS256", "--bits", "2048").json()["n"])), 256)


@case
def keygen_refuses_what_it_cannot_make():
    refused_with("no algorithm", 2, "--alg", "keygen")
    for alg in ("none", "HS1", "es256", ""):
        refused_with("keygen --alg %r" % alg, 2, "", "keygen", "--alg", alg)
    refused_with("a small RSA key", 2, "2048", "keygen", "--alg", "RS256", "--bits", "2047")
    refused_with("--bits of an EC key", 2, "--bits", "keygen", "--alg", "ES256", "--bits", "2048")
    refused_with("--force without --out", 2, "--out", "keygen", "--alg", "ES256", "--force")


@case
def jwks_publishes_public_halves_alone():
    run("keygen", "--alg", "ES256", "--kid", "a", "--out", "a.json")
    run("keygen", "--alg", "EdDSA", "--kid", "b", "--out", "b.json")
    ran = run("jwks", "a.json", "b.json")
    keys = ran.json()["keys"]
    equal("the kids in order", [k["kid"] for k in keys], ["a", "b"])
    check("no private member", not any(set(k) & set("d k p q dp dq qi".split()) for k in keys), keys)
    write("set.json", ran.out, 0o644)
    equal("a set can be read again", run("jwks", "set.json").json(), ran.json())
    write("hs.json", hs256())
    refused_with("a symmetric key is not published", 2, "symmetric", "jwks", "a.json", "hs.json")
    refused_with("the same kid twice", 2, "kid", "jwks", "a.json", "a.json")
    refused_with("no key file", 2, "KEYFILE", "jwks")
    refused_with("a missing file", 2, "missing.json", "jwks", "missing.json")


@case
def pem_keys_work_where_their_type_tells_the_algorithm():
    write("key.pem", PEM_PRIVATE)
    write("public.pem", PEM_PUBLIC, 0o644)
    for name in ("key.pem", "public.pem"):
        equal("x of " + name, run("jwks", name).json()["keys"][0]["x"], RFC_8037_X)
    token = mint(key="key.pem")
    equal("a public PEM verifies", run("verify", "--key", "public.pem", "--now", str(NOW), token).code, 0)
    equal("a private PEM verifies", run("verify", "--key", "key.pem", "--now", str(NOW), token).code, 0)
    refused_with("a PEM for another algorithm", 2, "", "jwks", "public.pem", "--alg", "RS256")
    os.chmod("key.pem", 0o644)
    refused_with("a private PEM others can read", 2, "chmod 600 'key.pem'", "jwks", "key.pem")


@case
def secret_key_files_have_to_be_private():
    run("keygen", "--alg", "ES256", "--out", "key.json")
    write("set.json", {"keys": [hs256()]})
    write("public.json", run("jwks", "key.json").out, 0o644)
    token = mint(key="key.json")
    for mode, usable in ((0o600, True), (0o400, True), (0o440, True), (0o640, True), (0o644, False), (0o604, False),
                         (0o620, False), (0o602, False)):
        os.chmod("key.json", mode)
        os.chmod("set.json", mode)
        for args in (["jwks", "key.json"], ["verify", "--key", "key.json", "--now", str(NOW), token]):
            ran = run(*args)
            equal("%s of a private key with mode %o" % (args[0], mode), ran.code, 0 if usable else 2)
            check("it says how to mend mode %o" % mode, usable or "chmod 600 'key.json'" in ran.err, ran)
        equal("a symmetric set with mode %o" % mode, run("verify", "--jwks", "set.json", "a.b.c").code, 1
              if usable else 2)
    equal("a public set may be readable", run("verify", "--jwks", "public.json", "--now", str(NOW), token).code, 0)
    os.chmod("key.json", 0o644)
    os.rename("key.json", "it's.json")
    refused_with("the name is quoted for the shell", 2, r"chmod 600 'it'\''s.json'", "jwks", "it's.json")
    os.rename("it's.json", "red\x1b[31m.json")
    ran = refused_with("a name with ESC", 2, "chmod 600", "jwks", "red\x1b[31m.json")
    check("no raw ESC in the error", "\x1b" not in ran.err, ran)
