"""Who may ask: passwords, ID tokens, our own tokens."""
import base64, json, signal, threading

from serve_cases.support import (
    POLICY, RFC_KEY, Server, case, check, claims_of, equal, run, write, write_replacing)

GROUPS = {**POLICY, "groups": {"writers": {"permissions": [{"role": "publishonly", "cache": "chat", "topic": "news"}]}}}


def hash_of(password, *more):
    ran = run("hash-password", *more, stdin=password.encode())
    return ran.stdout.decode().rstrip("\n")


@case
def a_user_has_a_name_and_a_password():
    write("users.json", {"users": [{"name": "ann", "hash": hash_of("correct horse battery")},
                                   {"name": "bob", "hash": hash_of("staple"), "groups": ["writers"]}]})
    server = Server("--users", "users.json")
    for name, fields in (("headers", {"username": "ann", "password": "correct horse battery"}),
                         ("Basic", {"authorization": "Basic " + basic("ann", "correct horse battery")})):
        reply = server.ask(headers=fields, credential=None)
        equal(name, reply.status, 200)
        equal(name + ": the token is hers", claims_of(reply.json()["api_key"])["tid"], "ann")
    for name, fields in (("a wrong password", {"username": "ann", "password": "staple"}),
                         ("nobody", {"username": "eve", "password": "staple"}), ("no password", {"username": "ann"}),
                         ("both ways", {"username": "ann", "password": "correct horse battery",
                                        "authorization": "Basic " + basic("ann", "correct horse battery")})):
        reply = server.ask(headers=fields, credential=None)
        check(name, reply.status in (400, 401) and reply.header("www-authenticate") != "Basic", reply)
    write_replacing("users.json", {"users": [{"name": "ann", "hash": "nonsense"}]})
    server.tell(signal.SIGHUP)
    line = [x for x in server.wait_for_log("reload_failed") if x["what"] == "callers"][0]
    equal("its place", line["place"], "users[0].hash")
    write_replacing("users.json", {"users": [{"name": "bob", "hash": hash_of("staple")}]})
    server.tell(signal.SIGHUP)
    server.wait_for_log("reloaded", 3 + 2)
    equal("the old one stayed, the new one is there",
          server.ask(headers={"username": "ann", "password": "correct horse battery"}, credential=None).status, 401)


def basic(name, password):
    return base64.b64encode(("%s:%s" % (name, password)).encode()).decode()


@case
def passwords_that_are_checked_hold_nobody_else_up():
    write("users.json", {"users": [{"name": "ann", "hash": hash_of("correct horse battery")}]})
    server = Server("--users", "users.json", "--threads", "1")
    seen = []

    def ask(number):
        seen.append(server.ask(headers={"username": "u%d" % number, "password": "x"}, credential=None).status)
    threads = [threading.Thread(target=ask, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    equal("meanwhile", server.ask("GET", "/healthz", credential=None).status, 200)
    for thread in threads:
        thread.join()
    check("refused, or told that all cores are busy", set(seen) <= {401, 503}, seen)


@case
def an_id_token_of_a_provider():
    provider = json.loads(run("keygen", "--alg", "ES256", "--kid", "p1").stdout)
    write("provider.json", provider)
    write("jwks.json", run("jwks", "provider.json").stdout.decode())
    write("policy2.json", GROUPS)
    server = Server("--oidc-issuer", "https://id.example", "--oidc-jwks", "jwks.json", "--oidc-audience", "our-app",
                    "--oidc-groups", "groups")

    def token(audience, issuer="https://id.example"):
        # Our own program signs the JWT; `sub` is not among its claims, so it names nobody.
        return run("mint", "--key", "provider.json", "--scope", "cache_read_only(m)", "--valid-for", "5m", "--issuer",
                   issuer, "--audience", audience, "--shape", "jwt").stdout.decode().strip()
    equal("without a user", server.ask(credential="Bearer " + token("our-app")).status, 401)
    equal("for another", server.ask(credential="Bearer " + token("their-app")).status, 401)
    server.end()
    server = Server("--oidc-issuer", "https://id.example", "--oidc-jwks", "jwks.json", "--oidc-audience", "our-app",
                    "--oidc-user", "jti")
    reply = server.ask(credential="Bearer " + token("our-app"))
    equal("with one", reply.status, 200)
    check("no longer than the ID token", claims_of(reply.json()["api_key"])["exp"] <= reply.json()["valid_until"])
    equal("another issuer", server.ask(credential="Bearer " + token("our-app", "https://evil.example")).status, 401)
    equal("not without Bearer", server.ask(credential=token("our-app")).status, 401)


@case
def a_token_of_ours_vends_only_with_the_audience_vend():
    write("issuer.json", json.loads(run("keygen", "--alg", "ES256").stdout))
    write("jwks.json", run("jwks", "issuer.json").stdout.decode())
    server = Server("--tokens", "jwks.json")

    def token(*audience):
        return run("mint", "--key", "issuer.json", "--scope", "function_invoke(chat,vend)", "--valid-for", "5m",
                   "--token-id", "ann", "--shape", "jwt", *audience).stdout.decode().strip()
    reply = server.ask(credential=token("--audience", "vend"))
    equal("with it", (reply.status, claims_of(reply.json()["api_key"])["tid"]), (200, "ann"))
    claims = claims_of(reply.json()["api_key"])
    check("no longer than the caller's: 5 minutes, not 15", claims["exp"] - claims["iat"] <= 300, claims)
    equal("without", server.ask(credential=token()).status, 401)
    equal("among others", server.ask(credential=token("--audience", "vend", "--audience", "x")).status, 401)
    equal("what was vended", server.ask(credential=reply.json()["api_key"]).status, 401)


@case
def hashes_are_made_from_standard_input():
    for more, start in (((), "$scrypt$ln=16,r=8,p=2$"), (("--function", "pbkdf2"), "$pbkdf2-sha256$i=600000$")):
        ran = run("hash-password", *more, stdin=b"correct horse battery\n")
        text = ran.stdout.decode()
        held = ran.returncode == 0 and text.startswith(start) and text.count("\n") == 1
        check("hash-password %s" % (more,), held, ran)
    check("salted", hash_of("a password") != hash_of("a password"))
    equal("an empty one", run("hash-password", stdin=b"\n").returncode, 1)
    check("the key is not in the file", RFC_KEY["k"] not in hash_of(RFC_KEY["k"]))
