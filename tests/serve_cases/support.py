"""What the tests of `serve` share: a running server, requests byte by byte, keys, credentials and policies for it."""
import base64, hashlib, hmac, http.client, json, os, re, signal, socket, subprocess, time

PATIENCE = 60  # seconds for what takes a moment

# RFC 7515 A.1.1.
RFC_KEY = {"kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
           "alg": "HS256", "kid": "k1"}
CREDENTIAL = "made-at-deployment-8Zq2"
POLICY = {"valid_for": "15m", "token_id": "${user}", "scope": {"permissions": [
    {"role": "publishsubscribe", "cache": "chat", "topic": "room-7"}]}}
ROOM_8 = {"permissions": [{"role": "publishonly", "cache": "chat", "topic": "room-8"}]}

program = ""  # set by serve_test.py
passed, failures, cases, running = 0, [], [], []


def case(function):
    """Runs in a new, empty folder; its name is the sentence it holds the server to."""
    cases.append(function)
    return function


def check(name, held, detail=""):
    global passed
    if held:
        passed += 1
    else:
        failures.append(name)
        print("FAILED: %s %s" % (name, str(detail)[:800]), flush=True)


def equal(name, got, want):
    check(name, got == want, "got %r, want %r" % (got, want))


def write(name, content, mode=0o600):
    with open(name, "w") as f:
        f.write(content if isinstance(content, str) else json.dumps(content))
    os.chmod(name, mode)
    return name


def write_replacing(name, content):
    """In one step, as an operator's deployment does: nobody reads half of it."""
    write(name + ".new", content)
    os.replace(name + ".new", name)


def run(*args, stdin=b"", **more):
    return subprocess.run([program, *args], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=PATIENCE, **more)


def decoded(segment):
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def unpadded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def claims_of(token, key=None):
    """The claims; with a key after HMAC SHA-256 was checked (RFC 7515 §5.2)."""
    head, body, signature = token.split(".")
    if key is not None:
        mac = hmac.new(decoded(key["k"]), (head + "." + body).encode(), hashlib.sha256).digest()
        check("the signature holds", hmac.compare_digest(mac, decoded(signature)))
    return json.loads(decoded(body))


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def header(self, name):
        return self.headers.get(name.lower())

    def __repr__(self):
        return "%d %r %r" % (self.status, self.headers, self.body)


class Server:
    """`serve` with its own ports; options as on the command line. Files of its parts are made in the current folder."""

    def __init__(self, *options, parts=True, wait=True, **more):
        made = []
        if parts:
            write("key.json", RFC_KEY)
            write("policy.json", POLICY)
            made = ["--key", "key.json", "--policy", "policy.json", "--endpoint", "cell.example.com"]
            if not any(o in options for o in ("--users", "--open", "--oidc-issuer", "--tokens", "--bootstrap-aws",
                                              "--bootstrap-env")):
                write("credential", CREDENTIAL)
                made += ["--bootstrap", "credential"]
        if "--listen" not in options:
            made += ["--listen", "127.0.0.1:0"]
        if "--admin-listen" not in options:
            made += ["--admin-listen", "127.0.0.1:0"]
        self.errors = open("stderr-%d.log" % len(running), "w+b")
        self.process = subprocess.Popen([program, "serve", *made, *options], stdout=subprocess.PIPE,
                                        stderr=self.errors, **more)
        running.append(self)
        self.first_line = self.process.stdout.readline().decode() if wait else ""
        urls = re.findall(r"(https?)://([^ ,\n]+):(\d+)", self.first_line)
        self.scheme, self.host, self.port = urls[0][0], urls[0][1], int(urls[0][2]) if urls else 0
        self.admin_port = int(urls[1][2]) if len(urls) > 1 else None

    def rest_of_output(self, lines):
        return "".join(self.process.stdout.readline().decode() for _ in range(lines))

    def ask(self, method="POST", path="/functions/chat/vend", body=None, headers=None, credential=CREDENTIAL,
            port=None):
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=PATIENCE)
        fields = dict(headers or {})
        if credential is not None:
            fields.setdefault("authorization", credential)
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
        connection.request(method, path, body=body, headers=fields)
        answer = connection.getresponse()
        reply = Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode())
        connection.close()
        return reply

    def metrics(self):
        return self.ask("GET", "/metrics", credential=None, port=self.admin_port).body

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def send(self, data, end=False):
        """All that comes back until the server closes."""
        with self.connect() as s:
            try:
                s.sendall(data)
                if end:
                    s.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # the server has answered and closed already
            return read_all(s)

    def tell(self, number):
        self.process.send_signal(number)

    def log(self, event=None):
        """The whole lines so far, or those of one event. A line may come a moment after its answer: see wait_for_log."""
        with open(self.errors.name, "rb") as f:
            lines = [json.loads(line) for line in f.read().split(b"\n")[:-1]]
        return [line for line in lines if event in (None, line["event"])]

    def wait_for_log(self, event, count=1):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            lines = self.log(event)
            if len(lines) >= count:
                return lines
            time.sleep(0.05)
        raise AssertionError("no %d lines of %s in the log" % (count, event))

    def end(self, number=signal.SIGTERM):
        """The exit code."""
        if self.process.poll() is None:
            self.tell(number)
        code = self.process.wait(PATIENCE)
        self.process.stdout.close()
        self.errors.close()
        if self in running:
            running.remove(self)
        return code


def end_all():
    for server in list(running):
        if server.process.poll() is None:
            server.process.kill()
        server.end()


def read_all(s):
    data = b""
    try:
        while True:
            piece = s.recv(65536)
            if not piece:
                return data
            data += piece
    except ConnectionResetError:
        return data


def statuses(data):
    return [int(m) for m in re.findall(rb"HTTP/1\.1 (\d{3}) ", data)]


def read_one(stream):
    """One answer from a connection's file (RFC 9112 §6.3); None at its end."""
    line = stream.readline()
    if not line:
        return None
    status, headers = int(line.split()[1]), {}
    while True:
        line = stream.readline().decode().rstrip("\r\n")
        if not line:
            break
        name, value = line.split(":", 1)
        headers[name.lower()] = value.strip()
    return Reply(status, headers, stream.read(int(headers.get("content-length", 0))).decode())


def request(path="/functions/chat/vend", method="POST", body=b"{}", fields=(), host="localhost"):
    """A request as bytes, with the credential."""
    lines = ["%s %s HTTP/1.1" % (method, path), "Host: " + host, "Authorization: " + CREDENTIAL,
             "Content-Length: %d" % len(body), *fields]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body
