#!/usr/bin/env python3
"""Runs a server of docs/embedding.md and asks it with a real client: embedding_test.py httplib|beast|grpc PROGRAM SERVER [CLIENT]
PROGRAM is momento-token, SERVER the program embed_…, CLIENT grpc_client; empty when it could not be built. HTTP is asked by
curl. Ends with 77 (ctest: skipped) where something is not installed, unless MOMENTO_TOKEN_NO_SKIPS is set."""
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading

CREDENTIAL = "embedding-credential-4Tz9"
PACKAGES = {"httplib": "libcpp-httplib-dev", "beast": "libboost-dev", "grpc": "one of libgrpc++-dev, libprotobuf-dev, protobuf-compiler and protobuf-compiler-grpc"}
PAGE = "https://chat.example"
NARROW = '{"cacheName":"chat","topicName":"room-7"}'
errors = []


def expect(what, found, wanted):
    if found != wanted:
        errors.append("%s: %r, and it should be %r" % (what, found, wanted))


def skip(why):
    print("skipped: " + why)
    sys.exit(1 if os.environ.get("MOMENTO_TOKEN_NO_SKIPS") else 77)


def output_of(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


class Curl:
    """status, headers, body of what curl gets."""

    def __init__(self, url, *arguments):
        code, text, problem = output_of("curl", "-sS", "-i", "--max-time", "20", *arguments, url)
        if code != 0:
            sys.exit("curl %s: %s" % (" ".join(arguments), problem))
        head, _, self.body = text.partition("\n\n")  # line ends are read as \n
        rows = head.splitlines()
        self.status = int(rows[0].split()[1])
        self.headers = {}
        for row in rows[1:]:
            name, _, value = row.partition(":")
            self.headers.setdefault(name.strip().lower(), []).append(value.strip())

    def header(self, name):
        return ", ".join(self.headers.get(name, []))


class Token:
    """What the program says about a vended token."""

    def __init__(self, program, jwks, body):
        self.program, self.jwks, self.token = program, jwks, json.loads(body)["api_key"]

    def allowed(self, *action):
        return output_of(self.program, "can", "--jwks", self.jwks, "--token", self.token, *action)[0] == 0


def check_token(program, jwks, body, rooms):
    token = Token(program, jwks, body)
    for room, wanted in rooms.items():
        expect("may subscribe to " + room, token.allowed("topic.subscribe", "chat", room), wanted)
    expect("may publish", token.allowed("topic.publish", "chat", "room-7"), False)


def code_in(body):
    try:
        return json.loads(body)["code"]
    except ValueError:
        return "no JSON: " + body


def check_vending(url, program, jwks):
    # The documents' request: curl's own content type, with Bearer and without.
    for value in (CREDENTIAL, "Bearer " + CREDENTIAL):
        answer = Curl(url, "-H", "authorization: " + value, "-d", "{}")
        expect("status", answer.status, 200)
        expect("content-type", answer.header("content-type"), "application/json")
        expect("cache-control", answer.header("cache-control"), "no-store")
        expect("members", sorted(json.loads(answer.body)), ["api_key", "endpoint", "valid_until"])
        check_token(program, jwks, answer.body, {"room-7": True, "room-8": True})
    expect("GET", Curl(url, "-H", "authorization: " + CREDENTIAL).status, 200)
    narrow = Curl(url, "-H", "authorization: " + CREDENTIAL, "-d", NARROW)
    check_token(program, jwks, narrow.body, {"room-7": True, "room-8": False})


def check_refusals(url):
    known = ["-H", "authorization: " + CREDENTIAL]
    as_json = known + ["-H", "content-type: application/json"]  # of a form, as curl says without it, cpp-httplib takes 8 KiB
    for what, arguments, status, code in (
            ("no credential", ["-d", "{}"], 401, "invalid_token"),
            ("another credential", ["-H", "authorization: " + CREDENTIAL + "x", "-d", "{}"], 401, "invalid_token"),
            ("doubled credential", known + known + ["-d", "{}"], 400, "invalid_request"),
            ("more than the ceiling", known + ["-d", '{"cacheName":"media","topicName":"a"}'], 403, "permission_denied"),
            ("no JSON", known + ["-d", "{"], 400, "invalid_request"),
            ("64 KiB and one", as_json + ["-d", "{}" + " " * (64 * 1024 - 1)], 413, "body_too_large"),
            ("a foreign page", known + ["-H", "origin: https://evil.example", "-H", "content-type: application/json", "-d", "{}"],
             403, "origin_not_allowed"),
            ("a form of our page", known + ["-H", "origin: " + PAGE, "-d", "{}"], 415, "unsupported_media_type")):
        answer = Curl(url, *arguments)
        expect(what, (answer.status, code_in(answer.body)), (status, code))
        expect(what + ": cache-control", answer.header("cache-control"), "no-store")
    expect("at most 64 KiB", Curl(url, *as_json, "-d", "{}" + " " * (64 * 1024 - 2)).status, 200)


def check_pages(url):
    preflight = Curl(url, "-X", "OPTIONS", "-H", "origin: " + PAGE, "-H", "access-control-request-method: POST",
                     "-H", "access-control-request-headers: authorization,content-type")
    expect("preflight", (preflight.status, preflight.body), (204, ""))
    expect("its origin", preflight.header("access-control-allow-origin"), PAGE)
    asked = Curl(url, "-H", "origin: " + PAGE, "-H", "content-type: application/json", "-d", "{}")
    expect("an error for a page", (asked.status, asked.header("access-control-allow-origin")), (401, PAGE))


def check_connection(url):
    """Three requests on one connection, and many at once."""
    asked = ["-H", "authorization: " + CREDENTIAL, "-d", "{}"]
    one = ["-o", "/dev/null", "-w", "%{http_code} %{num_connects}\n"]
    code, text, problem = output_of("curl", "-sS", *asked, *one, url, *one, url, *one, url)
    expect("one connection " + problem, text.split(), ["200", "1", "200", "0", "200", "0"])
    found = []
    threads = [threading.Thread(target=lambda: found.append(Curl(url, *asked).status)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expect("eight at once", found, [200] * 8)


def check_framing(url, taken=()):
    """What curl does not send. Whichever way a server refuses it, nothing is vended; `taken` is what a server lets through."""
    port = int(re.search(r":(\d+)/", url).group(1))
    ours = "POST /vend HTTP/1.1\r\nHost: localhost\r\nAuthorization: %s\r\n" % CREDENTIAL
    for what, more in (("as it should be", "Content-Length: 2\r\n\r\n{}"),
                       ("two lengths", "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} "),
                       ("a length beside chunks", "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
                       ("NUL", "X: a\0b\r\nContent-Length: 2\r\n\r\n{}"),
                       ("a bare line feed", "X: a\nContent-Length: 2\r\n\r\n{}"),
                       ("64 KiB of head", "X: " + "a" * 65536 + "\r\nContent-Length: 2\r\n\r\n{}")):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            try:
                connection.sendall((ours + more).encode())
                first = connection.recv(64).split(b"\r\n")[0]
            except OSError:
                first = b""
        if what not in taken:
            expect(what + " is vended to", b" 200 " in first, what == "as it should be")


def check_leaving_clients(url):
    """Who resets the connection behind a request takes nobody else's answer along."""
    port = int(re.search(r":(\d+)/", url).group(1))
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall(b"POST /vend HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
    expect("after 20 clients that left", Curl(url, "-H", "authorization: " + CREDENTIAL, "-d", "{}").status, 200)


def check_http(url, program, jwks, server):
    if not shutil.which("curl"):
        skip("curl is not installed")
    check_vending(url, program, jwks)
    check_refusals(url)
    check_pages(url)
    check_connection(url)
    check_framing(url, ("a bare line feed",) if "httplib" in server else ())
    check_leaving_clients(url)


def send_no_protobuf(address):
    """A call of Vend whose message ends in the middle of a field, in frames of HTTP/2 (RFC 9113 §4.1, RFC 7541 §6.2.2)."""
    def frame(kind, flags, stream, payload):
        return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload

    fields = ((":method", "POST"), (":scheme", "http"), (":path", "/example.Tokens/Vend"), (":authority", "localhost"),
              ("content-type", "application/grpc"), ("te", "trailers"))
    head = b"".join(b"\0" + bytes([len(name)]) + name.encode() + bytes([len(value)]) + value.encode() for name, value in fields)
    message = b"\x0a\xff"
    host, port = address.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, b"") + frame(1, 4, 1, head) +
                           frame(0, 1, 1, b"\0" + len(message).to_bytes(4, "big") + message))
        seen = b""
        while b"grpc-status" not in seen:
            piece = connection.recv(4096)
            if not piece:
                break
            seen += piece
    expect("a status for what is no protobuf", b"grpc-status" in seen, True)


def check_grpc(address, program, jwks, client):
    def ask(text, *metadata):
        code, text, problem = output_of(client, address, text, *metadata)
        number, _, body = text.partition("\n")
        return (int(number) if number else problem), body

    send_no_protobuf(address)
    status, body = ask("{}", "authorization", CREDENTIAL)
    expect("status", status, 0)
    check_token(program, jwks, body, {"room-7": True, "room-8": True})
    status, body = ask(NARROW, "authorization", "Bearer " + CREDENTIAL)
    check_token(program, jwks, body, {"room-7": True, "room-8": False})
    # gRPC's numbers: 16 unauthenticated, 7 permission denied, 3 invalid argument.
    for what, text, metadata, wanted, code in (
            ("no credential", "{}", (), 16, "invalid_token"),
            ("another credential", "{}", ("authorization", "x" + CREDENTIAL), 16, "invalid_token"),
            ("doubled credential", "{}", ("authorization", CREDENTIAL) * 2, 3, "invalid_request"),
            ("more than the ceiling", '{"cacheName":"media","topicName":"a"}', ("authorization", CREDENTIAL), 7,
             "permission_denied"),
            ("no JSON", "{", ("authorization", CREDENTIAL), 3, "invalid_request")):
        status, body = ask(text, *metadata)
        expect(what, status, wanted)
        expect(what, code_in(body), code)


def main():
    kind, program, server = sys.argv[1:4]
    client = sys.argv[4] if len(sys.argv) > 4 else ""
    if not server:
        skip("%s is not installed" % PACKAGES[kind])
    with tempfile.TemporaryDirectory() as work:
        key, jwks = os.path.join(work, "key.json"), os.path.join(work, "jwks.json")
        output_of(program, "keygen", "--alg", "ES256", "--out", key)
        with open(jwks, "w") as file:
            file.write(output_of(program, "jwks", key)[1])
        running = subprocess.Popen([server, key], stdout=subprocess.PIPE, text=True,
                                   env=dict(os.environ, VEND_CREDENTIAL=CREDENTIAL))
        try:
            address = running.stdout.readline().strip()
            if not address:
                sys.exit("%s does not start" % server)
            if kind == "grpc":
                check_grpc(address, program, jwks, client)
            else:
                check_http(address, program, jwks, kind)
            expect("the server still runs", running.poll(), None)
        finally:
            running.kill()
            running.wait()
    if errors:
        sys.exit("\n".join(errors))
    print("%s: all as the page says" % kind)


main()
