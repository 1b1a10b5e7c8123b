"""Which path means what, to whom."""
import json, os, time

from serve_cases.support import (
    CREDENTIAL, POLICY, RFC_KEY, Server, case, check, claims_of, equal, read_one, request, run, write)


@case
def the_documents_curl_gets_a_token():
    server = Server()
    # As `curl -H "authorization: $BOOTSTRAP" -d '{}'` sends it.
    reply = server.ask(body="{}", headers={"content-type": "application/x-www-form-urlencoded", "accept": "*/*"})
    equal("POST", (reply.status, sorted(reply.json())), (200, ["api_key", "endpoint", "valid_until"]))
    equal("the endpoint", reply.json()["endpoint"], "cell.example.com")
    claims = claims_of(reply.json()["api_key"], RFC_KEY)
    equal("exp is valid_until", claims["exp"], reply.json()["valid_until"])
    equal("for 15 minutes", claims["exp"] - claims["iat"], 900)
    equal("the token_id", claims["tid"], "bootstrap")
    equal("no-store", reply.header("cache-control"), "no-store")
    equal("JSON", reply.header("content-type"), "application/json")
    check("a date", reply.header("date").endswith(" GMT"), reply)
    equal("GET too", server.ask("GET").status, 200)
    equal("with Bearer", server.ask(headers={"authorization": "Bearer " + CREDENTIAL}, credential=None).status, 200)
    equal("any cache", server.ask(path="/functions/other/vend").status, 200)
    equal("an empty body", server.ask(body="").status, 200)


@case
def the_other_machines_have_their_shapes():
    server = Server()
    for path, members in (("/node", ["authToken", "expiresAt"]), ("/prod", ["authToken", "expiresAt"]),
                          ("/prod/?name=Taylor", ["authToken", "expiresAt"]), ("/rust", ["auth_token", "expires_at"])):
        reply = server.ask("GET", path)
        equal(path, (reply.status, sorted(reply.json())), (200, members))
    write("node.json", server.ask("GET", "/node").json()["authToken"])
    seen = json.loads(run("inspect", "--json", stdin=open("node.json", "rb").read()).stdout)
    equal("what an SDK unwraps", seen["endpoint"], "cell.example.com")
    reply = server.ask("GET", "/api/momento/token")
    equal("text", (reply.status, reply.header("content-type")), (200, "text/plain; charset=utf-8"))


@case
def a_name_in_the_query_counts_only_where_anybody_is_let_in():
    name_of = lambda server: claims_of(server.ask("GET", "/functions/chat/vend?name=ann").json()["api_key"])["tid"]
    equal("with a credential", name_of(Server()), "bootstrap")
    server = open_server()
    equal("open", json.loads(name_of(server)), {"unverified_name": "ann"})
    equal("it warns", server.wait_for_log("open_vending")[0]["level"], "warning")
    check("and counts as open", "\nmomento_token_open_to_anyone 1\n" in server.metrics())
    equal("to a name of this machine alone", server.ask("GET", headers={"host": "attacker.example"}).status, 421)
    equal("a form is not taken there", server.ask(body="{}", headers={"content-type": "text/plain"}).status, 415)
    equal("JSON is", server.ask(body="{}", headers={"content-type": "application/json"}).status, 200)


def open_server():
    write("key.json", RFC_KEY)
    write("open.json", {k: v for k, v in POLICY.items() if k != "token_id"})
    return Server("--open", "--key", "key.json", "--policy", "open.json", parts=False)


@case
def every_refused_credential_is_401_alike():
    server = Server()
    bodies = set()
    for name, fields in (("none", {}), ("a wrong one", {"authorization": "wrong-credential-0123"}),
                         ("a shorter one", {"authorization": CREDENTIAL[:-1]}),
                         ("a longer one", {"authorization": CREDENTIAL + "x"}), ("empty", {"authorization": ""}),
                         ("Bearer alone", {"authorization": "Bearer "}),
                         ("Basic", {"authorization": "Basic " + CREDENTIAL}),
                         ("a token", {"authorization": server.ask().json()["api_key"]})):
        reply = server.ask(headers=fields, credential=None)
        equal(name, (reply.status, reply.json()["code"]), (401, "invalid_token"))
        equal(name + ": no challenge that asks a user", reply.header("www-authenticate"), "Bearer")
        bodies.add(reply.body.replace(reply.json()["request_id"], "ID"))
    equal("alike", len(bodies), 1)


