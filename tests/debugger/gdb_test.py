#!/usr/bin/env python3
"""Looks at tests/debugger/subject.cpp with the real gdb and our pretty-printers: gdb_test.py ROOT [GDB PROGRAM]
Ends with 77 (ctest: skipped) without a gdb that may trace, unless MOMENTO_TOKEN_NO_SKIPS is set."""
import os, re, subprocess, sys

root, *rest = sys.argv[1:]
PRINTERS = os.path.join(root, "packaging", "debugger", "momento_token_gdb.py")
NATVIS = os.path.join(root, "packaging", "debugger", "momento_token.natvis")
passed, failed = 0, 0

# What each variable of main() is shown as; a pattern where a part of it is drawn at random. words[…] is what to_string() said.
SHOWN = {
    "nothing": "words[0]", "published": "words[1]", "many": "words[2]", "read": "words[3]", "publish": "words[4]",
    "invoke": "words[5]", "error": "words[6]", "short_error": "words[7]",
    "secret": r"38 secret bytes, not shown",
    "hmac": r'KeyPair of HmacSigner HS256, kid "shared"',
    "moved": r'KeyPair of AsymmetricSigner EdDSA, kid "ed"',
    "ed25519": r"KeyPair, moved from",
    "prepared": r"PreparedScope, not shown",
    "token": r'DisposableToken until 2030-01-01T01:00:00Z, jti "an-id", endpoint "cell.example.com"; api_key not shown',
    "credential": r'Credential for "cell.example.com"; api_key not shown',
    "minted": r'Result = {value = DisposableToken until 2030-01-01T01:00:00Z, .*; api_key not shown}',
    "refused": r"Result with the error invalid_argument: valid_for: must be at least 1 s",
    "done": r"Result with success",
    "failed": r"Result with the error expired",
    "verified": r"VerifiedToken of 1 statement\(s\) until 2030-01-01T01:00:00Z",
    "unverified": r'UNVERIFIED token, alg "HS256", kid "shared"',
    "request": r'DisposableTokenRequest for 3600 s to invoke the function "od" of the cache "fo"; token_id not shown',
    "prepared_request": r"PreparedTokenRequest for 3600 s; token_id not shown",
    "claims": r'Claims until 2030-01-01T01:00:00Z, jti "an-id"; token_id and sub not shown',
    "no_claims": r"Claims without exp, without jti; token_id and sub not shown",
    "jwt": r'VerifiedJwt of claims until 2030-01-01T01:00:00Z, jti "an-id"; payload not shown',
    "query": r'DenyQuery for jti "an-id"; token_id not shown',
    "batch_token": r'BatchToken until 2030-01-01T01:00:00Z, jti "[\w-]+"; api_key not shown',
    "fetched": r"FetchedToken until 2030-01-01T01:00:00Z; token not shown",
    "header": r'Header "authorization", value not shown',
    "vend": r"Request POST with 1 header\(s\); target, headers and body not shown",
    # Of libc++'s containers gdb shows addresses.
    "vend.headers": r'.*\{Header "authorization", value not shown\}|\{__begin_ = 0x.*',
    "field": r"FieldLookup of 1 field\(s\), value not shown",
    "event": r"EventRequest, not shown",
    "**(momento_token::NAMESPACE::vending::EventRequest::State**)&event": r"State, not shown",
    "answer": r"Response 200 with 1 header\(s\); body not shown",
    "email": r'Claim "email", value not shown',
    "identity": r"Identity in 1 group\(s\); name and claims not shown",
    "grant": r'VendingGrant for 3600 s to invoke the function "od" of the cache "fo"; token_id not shown',
    "rules": r'PolicyRules for 3600 s to invoke .* "fo" and the scopes of 0 group\(s\); token_id not shown',
    "user": r"PasswordUser, not shown",
    "-object on -- **(momento_token::NAMESPACE::vending::VendingPolicy**)&policy": r".*RulesPolicy, not shown",
    # Through pointers, too: what is behind a key is as good as the key.
    "**(momento_token::NAMESPACE::detail::HmacSigner**)&hmac.signer_": r'HmacSigner HS256, kid "shared"',
    "**(momento_token::NAMESPACE::PreparedScope::State**)&prepared": r"State, not shown",
    "**(momento_token::NAMESPACE::detail::PreparedText**)&"
    "(**(momento_token::NAMESPACE::PreparedScope::State**)&prepared).of_fixed_key": r"PreparedText, not shown",
    "**(momento_token::NAMESPACE::detail::HmacState**)&"
    "(*(momento_token::NAMESPACE::detail::HmacSigner**)&hmac.signer_)->state_": r"HmacState, not shown",
}
# What the library works with, in look_inside(): the class of each.
INSIDE = {
    "jwk": "Jwk", "jwk_writer": "SecretText", "der": "DerReader", "pkcs8": "Pkcs8", "ec_key": "EcPrivateKey", "padded": "PaddedKey",
    "json": "JsonReader", "names": "NameStack", "strict": "StrictClaims", "fixed": "FixedOrderClaims", "claims": "ClaimsView",
    "proto": "ProtoReader", "collector": "StatementCollector", "parts": "Parts", "compact": "Compact", "minting": "Minting",
    "claims_buffer": "SmallBuffer", "token_string": "TokenString", "token_span": "TokenSpan", "pool": "RandomPool",
    "password_hash": "PasswordHash", "decisions": "DecisionCache", "under_way": "ChecksUnderWay",
    "*(momento_token::NAMESPACE::detail::DecisionCache::Slot*)&decisions.slots_": "Slot", "only_check": "OnlyCheck",
    "sought": "SoughtToken", "sought.hash": "TokenHash",
    "**(momento_token::NAMESPACE::detail::VerifiedCache**)&verified_cache": "VerifiedCache",
}
# And in functions that have called another one: where to stop, and what is then seen one frame up.
CALLED_FROM = {
    "vending::PasswordAuth::State::try_it": {
        "claim": r"PasswordClaim, not shown", "*this": r"State, not shown",
        "this->users": r".*KnownUser in 1 group\(s\); hash not shown.*|\{__table_ = .*", "this->nobody": r"PasswordHash, not shown"},
    "detail::BatchRoom::finish": {"room": r"BatchRoom, not shown"},
}
# The secret as text and as bytes, the head of every token, and the token_id in one.
NEVER_SHOWN = re.compile(r"the-secret-of|116 't'|0x74 0x68 0x65|\(unknown: 0x74\), \(unknown: 0x68\)|eyJ|a-user")


