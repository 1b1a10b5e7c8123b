"""SIGHUP, and secrets that change while the server runs: what has a mistake stays as it was."""
import json, os, signal, time

from serve_cases.support import (
    CREDENTIAL, PATIENCE, POLICY, RFC_KEY, Server, case, check, claims_of, decoded, equal, run, write,
    write_replacing)

AUTHORIZE = {"x-momento-action": "topic.publish", "x-momento-cache": "chat", "x-momento-resource": "cm9vbS03"}
OTHER_KEY = {**RFC_KEY, "kid": "k2", "k": "B" * 85 + "Q"}


def reload(server):
    """One SIGHUP, until its outcome for every part is in the log: {part: its line}."""
    before = len(server.log("reloaded") + server.log("reload_failed"))
    server.tell(signal.SIGHUP)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        lines = [line for line in server.log() if line["event"] in ("reloaded", "reload_failed")]
        if len(lines) >= before + 3:
            return {line["what"]: line for line in lines[before:]}
        time.sleep(0.05)
    raise AssertionError("no reload")


@case
def a_new_policy_holds_from_the_next_request():
    server = Server()
    equal("15 minutes", duration(server), 900)
    write_replacing("policy.json", {**POLICY, "valid_for": "5m"})
    equal("not unasked", duration(server), 900)
    equal("read", reload(server)["policy"]["event"], "reloaded")
    equal("5 minutes", duration(server), 300)


def duration(server):
    claims = claims_of(server.ask().json()["api_key"])
    return claims["exp"] - claims["iat"]


@case
def a_policy_with_a_mistake_names_its_place_and_the_old_one_stays():
    server = Server()
    bad_role = {"permissions": [POLICY["scope"]["permissions"][0], {"role": "canary", "cache": "c", "topic": "t"}]}
    for name, content, place in (
            ("a role", {**POLICY, "scope": bad_role}, "scope.permissions[1].role"),
            ("a lifetime", {**POLICY, "valid_for": "900"}, "valid_for"), ("half of it", '{"valid_for":\n', "line 2"),
            ("the vending function", {**POLICY, "scope": {"permissions": [
                {"role": "functioninvoke", "cache": "chat", "func": "vend"}]}}, "scope"), ("nothing", "", "")):
        write_replacing("policy.json", content)
        line = reload(server)["policy"]
        equal(name, (line["event"], line["level"]), ("reload_failed", "error"))
        check(name + ": its place", place in line["place"] + line["detail"], line)
        check(name + ": no word of it", "canary" not in json.dumps(line), line)
        equal(name + ": the old one stays", duration(server), 900)
    os.remove("policy.json")
    equal("a file that is gone", reload(server)["policy"]["event"], "reload_failed")
    equal("the old one stays", duration(server), 900)
    equal("counted", failures_in(server), 6)
    write_replacing("policy.json", {**POLICY, "valid_for": "5m"})
    equal("mended", (reload(server)["policy"]["event"], duration(server)), ("reloaded", 300))


def failures_in(server):
    return int(server.metrics().split("\nmomento_token_reload_failures_total ")[1].split("\n")[0])


@case
def a_new_key_signs_at_once_and_the_one_before_verifies_on():
    server = Server()
    old = server.ask().json()["api_key"]
    write_replacing("key.json", OTHER_KEY)
    equal("read", reload(server)["key"]["event"], "reloaded")
    new = server.ask().json()["api_key"]
    claims_of(new, OTHER_KEY)
    for name, token in (("the old one's token", old), ("the new one's", new)):
        equal(name, server.ask("GET", "/authorize", headers=AUTHORIZE, credential=token).status, 204)


@case
def a_bad_key_changes_nothing():
    server = Server()
    for name, content in (("no key", "nonsense"), ("half of one", json.dumps(OTHER_KEY)[:40]), ("nothing", ""),
                          ("another key of the same kid", {**OTHER_KEY, "kid": "k1"}),
                          ("too short", {**OTHER_KEY, "k": "AAAA"})):
        write_replacing("key.json", content)
        line = reload(server)["key"]
        equal(name, line["event"], "reload_failed")
        check(name + ": nothing of it is told", OTHER_KEY["k"][:8] not in json.dumps(line), line)
        claims_of(server.ask().json()["api_key"], RFC_KEY)
    write_replacing("key.json", OTHER_KEY)
    os.chmod("key.json", 0o644)
    equal("readable by others", reload(server)["key"]["event"], "reload_failed")


@case
def a_credential_with_a_mistake_locks_nobody_out():
    server = Server()
    for name, content in (("too short", "short"), ("two lines", CREDENTIAL + "\nand another"), ("nothing", ""),
                          ("too long", "x" * 4097)):
        write_replacing("credential", content)
        line = reload(server)["bootstrap"]
        equal(name, (line["event"], line["level"]), ("reload_failed", "error"))
        check(name + ": no word of it", "and another" not in json.dumps(line), line)
        equal(name + ": the old one holds", server.ask().status, 200)
    write_replacing("credential", "another-credential-0123\n")
    equal("mended", reload(server)["bootstrap"]["event"], "reloaded")
    equal("the new one holds", server.ask(credential="another-credential-0123").status, 200)
    equal("the old one is out", server.ask().status, 401)
    server.end()
    for content in ("short", ""):
        write("credential", content)
        ran = run("serve", "--bootstrap", "credential", "--key", "key.json", "--policy", "policy.json")
        check("not at the start either", ran.returncode == 2 and b"--bootstrap" in ran.stderr, ran)


@case
def keys_and_credentials_are_read_again_when_they_are_due():
    server = Server("--secrets-ttl", "1s")
    write_replacing("credential", "another-credential-0123")
    write_replacing("key.json", OTHER_KEY)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.ask(credential="another-credential-0123").status != 200:
        time.sleep(0.1)
    equal("the old one is out", server.ask(credential=CREDENTIAL).status, 401)
    while time.monotonic() < end:
        token = server.ask(credential="another-credential-0123").json()["api_key"]
        if json.loads(decoded(token.split(".")[0])).get("kid") == "k2":
            break
        time.sleep(0.1)
    claims_of(token, OTHER_KEY)


@case
def a_key_from_an_environment_variable():
    write("policy.json", POLICY)
    options = ["--key-env", "OUR_KEY", "--bootstrap-env", "OUR_CREDENTIAL", "--policy", "policy.json"]
    environment = {**os.environ, "OUR_KEY": json.dumps(RFC_KEY), "OUR_CREDENTIAL": CREDENTIAL}
    server = Server(*options, parts=False, env=environment)
    claims_of(server.ask().json()["api_key"], RFC_KEY)
    ran = run("serve", "--listen", "127.0.0.1:0", *options)
    check("unset", ran.returncode == 2 and b"--key-env" in ran.stderr, ran)
