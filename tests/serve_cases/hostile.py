"""Requests that two readers could read in two ways, and such as are meant to hurt: RFC 9112 §11."""
import json, socket, time

from serve_cases.support import CREDENTIAL, POLICY, Server, case, check, equal, read_one, request, statuses

CHUNKED = b"Transfer-Encoding: chunked\r\n"
ONE = b"\r\n2\r\n{}\r\n0\r\n\r\n"  # the one chunk
HEAD = b"POST /functions/chat/vend HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + CREDENTIAL.encode() + b"\r\n"
SECOND = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"  # smuggled: an answer to it would be a second one

# Name, bytes, status.
MALFORMED = [
    ("two different lengths", HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}" + SECOND, 400),
    ("two equal lengths", HEAD + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}" + SECOND, 400),
    ("a list of lengths", HEAD + b"Content-Length: 2, 2\r\n\r\n{}" + SECOND, 400),
    ("a signed length", HEAD + b"Content-Length: +2\r\n\r\n{}" + SECOND, 400),
    ("a negative length", HEAD + b"Content-Length: -2\r\n\r\n{}" + SECOND, 400),
    ("a hexadecimal length", HEAD + b"Content-Length: 0x2\r\n\r\n{}" + SECOND, 400),
    ("a length beyond 64 bits", HEAD + b"Content-Length: 18446744073709551618\r\n\r\n{}" + SECOND, 400),
    ("an empty length", HEAD + b"Content-Length: \r\n\r\n{}" + SECOND, 400),
    ("a length and chunks", HEAD + b"Content-Length: 2\r\n" + CHUNKED + ONE + SECOND, 400),
    ("chunks and a length", HEAD + CHUNKED + b"Content-Length: 2\r\n" + ONE + SECOND, 400),
    ("chunked twice", HEAD + CHUNKED + CHUNKED + ONE + SECOND, 400),
    ("a coding that is none of ours", HEAD + b"Transfer-Encoding: gzip\r\n\r\n" + SECOND, 400),
    ("chunked behind another coding", HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + SECOND, 400),
    ("chunked in quotes", HEAD + b"Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n" + SECOND, 400),
    ("a name with a space behind", HEAD + b"Content-Length : 2\r\n\r\n{}" + SECOND, 400),
    ("a coding's name with a space behind", HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SECOND, 400),
    ("a folded field", HEAD + b"X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}" + SECOND, 400),
    ("a folded length", HEAD + b"Content-Length:\r\n 2\r\n\r\n{}" + SECOND, 400),
    ("a bare LF in the head", HEAD + b"X-A: b\nContent-Length: 2\r\n\r\n{}" + SECOND, 400),
    ("bare LFs alone", b"GET /healthz HTTP/1.1\nHost: localhost\n\n" + SECOND, 400),
    ("a bare CR in a field", HEAD + b"X-A: b\rc\r\nContent-Length: 2\r\n\r\n{}" + SECOND, 400),
    ("a NUL in a value", HEAD + b"X-A: b\0c\r\nContent-Length: 2\r\n\r\n{}" + SECOND, 400),
    ("a NUL in a name", HEAD + b"X\0A: b\r\nContent-Length: 2\r\n\r\n{}" + SECOND, 400),
    ("a NUL in the path", b"GET /heal\0thz HTTP/1.1\r\nHost: localhost\r\n\r\n" + SECOND, 400),
    ("an ESC in a value", HEAD + b"X-A: \x1b[2J\r\nContent-Length: 2\r\n\r\n{}" + SECOND, 400),
    ("a field without a colon", HEAD + b"nonsense\r\nContent-Length: 2\r\n\r\n{}" + SECOND, 400),
    ("a field without a name", HEAD + b": x\r\nContent-Length: 2\r\n\r\n{}" + SECOND, 400),
    ("no Host", b"GET /healthz HTTP/1.1\r\n\r\n" + SECOND, 400),
    ("two Hosts", b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n" + SECOND, 400),
    ("two spaces", b"GET  /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + SECOND, 400),
    ("a tab", b"GET\t/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + SECOND, 400),
    ("HTTP/0.9", b"GET /healthz\r\n\r\n" + SECOND, 400),
    ("a line before the request", b"\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + SECOND, 400),
    ("a full URL", b"GET http://localhost/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + SECOND, 400),
    ("what TLS begins with", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + SECOND, 400),
    ("HTTP/2 unasked", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + SECOND, 505),
    ("a Host of two words", HEAD.replace(b"localhost", b"a b") + b"\r\n" + SECOND, 400),
    ("a chunk size that is none", HEAD + CHUNKED + b"\r\nzz\r\n{}\r\n0\r\n\r\n" + SECOND, 400),
    ("a chunk size with a sign", HEAD + CHUNKED + b"\r\n+2\r\n{}\r\n0\r\n\r\n" + SECOND, 400),
    ("a chunk size of 17 digits", HEAD + CHUNKED + b"\r\n10000000000000002\r\n{}\r\n0\r\n\r\n" + SECOND, 400),
    ("a chunk extension", HEAD + CHUNKED + b"\r\n2;a=b\r\n{}\r\n0\r\n\r\n" + SECOND, 400),
    ("a bare LF behind a chunk size", HEAD + CHUNKED + b"\r\n2\n{}\r\n0\r\n\r\n" + SECOND, 400),
    ("a chunk that is longer than it says", HEAD + CHUNKED + b"\r\n1\r\n{}\r\n0\r\n\r\n" + SECOND, 400),
    ("a field behind the body", HEAD + CHUNKED + b"\r\n2\r\n{}\r\n0\r\nX-A: b\r\n\r\n" + SECOND, 400),
    ("chunks in HTTP/1.0", HEAD.replace(b"HTTP/1.1", b"HTTP/1.0") +
     b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + SECOND, 400),
    ("a body of 64 KiB + 1", HEAD + b"Content-Length: 65537\r\n\r\n" + b" " * 65537, 413),
    ("chunks of 64 KiB + 1", HEAD + CHUNKED + b"\r\n10001\r\n" + b" " * 65537 + b"\r\n0\r\n\r\n", 413),
    ("a length of 19 digits", HEAD + b"Content-Length: 9000000000000000000\r\n\r\n", 413),
    ("a head of 64 KiB", HEAD + b"X-A: " + b"a" * (65536 - len(HEAD) - 9) + b"\r\n\r\n", 431),
    ("a head without end", HEAD + b"X-A: " + b"a" * 200000, 431),
    ("101 fields", HEAD + b"X-A: b\r\n" * 101 + b"\r\n", 431),
    ("a path of 8 KiB + 1", b"GET /" + b"a" * 8192 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
]


@case
def a_request_in_doubt_is_refused_and_nothing_behind_it_is_answered():
    server = Server()
    for name, data, status in MALFORMED:
        answer = server.send(data)
        equal(name, statuses(answer), [status])
        head, _, body = answer.partition(b"\r\n\r\n")
        error = json.loads(body or b"{}")
        equal(name + ": the error has a code, a sentence and an id", sorted(error), ["code", "message", "request_id"])
        check(name + ": the connection ends", b"\r\nconnection: close\r\n" in head + b"\r\n", head)
        check(name + ": nothing is echoed", b"nonsense" not in answer and b"X-A" not in answer, answer)
    equal("it lives", server.ask().status, 200)
    equal("each has its line", len(server.wait_for_log("request", len(MALFORMED) + 1)), len(MALFORMED) + 1)
    equal("it ends well", server.end(), 0)


@case
def a_body_in_chunks_may_come_byte_by_byte():
    server = Server()
    with server.connect() as s:
        stream = s.makefile("rb")
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(2):
            for byte in HEAD + CHUNKED + b"\r\n1\r\n{\r\n01\r\n}\r\n0\r\n\r\n":
                s.sendall(bytes([byte]))
                time.sleep(0.001)  # or several come at once
            equal("the answer", read_one(stream).status, 200)
    equal("it ends well", server.end(), 0)


@case
def both_sides_of_each_cap():
    server = Server()
    equal("a body of 64 KiB", server.ask(body=" " * 65534 + "{}").status, 200)
    chunks = HEAD + b"Connection: close\r\n" + CHUNKED + b"\r\n10000\r\n" + b" " * 65534 + b"{}\r\n0\r\n\r\n"
    equal("chunks of 64 KiB", statuses(server.send(chunks)), [200])
    head = HEAD + b"Connection: close\r\nContent-Length: 0\r\n"
    head += b"X-A: " + b"a" * (65535 - len(head) - 9) + b"\r\n\r\n"
    equal("a head of 64 KiB - 1", (len(head), statuses(server.send(head))), (65535, [200]))
    fields = HEAD + b"Connection: close\r\nContent-Length: 0\r\n" + b"X-A: b\r\n" * 96 + b"\r\n"
    equal("100 fields", statuses(server.send(fields)), [200])
    equal("a path of 8 KiB", server.ask("GET", "/" + "a" * 8191).status, 404)


@case
def bodies_that_ask_for_nothing_sensible_are_400_without_echo():
    server = Server()
    for name, body in (("no JSON", "canary-text"), ("half of it", '{"cacheName":'), ("a list", "[]"), ("a number", "1"),
                       ("a wrong type", '{"cacheName":1,"topicName":"canary-text"}'),
                       ("an unknown member", '{"canary-text":1}'),
                       ("a member twice", '{"cacheName":"a","cacheName":"b","topicName":"c"}'),
                       ("a topic without a cache", '{"topicName":"canary-text"}'),
                       ("bytes that are no UTF-8", b'{"cacheName":"\xff","topicName":"a"}'),
                       ("33 levels", "[" * 33 + "]" * 33), ("base64 that is none is no JSON", "e30=")):
        reply = server.ask(body=body)
        equal(name, (reply.status, reply.json()["code"]), (400, "invalid_request"))
        check(name + ": nothing is echoed", "canary" not in str(reply), reply)
        equal(name + ": no-store", reply.header("cache-control"), "no-store")


@case
def a_request_that_comes_byte_by_byte_is_a_request():
    server = Server()
    with server.connect() as s:
        for byte in request(fields=["Connection: close"]):
            s.sendall(bytes([byte]))
        reply = read_one(s.makefile("rb"))
    equal("slowly", reply.status, 200)


@case
def requests_behind_each_other_are_answered_in_their_order():
    server = Server()
    data = request() + request("/healthz", "GET", b"") + request("/nowhere") + request(fields=["Connection: close"])
    equal("four", statuses(server.send(data)), [200, 200, 404, 200])


@case
def who_waits_for_100_is_told_to_go_on():
    server = Server()
    with server.connect() as s:
        head = request(fields=["Expect: 100-continue", "Connection: close"])[:-2]
        s.sendall(head)
        stream = s.makefile("rb")
        equal("the first line", stream.readline(), b"HTTP/1.1 100 Continue\r\n")
        stream.readline()
        s.sendall(b"{}")
        equal("the answer", read_one(stream).status, 200)


@case
def half_a_request_ends_after_its_time():
    server = Server("--header-timeout", "1s", "--body-timeout", "1s", "--idle-timeout", "1s")
    begin = time.monotonic()
    equal("half a head", statuses(server.send(b"POST /functions/chat/vend HTTP/1.1\r\nHost:")), [408])
    equal("half a body", statuses(server.send(request(body=b"{} ")[:-1])), [408])
    equal("nothing at all", server.send(b""), b"")
    check("not at once", time.monotonic() - begin > 2.5)
    # A byte now and then does not move the limit of a head.
    with server.connect() as s:
        s.sendall(b"POST / HTTP/1.1\r\n")
        for _ in range(100):
            time.sleep(0.2)
            try:
                s.sendall(b"X: y\r\n")
            except OSError:
                break
        else:
            check("a slow head ends", False)


@case
def the_policy_stays_what_it_was_under_all_this():
    server = Server()
    for _, data, _ in MALFORMED[:5]:
        server.send(data)
    granted = server.ask(body={"cacheName": "chat", "topicName": "room-7"})
    equal("within", granted.status, 200)
    equal("beyond", server.ask(body={"cacheName": "chat", "topicName": "room-8"}).status, 403)
    check("the policy of the test has one room", "room-8" not in json.dumps(POLICY))
