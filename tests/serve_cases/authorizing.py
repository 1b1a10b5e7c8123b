"""/authorize, asked by a proxy about each request."""
import base64

from serve_cases.support import CREDENTIAL, RFC_KEY, Server, case, check, equal, run, statuses, write


def fields(action="topic.publish", cache="chat", resource=b"room-7"):
    made = {"x-momento-action": action, "x-momento-cache": cache}
    if resource is not None:
        made["x-momento-resource"] = base64.b64encode(resource).decode()
    return {name: value for name, value in made.items() if value is not None}


@case
def a_token_opens_what_it_names_and_nothing_else():
    server = Server()
    token = server.ask().json()["api_key"]

    def ask(method="GET", credential=token, **more):
        return server.ask(method, "/authorize", headers=fields(**more), credential=credential)

    reply = ask()
    equal("allowed", (reply.status, reply.body, reply.header("cache-control")), (204, "", "no-store"))
    equal("with Bearer", ask(credential="Bearer " + token).status, 204)
    equal("POST", ask("POST").status, 204)
    for name, more in (("another topic", {"resource": b"room-8"}), ("another cache", {"cache": "media"}),
                       ("another action", {"action": "cache.read"}), ("no such action", {"action": "nonsense"}),
                       ("no action", {"action": None}), ("no cache", {"cache": None}),
                       ("all of the cache", {"resource": None}), ("an empty cache", {"cache": ""})):
        reply = ask(**more)
        equal(name, (reply.status, reply.json()["code"]), (403, "permission_denied"))
    for name, text in (("no base64", "room-7"), ("without padding", "cm9vbS03cg"), ("base64url", "-_-_")):
        headers = {**fields(), "x-momento-resource": text}
        equal(name, server.ask("GET", "/authorize", headers=headers, credential=token).status, 403)


@case
def every_token_that_does_not_hold_is_401_alike():
    server = Server()
    token = server.ask().json()["api_key"]
    head, body, signature = token.split(".")
    write("other.json", {**RFC_KEY, "k": "A" * 43})
    mint = ("mint", "--scope", "topic_publish_only(chat,room-7)", "--valid-for", "1m", "--shape", "jwt", "--key")
    other = run(*mint, "other.json").stdout.decode().strip()
    old = run(*mint, "key.json", "--now", "1000000000").stdout.decode().strip()
    for_vending = run(*mint, "key.json", "--audience", "vend").stdout.decode().strip()
    bodies = set()
    for name, text in (("none", None), ("empty", ""), ("no token", "nonsense"), ("the credential", CREDENTIAL),
                       ("another signature", ".".join((head, body, signature[::-1]))), ("another key", other),
                       ("expired", old), ("a token that may vend", for_vending), ("17 KiB", "a" * 17408)):
        reply = server.ask("GET", "/authorize", headers=fields(), credential=text)
        equal(name, (reply.status, reply.json()["code"]), (401, "invalid_token"))
        bodies.add(reply.body.replace(reply.json()["request_id"], "ID"))
    equal("alike", len(bodies), 1)


@case
def a_header_that_is_there_twice_is_refused():
    server = Server()
    token = server.ask().json()["api_key"]
    lines = ["Host: localhost", "Connection: close", "Authorization: " + token] + [
        "%s: %s" % field for field in fields().items()]

    def ask(more):
        return statuses(server.send(("GET /authorize HTTP/1.1\r\n" + "\r\n".join(lines + more) + "\r\n\r\n").encode()))

    equal("once", ask([]), [204])
    for name, value, status in (("Authorization", token, 401), ("X-Momento-Action", "topic.publish", 403),
                                ("x-momento-cache", "chat", 403), ("X-MOMENTO-RESOURCE", "cm9vbS03", 403)):
        equal(name + " twice", ask(["%s: %s" % (name, value)]), [status])
    check("the value is the same one", "cm9vbS03" in "\n".join(lines))
