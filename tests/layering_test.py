#!/usr/bin/env python3
"""Holds the tree to its layers and to the few rules that a grep can check: layering_test.py ROOT"""
import os
import re
import sys

root = sys.argv[1]
include = os.path.join(root, "include")

# A header includes only from lower lines, or from earlier in its own line. testing (with testing/*) and format may see
# everything, and the umbrella includes every public header but those. New headers get a place here first.
LAYERS = [
    ["config", "version"],
    ["error", "result", "secret"],
    ["encoding", "clock"],
    ["permissions/selectors", "permissions/action", "permissions/cache", "permissions/topic", "permissions/function",
     "permissions", "permissions_proto", "permissions_json", "scopes"],
    ["claims", "token", "credential"],
    ["signer", "keys", "jwk", "key_ring"],
    ["deny_list", "issuer", "verifier"],
    ["authorizer"],
    ["vending/request", "vending/response", "vending/hooks", "vending/rate_limiter", "vending/key_source", "vending/cors",
     "vending/caller_auth", "vending/password_auth", "vending/ceiling", "vending/policy", "vending/event",
     "vending/vending_machine", "client/refreshing_token_source"],
]
OUTSIDE = ["format", "testing", "testing/stand_ins", "testing/published_keys", "testing/make_token", "testing/bad_tokens",
           "testing/matching", "testing/doctest", "testing/catch2", "testing/gtest"]
# Of the test kit and nothing else.
KIT_DETAIL = ["detail/joined.hpp", "detail/test_key_material.hpp", "detail/bad_permissions.hpp",
              "detail/bad_token_gallery.hpp"]
# A module has an umbrella of its own, so that the large one costs no more: its headers are not in that.
MODULES = {"vending": "vending/", "client": "client/"}
# The public headers that include what is not ours, each by name.
THIRD_PARTY = {
    "format": ["fmt/format.h"],
    "testing/doctest": ["doctest/doctest.h"],
    "testing/catch2": ["catch2/catch_tostring.hpp", "catch2/matchers/catch_matchers_templated.hpp", "catch2/catch.hpp"],
    "testing/gtest": ["gmock/gmock.h"],
}
UMBRELLA = "momento_token"
PLACE = {name: (line, place) for line, names in enumerate(LAYERS) for place, name in enumerate(names)}

problems = []
checks = 0


def check(ok, where, what):
    global checks
    checks += 1
    if not ok:
        problems.append("%s: %s" % (where, what))


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def of_a_module(name):
    return name.startswith(tuple(MODULES.values()))


def files(*suffixes):
    found = {}
    for where, _, names in os.walk(os.path.join(include, "momento_token")):
        for name in names:
            if name.endswith(suffixes):
                path = os.path.join(where, name)
                found[os.path.relpath(path, os.path.join(include, "momento_token"))] = read(path)
    return found


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)


def ours(text):
    return re.findall(r'^\s*#include "momento_token/([^"]+)"', text, re.MULTILINE)


everything = files(".hpp", ".ipp")
public = sorted(name[:-4] for name in everything
                if name.endswith(".hpp") and not name.startswith(("detail/", "impl/")))