@case
def a_wrong_method_is_405_with_those_that_there_are():
    server = Server()
    for path, allowed, wrong in (("/functions/chat/vend", "GET, POST", ["PUT", "DELETE", "OPTIONS", "HEAD", "BREW"]),
                                 ("/node", "GET, POST", ["PATCH"]), ("/authorize", "GET, HEAD, POST", ["PUT"]),
                                 ("/.well-known/jwks.json", "GET, HEAD", ["POST", "DELETE"]),
                                 ("/healthz", "GET, HEAD", ["POST"])):
        for method in wrong:
            reply = server.ask(method, path)
            equal("%s %s" % (method, path), (reply.status, reply.header("allow")), (405, allowed))


@case
def an_unknown_path_is_404_for_everybody():
    server = Server()
    for path in ("/", "/functions", "/functions/", "/functions/chat", "/functions/chat/", "/functions//vend",
                 "/functions/chat/other", "/functions/chat/vend/", "/functions/chat/vend/x", "/metrics", "/Healthz",
                 "/functions/chat/ven%64", "/.well-known/jwks.json/", "/../etc/passwd"):
        reply = server.ask(path=path)
        equal(path, (reply.status, reply.json()["code"]), (404, "not_found"))


@case
def another_function_may_vend():
    server = Server("--function", "fo/make")
    equal("this one", server.ask(path="/functions/fo/make").status, 200)
    equal("another cache", server.ask(path="/functions/chat/make").status, 404)
    equal("the usual one", server.ask(path="/functions/fo/vend").status, 404)


@case
def head_has_no_body_and_the_connection_goes_on():
    server = Server()
    with server.connect() as s:
        stream = s.makefile("rb")
        s.sendall(request("/healthz", "HEAD", b""))
        line = stream.readline()
        while stream.readline() != b"\r\n":
            pass
        s.sendall(request("/healthz", "GET", b""))
        reply = read_one(stream)
    equal("HEAD, then GET", (line[:12], reply.status, reply.body), (b"HTTP/1.1 200", 200, '{"status":"ok"}'))


@case
def http_1_0_is_answered_and_closed():
    server = Server()
    answer = server.send(b"GET /healthz HTTP/1.0\r\n\r\n")
    check("closed", answer.startswith(b"HTTP/1.1 200 ") and b"connection: close" in answer, answer)


@case
def a_symmetric_key_is_never_published():
    server = Server()
    equal("HS256", server.ask("GET", "/.well-known/jwks.json").json(), {"keys": []})
    server.end()
    write("es.json", run("keygen", "--alg", "ES256").stdout.decode())
    write("before.json", run("keygen", "--alg", "ES256").stdout.decode())
    write("policy.json", POLICY)
    write("credential", CREDENTIAL)
    server = Server("--key", "es.json", "--policy", "policy.json", "--bootstrap", "credential", "--also-verify",
                    "before.json", parts=False)
    reply = server.ask("GET", "/.well-known/jwks.json", credential=None)
    keys = reply.json()["keys"]
    equal("ES256", sorted(k["kid"] for k in keys),
          sorted(json.load(open(name))["kid"] for name in ("es.json", "before.json")))
    check("no private member", not any(set(k) & {"d", "k"} for k in keys), keys)
    equal("a type of its own", reply.header("content-type"), "application/jwk-set+json")
    write("set.json", reply.body)
    token = server.ask().json()["api_key"]
    equal("it verifies", run("verify", "--jwks", "set.json", token).returncode, 0)


