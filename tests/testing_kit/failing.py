#!/usr/bin/env python3
"""Runs checks that must fail (must_fail.inl) and looks at what is said: failing.py PROGRAM [FLAG…]"""
import re
import subprocess
import sys

# What the failures have to say, one check of must_fail.inl after the other: what was asked, and why not.
SAYS = (
    ('Allows(cache.write, "media", "/movie1/a")', 'cache.write on the item "/movie1/a" of the cache "media" is denied: '
     'permissions[0] (read the items that start with "/movie1/" of the cache "media") comes nearest, but its role does '
     'not cover the operation'),
    ('Allows(cache.read, "media", "/movie2")', 'cache.read on the item "/movie2" of the cache "media" is denied: ',
     'but it is for other items'),
    ('Allows(cache.read, "media", "/movie1/a")', 'is denied: the token has expired'),
    ('Allows(cache.read, "media", "/movie1/a")', 'it was refused as expired'),
    ('Allows(topic.publish, "chat")', 'topic.publish on all topics of the cache "chat" is denied: no statement is '
     'about topics'),
    ('Denies(cache.read, "media", "/movie1/a")', 'is allowed by permissions[0]'),
    ('Denies(cache.read, "media", "/movie1/a")', 'it was refused as expired'),
    ('ExpiresIn(1800 s)', 'it expires in 3600 s from its issue'),
    ('ExpiresIn(3600 s)', 'it expires in 3540 s from now'),
    ('RefusedAs(expired)', 'it was accepted'),
    ('RefusedAs(revoked)', 'it was refused as expired'),
    ('RefusedAs(not_accepted, "iss")', 'it was refused as not_accepted (aud)'),
)
# How doctest, Catch2 and GoogleTest begin to tell of a failed check.
FAILED = r"ERROR: CHECK\(|\d: FAILED:|\d: Failure\n"



def unspaced(text):
    return re.sub(r"\s", "", text)  # Catch2 wraps its lines, also within words


def silence(output):
    """What the output does not say, from its beginning to its end."""
    said, place = unspaced(output), 0
    for check in SAYS:
        for text in check:
            found = said.find(unspaced(text), place)
            if found < 0:
                return ["it does not say, or not in its turn: " + text]
            place = found + len(unspaced(text))
    return []


run = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
problems = silence(run.stdout)
if run.returncode == 0:
    problems.append("the program ended well")
failed = len(re.findall(FAILED, run.stdout))
if failed != len(SAYS):
    problems.append("%d checks failed, not %d" % (failed, len(SAYS)))
# A compact token begins with {" in base64url; the token_id is the one of situation.hpp.
problems += ["it says " + secret for secret in ("eyJ", "secret-ann") if secret in run.stdout]
if problems:
    sys.exit("\n".join(problems) + "\n\n" + run.stdout)
