"""mint: tokens, their shapes, and SCOPE on the command line."""
import base64, hashlib, hmac, json

from cli_cases.support import (
    BOTH_SELECTORS, NOW, OD_IN_FO, OD_IN_FO_JSON, RFC_8037_X, RFC_KEY, Ran, case, check, decoded, equal, hs256, mint,
    refused_with, run, write)


@case
def mint_writes_the_token_of_the_published_example():
    write("hs256.json", hs256())
    token = mint("--token-id", "ann", "--issuer", "me", "--audience", "a", "--audience", "b")
    head, body, mac = token.split(".")
    want = hmac.new(decoded(RFC_KEY["k"]), ("%s.%s" % (head, body)).encode(), hashlib.sha256).digest()
    equal("the signature is HMAC SHA-256", decoded(mac), want)
    equal("the header", json.loads(decoded(head)), {"alg": "HS256", "typ": "JWT", "kid": "k1"})
    claims = json.loads(decoded(body))
    equal("p is the canonical protobuf", decoded(claims.pop("p")).hex(), OD_IN_FO)
    equal("jti is 128 bits", len(decoded(claims.pop("jti"))), 16)
    equal("the other claims", claims, {"ver": 1, "iss": "me", "aud": ["a", "b"], "iat": NOW, "exp": NOW + 3600,
                                       "tid": "ann"})


@case
def mint_answers_in_each_shape():
    write("hs256.json", hs256())
    args = ["mint", "--key", "hs256.json", "--scope", "function_invoke(fo,od)", "--valid-for", "15m", "--now", str(NOW)]
    host = ["--endpoint", "cell.example.com"]
    exp = NOW + 900

    def is_jwt(text):
        return text.count(".") == 2

    def wraps(text):
        inner = json.loads(base64.b64decode(text, validate=True))
        return list(inner) == ["endpoint", "api_key"] and inner["endpoint"] == host[1] and is_jwt(inner["api_key"])

    got = run(*args).json()
    check("functions is the default", is_jwt(got.pop("api_key")) and got == {"endpoint": "", "valid_until": exp}, got)
    got = run(*args, *host, "--shape", "functions").json()
    equal("functions with an endpoint", (got["endpoint"], got["valid_until"]), (host[1], exp))
    got = run(*args, *host, "--shape", "node").json()
    check("node", wraps(got["authToken"]) and got["expiresAt"] == exp and len(got) == 2, got)
    got = run(*args, *host, "--shape", "rust").json()
    check("rust", wraps(got["auth_token"]) and got["expires_at"] == exp and len(got) == 2, got)
    check("envelope", wraps(run(*args, *host, "--shape", "envelope").out.rstrip("\n")))
    check("jwt", is_jwt(run(*args, "--shape", "jwt").out))
    check("--json makes an object of a text", is_jwt(run(*args, "--shape", "jwt", "--json").json()["token"]))
    for shape in ("node", "rust", "envelope"):
        refused_with("%s without an endpoint" % shape, 2, "--endpoint", *args, "--shape", shape)
        refused_with("%s with a scheme" % shape, 2, "endpoint", *args, "--shape", shape, "--endpoint", "https://host")


