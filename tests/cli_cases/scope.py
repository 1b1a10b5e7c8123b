"""can, scope convert, scope lint, scope diff."""
import json

from cli_cases.support import (
    BOTH_SELECTORS, NOW, OD_IN_FO, OD_IN_FO_JSON, case, check, equal, hs256, mint, refused_with, run, write)


@case
def can_answers_and_says_why():
    write("hs256.json", hs256())
    ask = ["can", "--scope", "cache_key_prefix_read_only(media,/movie1/)"]
    for action, resource, code in (("cache.read", ["/movie1/part7"], 0), ("cache.read", ["/movie10"], 1),
                                   ("cache.read", [], 1),
                                   ("cache.write", ["/movie1/part7"], 1), ("topic.publish", ["/movie1/part7"], 1)):
        ran = run(*ask, action, "media", *resource)
        equal("%s %s" % (action, resource), ran.code, code)
        check("and why", ("is denied" if code else "is allowed") in ran.out and ran.err == "", ran)
    got = run(*ask, "--json", "cache.read", "media", "x")
    check("can --json", got.code == 1 and got.json()["allowed"] is False and got.json()["reason"] != "", got)
    refused_with("an unknown action", 2, "action", *ask, "cache.list", "media")
    refused_with("no scope and no token", 2, "--scope", "can", "cache.read", "media")
    refused_with("a token without a key", 2, "--token", "can", "--token", "a.b.c", "cache.read", "media")
    refused_with("a scope and a key", 2, "--scope", *ask, "--key", "hs256.json", "cache.read", "media")
    refused_with("no cache", 2, "CACHE", *ask, "cache.read")
    token = mint()
    keyed = ["can", "--key", "hs256.json", "--now", str(NOW)]
    equal("a token allows", run(*keyed, "--token", token, "function.invoke", "fo", "od").code, 0)
    equal("from standard input", run(*keyed, "function.invoke", "fo", "od", stdin=token + "\n").code, 0)
    equal("and denies", run(*keyed, "--token", token, "function.invoke", "fo", "oe").code, 1)
    refused_with("an expired token", 1, "expired", "can", "--key", "hs256.json", "--now", str(NOW + 3600), "--token",
                 token,
                 "function.invoke", "fo", "od")


@case
def scope_convert_changes_the_format_and_nothing_else():
    sdk = {"permissions": [{"role": "functioninvoke", "cache": "fo", "func": {"name": "od"}}]}
    forms = {"functions": json.dumps(OD_IN_FO_JSON), "sdk": json.dumps(sdk), "proto": OD_IN_FO}
    for source, text in forms.items():
        equal("%s to proto" % source, run("scope", "convert", "--from", source, "--to", "proto", text).out,
              OD_IN_FO + "\n")
        equal("%s to functions" % source, run("scope", "convert", "--from", source, "--to", "functions",
                                              stdin=text + "\n").json(),
              OD_IN_FO_JSON)
    got = run("scope", "convert", "--from", "proto", "--to", "sdk", "--json",
              write("scope.hex", OD_IN_FO + "\n", 0o644)).json()
    back = run("scope", "convert", "--from", "sdk", "--to", "proto", json.dumps(got["scope"]))
    equal("to sdk and back", back.out, OD_IN_FO + "\n")
    missing = '{"permissions":[{"role":"readonly","cache":"m"}]}'
    equal("a missing item stays absent", run("scope", "convert", "--from", "sdk", "--to", "proto", missing).out,
          "120b" "0a09" "0a07" "0802" "1a03" "0a016d" "\n")
    for source, bad in (("proto", OD_IN_FO.upper()), ("proto", OD_IN_FO[:-1]), ("proto", OD_IN_FO + "00"),
                        ("proto", "0a00"),
                        ("sdk", "{}"), ("sdk", forms["functions"]), ("functions", forms["sdk"])):
        refused_with("%s %s" % (source, bad[:20]), 1, "invalid_argument", "scope", "convert", "--from", source, "--to",
                     "proto", bad)
    refused_with("no format", 2, "--to", "scope", "convert", "--from", "sdk", "{}")
    refused_with("an unknown format", 2, "--from", "scope", "convert", "--from", "xml", "--to", "sdk", "{}")
    ambiguous = json.dumps(BOTH_SELECTORS)
    refused_with("both selectors", 1, "ambiguous_scope", "scope", "convert", "--from", "functions", "--to", "proto",
                 ambiguous)
    equal("--narrower", run("scope", "convert", "--narrower", "--from", "functions", "--to", "sdk", ambiguous).json()
          ["permissions"][0]["cache"], "media")
    # Limits of issuing do not apply: 21 statements, and one that grants nothing.
    many = {"permissions": sdk["permissions"] * 21}
    equal("21 statements", run("scope", "convert", "--from", "sdk", "--to", "proto", json.dumps(many)).code, 0)
    equal("1 MiB and a byte", run("scope", "convert", "--from", "sdk", "--to", "proto",
                                  stdin=" " * (1 << 20) + "{").code, 1)


@case
def scope_lint_and_diff_name_the_statement():
    ran = run("scope", "lint", "cache_key_prefix_read_only(media,/movie1)")
    check("an open-ended prefix", ran.code == 1 and "open_ended_prefix" in ran.out and "/movie1" in ran.out, ran)
    ran = run("scope", "lint", "cache_key_prefix_read_only(media,/movie1/)")
    check("a closed one", ran.code == 0 and ran.err == "", ran)
    equal("an hour is fine", run("scope", "lint", "--valid-for", "1h", "cache_read_only(m)").code, 0)
    ran = run("scope", "lint", "--json", "--valid-for", "3601s", "cache_read_only(m)")
    equal("more is not", (ran.code, [f["lint"] for f in ran.json()["findings"]]), (1, ["long_lifetime"]))
    wide, narrow = "cache_read_write(media)", "cache_key_read_only(media,k)"
    ran = run("scope", "diff", wide, narrow)
    check("B within A", ran.code == 0 and ran.err == "", ran)
    ran = run("scope", "diff", narrow, wide)
    check("B beyond A", ran.code == 1 and "permissions[0]" in ran.out and '"media"' in ran.out, ran)
    two = json.dumps({"permissions": [{"role": "readonly", "cache": "media", "item": {"key": "k"}},
                                      {"role": "publishonly", "cache": "c", "topic": "t"}]})
    got = run("scope", "diff", "--json", narrow, "-", stdin=two)
    equal("the second statement", (got.code, got.json()["within"], got.json()["statement"]), (1, False, 1))
    refused_with("only one from standard input", 2, "standard input", "scope", "diff", "-", "-", stdin="{}")
    refused_with("B is missing", 2, "B", "scope", "diff", wide)