def check_public_headers():
    for name in public:
        text = everything[name + ".hpp"]
        check(name in PLACE or name in OUTSIDE or name in MODULES or name == UMBRELLA, name, "has no place in LAYERS")
        for included in (header[:-4] for header in ours(text) if header.endswith(".hpp")):
            if name in OUTSIDE or included.startswith("detail/"):
                continue
            if name == UMBRELLA:
                check(included not in OUTSIDE and included not in MODULES and not of_a_module(included), name,
                      "includes " + included)
            elif name in MODULES:
                check(included.startswith(MODULES[name]), name, "includes %s, which is not of it" % included)
            elif name in PLACE:
                check(PLACE.get(included, (99, 99)) < PLACE[name], name, "includes %s, which is not below it" % included)
        third_party = re.findall(r"#include <([^>]+/[^>]+)>", text)
        check(third_party == THIRD_PARTY.get(name, []), name, "includes %s" % third_party)
    wanted = {name for name in set(public) - set(OUTSIDE) - set(MODULES) - {UMBRELLA} if not of_a_module(name)}
    listed = set(header[:-4] for header in ours(everything[UMBRELLA + ".hpp"]))
    missing = {name for name in wanted - listed if not name.startswith("permissions/")}
    check(not missing, UMBRELLA, "does not include %s" % sorted(missing))
    for module, folder in MODULES.items():
        of_it = {name for name in public if name.startswith(folder)}
        listed = set(header[:-4] for header in ours(everything[module + ".hpp"]))
        check(of_it and of_it == listed, module, "does not include %s" % sorted(of_it ^ listed))


def opened_by(start):
    """What these files include, directly or through headers. The bodies that a header-only build appends to a header
    belong to that header alone, so .ipp files are followed only from .ipp files."""
    seen, todo = set(), list(start)
    while todo:
        name = todo.pop()
        if name in seen or name not in everything:
            continue
        seen.add(name)
        todo += [i for i in ours(everything[name]) if i.endswith(".hpp") or name.endswith(".ipp")]
    return seen


def check_who_knows_what():
    def uses(names, pattern):
        return sorted(n for n in names if re.search(pattern, without_comments(everything[n])))

    def part(prefixes):
        return [n for n in everything if re.match(r"(impl/)?(%s)[a-z_]*\.[hi]pp$" % "|".join(prefixes), n)]

    crypto = r"#include <openssl/|\bEVP_|\bHMAC\b"
    check(not uses(opened_by(part(["permissions", "permissions/", "scopes"])), crypto), "permissions", "know crypto")
    signers = [n for n in opened_by(part(["signer", "keys", "jwk"])) if re.search(r"permission|scopes", n)]
    check(not signers, "signers", "know permissions: %s" % signers)
    deciding = opened_by(part(["authorizer", "explain", "lint", "covers"]))
    json = [n for n in deciding if "json" in n] + uses(deciding, r"nlohmann")
    check(not json, "authorizer", "knows JSON: %s" % json)
    check(len(deciding) > 5 and "impl/authorizer.ipp" in deciding, "authorizer", "was not found")


def of_the_kit(name):
    return name.startswith("testing") or name in KIT_DETAIL


def check_test_kit():
    """The published keys stay out of every library, and a kit without a framework needs none."""
    library = [name for name in everything if not of_the_kit(name)]
    inside = sorted(name for name in opened_by(library) if of_the_kit(name))
    check(not inside, "the library", "includes the test kit: %s" % inside)
    frameworks = {name + ".hpp" for name in THIRD_PARTY if name.startswith("testing/")}
    for name in filter(of_the_kit, everything):
        reached = opened_by([name]) & frameworks - {name}
        check(not reached, name, "includes %s" % sorted(reached))
    check(len(list(filter(of_the_kit, everything))) == len(OUTSIDE) - 1 + len(KIT_DETAIL), "the test kit", "was not found")


# nlohmann keeps the last of two equal names and throws by default: only the calls that do neither are used.
NLOHMANN_ALLOWED = {"parse", "accept", "sax_parse", "find", "get_ptr", "dump"}


def arguments(text, start):
    depth, end = 1, start
    while depth and end < len(text):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        end += 1
    return text[start:end - 1]


