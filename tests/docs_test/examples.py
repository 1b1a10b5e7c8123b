#!/usr/bin/env python3
"""Runs the examples and compares what they print: examples.py ROOT FOLDER PROGRAM [NAME…]; PROGRAM is momento-token."""
import os
import re
import subprocess
import sys
import tempfile

# What each prints; … stands for anything.
PRINTS = {
    "custom_signer": "signed elsewhere, verified here, for ann\n",
    "token_metadata": """a user: 200 as ann
a user who claims to be another: 200 as ann
a token without an identity: 401
a token for something else: 403
no token: 401
it claims to be for ann
""",
    "media_scope": """a segment of the film: yes
the trailer: yes
another film: no
another cache: no
overwriting a segment: no
cache.read on the item "film-10/0042" … is denied: … it is for other items
open_ended_prefix: …
long_lifetime: …
""",
    "chat_scope": """ann may subscribe to the topic "room-7" of the cache "chat"; publish to the topic "room-7-input" of the cache "chat"
  reads the room: 1, writes to it: 0, writes to its moderator: 1, reads another: 0
ben may …
  reads the room: 1, writes to it: 0, writes to its moderator: 1, reads another: 0
""",
    "key_rotation": """signing with spring, 2 keys verify
old accepted, new accepted
too early: invalid_argument: kid: …
1 key retired
after the leak: unknown_key
""",
}
EXAMPLES = {"vend_token", "verify_request", "custom_signer", "token_metadata", "media_scope", "chat_scope", "key_rotation",
            "unit_test_with_tokens"}
LINUX_ALONE = {"custom_signer"}  # see examples/CMakeLists.txt
MOST_LINES = 59


def run(folder, *command, status=0):
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
    if done.returncode != status:
        sys.exit("%s ended with %d, not %d:\n%s%s" % (command[0], done.returncode, status, done.stdout, done.stderr))
    return done.stdout


def expect(name, output, wanted):
    if not re.fullmatch(".*".join(re.escape(part) for part in wanted.split("…")), output):
        sys.exit("%s prints\n%s\nand should print\n%s" % (name, output, wanted))


def vend_and_verify(folder, program, work):
    """The two examples that take files, one after the other, as their first lines say."""
    vend, verify = os.path.join(folder, "vend_token"), os.path.join(folder, "verify_request")
    run(work, program, "keygen", "--alg", "ES256", "--out", "key.json")
    with open(os.path.join(work, "jwks.json"), "w") as file:
        file.write(run(work, program, "jwks", "key.json"))
    body = run(work, vend, "key.json", "ann", "room-7")
    token = re.fullmatch(r'\{"api_key":"([\w.-]+)","endpoint":"localhost","valid_until":\d+\}\n', body).group(1)
    expect("verify_request", run(work, verify, "jwks.json", token, "topic.publish", "chat", "room-7"), "200\n")
    expect("verify_request", run(work, verify, "jwks.json", token, "cache.read", "media", "room-7/a"), "200\n")
    expect("verify_request", run(work, verify, "jwks.json", token, "topic.subscribe", "chat", "room-7", status=1), "403\n")
    expect("verify_request", run(work, verify, "jwks.json", token[:-2], "topic.publish", "chat", "room-7", status=1), "401\n")
    os.chmod(os.path.join(work, "key.json"), 0o644)
    run(work, vend, "key.json", "ann", "room-7", status=2)


def check_length(root):
    for name in os.listdir(os.path.join(root, "examples")):
        if name.endswith(".cpp"):
            with open(os.path.join(root, "examples", name), encoding="utf-8") as file:
                lines = len(file.readlines())
            if lines > MOST_LINES:
                sys.exit("examples/%s has %d lines; an introduction has at most %d" % (name, lines, MOST_LINES))


def check_names(built):
    """All eight, or the test would pass with an example that nothing builds any more."""
    wanted = EXAMPLES if sys.platform == "linux" else EXAMPLES - LINUX_ALONE
    if set(built) != wanted:
        sys.exit("the examples that are built are %s and should be %s" % (sorted(built), sorted(wanted)))


def main():
    root, folder, program = sys.argv[1:4]
    check_length(root)
    check_names(sys.argv[4:])
    with tempfile.TemporaryDirectory() as work:
        vend_and_verify(folder, program, work)
        for name in sys.argv[4:]:
            if name in PRINTS:
                expect(name, run(work, os.path.join(folder, name)), PRINTS[name])
            elif name not in ("vend_token", "verify_request"):
                run(work, os.path.join(folder, name))  # a unit test says by its status how it went


main()