@case
def pages_of_other_origins_ask_only_where_that_was_said():
    server = Server()
    page = {"origin": "https://chat.example", "content-type": "application/json"}
    equal("without", server.ask(body="{}", headers=page).status, 403)
    server.end()
    server = Server("--cors-origin", "https://chat.example")
    for path in ("/functions/chat/vend", "/node", "/rust"):
        reply = server.ask(path=path, body="{}", headers=page)
        equal(path, (reply.status, reply.header("access-control-allow-origin"), reply.header("vary")),
              (200, "https://chat.example", "Origin"))
    refused = server.ask(body="{}", headers=page, credential="wrong-credential-0123")
    equal("an error too", (refused.status, refused.header("access-control-allow-origin")),
          (401, "https://chat.example"))
    for origin in ("https://chat.example.evil", "http://chat.example", "https://evil.example", "null"):
        reply = server.ask(body="{}", headers={**page, "origin": origin})
        equal(origin, (reply.status, reply.header("access-control-allow-origin")), (403, None))
    equal("text", server.ask(body="{}", headers={**page, "content-type": "text/plain"}).status, 415)
    preflight = {"origin": "https://chat.example", "access-control-request-method": "POST",
                 "access-control-request-headers": "authorization,content-type"}
    reply = server.ask("OPTIONS", headers=preflight, credential=None)
    equal("a preflight", (reply.status, reply.header("access-control-allow-origin"), reply.body),
          (204, "https://chat.example", ""))