@case
def mint_refuses_bad_usage_with_2_and_bad_requests_with_1():
    write("hs256.json", hs256())
    base = ["mint", "--key", "hs256.json", "--scope", "function_invoke(fo,od)", "--now", str(NOW)]
    refused_with("no lifetime", 2, "--valid-for", *base)
    for text in ("3600", "1d", "h", "1.5h", "1 h", "1hh", "", "0x1h", "99999999999999999999s"):
        refused_with("--valid-for %r" % text, 2, "--valid-for", *base, "--valid-for", text)
    for text, code in (("0s", 1), ("-5s", 1), ("1s", 0), ("25h", 0), ("90001s", 1), ("26h", 1),
                       ("9223372036854775807h", 1)):
        equal("--valid-for %s" % text, run(*base, "--valid-for", text).code, code)
    refused_with("no key", 2, "--key", "mint", "--scope", "all_data_read_write", "--valid-for", "1h")
    refused_with("a public key cannot sign", 2, "", "mint", "--key", write("p.json", {
        "kty": "OKP", "crv": "Ed25519", "x": RFC_8037_X}), "--scope", "all_data_read_write", "--valid-for", "1h")
    refused_with("a token_id of 1025 bytes", 1, "token_id", *base, "--valid-for", "1h", "--token-id", "x" * 1025)
    equal("a token_id of 1024 bytes", run(*base, "--valid-for", "1h", "--token-id", "x" * 1024).code, 0)
    refused_with("a token_id that is not UTF-8", 1, "token_id", *base, "--valid-for", "1h", "--token-id", b"\xff")
    refused_with("an unknown shape", 2, "--shape", *base, "--valid-for", "1h", "--shape", "xml")
    refused_with("an empty topic", 1, "permissions[0].topic", "mint", "--key", "hs256.json", "--valid-for", "1h",
                 "--scope", "topic_publish_only(chat,)")
    ran = run(*base, "--valid-for", "0s", "--json")
    error = json.loads(ran.err)["error"]
    equal("with --json the error is JSON", (ran.code, ran.out, error["code"], error["field"]),
          (1, "", "invalid_argument", "valid_for"))
    for value in ("-1", "253402300800", "1.5", "010x", ""):
        refused_with("--now %r" % value, 2, "--now", "mint", "--key", "hs256.json", "--now", value)


@case
def a_scope_is_json_or_a_name_or_a_file():
    write("hs256.json", hs256())

    def p_of(scope, *more, stdin=b""):
        ran = run("mint", "--key", "hs256.json", "--valid-for", "1h", "--shape", "jwt", "--now", str(NOW), *more,
                  *(["--scope", scope] if scope is not None else []), stdin=stdin)
        return decoded(json.loads(decoded(ran.out.split(".")[1]))["p"]).hex() if ran.code == 0 else ran

    text = json.dumps(OD_IN_FO_JSON)
    sdk = json.dumps({"permissions": [{"role": "functioninvoke", "cache": "fo", "func": "od"}]})
    equal("functions JSON", p_of(text), OD_IN_FO)
    equal("JSON behind spaces", p_of(" \n\t" + text), OD_IN_FO)
    equal("sdk JSON", p_of(sdk), OD_IN_FO)
    equal("a file of JSON", p_of(write("scope.json", text, 0o644)), OD_IN_FO)
    equal("standard input", p_of("-", stdin=text + "\n"), OD_IN_FO)
    equal("standard input when none is given", p_of(None, stdin=sdk + "\r\n"), OD_IN_FO)
    equal("a name", p_of("function_invoke(fo,od)"), OD_IN_FO)
    equal("a name with spaces and quotes", p_of('function_invoke( "f\\u006f" , od )'), OD_IN_FO)
    # The sdk form leaves `item` out; mint writes all items (field 4) for it, and for this form only.
    cache = {"permissions": [{"role": "readonly", "cache": "m"}]}
    equal("mint writes all items for sdk", p_of(json.dumps(cache)), "120d" "0a0b" "0a09" "0802" "1a03" "0a016d" "2200")
    absent = {"explicit": {"permissions": [{"cache_permissions": {"role": "CacheReadOnly",
                                                                  "cache_selector": {"cacheName": "m"}}}]}}
    equal("but not for functions", p_of(json.dumps(absent)).code, 1)
    equal("both selectors are ambiguous", "ambiguous_scope" in p_of(json.dumps(BOTH_SELECTORS)).err, True)
    equal("--narrower takes the one", p_of(json.dumps(BOTH_SELECTORS), "--narrower"),
          "1211" "0a0f" "0a0d" "0802" "1a07" "0a056d65646961" "2200")
    for bad, code in (("{}", 1), ("{", 1), ('{"explicit":{},"explicit":{}}', 1), ("nothing.json", 2),
                      ("function_invoke", 2), ("function_invoke(fo)", 2), ("function_invoke(fo,od,x)", 2),
                      ("function_invoke(fo,od", 2), ('function_invoke("fo,od)', 2), ("all_data_read_write(x)", 2),
                      ("", 2)):
        ran = p_of(bad)
        check("the scope %r is refused with %d" % (bad, code), isinstance(ran, Ran) and ran.code == code, ran)
    write("named.txt", "scope.json")
    equal("what is piped in names no file", p_of("-", stdin="scope.json").code, 1)


