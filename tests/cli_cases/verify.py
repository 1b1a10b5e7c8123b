"""verify and inspect: profiles, exit codes, how standard input is read, what reaches the terminal."""
import base64, json, os, subprocess

from cli_cases import support
from cli_cases.support import (
    NOW, OD_IN_FO_JSON, RFC_KEY, RFC_TOKEN, case, check, equal, hs256, mint, refused_with, run, signed, write)


@case
def verify_checks_what_its_profile_says():
    write("hs256.json", hs256())
    token = mint("--token-id", "ann")
    keyed = ["verify", "--key", "hs256.json"]
    # RFC 7519 §4.1.4: not on or after exp. Before iat it is from the future.
    for now, code in ((NOW - 1, 1), (NOW, 0), (NOW + 3599, 0), (NOW + 3600, 1)):
        equal("at %d" % (now - NOW), run(*keyed, "--now", str(now), token).code, code)
    equal("leeway forgives", run(*keyed, "--now", str(NOW + 3601), "--leeway", "2", token).code, 0)
    equal("but not more", run(*keyed, "--now", str(NOW + 3602), "--leeway", "2", token).code, 1)
    ran = run(*keyed, "--now", str(NOW), "--json", token).json()
    equal("verify --json", (ran["valid"], ran["token_id"], ran["expires_at"], ran["scope"]),
          (True, "ann", NOW + 3600, OD_IN_FO_JSON))
    write("rfc.json", {"keys": [{**RFC_KEY, "alg": "HS256"}]})
    rfc = ["verify", "--jwks", "rfc.json", "--now", "1300819379", RFC_TOKEN]
    equal("RFC 7515 A.1 is a jwt", run(*rfc, "--profile", "jwt").code, 0)
    refused_with("but no disposable token", 1, "malformed_token", *rfc)
    late = ["verify", "--jwks", "rfc.json", "--now", "1300819380", RFC_TOKEN]
    refused_with("at its exp it has expired", 1, "expired", *late, "--profile", "jwt")
    equal("jws does not look at times", run(*late, "--profile", "jws").code, 0)
    other = mint("--issuer", "me", "--audience", "you")
    refused_with("a token for somebody else", 1, "not_accepted", *keyed, "--now", str(NOW), other)
    equal("--audience accepts it", run(*keyed, "--now", str(NOW), "--audience", "you", "--issuer", "me", other).code, 0)
    refused_with("another issuer", 1, "not_accepted", *keyed, "--now", str(NOW), "--audience", "you", "--issuer", "x",
                 other)
    ran = refused_with("a changed token", 1, "signature_mismatch", *keyed, "--now", str(NOW), token[:-4] + "AAAA")
    check("the error does not repeat the token", token.split(".")[1] not in ran.err, ran)


@case
def verify_refuses_bad_usage_with_2():
    write("hs256.json", hs256())
    refused_with("no key", 2, "--jwks", "verify", "a.b.c")
    refused_with("two kinds of key", 2, "--jwks", "verify", "--jwks", "hs256.json", "--key", "hs256.json", "a.b.c")
    for leeway in ("-1", "601", "1s", "0x10", "1.0", "", " 5"):
        refused_with("--leeway %r" % leeway, 2, "--leeway", "verify", "--key", "hs256.json", "--leeway", leeway,
                     "a.b.c")
    equal("--leeway 600", run("verify", "--key", "hs256.json", "--leeway", "600", "a.b.c").code, 1)
    refused_with("an unknown profile", 2, "--profile", "verify", "--key", "hs256.json", "--profile", "jwe", "a.b.c")
    refused_with("--batch takes no keys", 2, "--batch", "verify", "--batch", "--key", "hs256.json")
    write("junk.json", "not json", 0o644)
    refused_with("a file that is no key", 2, "neither a JWK", "verify", "--key", "junk.json", "a.b.c")
    refused_with("an empty set", 2, "", "verify", "--jwks", write("none.json", {"keys": []}, 0o644), "a.b.c")
    ran = refused_with("an argument too many", 2, "too many", "verify", "--key", "hs256.json", "a.b.c",
                       "eyJ0b2tlbiI6MX0")
    check("it is not repeated", "eyJ0b2tlbiI6MX0" not in ran.err, ran)
    ran = run("verify", "--json", "a.b.c")
    check("with --json bad usage is JSON", ran.code == 2 and "--jwks" in json.loads(ran.err)["error"]["message"], ran)


@case
def one_line_end_is_dropped_from_standard_input_alone():
    write("hs256.json", hs256())
    token = mint()
    keyed = ["verify", "--key", "hs256.json", "--now", str(NOW)]
    for end, code in (("", 0), ("\n", 0), ("\r\n", 0), ("\n\n", 1), ("\r", 1), (" \n", 1), ("\n\r\n", 1)):
        equal("standard input ending in %r" % end, run(*keyed, stdin=token + end).code, code)
        equal("the same with -", run(*keyed, "-", stdin=token + end).code, code)
        equal("an argument ending in %r" % end, run(*keyed, token + end).code, 0 if end == "" else 1)
    # Exactly 16 KiB is read and refused for what it is; a byte more is too long, line end or not.
    for size, code in ((16384, "malformed_token"), (16385, "limit_exceeded")):
        for end in ("", "\n", "\r\n"):
            ran = run(*keyed, stdin="A" * size + end)
            check("%d bytes and %r" % (size, end), ran.code == 1 and code in ran.err, ran)


