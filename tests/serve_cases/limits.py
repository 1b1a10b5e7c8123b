"""Rate limits from the command line."""
import socket

from serve_cases.support import PATIENCE, Server, case, check, equal, read_one, request, run, write


@case
def an_identity_has_its_limit():
    server = Server("--limit", "5/h")
    equal("six", [server.ask().status for _ in range(6)], [200] * 5 + [429])
    reply = server.ask()
    equal("its code", reply.json()["code"], "too_many_requests")
    check("when to come again", int(reply.header("retry-after")) >= 1, reply)
    equal("other paths have none", server.ask("GET", "/healthz").status, 200)


@case
def an_address_has_one_before_anything_is_checked():
    server = Server("--limit-peer", "3/h")
    equal("four", [server.ask(credential="wrong-credential-0123").status for _ in range(4)], [401] * 3 + [429])
    equal("the right one too", server.ask().status, 429)


@case
def all_together_have_one():
    server = Server("--limit", "5/h", "--limit-all", "2/h")
    equal("three", [server.ask().status for _ in range(3)], [200, 200, 429])


@case
def a_machines_ceiling_holds_whatever_the_policy_says():
    equal("within", Server("--ceiling", "topic_publish_subscribe(chat,room-7)").ask().status, 200)
    equal("beyond", Server("--ceiling", "topic_publish_only(chat,room-7)").ask().status, 403)


def ask_from(address, server, data=None):
    """The status for a client with this address; all of 127.0.0.0/8 is this machine."""
    with socket.create_connection(("127.0.0.1", server.port), PATIENCE, (address, 0)) as s:
        s.sendall(data or request())
        return read_one(s.makefile("rb")).status


@case
def when_all_places_are_taken_newcomers_wait_and_the_others_do_not():
    server = Server("--limit-peer", "100/h", "--limit-capacity", "1")
    equal("the first one", ask_from("127.0.0.1", server), 200)
    equal("a newcomer", ask_from("127.0.0.2", server), 429)
    equal("the first one again", ask_from("127.0.0.1", server), 200)


@case
def wrong_passwords_lock_out_an_address_and_nobody_elsewhere():
    made = run("hash-password", stdin=b"correct horse battery").stdout.decode().strip()
    write("users.json", {"users": [{"name": "ann", "hash": made}]})
    server = Server("--users", "users.json", "--limit-tries", "2/h")

    def ask(address, name, password):
        fields = b"POST /functions/chat/vend HTTP/1.1\r\nHost: x\r\nUsername: %s\r\nPassword: %s\r\n\r\n"
        return ask_from(address, server, fields % (name, password))
    for _ in range(3):
        equal("right ones do not count", ask("127.0.0.1", b"ann", b"correct horse battery"), 200)
    equal("made-up names", [ask("127.0.0.1", b"eve%d" % n, b"x") for n in range(4)], [401, 401, 429, 429])
    equal("from elsewhere", ask("127.0.0.2", b"ann", b"correct horse battery"), 200)
