"""The code in the // comments that begin the public headers, which docs/site/reference.py shows as cpp: each header's is a
test case, so that an example compiles and holds what it CHECKs."""
import os
import re

# What stands before an example: the names that it takes for granted.
KIT = """using namespace momento_token;
const auto clock = std::make_shared<testing::ManualClock>();
"""
MATCHERS = KIT + """using namespace momento_token::testing;
const VerifierSetup setup{.clock = clock};
const auto verifier = Verifier::create(verifier_options(setup)).value();
const auto token = make_token({.permissions = scopes::topic_publish_only("chat", "room-7"), .valid_for = 1h, .clock = clock});
const auto bad = bad_tokens(setup).front();
"""
BEFORE = {
    "momento_token/momento_token.hpp": "const auto publish_as = [](std::string_view user) { CHECK(user == \"ann\"); };\n",
    "momento_token/vending.hpp": """const auto key = momento_token::KeyPair::generate("ES256").value();
auto secret = momento_token::SecretBytes::copy_of("made-at-deployment-8Zq2");
""",
    "momento_token/testing/bad_tokens.hpp": KIT + """const auto scope = scopes::topic_publish_only("chat", "room-7");
struct Answer {
  std::optional<Errc> code;
  explicit operator bool() const { return !code; }
  bool operator==(Errc wanted) const { return code == wanted; }
};
const auto my_verify = [&](std::string_view token) -> Answer {
  const auto verifier = Verifier::create(testing::verifier_options({.clock = clock, .permissions = scope})).value();
  const auto seen = verifier.verify(token);
  if (!seen) return {seen.error().code};
  return {};
};
""",
    "momento_token/testing/make_token.hpp": KIT,
    "momento_token/testing/doctest.hpp": MATCHERS,
}
# Not every machine has these frameworks. Where the test is, the example stands letter by letter.
TESTED_IN = {
    "momento_token/testing/catch2.hpp": "tests/testing_kit/catch2_test.cpp",
    "momento_token/testing/gtest.hpp": "tests/testing_kit/gtest_test.cpp",
}


def read(root, *path):
    with open(os.path.join(root, *path), encoding="utf-8") as file:
        return file.read()


def public_headers(root):
    for where, folders, names in os.walk(os.path.join(root, "include/momento_token")):
        folders[:] = sorted(name for name in folders if name not in ("detail", "impl"))
        for name in sorted(names):
            if name.endswith(".hpp"):
                yield os.path.relpath(os.path.join(where, name), os.path.join(root, "include")).replace(os.sep, "/")


def blocks_of(text):
    """(line, code) of each indented part of the // lines behind #pragma once."""
    comment = re.match(r"#pragma once\n((?://[^\n]*\n)*)", text)
    for found in re.finditer(r"^(?://   [^\n]*\n)+", comment.group(1) if comment else "", re.M):
        yield 2 + comment.group(1).count("\n", 0, found.start()), re.sub(r"^//   ", "", found.group(0), flags=re.M)


def check_excerpts(root, header, blocks, file):
    lines = [line.strip() for line in read(root, file).splitlines()]
    for number, code in blocks:
        wanted = [line.strip() for line in code.splitlines()]
        if not any(lines[at:at + len(wanted)] == wanted for at in range(len(lines))):
            raise SystemExit("include/%s:%d: this example has to stand in %s, which has no such lines" % (header, number, file))


def test_case(header, blocks):
    code = "".join('#line %d "include/%s"\n%s' % (number, header, code) for number, code in blocks)
    return '#include "%s"\nTEST_CASE("the example of %s") {\nusing namespace std::chrono_literals;\n%s%s}\n' % (
        header, header, BEFORE.get(header, ""), code.replace("{…}", "{}"))


def source(root):
    """The test cases, and the files that they are made of."""
    out, files, without = [], [], {*BEFORE, *TESTED_IN}
    for header in public_headers(root):
        blocks = list(blocks_of(read(root, "include", header)))
        files.append("include/" + header)
        if blocks:
            without.discard(header)
        if header in TESTED_IN:
            check_excerpts(root, header, blocks, TESTED_IN[header])
            files.append(TESTED_IN[header])
        elif blocks:
            out.append(test_case(header, blocks))
    if without:
        raise SystemExit("no example in %s: has the way of writing them changed?" % ", ".join(sorted(without)))
    return "".join(out), files