@case
def reading_stops_at_the_cap():
    write("hs256.json", hs256())
    for args in (["verify", "--key", "hs256.json"], ["inspect"], ["scope", "lint"],
                 ["can", "--key", "hs256.json", "cache.read", "c"]):
        r, w = os.pipe()
        p = subprocess.Popen([support.program, *args], stdin=r, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        os.close(r)
        # Two MiB and the pipe stays open: a program that reads on to the end would wait for ever.
        try:
            for _ in range(512):
                os.write(w, b"." * 4096)
        except BrokenPipeError:
            pass
        try:
            out, err = p.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            p.kill()
            p.communicate()
            check("%s stops reading at its cap" % args[0], False)
        else:
            check("%s stops reading at its cap" % args[0], p.returncode == 1 and b"limit_exceeded" in err, err)
        os.close(w)


@case
def inspect_shows_everything_as_unverified():
    write("hs256.json", hs256())
    token = mint("--token-id", "ann")
    ran = run("inspect", "--now", str(NOW + 10), token)
    for words in ("UNVERIFIED", '"HS256"', 'invoke the function "od" of the cache "fo"',
                  "59 min 50 s, until 2030-01-01T01:00:00Z", '"ann"'):
        check("inspect says %s" % words, ran.code == 0 and words in ran.out, ran)
    check("inspect never prints the signature", token.split(".")[2] not in ran.out + ran.err, ran)
    check("nor does --json", token.split(".")[2] not in run("inspect", "--json", token).out)
    check("an expired token is shown too", "expired 1 h 1 s ago" in run("inspect", "--now", str(NOW + 7201), token).out)
    wrapper = base64.b64encode(json.dumps({"endpoint": "cell.example.com", "api_key": token}).encode()).decode()
    ran = run("inspect", "--now", str(NOW), stdin=wrapper + "\n")
    check("a wrapper is unwrapped", ran.code == 0 and '"cache.cell.example.com"' in ran.out and "od" in ran.out, ran)
    got = run("inspect", "--json", "--now", str(NOW), wrapper).json()
    equal("inspect --json", (got["verified"], got["kind"], got["endpoint"], got["claims"]["tid"], got["seconds_left"],
                             got["scope"]),
          (False, "envelope", "cell.example.com", "ann", 3600, OD_IN_FO_JSON))
    check("without the api_key", "api_key" not in got, got)
    for text in ("", "a.b", "a.b.c", "AAAA", token[:-1] + "=", " " + token):
        check("inspect refuses %r" % text[:20], run("inspect", text).code == 1)


@case
def nothing_raw_reaches_the_terminal():
    evil = "\x1b[2J\x07\u202e\u2028\x7f\u009b"
    token = signed({"ver": 1, "exp": NOW, "tid": evil, evil: evil, "n": {evil: [evil, 1]}}, RFC_KEY,
                   {"alg": "HS256", "kid": evil})
    raw = signed(('{"exp":%d,\n"tid":"\u202e\u009b\x7f",\t"x":{"\u2028":\r1}}' % NOW).encode(), RFC_KEY)
    write("hs256.json", hs256())
    letters_alone = "\u202e\u2028\u0085\u009b\U000e0001\u00e9"
    write("evil.json", run("keygen", "--alg", "ES256", "--kid", letters_alone).out)
    minting = ["mint", "--key", "hs256.json", "--scope", "cache_read_only(m)", "--valid-for", "1h"]
    for args in (["inspect", token], ["inspect", "--json", token], ["inspect", raw], ["inspect", "--json", raw],
                 ["keygen", "--alg", "ES256", "--kid", letters_alone], ["jwks", "evil.json"],
                 ["keygen", "--alg", "ES256", "--out", "new.json", "--kid", letters_alone],
                 [*minting, "--endpoint", "a\u202e\u200b.example"], [*minting, "--endpoint", "a\u009b.example"],
                 ["can", "--scope", "cache_read_only(m)", "cache.read", evil, evil], ["jwks", evil],
                 ["scope", "lint", "cache_key_prefix_read_only(m,%s1)" % evil], ["mint", "--" + evil]):
        ran = run(*args)
        letters = set(ran.out + ran.err) - {"\n"}
        check("%s prints no control character" % args[:2], ran.code in (0, 1, 2)
              and all(x.isprintable() for x in letters), ran)
    equal("the kid is what it was", run("jwks", "evil.json").json()["keys"][0]["kid"], letters_alone)
    equal("but --json loses nothing", run("inspect", "--json", token).json()["claims"]["n"], {evil: [evil, 1]})