def check(name, ok, detail):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print("%s: %s" % (name, detail))


def skip(why):
    print("skipped: " + why)
    sys.exit(1 if os.environ.get("MOMENTO_TOKEN_NO_SKIPS") else 77)


def gdb(*commands):
    arguments = [part for command in commands for part in ("-ex", command)]
    ran = subprocess.run([rest[0], "-nx", "-batch", "-ex", "set print elements 0", "-ex", "set breakpoint pending on",
                          "-ex", "set debuginfod enabled off", "-ex", "break stop_here", "-ex", "run", "-ex", "up",
                          "-ex", "source " + PRINTERS, *arguments, rest[1]],
                         stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)
    if re.search(r"ptrace: Operation not permitted|Could not trace|Cannot PTRACE", ran.stderr + ran.stdout):
        skip("gdb may not trace here")
    return ran.stdout, ran.stderr


def shown_of(output):
    """Each `print` of gdb() was announced by an echo of its expression."""
    answers = re.findall(r"^@(.*?)@\n\$\d+ = (.*?)(?=\n@|\Z)", output, re.MULTILINE | re.DOTALL)
    return {name: text.strip() for name, text in answers}


def commands_for(name):
    """A print, or for words[…], whose notation is the standard library's affair, their bytes."""
    text = "python print('$0 = ' + string_bytes(gdb.parse_and_eval('%s')).decode())" % name
    return "echo @%s@\\n" % name, text if name.startswith("words[") else "print " + name


