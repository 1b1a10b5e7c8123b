#!/usr/bin/env python3
"""Whatever public type holds a credential or says whose token it is, gdb and Visual Studio have words for: words_test.py ROOT
(gdb_test.py looks at what the words are.)"""
import os, re, sys

root = sys.argv[1]
HEADERS = os.path.join(root, "include", "momento_token")
HOLDS_A_SECRET = re.compile(r"\b(?:api_key|token_id|token|tid|password|hash|credential)\b(?: *=[^;]*| *\{[^;]*)?;|\bSecretBytes\b[^@;]*;")
EXEMPT = {
    "KeyFile": "of its two members one is SecretBytes, which is shown as such",
    "vending::BootstrapOptions": "its credential is SecretBytes, which is shown as such",
    "testing::TokenOptions": "what a test made up",
    "testing::BadToken": "what a test made up, refused everywhere; seeing it is what it is for",
}


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def public_headers():
    for folder, folders, names in os.walk(HEADERS):
        folders[:] = sorted(name for name in folders if name not in ("detail", "impl"))
        yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(".hpp"))


def types_in(text):
    """(name, members) of each struct and class at the top of a namespace, private members too."""
    space = re.search(r"^namespace (vending|client|testing) \{$", text, re.MULTILINE)
    text = re.sub(r"//[^\n]*", "", text)
    for match in re.finditer(r"^(?:struct|class) (?:MOMENTO_TOKEN_API )?(?:\[\[nodiscard\]\] )?(\w+)[^;{]*\{(.*?)^\};", text,
                             re.MULTILINE | re.DOTALL):
        yield (space.group(1) + "::" if space else "") + match.group(1), without_bodies(match.group(2))


def without_bodies(members):
    """With @ for functions' parameters and bodies, which look like members and are none."""
    while True:
        shorter = re.sub(r"\([^()]*\)(?:[^;{}()]*\{[^{}]*\})?", "@", members)
        if shorter == members:
            return members
        members = shorter


def main():
    gdb = read(root, "packaging", "debugger", "momento_token_gdb.py")
    words = set(re.findall(r'^    "([\w:]+)":', gdb.partition("\nWORDS = {")[2].partition("\n}\n")[0], re.MULTILINE))
    natvis = set(re.findall(r'<Type Name="momento_token::v1::([\w:]+)', read(root, "packaging", "debugger", "momento_token.natvis")))
    wrong, seen = [], set()
    for header in public_headers():
        for name, members in types_in(read(header)):
            secret = HOLDS_A_SECRET.search(members)
            if secret:
                seen.add(name)
            if secret and name not in EXEMPT:
                wrong += ["%s has `%s` and no words in %s" % (name, secret.group().strip(), where)
                          for where, known in (("momento_token_gdb.py", words), ("momento_token.natvis", natvis)) if name not in known]
    wrong += ["%s has words for gdb and none for Visual Studio" % name for name in sorted(words - natvis)]
    wrong += ["%s is exempt and holds no secret" % name for name in sorted(set(EXEMPT) - seen)]
    if len(seen) < 10:
        wrong.append("only %d types that hold a secret: has the way of writing them changed?" % len(seen))
    if wrong:
        sys.exit("\n".join(wrong))
    print("%d types that hold a secret" % len(seen))


main()
