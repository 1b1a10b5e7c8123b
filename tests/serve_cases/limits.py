"""Rate limits from the command line."""
from serve_cases.support import Server, case, check, equal


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