def check_values(namespace):
    names = [name.replace("NAMESPACE", namespace) for name in SHOWN] + ["words[%d]" % i for i in range(8)]
    output, errors = gdb(*(command for name in names for command in commands_for(name)))
    shown = shown_of(output)
    words = {"words[%d]" % i: shown.get("words[%d]" % i) for i in range(8)}
    for name, wanted in SHOWN.items():
        got = shown.get(name.replace("NAMESPACE", namespace))
        if wanted in words:
            check(name, got is not None and got == words[wanted],
                  "shows %r, to_string() says %r\n%s" % (got, words[wanted], errors[-500:]))
        else:
            check(name, got is not None and re.fullmatch(wanted, got), "shows %r\n%s" % (got, errors[-500:]))
    raw = gdb("print/r token")[0]
    check("a token is recognised where it is shown", NEVER_SHOWN.search(raw), raw[-500:])
    check("no secret in what is printed", not NEVER_SHOWN.search(output), NEVER_SHOWN.search(output))


def check_inside(namespace):
    inside = {name.replace("NAMESPACE", namespace): words for name, words in INSIDE.items()}
    output, errors = gdb("continue", "up", *(command for name in inside for command in commands_for(name)))
    shown = shown_of(output)
    for name, words in inside.items():
        check(name, shown.get(name) == words + ", not shown", "shows %r\n%s" % (shown.get(name), errors[-500:]))
    raw = gdb("continue", "up", "print/r password_hash")[0]
    check("bytes are recognised where they are shown", NEVER_SHOWN.search(raw), raw[-500:])


def check_called_from(namespace):
    for function, wanted in CALLED_FROM.items():
        output, errors = gdb("delete", "break momento_token::%s::%s" % (namespace, function), "continue", "up",
                             *(command for name in wanted for command in commands_for(name)))
        shown = shown_of(output)
        for name, words in wanted.items():
            got = shown.get(name)
            check("%s of who calls %s" % (name, function), got is not None and re.fullmatch(words, got),
                  "shows %r\n%s" % (got, errors[-500:]))


def check_midstates():
    """The inner class of a class template, once for each of its arguments; the memory may be anybody's."""
    names = re.findall(r"(momento_token::\S.*LowLevelHmac<.*>::Prefix);", gdb("info types LowLevelHmac<.*>::Prefix$")[0])
    output, errors = gdb(*(command for name in names for command in commands_for("*('%s'*)all" % name)))
    shown = shown_of(output)
    for name in names:
        got = shown.get("*('%s'*)all" % name)
        check(name, got == "Prefix, not shown", "shows %r\n%s" % (got, errors[-500:]))


def check_everything_at_once():
    output, errors = gdb("info locals", "bt full", "finish", "info frame")
    for name in SHOWN:
        if name.isidentifier():
            check("info locals has " + name, re.search(r"^%s = " % name, output, re.MULTILINE), errors[-500:])
    check("no secret among the locals", not NEVER_SHOWN.search(output), NEVER_SHOWN.search(output))
    check("no printer failed", "Python Exception" not in output + errors, errors[-2000:])


def check_natvis(namespace):
    output, errors = gdb("source " + os.path.join(root, "tests", "debugger", "natvis_in_gdb.py"),
                         'python check("%s", "%s")' % (NATVIS, namespace))
    looked = re.search(r"^looked for (\d+) members$", output, re.MULTILINE)
    check("the natvis file reads members that there are", "missing" not in output and looked and int(looked.group(1)) > 30,
          output[-1500:] + errors[-1500:])


if not rest:
    skip("gdb is not installed")
namespace = "v1_ho" if "header_only" in os.path.basename(rest[1]) else "v1"
check_values(namespace)
check_inside(namespace)
check_called_from(namespace)
check_midstates()
check_everything_at_once()
check_natvis(namespace)
print("%d passed, %d failed" % (passed, failed))
sys.exit(1 if failed else 0)