@case
def pages_may_read_every_error_whoever_makes_it():
    server = Server("--cors-origin", "https://chat.example", "--body-timeout", "1s")
    post = b"POST /node HTTP/1.1\r\nHost: x\r\n"

    def page_sees(start, origin=b"Origin: https://chat.example\r\n", end=b"\r\n"):
        with server.connect() as s:
            s.sendall(start + origin + end)
            reply = read_one(s.makefile("rb"))
        seen = [reply.header("access-control-" + name) for name in ("allow-origin", "expose-headers")]
        return (reply.status, *seen)
    ours, exposed = "https://chat.example", "retry-after, x-request-id"
    for status, start in ((404, b"GET /nowhere HTTP/1.1\r\nHost: x\r\n"),
                          (405, b"PUT /authorize HTTP/1.1\r\nHost: x\r\n"), (400, post + b"Host: y\r\n"),
                          (413, post + b"Content-Length: 70000\r\n"),
                          (414, b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: x\r\n"),
                          (408, post + b"Content-Length: 5\r\n")):
        equal(status, page_sees(start), (status, ours, exposed))
    equal(431, page_sees(post, end=b"X-A: b\r\n" * 101 + b"\r\n"), (431, ours, exposed))
    for name, origin in (("a foreign one", b"Origin: https://evil.example\r\n"), ("none", b""),
                         ("two", 2 * b"Origin: https://chat.example\r\n")):
        equal(name, page_sees(b"GET /nowhere HTTP/1.1\r\nHost: x\r\n", origin), (404, None, None))
        equal(name + ", refused", page_sees(post + b"Content-Length: 70000\r\n", origin), (413, None, None))
    reply = server.ask("GET", "/nowhere")
    equal("caches learn of it", reply.header("vary"), "Origin")
    server.end()
    server = Server("--cors-origin", ours, "--host", "tokens.example")
    equal("421", page_sees(b"GET / HTTP/1.1\r\nHost: x\r\n"), (421, ours, exposed))
    server.end()
    server = Server()
    equal("without --cors-origin", page_sees(b"GET /nowhere HTTP/1.1\r\nHost: x\r\n"), (404, None, None))


@case
def a_name_in_host_that_is_not_ours_is_421():
    server = Server("--host", "tokens.example")
    equal("ours", server.ask(headers={"host": "tokens.example:8443"}).status, 200)
    equal("in capitals", server.ask(headers={"host": "TOKENS.example"}).status, 200)
    for host in ("localhost", "tokens.example.evil", "evil.tokens.example", "[tokens.example]", "tokens.example@evil",
                 "tokens.example:evil", "tokens.example:8443@evil", "tokens.example:8443:8443"):
        equal(host, server.ask(headers={"host": host}).status, 421)


@case
def the_operators_port_on_loopback_answers_to_this_machine_alone():
    server = Server("--host", "tokens.example")
    for host, status in (("localhost", 200), ("127.0.0.1:1", 200), ("tokens.example", 421), ("evil.example", 421)):
        reply = server.ask("GET", "/metrics", headers={"host": host}, port=server.admin_port)
        equal(host, reply.status, status)


@case
def the_log_has_a_line_a_request_and_nothing_of_it():
    server = Server()
    token = server.ask("POST", "/functions/chat/vend?name=canary-query", body="{}",
                       headers={"x-canary": "canary-header", "user-agent": "canary-agent"}).json()["api_key"]
    server.ask("GET", "/authorize", credential=token)
    server.ask("CANARYMETHOD", "/canary-path", body="canary-body")
    server.end()
    lines = server_log()
    requests = [line for line in lines if line["event"] == "request"]
    equal("three", [(r["route"], r["status"]) for r in requests],
          [("functions", 200), ("authorize", 403), ("unknown", 404)])
    first = requests[0]
    equal("what it says", (first["outcome"], first["valid_for"], first["peer"], first["jti"]),
          ("vended", 900, "127.0.0.1", claims_of(token)["jti"]))
    text = json.dumps(lines)
    for secret in ("canary", "CANARY", CREDENTIAL, token, token.split(".")[2], RFC_KEY["k"]):
        check("not in the log: " + secret[:8], secret not in text)


def server_log():
    with open("stderr-0.log") as f:
        return [json.loads(line) for line in f]


@case
def what_is_wrong_at_the_start_is_exit_code_2_with_its_place():
    write("key.json", RFC_KEY)
    write("open-key.json", RFC_KEY, 0o644)
    write("open-set.json", {"keys": [RFC_KEY]}, 0o644)
    write("policy.json", POLICY)
    nonsense = {"role": "nonsense", "cache": "c", "topic": "t"}
    write("bad.json", {"valid_for": "15m", "scope": {"permissions": [nonsense]}})
    write("half.json", '{"valid_for": "15m",\n "scope": }')
    write("vends.json", {"valid_for": "15m", "scope": {"permissions": [
        {"role": "functioninvoke", "cache": "*", "func": "*"}]}})
    write("credential", CREDENTIAL)
    parts = {"--key": "key.json", "--policy": "policy.json", "--bootstrap": "credential"}

    def start(words, *more, **changes):
        options = {**parts, **{"--" + k: v for k, v in changes.items()}}
        options = [x for item in options.items() if item[1] for x in item]
        ran = run("serve", "--listen", "127.0.0.1:0", "--admin-listen", "off", *options, *more)
        name = "%s %s" % (more, changes)
        equal(name + " ends with 2, silent on stdout", (ran.returncode, ran.stdout), (2, b""))
        check(name + " says why", words in ran.stderr.decode(), ran.stderr)

    start("--key", key="")
    start("--policy", policy="")
    start("who may ask", bootstrap="")
    start("chmod 600", key="open-key.json")
    start("chmod 600", "--tokens", "open-set.json", bootstrap="")
    start("scope.permissions[0].role", policy="bad.json")
    start("line 2", policy="half.json")
    start("vend", policy="vends.json")
    start("only one of", "--open")
    start("--limit", "--limit", "60")
    start("whole number with a unit", "--idle-timeout", "5")
    start("tls-cert", "--tls-cert", "policy.json", "--tls-key", "key.json")
    start("--ceiling", "--ceiling", "function_invoke(chat,vend)")
    start("cors", "--cors-origin", "*", "--cors-credentials")
    ran = run("serve", "--listen", "example.com:80")
    check("names are not looked up", ran.returncode == 2 and b"address" in ran.stderr, ran)
    ran = run("serve", "--listen", "0.0.0.0:0")
    check("the development set-up stays on loopback", ran.returncode == 2 and b"development" in ran.stderr, ran)
    equal("and leaves nothing behind", [n for n in os.listdir(".") if "momento-token-" in n], [])


@case
def a_port_that_is_taken_is_told():
    server = Server()
    ran = run("serve", "--listen", "127.0.0.1:%d" % server.port)
    check("in use", ran.returncode == 2 and b"--listen" in ran.stderr and b"in use" in ran.stderr, ran)


@case
def it_says_where_it_listens():
    server = Server()
    equal("two addresses", (server.scheme, server.host, server.admin_port is not None), ("http", "127.0.0.1", True))
    check("the process", str(server.process.pid) in server.first_line, server.first_line)
    alone = Server("--admin-listen", "off")
    equal("one address", alone.admin_port, None)
    six = Server("--listen", "[::1]:0") if os.path.exists("/proc/net/if_inet6") else None
    check("IPv6", six is None or six.host == "[::1]", six and six.first_line)


@case
def time_goes_by_the_machine():
    before = int(time.time())
    claims = claims_of(Server().ask().json()["api_key"])
    check("iat is now", before <= claims["iat"] <= int(time.time()) + 1, claims)
