"""Secrets of AWS Secrets Manager, from a stand-in of the secrets extension: the form of its answers is from AWS's
documentation of the AWS Parameters and Secrets Lambda Extension."""
import http.server, json, os, resource, signal, threading, urllib.parse

from serve_cases import support
from serve_cases.support import CREDENTIAL, POLICY, RFC_KEY, Server, case, check, claims_of, equal, run, write


class Extension(http.server.BaseHTTPRequestHandler):
    secrets, seen, status, raw = {}, [], 200, None

    def do_GET(self):
        if Extension.raw is not None:
            self.wfile.write(Extension.raw)
            return
        path, _, query = self.path.partition("?")
        name = urllib.parse.parse_qs(query).get("secretId", [""])[0]
        Extension.seen.append((path, name, self.headers.get("X-Aws-Parameters-Secrets-Token")))
        status = Extension.status if name in Extension.secrets else 400
        body = json.dumps({"ARN": "arn:aws:secretsmanager:::secret:x", "Name": name, "VersionId": "1",
                           "SecretString": Extension.secrets.get(name, ""), "VersionStages": ["AWSCURRENT"],
                           "CreatedDate": "1.7E9"}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Extended:
    """Runs the stand-in; its environment leads the server there."""

    def __enter__(self):
        Extension.secrets = {"prod/key": json.dumps(RFC_KEY), "prod/caller": json.dumps(
            {"momentoSecret": CREDENTIAL, "unicode": "\u00e9\U0001f600\"\\/\b\f\n\r\t"})}
        Extension.seen, Extension.status, Extension.raw = [], 200, None
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Extension)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.env = {**os.environ, "AWS_SESSION_TOKEN": "session-token",
                    "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": str(self.server.server_port)}
        write("policy.json", POLICY)
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


OPTIONS = ("--key-aws", "prod/key", "--bootstrap-aws", "prod/caller#momentoSecret", "--policy", "policy.json")


@case
def a_key_and_a_credential_from_secrets_manager():
    with Extended() as extended:
        server = Server(*OPTIONS, parts=False, env=extended.env)
        claims_of(server.ask().json()["api_key"], RFC_KEY)
        equal("what was asked", sorted(set(Extension.seen)),
              [("/secretsmanager/get", "prod/caller", "session-token"),
               ("/secretsmanager/get", "prod/key", "session-token")])
        server.end()
        text = open("stderr-0.log").read()
        check("nothing of it in the log", CREDENTIAL not in text and RFC_KEY["k"] not in text and "session" not in text)


@case
def a_secret_that_cannot_be_read_stays_what_it_was():
    with Extended() as extended:
        server = Server(*OPTIONS, "--secrets-ttl", "1s", parts=False, env=extended.env)
        Extension.status = 500
        lines = server.wait_for_log("refresh_failed", 2)
        check("it says which", {line["what"] for line in lines} & {"--key-aws", "--bootstrap-aws"}, lines)
        equal("it goes on", server.ask().status, 200)
        Extension.status = 200
        Extension.secrets["prod/caller"] = json.dumps({"momentoSecret": "another-credential-0123"})
        while server.ask(credential="another-credential-0123").status != 200:
            pass
        equal("the old one is out", server.ask().status, 401)


@case
def an_answer_of_another_program_ends_nothing():
    """The secrets that are held stay, and the extension is asked again."""
    answer = b'{"SecretString":"credential-of-somebody-else"}'
    with Extended() as extended:
        server = Server(*OPTIONS, "--secrets-ttl", "1s", parts=False, env=extended.env)
        seen = 0
        for raw in (b"HTTP/1.1\r\n\r\n", b"HTTP/1.\r\n\r\n", b"HTTP/1.1 2\r\n\r\n", b"HTTP/1.1\r\n 200 \r\n\r\n" + answer,
                    b"HTTP/1.1 2000\r\n\r\n" + answer, b"SSH-2.0-OpenSSH\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\n\r\n[",
                    b"HTTP/1.1 200 OK\r\n\r\n" + b"9" * 600_000):
            Extension.raw = raw
            seen += 2  # the key's and the credential's
            server.wait_for_log("refresh_failed", seen)
            equal("%r: it goes on" % raw[:30], server.ask().status, 200)
        Extension.raw = b'HTTP/1.0 200\r\n\r\n{"SecretString":"{\\"momentoSecret\\":\\"another-credential-0123\\"}"}'
        while server.ask(credential="another-credential-0123").status != 200:
            pass


@case
def without_descriptors_each_that_is_not_read_again_is_told():
    with open(support.program, "rb") as program:
        if b"__ubsan_" in program.read():
            return  # without descriptors that sanitizer cannot look at an exception's memory, and ends the program
    with Extended() as extended:
        server = Server(*OPTIONS, parts=False, env=extended.env)
        limits = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (1, limits[1]))
        server.tell(signal.SIGHUP)
        lines = server.wait_for_log("reload_failed", 3)
        equal("all of them", sorted(line["what"] for line in lines), ["bootstrap", "key", "policy"])
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, limits)
        server.tell(signal.SIGHUP)
        server.wait_for_log("reloaded", 3)
        equal("it goes on", server.ask().status, 200)


@case
def a_secret_that_is_not_there_is_exit_code_2():
    with Extended() as extended:
        for options, words in ((["--key-aws", "prod/none"], "does not hand it over"),
                               (["--key-aws", "prod/caller#none"], "none"),
                               (["--key-aws", "prod/key#kty#x"], "kty#x"),
                               (["--key-aws", "prod/caller"], "key")):
            ran = run("serve", "--listen", "127.0.0.1:0", *options, "--bootstrap-aws", "prod/caller#momentoSecret",
                      "--policy", "policy.json", env=extended.env)
            check(str(options), ran.returncode == 2 and words in ran.stderr.decode(), ran)
        port = extended.server.server_port
    ran = run("serve", "--listen", "127.0.0.1:0", *OPTIONS, env=extended.env)
    check("no extension at %d" % port, ran.returncode == 2 and b"does not answer" in ran.stderr, ran)
