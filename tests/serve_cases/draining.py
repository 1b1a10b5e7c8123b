"""SIGTERM: what was begun is answered, nothing is lost, and the exit code is 0."""
import signal, socket, threading, time

from serve_cases.support import PATIENCE, Server, case, check, equal, read_one, request, run, statuses


class Client(threading.Thread):
    """Asks on kept connections until the server takes no more; counts what was sent and got no answer. Not on a connection
    that this thread, held up by the machine, left idle for half a second: such a one may be closed (RFC 9112 §9.5)."""

    def __init__(self, server):
        super().__init__()
        self.server, self.answered, self.lost, self.wrong = server, 0, [], []

    def run(self):
        while True:
            try:
                s = self.server.connect()
            except OSError:
                return  # nobody listens any more: nothing was sent
            with s:
                if not self.ask_while_open(s):
                    return

    def ask_while_open(self, s):
        stream, used = s.makefile("rb"), time.monotonic()
        while True:
            idle = time.monotonic() - used
            try:
                s.sendall(request())
                reply, lost = read_one(stream), "closed"
            except OSError as error:
                reply, lost = None, error
            if reply is None:
                if idle < 0.5:
                    self.lost.append(lost)
                return idle >= 0.5
            used = time.monotonic()
            self.answered += 1
            if reply.status != 200:
                self.wrong.append(reply)
            if reply.header("connection") == "close":
                return True


def end_under_load(server, count, after):
    """SIGTERM after so many answers to so many clients, which are returned: none of them has lost a request."""
    clients = [Client(server) for _ in range(count)]
    for client in clients:
        client.start()
    while sum(client.answered for client in clients) < after:
        time.sleep(0.01)
    server.tell(signal.SIGTERM)
    for client in clients:
        client.join(PATIENCE)
    equal("the exit code", server.process.wait(PATIENCE), 0)
    equal("lost", [lost for client in clients for lost in client.lost], [])
    return clients


@case
def sigterm_under_load_loses_no_request():
    server = Server()
    clients = end_under_load(server, 8, 200)
    equal("wrong", [wrong for client in clients for wrong in client.wrong], [])
    equal("the log says so", server.log("ended")[0]["unfinished_connections"], 0)


@case
def a_request_that_has_begun_is_answered():
    server = Server()
    data = request(body=b"{}")
    with server.connect() as s:
        s.sendall(data[:-1])
        server.wait_for_log("listening")
        server.tell(signal.SIGTERM)
        server.wait_for_log("draining")
        time.sleep(1.5)  # past the time in which connections are still taken
        s.sendall(data[-1:])
        reply = read_one(s.makefile("rb"))
    equal("answered, and closed", (reply.status, reply.header("connection")), (200, "close"))
    equal("the exit code", server.process.wait(PATIENCE), 0)


@case
def a_balancer_learns_of_it_and_new_connections_are_taken_for_a_while():
    server = Server()
    with server.connect():  # keeps the server from ending at once
        equal("before", server.ask("GET", "/healthz").status, 200)
        server.tell(signal.SIGTERM)
        server.wait_for_log("draining")
        reply = server.ask("GET", "/healthz")
        equal("after", (reply.status, reply.json()["code"]), (503, "unavailable"))
        equal("a token all the same", server.ask().status, 200)
    equal("the exit code", server.process.wait(PATIENCE), 0)


@case
def idle_connections_do_not_hold_it_up():
    server = Server("--drain-timeout", "1h")
    idle = [server.connect() for _ in range(20)]
    streams = [s.makefile("rb") for s in idle[:10]]
    for s, stream in zip(idle, streams):
        s.sendall(request())
        equal("kept", read_one(stream).header("connection"), None)
    equal("the exit code", server.end(), 0)
    equal("they were closed", [s.recv(1) for s in idle], [b""] * 20)


@case
def what_does_not_end_is_cut_off_after_its_time():
    server = Server("--drain-timeout", "1s", "--header-timeout", "1h")
    with server.connect() as s:
        s.sendall(b"POST / HTTP/1.1\r\n")
        while "momento_token_connections 2\n" not in server.metrics():
            time.sleep(0.05)
        equal("the exit code", server.end(), 1)


@case
def a_second_signal_ends_it_at_once():
    server = Server("--drain-timeout", "1h", "--header-timeout", "1h")
    with server.connect() as s:
        s.sendall(b"POST / HTTP/1.1\r\n")
        while "momento_token_connections 2\n" not in server.metrics():
            time.sleep(0.05)
        server.tell(signal.SIGTERM)
        server.wait_for_log("draining")
        equal("the exit code", server.end(), 1)


@case
def a_second_signal_ends_it_whatever_its_connections_are_doing():
    server = Server("--drain-timeout", "1h", "--header-timeout", "1h")
    data = request(body=b"{}")
    opened = [server.connect() for _ in range(12)]
    for s, begun in zip(opened, (b"", b"POST", data[:-1]) * 4):
        s.sendall(begun)
    while "momento_token_connections 13\n" not in server.metrics():
        time.sleep(0.05)
    server.tell(signal.SIGTERM)
    server.wait_for_log("draining")
    equal("the exit code", server.end(), 1)
    equal("its last word", server.log()[-1]["event"], "ended")
    for s in opened:
        s.close()


@case
def a_port_that_is_taken_is_said_and_ends_it():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = "127.0.0.1:%d" % taken.getsockname()[1]
        for option, other in (("--listen", "--admin-listen"), ("--admin-listen", "--listen")):
            ran = run("serve", option, address, other, "127.0.0.1:0")
            equal(option + ": the exit code", ran.returncode, 2)
            check(option + ": said", option.encode() + b": " in ran.stderr, ran.stderr)


@case
def sigint_is_the_same():
    equal("Ctrl-C", Server().end(signal.SIGINT), 0)


@case
def killed_and_started_again_it_serves():
    server = Server()
    token = server.ask().json()["api_key"]
    with server.connect():
        server.process.kill()
        server.process.wait(PATIENCE)
    begin = time.monotonic()
    again = Server("--listen", "127.0.0.1:%d" % server.port)
    equal("serving", again.ask().status, 200)
    check("within a moment", time.monotonic() - begin < PATIENCE)
    headers = {"x-momento-action": "topic.publish", "x-momento-cache": "chat", "x-momento-resource": "cm9vbS03"}
    equal("tokens from before hold", again.ask("GET", "/authorize", headers=headers, credential=token).status, 204)
    check("the port is free for others at the end", again.end() == 0 and can_bind(server.port))


def can_bind(port):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("127.0.0.1", port))
        return True


@case
def a_client_that_leaves_is_no_trouble():
    server = Server()
    for data in (b"", b"POST", request()[:-1], request()):
        with server.connect() as s:
            s.sendall(data)
    half_closed = server.send(request(fields=["Connection: close"]), end=True)
    equal("half closed after the request", statuses(half_closed), [200])
    equal("it lives", server.ask().status, 200)
    equal("it ends well", server.end(), 0)
