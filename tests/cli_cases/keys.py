"""keygen and jwks: new keys, what is published of them, which files are believed."""
import base64, hashlib, json, os, re, stat, subprocess

from cli_cases.support import (
    NOW, PEM_PRIVATE, PEM_PUBLIC, RFC_8037_X, case, check, decoded, equal, hs256, mint, refused_with, run, unpadded,
    write)


def fixture(file, name):
    """A text of tests/fixtures."""
    text = open(os.path.join(os.path.dirname(__file__), "..", "fixtures", file)).read()
    return re.search(name + r' = R"\((.*?)\)"', text, re.DOTALL).group(1)


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
def keygen_force_replaces_regular_files_alone():
    write("target", "kept")
    os.symlink("target", "link")
    os.mkdir("folder")
    os.mkfifo("pipe")
    for name, words in (("link", "symbolic link"), ("folder", "folder"), ("pipe", "no regular file")):
        before = os.lstat(name)
        for force in ([], ["--force"]):
            refused_with("keygen --out %s %s" % (name, force), 2, words, "keygen", "--alg", "ES256", "--out", name,
                         *force)
        equal("%s is still there" % name, (os.lstat(name).st_ino, os.lstat(name).st_mode),
              (before.st_ino, before.st_mode))
    equal("what the link names is kept", open("target").read(), "kept")
    equal("nothing else is left behind", sorted(os.listdir(".")), ["folder", "link", "pipe", "target"])


@case
def keygen_prints_the_key_only_where_that_is_asked():
    refused_with("an empty --out", 2, "--out is empty", "keygen", "--alg", "ES256", "--out", "")
    ran = run("keygen", "--alg", "ES256", "--out", "-")
    check("--out - is standard output", ran.code == 0 and "d" in ran.json() and os.listdir(".") == [], ran)
    refused_with("--out - replaces nothing", 2, "--force", "keygen", "--alg", "ES256", "--out", "-", "--force")
    check("keygen --help tells it", "default or -: standard output" in run("keygen", "--help").out)


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
    refused_with("an empty kid", 2, "--kid is empty", "keygen", "--alg", "ES256", "--kid", "")
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
    os.chmod("key.json", 0o644)
    for args in (["mint", "--key", "key.json", "--scope", "function_invoke(fo,od)", "--valid-for", "1h"],
                 ["can", "--key", "key.json", "--token", token, "function.invoke", "fo", "od"]):
        refused_with("%s with a key that others can read" % args[0], 2, "chmod 600 'key.json'", *args)
    equal("a public set may be readable", run("verify", "--jwks", "public.json", "--now", str(NOW), token).code, 0)
    os.chmod("key.json", 0o644)
    os.rename("key.json", "it's.json")
    refused_with("the name is quoted for the shell", 2, r"chmod 600 'it'\''s.json'", "jwks", "it's.json")
    os.rename("it's.json", "red\x1b[31m.json")
    ran = refused_with("a name with ESC", 2, "chmod 600", "jwks", "red\x1b[31m.json")
    check("no raw ESC in the error", "\x1b" not in ran.err, ran)


@case
def a_file_that_no_chmod_mends_is_told_as_it_is():
    write("hs256.json", hs256())
    os.mkfifo("pipe")
    writer = subprocess.Popen(["cp", "hs256.json", "pipe"])
    ran = refused_with("a key through a pipe", 2, "no regular file", "verify", "--key", "pipe", "a.b.c")
    check("no chmod is named for it", "chmod" not in ran.err, ran)
    writer.kill()
    writer.wait()
    if os.geteuid() != 0: return
    os.chown("hs256.json", 4321, -1)
    ran = refused_with("another user's key", 2, "another user", "verify", "--key", "hs256.json", "a.b.c")
    check("no chmod is named for that", "chmod" not in ran.err, ran)


@case
def a_private_key_for_signing_alone_has_a_verifying_half():
    # RFC 7517 §4.3: key_ops of a private key says "sign"; of its public half it would say "verify".
    jwk = run("keygen", "--alg", "ES256", "--kid", "a").json()
    jwk.pop("use", None)
    write("sign.json", {**jwk, "key_ops": ["sign"]})
    ran = run("jwks", "sign.json")
    check("jwks publishes it", ran.code == 0 and [k["x"] for k in ran.json()["keys"]] == [jwk["x"]]
          and jwk["d"] not in ran.out, ran)
    ran = run("verify", "--key", "sign.json", "--now", str(NOW), mint(key="sign.json"))
    equal("verify --key takes it", ran.code, 0)
    write("hs256.json", {**hs256(), "key_ops": ["sign"]})
    equal("a symmetric one", run("verify", "--key", "hs256.json", "--now", str(NOW), mint(key="hs256.json")).code, 0)
    write("verify.json", {**hs256(), "key_ops": ["verify"]})
    equal("one for verifying alone", run("verify", "--key", "verify.json", "--now", str(NOW),
                                         mint(key="hs256.json")).code, 0)
    for ops in (["deriveKey"], [], "sign"):
        write("other.json", {**jwk, "key_ops": ops})
        refused_with("key_ops %s" % ops, 2, "key_ops", "jwks", "other.json")
    public = {k: v for k, v in jwk.items() if k != "d"}
    refused_with("a public key for signing", 2, "key_ops", "jwks", write("p.json", {**public, "key_ops": ["sign"]}))


@case
def jwks_takes_an_algorithm_for_single_keys_alone():
    run("keygen", "--alg", "ES256", "--out", "key.json")
    write("set.json", run("jwks", "key.json").out)
    equal("one key", run("jwks", "--alg", "ES256", "key.json").code, 0)
    refused_with("a set", 2, "--alg", "jwks", "--alg", "ES256", "set.json")


@case
def a_pem_key_of_rsa_needs_its_algorithm_named():
    # RFC 7518 §3: an RSA key may be of six algorithms; a key of another type has one.
    write("rsa.pem", fixture("keys.hpp", "rsa2048_public_pem"))
    refused_with("jwks without --alg", 2, "name it, such as --alg RS256", "jwks", "rsa.pem")
    equal("jwks with --alg", run("jwks", "--alg", "PS384", "rsa.pem").json()["keys"][0]["alg"], "PS384")
    refused_with("another type's", 2, "alg", "jwks", "--alg", "ES256", "rsa.pem")


@case
def a_pem_key_that_cannot_be_used_is_told_what_is_wrong_with_it():
    for named in ([], ["--alg", "ES256"]):
        write("encrypted.pem", fixture("encrypted_keys.hpp", "p256_scrypt_pem"))
        refused_with("an encrypted key", 2, "the key is encrypted", "jwks", "encrypted.pem", *named)
        write("broken.pem", fixture("keys.hpp", "p256_pem").replace("M", "!", 1))
        refused_with("a broken one", 2, "is not one PKCS#8 block", "jwks", "broken.pem", *named)
