"""The mutants of the library's bodies: found here, run by scripts/mutants."""
import hashlib, os, pathlib, re, subprocess

INCLUDE = pathlib.Path(__file__).resolve().parent.parent / "include"

# What decides whether a token, key, scope or request is taken, and what is written into a token. Left out is what decides
# nothing of the kind: words (explain, error, permissions, lint), and what shows in races, forks and memory alone, where
# tests/assurance looks (os_fork, slots, snapshots, traces, small_buffer, openssl).
BODIES = ["momento_token/" + name for name in (
    "detail/algorithms.hpp", "detail/asymmetric_key.hpp", "detail/base64.hpp", "detail/base64_avx2.hpp", "detail/builtin_key.hpp",
    "detail/claims_reader.hpp", "detail/compact.hpp", "detail/deny_table.hpp", "detail/der.hpp",
    "detail/ecdsa_signature.hpp", "detail/encrypted_pkcs8.hpp", "detail/grant.hpp", "detail/hmac.hpp",
    "detail/hmac_key.hpp", "detail/issue_rules.hpp", "detail/json_reader.hpp", "detail/json_writer.hpp",
    "detail/jwk_generating.hpp", "detail/jwk_making.hpp", "detail/jwk_reader.hpp", "detail/jws_header.hpp",
    "detail/key_making.hpp", "detail/key_ring_state.hpp", "detail/key_set.hpp", "detail/key_table.hpp", "detail/letters.hpp",
    "detail/minting.hpp", "detail/numeric_date.hpp", "detail/option_checks.hpp", "detail/os_file.hpp",
    "detail/os_random.hpp", "detail/owned_claims.hpp", "detail/pem.hpp", "detail/permissions_codec.hpp",
    "detail/pkcs8.hpp", "detail/pkey.hpp", "detail/prepared_text.hpp", "detail/random_ids.hpp",
    "detail/signing_key.hpp", "detail/statement.hpp", "detail/token_block.hpp", "detail/token_reading.hpp",
    "detail/utf8.hpp", "detail/verified_cache.hpp", "impl/authorizer.ipp", "impl/clock.ipp", "impl/credential.ipp", "impl/deny_list.ipp",
    "impl/encoding.ipp", "impl/issuer.ipp", "impl/jwk.ipp", "impl/key_ring.ipp", "impl/keys.ipp",
    "impl/permissions_json.ipp", "impl/permissions_json_reader.ipp", "impl/permissions_proto.ipp", "impl/scopes.ipp",
    "impl/secret.ipp", "impl/token.ipp", "impl/verifier.ipp")]

# The same of the vending kit and the client, which are compiled by another source and have tests of their own.
VENDING = ["momento_token/" + name for name in (
    "detail/ceiling_rules.hpp", "detail/json_place.hpp", "detail/limiter_table.hpp", "detail/password_decisions.hpp",
    "detail/password_hash.hpp", "detail/peer_for_limits.hpp", "detail/random_hmac.hpp", "detail/refresh_times.hpp",
    "detail/scope_json.hpp", "detail/scope_template.hpp", "detail/text_template.hpp",
    "detail/vend_body.hpp", "detail/vend_cors.hpp", "detail/vend_failure.hpp", "detail/vend_narrow.hpp",
    "detail/vending_text.hpp", "impl/client/refreshing_token_source.ipp", "impl/vending/caller_auth.ipp",
    "impl/vending/ceiling.ipp", "impl/vending/cors.ipp", "impl/vending/event.ipp", "impl/vending/key_source.ipp",
    "impl/vending/password_auth.ipp", "impl/vending/policy.ipp", "impl/vending/rate_limiter.ipp",
    "impl/vending/request.ipp", "impl/vending/vending_machine.ipp")]

# Public headers that hold rules or defaults: the tests have them compiled in. {header: the tests that are compiled anew
# for each of its mutants}
HEADERS = {"momento_token/" + name: tests.split() for name, tests in {
    "authorizer.hpp": "authorizer", "claims.hpp": "claims issuer verifier", "clock.hpp": "clock issuer",
    "deny_list.hpp": "deny_list", "issuer.hpp": "issuer", "key_ring.hpp": "key_ring",
    "permissions/cache.hpp": "cache permissions_proto authorizer",
    "permissions/function.hpp": "function permissions_proto authorizer",
    "permissions/topic.hpp": "topic permissions_proto authorizer", "scopes.hpp": "scopes", "secret.hpp": "secret",
    "signer.hpp": "signer keys", "token.hpp": "token verifier", "verifier.hpp": "verifier verifier_claims"}.items()}

FILES = BODIES + sorted(HEADERS)

# Sizes that only cost memory or time when they are others.
HINTS = re.compile(r"reserve\(|SmallBuffer<|static_assert|^\s*#|MOMENTO_TOKEN_|std::array<")

COMPARISONS = {"==": ["!="], "!=": ["=="], "<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"]}