@case
def each_scope_name_means_what_it_says():
    # The SDK's words for the same scopes: role, cache, and item, topic or func.
    for name, role, rest in (
            ("cache_read_write(c)", "readwrite", {"item": "*"}), ("cache_read_only(c)", "readonly", {"item": "*"}),
            ("cache_write_only(c)", "writeonly", {"item": "*"}),
            ("cache_key_read_write(c,k)", "readwrite", {"item": {"key": "k"}}),
            ("cache_key_read_only(c,k)", "readonly", {"item": {"key": "k"}}),
            ("cache_key_write_only(c,k)", "writeonly", {"item": {"key": "k"}}),
            ("cache_key_prefix_read_write(c,k)", "readwrite", {"item": {"keyPrefix": "k"}}),
            ("cache_key_prefix_read_only(c,k)", "readonly", {"item": {"keyPrefix": "k"}}),
            ("cache_key_prefix_write_only(c,k)", "writeonly", {"item": {"keyPrefix": "k"}}),
            ("topic_publish_subscribe(c,t)", "publishsubscribe", {"topic": {"name": "t"}}),
            ("topic_subscribe_only(c,t)", "subscribeonly", {"topic": {"name": "t"}}),
            ("topic_publish_only(c,*)", "publishonly", {"topic": "*"}),
            ('topic_publish_only(c,"a,(b")', "publishonly", {"topic": {"name": "a,(b"}}),
            ("topic_prefix_publish_subscribe(c,t)", "publishsubscribe", {"topic": {"namePrefix": "t"}}),
            ("topic_prefix_subscribe_only(c,t)", "subscribeonly", {"topic": {"namePrefix": "t"}}),
            ("topic_prefix_publish_only(c,t)", "publishonly", {"topic": {"namePrefix": "t"}}),
            ("function_invoke(c,*)", "functioninvoke", {"func": "*"}),
            ("function_prefix_invoke(c,f)", "functioninvoke", {"func": {"namePrefix": "f"}}),
            ("function_permit_none(c,f)", "functionpermitnone", {"func": {"name": "f"}}),
            ("function_prefix_permit_none(c,f)", "functionpermitnone", {"func": {"namePrefix": "f"}})):
        sdk = json.dumps({"permissions": [{"role": role, "cache": "c", **rest}]})
        want = run("scope", "convert", "--from", "sdk", "--to", "proto", sdk)
        got = run("scope", "convert", "--from", "functions", "--to", "proto", name)
        check(name, want.code == 0 and want.out == got.out, (want, got))
    every = run("scope", "convert", "--from", "functions", "--to", "sdk", "cache_read_only(*)").json()
    equal("* is all caches", every["permissions"][0]["cache"], "*")
    both = run("scope", "convert", "--from", "functions", "--to", "sdk", "all_data_read_write").json()["permissions"]
    equal("all_data_read_write", sorted(p["role"] for p in both), ["publishsubscribe", "readwrite"])
    for scope in ('topic_publish_only(c,"*")', 'topic_publish_only(c, "\\u002a")'):
        got = run("scope", "convert", "--from", "functions", "--to", "functions", scope).json()
        equal("a quoted * is a name", got["explicit"]["permissions"][0]["topic_permissions"]["topic_selector"],
              {"topic_name": "*"})
