"""--batch: lines, ids, and what each command answers."""
import base64, json, subprocess

from cli_cases import support
from cli_cases.support import (
    BOTH_SELECTORS, NOW, OD_IN_FO, OD_IN_FO_JSON, RFC_KEY, batch, case, check, decoded, equal, hs256, mint,
    run, signed, unpadded, write)


@case
def batch_answers_every_line_in_order_with_its_id():
    ids = [1, "two", None, 3.5, -0.0, [1, {"a": "b\u2028"}], {"x": 1}, True, "\u00e9\U0001f600\x7f",
           12345678901234567890123]
    lines = [{"id": i, "scope": OD_IN_FO} for i in ids]
    got = batch("scope", "convert", "--from", "proto", "--to", "functions", lines=lines)
    equal("the ids", [g["id"] for g in got], ids)
    check("the answers", all(g["scope"] == OD_IN_FO_JSON for g in got))
    text = '{"scope":"%s","id":1e400}\n{"id":0.10,"scope":"%s"}\n' % (OD_IN_FO, OD_IN_FO)
    out = run("scope", "convert", "--from", "proto", "--to", "proto", "--batch", stdin=text).out.splitlines()
    check("a number comes back as it was written", out[0].startswith('{"id":1e400,')
          and out[1].startswith('{"id":0.10,'), out)


@case
def a_line_that_cannot_be_read_is_answered_and_the_run_goes_on():
    write("hs256.json", hs256())
    good = json.dumps({"id": "good", "token": mint()})
    for line, want in (("", None), ("[]", None), ("{", None), ('{"id":7,"token":"x"', None), ("\x00", None),
                       ('"id"', None),
                       ('{"id":7,"token":"\\ud800"}', 7), ('{"id":"a\\ud800","token":"b"}', None),
                       ('{"id":8,"token":"a","token":"b"}', 8),
                       ('{"token":"x"}', None),
                       ('{"id":1,"id":2,"token":"x"}', None),
                       ('{"id":"\\ud83d\\ude00","token":"\\\\\\udfff"}', "\U0001f600"),
                       ('{"id":9,"token":5}', 9), ('{"id":10}', 10), ('{"id":11,"token":"x","extra":1}', 11),
                       ('{"id":12,"token":' + "[" * 40 + "]" * 40 + "}", 12)):
        got = batch("inspect", lines=[line, good])
        check("%r" % line[:40], len(got) == 2 and got[0]["id"] == want and "error" in got[0] and got[1]["id"] == "good"
              and got[1]["kind"] == "jwt", got)
    for bad in (b'{"id":1,"token":"\xff"}', b'\xef\xbb\xbf{"id":1,"token":"x"}'):
        got = json.loads(run("inspect", "--batch", stdin=bad).out)
        equal("not UTF-8", (got["id"], "error" in got), (None, True))
    cap = 16 << 20
    whole = '{"id":"big","token":"%s"}' % ("A" * (cap - len('{"id":"big","token":""}')))
    got = batch("inspect", lines=[whole, good])
    equal("a line of 16 MiB keeps its id", (got[0]["id"], got[0]["error"]["code"], got[1]["id"]),
          ("big", "limit_exceeded", "good"))
    got = batch("inspect", lines=[whole + " ", good])
    equal("a longer one does not", (got[0]["id"], got[0]["error"]["code"], got[1]["id"]),
          (None, "limit_exceeded", "good"))
    ran = run("inspect", "--batch", stdin=good)
    equal("the last line needs no line end", json.loads(ran.out)["id"], "good")
    equal("no lines, no answers", (run("inspect", "--batch").code, run("inspect", "--batch").out), (0, ""))


