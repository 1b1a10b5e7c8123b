#!/usr/bin/env python3
"""Writes the seed corpus: one folder of small files per fuzzer, from tests/vectors and a few texts of our own.

usage: seeds.py DIRECTORY
"""
import base64, hashlib, json, pathlib, re, sys

TESTS = pathlib.Path(__file__).resolve().parent.parent / "tests"
VECTORS = TESTS / "vectors"
LONGEST = 4096


def vectors(name):
    return json.loads((VECTORS / name).read_text())


def segment(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def tokens():
    return [row["token"] for row in vectors("attacks.json")["rows"] if "token" in row]


def headers_and_claims():
    """(header, claims) of every token whose two first segments decode, as bytes."""
    for token in tokens():
        try:
            header, claims = (segment(part) for part in token.split(".")[:2])
        except ValueError:
            continue
        yield header, claims


def permission_sets():
    return [row for row in vectors("permissions.json")["vectors"] if "permissions" in row]


def functions_jsons():
    for row in permission_sets():
        for name in ("functions_json", "functions_json_preset"):
            if row.get(name):
                yield row[name]


SDK_JSONS = [json.dumps({"permissions": statements}, separators=(",", ":")) for statements in (
    [],
    [{"role": "readonly", "cache": "media", "item": {"keyPrefix": "room-7/"}}],
    [{"role": "readwrite", "cache": "*", "item": "*"},
     {"role": "writeonly", "cache": {"name": "*"}, "item": {"key": "k"}}],
    [{"role": "readonly", "cache": "c"}, {"role": "publishonly", "cache": "chat", "topic": "room-7"}],
    [{"role": "publishsubscribe", "cache": "*", "topic": {"namePrefix": "room-"}}],
    [{"role": "subscribeonly", "cache": "c", "topic": "*"}, {"role": "functioninvoke", "cache": "fo", "func": "od"}],
    [{"role": "functionpermitnone", "cache": "*", "func": {"name": "\u00e9\U0001f600"}}])]

JSONS = ['{"a":1,"b":[true,false,null,-0.5e+3,"\\u00e9\\ud83d\\ude00\\n\\/"],"c":{"d":{}}}', "[[[[]]]]", " 1 ",
         "[" * 33 + "]" * 33, "[" * 32 + "]" * 32, '{"a":1,"\\u0061":2}', '"\\ud800"',
         "{" + ",".join('"m%d":0' % i for i in range(40)) + "}",
         "{" + ",".join('"m%d":0' % (i % 39) for i in range(40)) + "}",
         '{"":' * 32 + '1,""', '{"":' * 31 + '{"a":1,"b":2' + "}" * 32, '{"":' * 32 + "[]"]

# What an issuer writes, and the edges of what may be written instead.
HEADER = '{"alg":"HS256","typ":"JWT","kid":"first"}'
CLAIMS = ['{"ver":1,"p":"EgA","iat":1893456000,"exp":1893459600}',
          '{"ver":1,"iss":"https://a","p":"EhIKEBoOCAEaBAoCZm8qBAoCb2Q","iat":1893456000,"exp":1893459600,"jti":"j"}',
          '{"ver":1,"iss":"i","aud":"media","p":"EgA","iat":0,"exp":253402300799,"nbf":12,"jti":"j","tid":"t"}',
          '{ "tid" : "t" , "exp":1893459600.5,"x":[{"exp":9}], "p":"E\\u0067A","iat":1e0,"ver":10e-1,"aud":["a","vend"]}',
          '{"exp":2534023007990e-1,"nbf":0.00001893456e14,"iat":-0.0e9,"p":[1],"ver":"1","sub":"s"}',
          '{"ver":1,"p":"EgA","iat":1893456060,"exp":1893455941,"nbf":1893456060}',
          '{"ver":1,"p":"EgA","iat":1893456061,"exp":1893455940,"nbf":1893456061}',
          '{"ver":1,"p":1,"exp":1893459600,"aud":[]}']


def private_jwks():
    """The keys of tests/fixtures/keys.hpp, which are C++ literals."""
    text = (TESTS / "fixtures" / "keys.hpp").read_text()
    for literals in re.findall(r'_jwk =\n((?:\s+"(?:\\.|[^"\\])*")+);', text):
        yield "".join(json.loads(piece) for piece in re.findall(r'"(?:\\.|[^"\\])*"', literals))


def pem_files():
    """(name, text) of the same fixtures' PEM literals, keys in the clear and encrypted ones."""
    for fixture in ("keys.hpp", "encrypted_keys.hpp"):
        yield from re.findall(r'(\w+_pem) = R"\((.*?)\)"', (TESTS / "fixtures" / fixture).read_text(), re.DOTALL)


def pem_inputs():
    """What pem.cpp is to do with it and with which algorithm, the text or its DER."""
    algorithms = ["p256", "ed25519", "p384", "p521", "rsa", "rsa"]
    for name, text in pem_files():
        yield b"\x00" + text.encode()
        label, letters = re.search("-----BEGIN ([A-Z ]+)-----(.*)-----END", text, re.DOTALL).groups()
        try:
            der = base64.b64decode("".join(letters.split()), validate=True)
        except ValueError:
            continue  # has headers
        ways = {"PRIVATE KEY": (3, 5), "PUBLIC KEY": (2,), "ENCRYPTED PRIVATE KEY": (4,)}.get(label, (5,))
        fitting = [i for i, start in enumerate(algorithms) if name.startswith(start)] or [0]
        for way in ways:
            for algorithm in fitting:
                yield bytes([way + 8 * algorithm]) + der
        yield b"\x01\x00\x3f\x00\x30A" + der[:200]
    # P-256: a private number of zero and the point at infinity, which libcrypto takes for out of memory.
    yield bytes.fromhex("05" "3022020100301306072a8648ce3d020106082a8648ce3d03010704083006020101040100")
    # RFC 8410 section 10.3: Ed25519 with an attribute and its public half.
    yield b"\x0d" + base64.b64decode(
        "MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhCoB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUg"
        "Q2hhaXJzgSEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=")


def program_lines():
    """(number of the command in program_line.cpp, lines)."""
    attacks = vectors("attacks.json")
    for row in attacks["rows"]:
        if "token" in row:
            line = {"id": row["id"], "jwks": attacks["keysets"][row["key"]], "token": row["token"], "mode": row["mode"],
                    "now": 1893456000, "leeway": 60}
            yield 0, json.dumps(line)
    for scope in list(functions_jsons())[:60]:
        value = json.loads(scope)
        yield 1, json.dumps({"id": 1, "scope": value, "action": "cache.read", "cache": "cache", "resource_b64": "a2V5"})
        yield 2, json.dumps({"id": 1, "scope": value, "action": "topic.publish", "cache": "cache"})
        yield 4, json.dumps({"id": 1, "scope": value, "valid_for_seconds": 60, "token_id": "ann"})
        yield 5, json.dumps({"id": [1], "scope": value}) + '\n{"id":2}\n'
    for row in vectors("credentials.json")["vectors"]:
        if isinstance(row["input"], str):
            yield 3, json.dumps({"id": "i", "token": row["input"]})
    for token in tokens()[:40]:
        yield 3, json.dumps({"id": "j", "token": token})
    for scope in SDK_JSONS:
        yield 8, json.dumps({"id": 1, "scope": json.loads(scope)})
    for row in permission_sets()[:60]:
        yield 11, json.dumps({"id": 1, "scope": row["proto_hex"]})
        yield 13, json.dumps({"id": 1, "scope": row["proto_hex"]})
    for command in (0, 3, 7):
        yield command, '{"id":"\\ud800","token":"a","scope":{}}\n{"id":[1e400,{"a":1,"a":2}],"token":"a"}\n'
    yield 3, '{"id":7,"token":"\\ud800"}\n\n[]\n{"id":8,"token":"a","token":"b"}\r\n{"id":9,"token":'
    for text in ("90s", "15m", "1h", "-1s", "9223372036854775807h", "topic_publish_only(chat,room-7)",
                 'cache_key_read_only( * , "a,\\"b" )', "all_data_read_write", "function_invoke(*,*)"):
        yield 14, text


BODIES = ['{}', '{"cacheName":"chat","topicName":"room-7"}', '{"cache_name":"chat","topic_name":"a"}',
          '{"cacheName":"news","topicName":"a"}', '{"cacheName":"chat","topicName":"a","topicName":"b"}',
          '{"scope":{"permissions":[{"role":"publishonly","cache":"chat","topic":"a"}]}}',
          '{"scope":{"permissions":[{"role":"readonly","cache":"media","item":{"keyPrefix":"room-7/a"}}]}}',
          '{"scope":{"explicit":{"permissions":[{"topic_permissions":{"role":"TopicReadOnly",'
          '"cache_selector":{"cacheName":"chat"},"topic_selector":{"topic_name":"a"}}}]}}}',
          '{"scope":{"super_user":"SuperUser"}}', '[]', "{" * 40]


def vend_requests():
    """As vend_request.cpp takes it apart: a byte of bits, method?, target, headers, body."""
    for body in BODIES:
        coded = base64.b64encode(body.encode())
        yield b"\x08/vend\n" + body.encode()
        yield b"\x0a/vend\n" + coded
        yield b"\x38/vend\n" + body.encode()
        yield b"\x21/vend?name=ann\n" + body.encode()
    yield b"\x0cGET\n/prod?name=Taylor\n"
    yield b"\x01/prod?a=b&name=T%20a+y%22\n"
    yield b"\x94OPTIONS\n/vend\nAccess-Control-Request-Method:POST\nAccess-Control-Request-Headers:content-type\n"
    yield b"\x88/vend\nAuthorization:ann\ntraceparent:00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\n{}"
    yield b"\x48/vend\norigin:https://chat.example.evil.example\n{}"


def streams():
    """As serve_request.cpp takes them apart: how many pieces (two bytes), their sizes, the stream."""
    head = b"POST /functions/chat/vend HTTP/1.1\r\nHost: x\r\n"
    length, chunked = b"Content-Length: 2\r\n", b"Transfer-Encoding: chunked\r\n"
    for fields, body in ((b"", b""), (length, b"{}"), (chunked, b"2\r\n{}\r\n0\r\n\r\n"), (chunked, b"2;a=b\r\n{}\r\n0\r\n\r\n"),
                         (chunked, b"1\r\n{\r\n01\r\n}\r\n0\r\nOrigin: y\r\n\r\n"), (length + chunked, b"2\r\n{}\r\n0\r\n\r\n"),
                         (length * 2, b"{}"), (b"Content-Length: +2\r\n", b"{}"), (b"Transfer-Encoding: gzip, chunked\r\n", b"0\r\n\r\n"),
                         (b"Content-Length : 2\r\n", b"{}"), (b"a: b\r\n c\r\n", b""), (b"a: b\n", b""), (b"a: \0\r\n", b""),
                         (length + b"Expect: 100-continue\r\nConnection: close\r\n", b"{}"), (b"Host: y\r\n", b"")):
        request = head + fields + b"\r\n" + body
        yield b"\x00\x00" + request
        yield b"\x00\x03\x04\x40\x01" + request + b"GET /healthz HTTP/1.0\r\n\r\n" + request


EVENTS = [
    {"version": "1.0", "path": "/my/path", "httpMethod": "POST", "headers": {"Header1": "value1"},
     "multiValueHeaders": {"Authorization": ["bootstrap-credential-0123456789"], "h": ["a", "b"]},
     "queryStringParameters": None, "multiValueQueryStringParameters": {"name": ["Ann & Bob", "x=y"]},
     "requestContext": {"requestId": "id=", "identity": {"sourceIp": "192.0.2.7"}},
     "body": "e30=", "isBase64Encoded": True},
    {"version": "2.0", "rawPath": "/my/path", "rawQueryString": "name=Ann",
     "headers": {"authorization": "bootstrap-credential-0123456789", "content-type": "application/json"},
     "requestContext": {"http": {"method": "POST", "sourceIp": "192.0.2.8"}, "requestId": "request-1"},
     "body": '{"cacheName":"chat","topicName":"room-7"}', "isBase64Encoded": False},
    {"httpMethod": "GET", "headers": None, "body": None}, {"requestContext": {"http": {"method": "GET"}}}, {}, []]

SCOPE = {"permissions": [{"role": "subscribeonly", "cache": "chat", "topic": "news"}]}


def policies():
    def scope(*statements):
        return {"valid_for": "15m", "scope": {"permissions": list(statements)}}
    yield {"valid_for": "15m", "token_id": "${user}", "scope": SCOPE, "may_outlive_caller": False, "ceiling": SCOPE,
           "groups": {"writers": {"permissions": [{"role": "publishonly", "cache": "chat",
                                                   "topic": {"namePrefix": "by/${user}/"}}]}}}
    for prefix in ("by/${user}", "by/${user}a", "${user}/", "${claim:team}.${user}/", "a${user}b${claim:email}:", "${x}"):
        yield scope({"role": "publishonly", "cache": "chat", "topic": {"namePrefix": prefix}})
        yield scope({"role": "readonly", "cache": "${user}", "item": {"keyPrefix": prefix}})
        yield scope({"role": "functioninvoke", "cache": "fo", "func": {"namePrefix": prefix}})
    for name in ("vend", "${user}", "v${user}", "vend-${user}", "${user}${claim:team}", "od", "ve.${user}"):
        yield scope({"role": "functioninvoke", "cache": "fo", "func": {"name": name}})
        yield scope({"role": "functioninvoke", "cache": "${user}", "func": name})
    yield scope({"role": "functioninvoke", "cache": "*", "func": "*"})


def seeds():
    """(fuzzer, bytes)."""
    for request in vend_requests():
        yield "vend_request", request
    for stream in streams():
        yield "serve_request", stream
    for event in EVENTS:
        yield "vend_event", json.dumps(event, separators=(",", ":")).encode()
    for policy in policies():
        yield "vend_policy", json.dumps(policy, separators=(",", ":")).encode()
    for text in ("", "A", "AA", "AAA", "AAAA", "-_-_", "+/+/", "QQ==", "QUI=", "QUJD", "00ff", "\x00\x01\x02"):
        yield "base64url", text.encode()
    for text in ("plain", "caf\u00e9 \u20ac \U0001f600", "\x1b[31m\u202e\u2028\ufeff\x7f\U000e0041",
                 'a "quoted" \\ text'):
        yield "text", text.encode()
    yield "text", b"\xed\xa0\x80\xc0\x80\xf5\x80"
    for text in JSONS:
        yield "json_reader", text.encode()
    for header, claims in headers_and_claims():
        yield "json_reader", claims
        yield "claims", header + b"\n" + claims
        yield "verify", b"\x02" + claims
        yield "verify", b"\x04" + header + b"\n" + claims
        yield "verify", b"\x05\x00\x07" + header + b"\n" + claims
    for claims in CLAIMS:
        yield "claims", (HEADER + "\n" + claims).encode()
        yield "verify", b"\x02" + claims.encode()
        yield "verify", b"\x05\x00\x07" + (HEADER + "\n" + claims).encode()
    for token in tokens()[:20]:
        yield "verify", b"\x01" + token.encode()
    for which in range(4):
        for how in range(6):
            yield "verify", bytes([0, 0, which, how, 0, 9 * how + 1, 65])
            yield "verify", bytes([3, which % 2, how, 0, 9 * how + 1, 65])
    for row in permission_sets():
        wire = bytes.fromhex(row["proto_hex"])
        yield "permissions_proto", wire
        p = base64.urlsafe_b64encode(wire).rstrip(b"=")
        yield "verify", b'\x02{"ver":1,"p":"' + p + b'","iat":1893456000,"exp":1893459600,"jti":"j","tid":"t"}'
    for row in vectors("permissions.json")["wire"]:
        yield "permissions_proto", bytes.fromhex(row["wire_hex"])
    for text in list(functions_jsons()) + SDK_JSONS:
        yield "permissions_json", text.encode()
    for keys in vectors("attacks.json")["keysets"].values():
        yield "jwk_set", json.dumps(keys).encode()
        if isinstance(keys.get("keys"), list):
            for key in keys["keys"]:
                yield "jwk_set", json.dumps(key).encode()
    for key in private_jwks():
        yield "jwk_set", key.encode()
        yield "jwk_set", ('{"keys":[' + key + "]}").encode()
        yield "jwk_set", key.replace("{", '{"kid":"k","use":"sig","key_ops":["sign","verify"],', 1).encode()
    for text in pem_inputs():
        yield "pem", text
    for row in vectors("credentials.json")["vectors"]:
        text = row["input"]
        if not isinstance(text, str):
            continue
        yield "wrapper", text.encode()
        try:
            yield "wrapper", base64.b64decode(text, validate=True)
        except ValueError:
            pass
    for row in vectors("credentials.json")["mint"]:
        yield "wrapper", (row["endpoint"] + "\n" + row["api_key"]).encode()
    for endpoint in ("cell.example:443", "[::1]:443", "[::1", "a:b", "https://a", ":1", "a b"):
        yield "wrapper", (endpoint + "\na.b.c").encode()
    for command, lines in program_lines():
        yield "program_line", bytes([command]) + lines.encode()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip().splitlines()[-1])
    for fuzzer, seed in seeds():
        if len(seed) > LONGEST:
            continue
        folder = pathlib.Path(sys.argv[1]) / fuzzer
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)


main()
