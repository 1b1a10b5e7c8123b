"""Started with nothing: a set-up to try it with."""
import json, os, re, stat, subprocess

from serve_cases import support
from serve_cases.support import PATIENCE, Server, case, check, claims_of, equal, statuses


def started(folder="."):
    return Server(parts=False, env={**os.environ, "TMPDIR": os.path.abspath(folder)})


def folder_of(text):
    return re.search(r"are in (.+) until", text).group(1)


@case
def its_three_curl_lines_work():
    os.mkdir("Ann's folder")
    server = started("Ann's folder")
    text = server.rest_of_output(7)
    lines = re.findall(r"^  (curl .*)$", text, re.MULTILINE)
    equal("three", len(lines), 3)
    ran = [subprocess.run(["sh", "-c", line + " -sf"], capture_output=True, timeout=PATIENCE) for line in lines]
    equal("they end well", [(r.returncode, r.stderr) for r in ran], [(0, b"")] * 3)
    token, narrower, keys = [json.loads(r.stdout) for r in ran]
    equal("a token", sorted(token), ["api_key", "endpoint", "valid_until"])
    equal("a narrower one", sorted(narrower), ["authToken", "expiresAt"])
    equal("its key", keys["keys"][0]["alg"], "ES256")
    check("no credential is shown", open(folder_of(text) + "/credential").read() not in text + server.first_line)
    check("a token of the bootstrap caller", claims_of(token["api_key"])["tid"] == "bootstrap")


@case
def its_secrets_are_private_and_gone_afterwards():
    server = started()
    folder = folder_of(server.rest_of_output(1))
    equal("the folder", stat.S_IMODE(os.stat(folder).st_mode), 0o700)
    modes = {name: stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode) for name in os.listdir(folder)}
    equal("its files", modes, dict.fromkeys(["key.json", "credential", "header", "policy.json"], 0o600))
    first = open(folder + "/credential").read()
    check("a credential of 256 bits", len(first) == 43, len(first))
    other = started()
    second = open(folder_of(other.rest_of_output(1)) + "/credential").read()
    check("another each time", first != second)
    equal("it ends well", (server.end(), other.end()), (0, 0))
    check("nothing is left", not os.path.exists(folder), folder)


@case
def only_names_of_this_machine_are_answered():
    server = started()
    for host in ("localhost", "127.0.0.1", "[::1]", "LOCALHOST", "localhost:8080", "[::1]:99"):
        equal(host, server.ask("GET", "/healthz", headers={"host": host}, credential=None).status, 200)
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.2", "[::2]", "::1", "",
                 "localhost@evil.example"):
        for port in (server.port, server.admin_port):
            reply = server.ask("GET", "/healthz", headers={"host": host}, credential=None, port=port)
            equal("%s at %d" % (host, port), (reply.status, reply.json()["code"]), (421, "misdirected_request"))
    equal("HTTP/1.0 without a Host", statuses(server.send(b"GET /healthz HTTP/1.0\r\n\r\n")), [421])
    equal("two Hosts", statuses(server.send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n")), [400])


@case
def a_port_that_is_taken_does_not_stop_it():
    first = Server("--listen", "127.0.0.1:0", parts=False)
    # The default ports may be another program's; then any free one will do.
    servers = [without_flags() for _ in range(2)]
    equal("two at once, with no flag", len({s.port for s in servers} | {first.port}), 3)
    equal("both answer", [s.ask("GET", "/healthz", credential=None).status for s in servers], [200, 200])
    equal("they end well, and leave nothing behind", [s.end() for s in (*servers, first)], [0, 0, 0])


def without_flags():
    made = Server.__new__(Server)
    made.errors = open("stderr-bare-%d.log" % len(support.running), "w+b")
    made.process = subprocess.Popen([support.program, "serve"], stdout=subprocess.PIPE, stderr=made.errors)
    support.running.append(made)
    made.first_line = made.process.stdout.readline().decode()
    made.port, made.admin_port = [int(p) for p in re.findall(r"127\.0\.0\.1:(\d+)", made.first_line)]
    return made