@case
def batch_flushes_each_answer_before_it_reads_on():
    p = subprocess.Popen([support.program, "inspect", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for i in range(3):
        p.stdin.write(b'{"id":%d,"token":"x"}\n' % i)
        p.stdin.flush()
        equal("answer %d while the input is open" % i, json.loads(p.stdout.readline())["id"], i)
    p.stdin.close()
    equal("and ends with it", p.wait(20), 0)
    p.stdout.close()


@case
def verify_batch_takes_its_keys_from_the_line():
    key = hs256()
    claims = {"ver": 1, "p": unpadded(bytes.fromhex(OD_IN_FO)), "exp": NOW + 60}
    token = signed(claims, key)
    base = {"jwks": {"keys": [key]}, "token": token, "mode": "scope", "now": NOW}
    rows = [({}, None), ({"mode": "jwt"}, None), ({"mode": "jws"}, None), ({"now": NOW + 60}, "expired"),
            ({"now": NOW + 60, "leeway": 1}, None), ({"now": NOW + 60, "mode": "jws"}, None),
            ({"mode": "token"}, "invalid_argument"), ({"leeway": 601}, "invalid_argument"),
            ({"leeway": -1}, "invalid_argument"),
            ({"now": "1"}, "invalid_argument"), ({"now": 1.5}, "invalid_argument"),
            ({"jwks": {"keys": []}}, "invalid_argument"),
            ({"jwks": None}, "invalid_argument"), ({"jwks": {"keys": [key, key]}}, "invalid_argument"),
            ({"token": "a.b.c"}, "malformed_token"),
            ({"token": token[:-4] + "AAAA"}, "signature_mismatch"), ({"token": token + "\n"}, "malformed_token"),
            ({"token": "A" * 16385}, "limit_exceeded"), ({"token": signed({"exp": NOW + 60}, key)}, "malformed_token"),
            ({"token": signed({"exp": NOW + 60}, key), "mode": "jwt"}, None),
            ({"token": signed({**claims, "aud": "x"}, key)}, "not_accepted"),
            ({"token": signed(claims, key, {"alg": "HS256", "kid": "other"})}, "unknown_key"),
            ({"audience": "x"}, "invalid_argument")]
    got = batch("verify", lines=[{"id": i, **base, **change} for i, (change, _) in enumerate(rows)])
    for i, (change, error) in enumerate(rows):
        equal("verify --batch %s" % str(change)[:60], got[i], {"id": i, "valid": error is None, "error": error})
    ran = run("verify", "--batch", stdin=json.dumps({"id": 1, **base}) + "\n{}\n")
    check("neither key nor token comes out", RFC_KEY["k"] not in ran.out + ran.err and token not in ran.out + ran.err,
          ran)


@case
def mint_batch_uses_the_clock_of_each_line():
    write("hs256.json", hs256())
    scope = OD_IN_FO_JSON
    lines = [{"id": 1, "scope": scope, "valid_for_seconds": 60, "now": NOW, "token_id": "ann"},
             {"id": 2, "scope": scope, "valid_for_seconds": 60, "now": NOW + 5},
             {"id": 3, "scope": scope, "valid_for_seconds": 0, "now": NOW},
             {"id": 4, "scope": scope, "valid_for_seconds": "60"}, {"id": 5, "scope": scope, "valid_for_seconds": 1.5},
             {"id": 6, "scope": BOTH_SELECTORS, "valid_for_seconds": 60}, {"id": 7, "valid_for_seconds": 60},
             {"id": 8, "scope": scope, "valid_for_seconds": 60, "token_id": "x" * 1025},
             {"id": 9, "scope": scope, "valid_for_seconds": 2**63},
             {"id": 10, "scope": scope, "valid_for_seconds": 60, "now": -1},
             {"id": 11, "scope": scope, "valid_for_seconds": 2**63 - 1}]
    got = batch("mint", "--key", "hs256.json", lines=lines)
    for i, now, more in ((0, NOW, {"tid": "ann"}), (1, NOW + 5, {})):
        claims = json.loads(decoded(got[i]["token"].split(".")[1]))
        equal("claims of line %d" % (i + 1), {k: claims[k] for k in ("iat", "exp", *more)},
              {"iat": now, "exp": now + 60, **more})
    fields = [(g["error"]["code"], g["error"]["field"]) for g in got[2:]]
    equal("what is refused, and where", [f for f in fields if f[0] != "ambiguous_scope"],
          [("invalid_argument", "valid_for"), ("invalid_argument", "valid_for_seconds"),
           ("invalid_argument", "valid_for_seconds"),
           ("invalid_argument", "scope"), ("invalid_argument", "token_id"), ("invalid_argument", "valid_for_seconds"),
           ("invalid_argument", "now"), ("invalid_argument", "valid_for")])
    equal("both selectors", fields[3][0], "ambiguous_scope")
    check("messages for people", all(g["error"]["message"] for g in got[2:]))
    check("--narrower", "token" in batch("mint", "--narrower", "--key", "hs256.json", lines=[lines[5]])[0])


@case
def can_batch_takes_keys_as_bytes():
    scope = {"explicit": {"permissions": [{"cache_permissions": {
        "role": "CacheReadOnly", "cache_selector": {"cacheName": "m"}, "item_selector": {"key_prefix": [0, 255]}}}]}}
    every = {"explicit": {"permissions": [{"cache_permissions": {
        "role": "CacheReadOnly", "cache_selector": {"cacheName": "m"}, "all_items": None}}]}}
    absent = {"explicit": {"permissions": [{"cache_permissions": {"role": "CacheReadOnly",
                                                                  "cache_selector": {"cacheName": "m"}}}]}}
    b64 = lambda b: base64.b64encode(b).decode()
    ask = lambda scope, action="cache.read", **more: {"id": 0, "scope": scope, "action": action, "cache": "m", **more}
    got = batch("can", lines=[ask(scope, resource_b64=b64(b"\x00\xff\x01")), ask(scope, resource_b64=b64(b"\x00\xfe")),
                              ask(scope),
                              ask(every), ask(absent), ask(every, action="cache.list"),
                              ask(every, resource_b64="AA"), ask(every, resource_b64="_w=="),
                              ask(every, resource_b64=5)])
    equal("answers", [g.get("allowed") for g in got], [True, False, False, True, True, None, None, None, None])
    check("reasons", all(g["reason"] for g in got[:5]))
    equal("errors", [g["error"]["field"] for g in got[5:]], ["action", "resource_b64", "resource_b64", "resource_b64"])


@case
def inspect_batch_hands_out_the_api_key():
    token = signed({"exp": NOW, "n": 1.50}, RFC_KEY)
    wrap = lambda key: base64.b64encode(json.dumps({"endpoint": "e.example", "api_key": key}).encode()).decode()
    jwt, envelope, opaque, bad = batch("inspect", lines=[{"id": i, "token": t} for i, t in
                                                         enumerate((token, wrap(token), wrap("opaque"), "AAAA"))])
    equal("a jwt", jwt, {"id": 0, "kind": "jwt", "api_key": token, "claims": {"exp": NOW, "n": 1.5}})
    hosts = {"endpoint": "e.example", "cache_endpoint": "cache.e.example", "control_endpoint": "control.e.example",
             "token_endpoint": "token.e.example"}
    equal("an envelope", envelope, {"id": 1, "kind": "envelope", "api_key": token, **hosts,
                                    "claims": {"exp": NOW, "n": 1.5}})
    equal("one without a JWT", opaque, {"id": 2, "kind": "envelope", "api_key": "opaque", **hosts})
    equal("neither", (bad["id"], bad["error"]["code"]), (3, "malformed_token"))
