"""TLS: 1.2 and newer, certificates that are replaced while the server runs."""
import os, shutil, signal, socket, ssl, subprocess

from serve_cases.support import PATIENCE, Server, case, check, equal, read_one, request, run


def make_certificate(name):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "2", "-subj", "/CN=" + name, "-addext", "subjectAltName=DNS:" + name,
                    "-keyout", name + ".key", "-out", name + ".crt"],
                   check=True, capture_output=True, timeout=PATIENCE)


def connect(server, trusted, name, **limits):
    context = ssl.create_default_context(cafile=trusted)
    for limit, version in limits.items():
        setattr(context, limit, version)
    return context.wrap_socket(server.connect(), server_hostname=name)


def use(name):
    shutil.copy(name + ".crt", "cert.pem")
    shutil.copy(name + ".key", "tls.pem")


def server_with_certificate(*options):
    """Of a.example; b.example has one as well."""
    make_certificate("a.example")
    make_certificate("b.example")
    use("a.example")
    return Server("--tls-cert", "cert.pem", "--tls-key", "tls.pem", *options)


@case
def tokens_over_tls():
    if shutil.which("openssl") is None:
        return
    server = server_with_certificate()
    equal("the URL", server.scheme, "https")
    with connect(server, "a.example.crt", "a.example") as s:
        stream = s.makefile("rb")
        for _ in range(3):
            s.sendall(request())
            equal("on one connection", read_one(stream).status, 200)
        check("at least 1.2", s.version() in ("TLSv1.2", "TLSv1.3"), s.version())
    with connect(server, "a.example.crt", "a.example", maximum_version=ssl.TLSVersion.TLSv1_2) as s:
        equal("1.2", s.version(), "TLSv1.2")
        s.sendall(request(body=b"{" * 70000))
        equal("a long body", read_one(s.makefile("rb")).status, 413)
    for _ in range(5):
        with connect(server, "a.example.crt", "a.example") as s:
            s.sendall(request(body=b"{" * 70000)[:-1] + b"{" * 200_000)  # goes on after it was refused
            equal("a client that goes on sending reads the refusal", read_one(s.makefile("rb")).status, 413)
    check("no TLS at all", b"HTTP" not in server.send(request()))
    equal("idle ones end with the server", ends_with_idle(server), 0)


@case
def over_the_cap_nothing_is_said_in_the_clear():
    if shutil.which("openssl") is None:
        return
    server = server_with_certificate("--max-connections", "1")
    with connect(server, "a.example.crt", "a.example") as kept:
        kept.sendall(request())
        equal("within", read_one(kept.makefile("rb")).status, 200)
        with server.connect() as s:
            equal("beyond", s.makefile("rb").read(), b"")


def ends_with_idle(server):
    with connect(server, "a.example.crt", "a.example") as s:
        s.sendall(request())
        read_one(s.makefile("rb"))
        return server.end()


@case
def a_new_certificate_is_read_again():
    if shutil.which("openssl") is None:
        return
    server = server_with_certificate()
    with connect(server, "a.example.crt", "a.example") as kept:
        shutil.copy("b.example.crt", "cert.pem")
        server.tell(signal.SIGHUP)
        line = [x for x in server.wait_for_log("reload_failed") if x["what"] == "tls"][0]
        equal("a key that is another's", (line["event"], line["place"]), ("reload_failed", "tls-key"))
        use("b.example")
        server.tell(signal.SIGHUP)
        server.wait_for_log("reloaded", 7)
        with connect(server, "b.example.crt", "b.example") as s:
            s.sendall(request())
            equal("the new one", read_one(s.makefile("rb")).status, 200)
        kept.sendall(request())
        equal("a connection from before", read_one(kept.makefile("rb")).status, 200)


@case
def half_a_handshake_ends_after_its_time():
    if shutil.which("openssl") is None:
        return
    make_certificate("a.example")
    server = Server("--tls-cert", "a.example.crt", "--tls-key", "a.example.key", "--header-timeout", "1s")
    with server.connect() as s:
        s.sendall(b"\x16\x03\x01\x02\x00\x01")
        equal("closed", drained(s), b"")
    os.chmod("a.example.key", 0o644)
    ran = run("serve", "--listen", "127.0.0.1:0", "--tls-cert", "a.example.crt", "--tls-key", "a.example.key")
    check("a key that others may read", ran.returncode == 2 and b"chmod 600" in ran.stderr, ran)


def drained(s):
    try:
        return s.recv(100)
    except ConnectionResetError:
        return b""
    except socket.timeout:
        return b"nothing in a minute"