class Mutant:
    def __init__(self, file, start, end, new, kind, text):
        self.file, self.start, self.end, self.new, self.kind, self.text = file, start, end, new, kind, text
        self.line = text.count("\n", 0, start) + 1
        first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
        self.before = " ".join(text[first:last].split())
        self.after = " ".join((text[first:start] + new + text[end:last]).split())
        whole = "\n".join((file, self.before, self.after))
        self.id = hashlib.sha256(whole.encode()).hexdigest()[:10]

    def whole(self):
        return self.text[:self.start] + self.new + self.text[self.end:]

    def __str__(self):
        return "%s:%d: %s: %s  ->  %s" % (self.file, self.line, self.kind, self.before, self.after)


def masked(text):
    """The same text with comments and literals blanked, so that only code is left."""
    pattern = r'//[^\n]*|/\*.*?\*/|R"\(.*?\)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\''
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", "_", m.group()), text, flags=re.S)


def closing(code, at):
    """The index of the parenthesis that closes the one at `at`."""
    depth = 0
    for i in range(at, len(code)):
        depth += (code[i] == "(") - (code[i] == ")")
        if depth == 0:
            return i
    return len(code)


def top_level_semicolon(code, start, end):
    depth = 0
    for i in range(start, end):
        depth += (code[i] in "([{") - (code[i] in ")]}")
        if depth == 0 and code[i] == ";":
            return i
    return -1


def conditions(file, text, code):
    for m in re.finditer(r"\bif (\()", code):
        start, end = m.start(1) + 1, closing(code, m.start(1))
        semicolon = top_level_semicolon(code, start, end)
        returns = re.match(r"\)\s*\{?\s*return\b", code[end:]) is not None
        kind = "early return" if returns else "condition"
        if semicolon >= 0:
            start = semicolon + 2
        declares = re.match(r"(?:const )?[\w:*<> ]+ \*?\w+ = ", code[start:end]) is not None
        for value in ("false", "true"):
            if declares:
                yield Mutant(file, end, end, "; " + value, kind, text)
            else:
                yield Mutant(file, start, end, value, kind, text)
    for m in re.finditer(r" (&&|\|\|) (?!\{|noexcept|->|=)", code):  # not the && of a member function
        yield Mutant(file, m.start(1), m.end(1), "||" if m.group(1) == "&&" else "&&", "condition", text)
    for m in re.finditer(r"!(?=[A-Za-z_(:*])", code):
        yield Mutant(file, m.start(), m.end(), "", "condition", text)


def comparisons(file, text, code):
    for m in re.finditer(r" (==|!=|<=|>=|<|>) ", code):
        for new in COMPARISONS[m.group(1)]:
            yield Mutant(file, m.start(1), m.end(1), new, "comparison", text)


def constants(file, text, code):
    code = re.sub(r"(\) const(?: noexcept)?) = 0;", r"\1    _;", code)  # a pure virtual function
    for m in re.finditer(r"(?<![\w.])(0[xX][0-9A-Fa-f]+|\d+)(?=[uU]?\b)(?!\.\d)", code):
        value = int(m.group(1), 0)
        for changed in [value + 1] + ([value - 1] if value > 0 else []):
            new = hex(changed) if m.group(1)[:2] in ("0x", "0X") else str(changed)
            yield Mutant(file, m.start(1), m.end(1), new, "constant", text)
    for m in re.finditer(r"\b(true|false)\b", code):
        yield Mutant(file, m.start(1), m.end(1), "false" if m.group(1) == "true" else "true", "constant", text)


def compiled_lines(preprocess):
    """{file: the numbers of its lines that the preprocessor keeps on this machine}"""
    text = subprocess.run(preprocess, check=True, stdout=subprocess.PIPE).stdout.decode()
    kept, file, number = {}, None, 0
    for line in text.split("\n"):
        marker = re.match(r'# (\d+) "([^"]+)"', line)
        if marker:
            path = os.path.realpath(marker.group(2))
            file = os.path.relpath(path, INCLUDE) if path.startswith(str(INCLUDE) + "/") else None
            number = int(marker.group(1))
            continue
        if file and line.strip():
            kept.setdefault(file, set()).add(number)
        number += 1
    return kept


def mutants_of(file, kept):
    text = (INCLUDE / file).read_text()
    code = masked(text)
    lines = text.split("\n")
    found = [m for make in (comparisons, constants, conditions) for m in make(file, text, code)]
    seen = {}
    for m in found:  # lines that are there twice
        m.count = seen[m.id] = seen.get(m.id, -1) + 1
    return [m for m in found if m.line in kept.get(file, ()) and not HINTS.search(lines[m.line - 1])]


def shared_with_tests():
    """Headers of ours that the public headers include: the tests have them compiled in."""
    seen, todo = set(), [p for p in (INCLUDE / "momento_token").rglob("*.hpp") if p.parent.name != "detail"]
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        names = re.findall(r'^#include "(momento_token/[^"]+\.hpp)"', path.read_text(), re.M)
        todo += [INCLUDE / name for name in names]
    return {str(path.relative_to(INCLUDE)) for path in seen}