def check_nlohmann():
    for name, text in everything.items():
        code = without_comments(text)
        if "nlohmann" not in code:
            continue
        for call in re.finditer(r"(?:[jJ]son|nlohmann::\w+)::(\w+)\(", code):
            if call.group(1) not in ("parse", "accept", "sax_parse"):
                check(call.group(1) in ("array", "object"), name, "calls nlohmann's %s()" % call.group(1))
        for call in re.finditer(r"\bparse\(", code):
            text_of = arguments(code, call.end())
            check(re.search(r"nullptr,\s*false", text_of) or "nullptr" not in text_of and "::" not in
                  code[call.start() - 2:call.start()], name, "parse(%s) can throw" % text_of)
        for call in re.finditer(r"[.>]dump\(", code):
            check("error_handler_t::replace" in arguments(code, call.end()), name, "dump() without replace can throw")
        for banned in (r"\.at\(", r"\.get<", r"\.get_to\(", r"[.>]value\(\"", r"\bget_ref<"):
            check(not re.search(banned, code), name, "uses nlohmann's throwing %s" % banned)


def check_every_file():
    for name, text in everything.items():
        code = without_comments(text)
        check(text.startswith("#pragma once\n"), name, "does not start with #pragma once")
        check(not re.search(r"\bnamespace\s*{", code), name, "has an anonymous namespace")
        check(not re.search(r"^(static|static inline|inline static)\b", code, re.MULTILINE), name, "has a static function")
        check(not re.search(r"\b(try\s*{|catch\s*\()", code), name, "catches exceptions")
        if not os.path.basename(name).startswith("os_"):
            posix = re.findall(r"#include <((?:sys/[^>]+|unistd|fcntl|pthread|windows)\.h)>", code)
            check(not posix, name, "includes %s outside detail/os_*" % posix)
        if name.endswith(".ipp"):
            check("MOMENTO_TOKEN_BEGIN_NAMESPACE" in code, name, "does not open the library's namespace")


def check_tests():
    listed = set(re.findall(r"[a-z_0-9]+", read(os.path.join(root, "tests", "CMakeLists.txt"))))
    for name in os.listdir(os.path.join(root, "tests")):
        if name.endswith("_test.cpp"):
            check(name[:-len("_test.cpp")] in listed, "tests/CMakeLists.txt", "does not name " + name)
    for name in os.listdir(os.path.join(root, "tests", "compile_fail")):
        if name.endswith(".cpp"):
            check(name[:-4] in re.findall(r"\w+", read(os.path.join(root, "tests", "compile_fail", "CMakeLists.txt"))),
                  "tests/compile_fail/CMakeLists.txt", "does not name " + name)
    kit = read(os.path.join(root, "tests", "testing_kit", "CMakeLists.txt"))
    for name in os.listdir(os.path.join(root, "tests", "testing_kit")):
        if name.endswith("_test.cpp"):
            check(name[:-len("_test.cpp")] in re.findall(r"[a-z_0-9]+", kit), "tests/testing_kit/CMakeLists.txt",
                  "does not name " + name)
    for module in MODULES:
        built = re.findall(r"[a-z_0-9]+", read(os.path.join(root, "tests", module, "CMakeLists.txt")))
        for name in os.listdir(os.path.join(root, "tests", module)):
            if name.endswith("_test.cpp"):
                check(name[:-len("_test.cpp")] in built, "tests/%s/CMakeLists.txt" % module, "does not name " + name)
    for name in public:
        folder = "tests/testing_kit" if name.startswith("testing/") else "tests"
        folder = "tests/" + name.split("/")[0] if of_a_module(name) else folder
        folder = "tests/" + name if name in MODULES else folder
        path = os.path.join(root, folder, os.path.basename(name) + "_test.cpp")
        check(os.path.exists(path), name, "has no test")
        if os.path.exists(path):
            first = re.search(r'^#include ["<]([^">]+)[">]', read(path), re.MULTILINE)
            check(first and first.group(1) == "momento_token/%s.hpp" % name, path,
                  "does not include its header first")


for rule in (check_public_headers, check_who_knows_what, check_test_kit, check_nlohmann, check_every_file, check_tests):
    rule()
print("\n".join(problems))
print("%d passed, %d failed" % (checks - len(problems), len(problems)))
sys.exit(1 if problems else 0)
