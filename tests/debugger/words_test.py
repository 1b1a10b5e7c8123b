#!/usr/bin/env python3
"""Whatever type holds a credential, says whose token it is or lets a key be worked out, gdb and Visual Studio have words for,
inside the library too: words_test.py ROOT (gdb_test.py looks at what the words are.)"""
import html, os, re, sys

root = sys.argv[1]
HEADERS = os.path.join(root, "include", "momento_token")
SAYS_SECRET = re.compile(r"password|salt|secret|credential|hash|api_key|token|tid|midstate|signing_input")
# Any one of these may be a secret when it is of letters, bytes or a context of libcrypto's.
SAYS_CONTENT = re.compile(r"(?:(?:\w+_)?keys?|state|inner|outer|text|carry|payload|bytes|block|buffer|room|rest|heap|inline|members|context|"
                          r"digest|p|d|end)_?")
IS_PLAIN = re.compile(r"\b(?:string|string_view|char|byte|uint8_t|ByteView|Bytes|DecisionKey|PlaceKey|MdCtx|PkeyCtx|T)\b|^State \w")
IS_NUMBER = re.compile(r"(?:const )?(?:bool|std::size_t) ")
EXEMPT = {
    "testing::TokenOptions": "what a test made up",
    "testing::BadToken": "what a test made up, refused everywhere; seeing it is what it is for",
    "testing::detail::ClaimTexts": "what a bad token is made of",
    "testing::detail::PermissionFault": "what a bad token is made of",
    "vending::OidcOptions": "token_use is \"id\" or \"access\"",
    "detail::Algorithm": "the name of its digest",
    "detail::PkeyOperations::Digest": "what everybody may work out who has the token",
    "detail::KeyTable::Known": "the header of each token of a key: its alg and kid",
    "detail::SelectorView": "a name in permissions, which are shown",
    "detail::ReadSelector": "a name in permissions, which are shown",
}


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def headers():
    for folder, folders, names in os.walk(HEADERS):
        folders.sort()
        yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith((".hpp", ".ipp")))


def without_text(code):
    """Without comments, what is in quotes, and the preprocessor's lines."""
    code = re.sub(r'R"(\w*)\(.*?\)\1"', '""', code, flags=re.DOTALL)
    code = re.sub(r'"(?:\\.|[^"\\\n])*"|(?<![0-9A-Fa-f])\'(?:\\.|[^\'\\\n])\'|//[^\n]*',
                  lambda found: '""' if found[0][0] == '"' else " ", code)
    return re.sub(r"^ *#(?:.*\\\n)*.*$", "", code, flags=re.MULTILINE)


def replaced(pattern, by, text):
    """The innermost ones first, until none is left."""
    changed = 1
    while changed:
        text, changed = re.subn(pattern, by, text)
    return text


NAMESPACE = re.compile(r"\bnamespace ([\w:]+)$")
TYPE = re.compile(r"(?<!enum )\b(?:struct|class|union) (?:alignas@ |\[\[\w+\]\] |MOMENTO_TOKEN_API )*([\w:]+)(?:<[^{}]*>)?"
                  r"(?: final)?(?: ?: [^{}]*)?$")


def types_in(code):
    """(name, statements) of each struct and class, wherever it stands; with @ for what is in parentheses, and without bodies."""
    found, blocks, statement = [], [("", None, "")], ""
    for part in re.split(r"([{};])", without_text(code)):
        outer, statements, _ = blocks[-1]
        head = " ".join(replaced(r"\([^()]*\)", "@", statement).split())
        if part == "{":
            named = None if outer is None else NAMESPACE.search(head) or TYPE.search(head)
            if named:
                name = "::".join(filter(None, (outer, named[1])))
                blocks.append((name, [] if named.re is TYPE else None, ""))
                if named.re is TYPE:
                    found.append((name, blocks[-1][1]))
            else:  # a member goes on behind its initialiser, and ends with the body of a function
                blocks.append((None, None, "" if "@" in without_arguments(head) or "enum " in head else statement))
            statement = ""
        elif part == "}":
            statement = blocks.pop()[2]
        elif part == ";":
            if statements is not None and head:
                statements.append(head)
            statement = ""
        else:
            statement += part
    return found


def without_arguments(statement):
    return re.sub(r"\[[^\]]*\]", "", replaced(r"<[^<>]*>", "", statement))


def members_in(statements):
    """(type, names) of each that declares members."""
    for statement in statements:
        statement = re.sub(r"^(?:(?:public|private|protected): *)+", "", statement)
        short = re.sub(r"=[^,]*", "", without_arguments(statement))
        if "@" not in short and not re.match(r"(?:using|friend|static|struct|class|union|enum|template|static_assert)\b", statement):
            yield statement, re.findall(r"(\w+) *(?:,|$)", short)


def secret_in(statements, shown):
    """What seems to hold one; what has words of its own does not count."""
    for type, names in members_in(statements):
        if shown.isdisjoint(re.findall(r"\w+", type)) and not IS_NUMBER.match(type):
            for name in names:
                if SAYS_SECRET.search(name) or (SAYS_CONTENT.fullmatch(name) and IS_PLAIN.search(type)):
                    return type
    return None


def main():
    gdb = read(root, "packaging", "debugger", "momento_token_gdb.py")
    words = set(re.findall(r'^    "([\w:]+)":', gdb.partition("\nWORDS = {")[2].partition("\n}\n")[0], re.MULTILINE))
    natvis = {re.sub(r"<[^>]*>", "", html.unescape(name)) for name in
              re.findall(r'<Type Name="momento_token::v1::([^"]+)"', read(root, "packaging", "debugger", "momento_token.natvis"))}
    # Not the inner ones, of which many have the same name.
    shown = {name.rpartition("::")[2] for name in words if not re.search(r"[A-Z]\w*::", name)} | {"SecretBytes"}
    wrong, types, seen = [], set(), set()
    for header in headers():
        for name, statements in types_in(read(header)):
            types.add(name)
            secret = secret_in(statements, shown - {name.rpartition("::")[2]})
            if secret:
                seen.add(name)
            if secret and name not in EXEMPT:
                wrong += ["%s has `%s` and no words in %s" % (name, secret, where)
                          for where, known in (("momento_token_gdb.py", words), ("momento_token.natvis", natvis)) if name not in known]
    wrong += ["%s has words for gdb and none for Visual Studio" % name for name in sorted(words - natvis)]
    wrong += ["%s has words and is no type of ours" % name for name in sorted(words - types)]
    wrong += ["%s is exempt and holds no secret" % name for name in sorted(set(EXEMPT) - seen)]
    if len(seen) < 40:
        wrong.append("only %d types that hold a secret: has the way of writing them changed?" % len(seen))
    if wrong:
        sys.exit("\n".join(wrong))
    print("%d types that hold a secret" % len(seen))


main()
