"""The Markdown pages of this project, taken apart into their fenced blocks. How a page says what becomes of a block, in HTML
comments that no reader sees:

  ```cpp                    a statement block: compiled and run. All of a page follow each other in one function, so that a
                            block sees the names of the ones before it. A block with a main() is a whole program.
  <!-- cpp top -->          the next block stands outside of functions, before all of them
  <!-- cpp restart -->      the next block begins a new function and forgets the names before it
  <!-- cpp                  hidden statements at this place; check(…) ends the test when it is false
  check(allows(…));
  -->
  <!-- cpp top              hidden code outside of functions: includes, helpers
  … -->
  <!-- part of FILE -->     the next block is a part of FILE, letter by letter, and is tested there
  <!-- prints -->           the next block (text) is what the page has printed since the last such block; … stands for anything
  <!-- policy -->          the next block (json) is loaded as a policy of the vending kit
  <!-- not run: WHY -->     the next block (sh, cpp) is not tested

  ```sh                     run with bash -eu, all of a page in one directory that begins empty, with momento-token at hand
  ```json                   parsed, unless it holds …
  ```rust, ```js            compiled and run against Momento's own packages by sdks.py, each with the hidden code before it:
                            <!-- rust … --> and <!-- js … -->
  <!-- jwt-cpp -->          the next block (cpp) is somebody else's: sdks.py compiles and runs it against jwt-cpp, with the
                            hidden code of <!-- jwt-cpp … -->
  ```text cmake             shown; not tested
"""
import os
import re

LANGUAGES = {"cpp", "sh", "json", "text", "rust", "js", "cmake", ""}
# These stand outside of docs/, or are tested elsewhere: the readme_test and consumers tests compile what README.md shows,
# and the gate calls its commands.
PACKAGING = ["packaging/README.md", "packaging/debugger/README.md"]
ONLY_LINKS = {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", *PACKAGING}

FENCE = re.compile(r"^(?P<indent> *)```(?P<language>[\w+-]*)[^\n]*\n(?P<code>.*?)^(?P=indent)```$", re.M | re.S)
COMMENT = re.compile(r"<!--(.*?)-->", re.S)


class Block:
    """kind is a language, or "hidden" (cpp in a comment)."""

    def __init__(self, page, line, kind, code, marks):
        self.page, self.line, self.kind, self.code, self.marks = page, line, kind, code, marks

    @property
    def where(self):
        return "%s:%d" % (self.page, self.line)


def markdown_files(root):
    for where, folders, names in os.walk(os.path.join(root, "docs")):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".md"):
                yield os.path.relpath(os.path.join(where, name), root)
    yield from sorted(name for name in os.listdir(root) if name.endswith(".md"))
    yield from PACKAGING


def read(root, page):
    with open(os.path.join(root, page), encoding="utf-8") as file:
        return file.read()


def without_code(text):
    """The text with its fenced blocks and code spans blanked out, line for line."""
    blank = lambda match: re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", blank, FENCE.sub(blank, text), flags=re.S)


def blocks_of(root, page):
    """The blocks in their order, each with the marks that stand before it."""
    text, at, marks = read(root, page), 0, []
    while True:
        fence, comment = FENCE.search(text, at), COMMENT.search(text, at)
        if not fence and not comment:
            break
        first = min((match for match in (fence, comment) if match), key=lambda match: match.start())
        line = text.count("\n", 0, first.start()) + 1
        at = first.end()
        if first is fence:
            indent = len(first["indent"])
            code = "".join(row[indent:] for row in first["code"].splitlines(keepends=True))
            yield Block(page, line + 1, first["language"], code, marks)
            marks = []
            continue
        head, _, rest = first.group(1).lstrip(" ").partition("\n")
        if rest and head.strip() in ("cpp", "cpp top", "rust", "js", "jwt-cpp"):
            yield Block(page, line + 1, "hidden", rest, [head.strip()])
        elif not rest:
            marks = marks + [head.strip()]


def all_blocks(root):
    for page in markdown_files(root):
        if page not in ONLY_LINKS:
            yield from blocks_of(root, page)


def mark(block, beginning):
    """What follows `beginning` in one of the block's marks, or None."""
    for text in block.marks:
        if text == beginning or text.startswith(beginning + " "):
            return text[len(beginning):].strip()
    return None


def not_run(block):
    """Not by us, that is: of other libraries, or said to be so."""
    return "jwt-cpp" in block.marks or any(text.startswith("not run:") and text[8:].strip() for text in block.marks)
