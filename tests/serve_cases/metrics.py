"""/metrics, for the operator."""
import json, re, socket, time

from serve_cases.support import PATIENCE, Server, case, check, equal, request


def value(text, name):
    found = re.findall(r"^%s (\S+)$" % re.escape(name), text, re.MULTILINE)
    return float(found[0]) if found else None


@case
def requests_are_counted_by_route_and_status():
    server = Server()
    for _ in range(3):
        server.ask()
    server.ask(credential="wrong-credential-0123")
    server.ask("GET", "/nowhere")
    server.send(b"nonsense\r\n\r\n")
    text = server.metrics()
    for labels, count in (('route="functions",status="200"', 3), ('route="functions",status="401"', 1),
                          ('route="unknown",status="404"', 1), ('route="protocol",status="400"', 1)):
        equal(labels, value(text, "momento_token_requests_total{%s}" % labels), count)
    equal("all of them have a duration", value(text, "momento_token_request_seconds_count"), 6)
    equal("the last bucket holds all", value(text, 'momento_token_request_seconds_bucket{le="+Inf"}'), 6)
    # Another thread may still be closing the connection before.
    end = time.monotonic() + PATIENCE
    while value(text, "momento_token_connections") != 1 and time.monotonic() < end:
        text = server.metrics()
    equal("itself", value(text, "momento_token_connections"), 1)


@case
def it_is_prometheus_text():
    server = Server()
    server.ask()
    reply = server.ask("GET", "/metrics", port=server.admin_port)
    equal("its type", reply.header("content-type"), "text/plain; version=0.0.4; charset=utf-8")
    # https://prometheus.io/docs/instrumenting/exposition_formats: comments, and NAME{LABELS} VALUE.
    line = re.compile(r'# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+')
    equal("every line", [x for x in reply.body.splitlines() if not line.fullmatch(x)], [])
    typed = re.findall(r"^# TYPE (\S+) (\w+)$", reply.body, re.MULTILINE)
    equal("each has one type", len(typed), len(dict(typed)))
    check("buckets grow", is_rising(reply.body))


def is_rising(text):
    counts = [int(n) for n in re.findall(r'_bucket\{le="[^"]+"\} (\d+)', text)]
    return len(counts) == 10 and counts == sorted(counts)


@case
def the_operators_port_has_nothing_else():
    server = Server()
    ask = lambda path, method="GET": server.ask(method, path, port=server.admin_port).status
    equal("healthz", ask("/healthz"), 200)
    equal("POST /metrics", ask("/metrics", "POST"), 405)
    for path in ("/functions/chat/vend", "/authorize", "/.well-known/jwks.json", "/"):
        equal(path, ask(path), 404)
    equal("not where callers are", server.ask("GET", "/metrics").status, 404)


@case
def connections_over_the_cap_are_told():
    server = Server("--max-connections", "3", "--admin-listen", "off")
    kept = [server.connect() for _ in range(3)]
    for s in kept:
        s.sendall(request())
        check("within", s.recv(4096).startswith(b"HTTP/1.1 200 "))
    with server.connect() as s:
        answer = s.makefile("rb").read()
    head, body = answer.split(b"\r\n\r\n")
    check("beyond", head.startswith(b"HTTP/1.1 503 ") and b"content-length: %d\r\n" % len(body) in head, answer)
    equal("what it says", json.loads(body),
          {"code": "unavailable", "message": "too many connections now", "request_id": "none"})
    kept[0].sendall(request())
    check("the others go on", kept[0].recv(4096).startswith(b"HTTP/1.1 200 "))


def operator_let_in(server):
    """Its connection, which stays; none when it was told 503."""
    s = socket.create_connection(("127.0.0.1", server.admin_port), timeout=PATIENCE)
    try:
        s.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        if s.recv(4096).startswith(b"HTTP/1.1 200 "):
            return [s]
    except ConnectionError:
        pass  # it was told before it asked
    s.close()
    return []


@case
def callers_and_the_operator_do_not_take_each_others_connections():
    server = Server("--max-connections", "2")
    kept = [server.connect() for _ in range(2)]
    for s in kept:
        s.sendall(request())
        check("a caller", s.recv(4096).startswith(b"HTTP/1.1 200 "))
    equal("the operator gets in", value(server.metrics(), "momento_token_connections"), 3)
    with server.connect() as s:
        check("a caller more does not", s.makefile("rb").read().startswith(b"HTTP/1.1 503 "))
    for s in kept:
        s.close()
    while value(server.metrics(), "momento_token_connections") != 1:
        time.sleep(0.05)
    operators, end = [], time.monotonic() + PATIENCE
    while len(operators) < 32 and time.monotonic() < end:  # those that asked for metrics may not be gone yet
        operators += operator_let_in(server)
    equal("operators", len(operators), 32)
    equal("callers get in", server.ask().status, 200)
    equal("one operator more does not", operator_let_in(server), [])
    for s in operators:
        s.close()
