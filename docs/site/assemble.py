#!/usr/bin/env python3
"""Puts the pages of the site together: assemble.py ROOT XML OUT
What lies in docs/, README's neighbours and a page for each example are copied; the reference comes from Doxygen's XML. In the
repository links point to files; here those to headers, examples and tests become links to pages, or to the repository."""
import os
import posixpath
import re
import shutil
import sys

import reference

REPOSITORY = "https://github.com/momento-token/momento_token"
# In the order in which one reads them; a new one comes last.
EXAMPLES = ("vend_token", "verify_request", "token_metadata", "media_scope", "chat_scope", "key_rotation", "custom_signer",
            "unit_test_with_tokens")
BESIDE = ("SECURITY.md", "CHANGELOG.md", "CONTRIBUTING.md")
LINK = re.compile(r"(\]\()([^)\s]+)(\))")
FENCE = re.compile(r"(^ *```.*?^ *```$)", re.M | re.S)
COMMENT = re.compile(r"<!--.*?-->\n?", re.S)  # what the tests of the pages need, and no reader


def page_for(path, root):
    """The page that shows a file of the repository, or its address there."""
    if path.startswith("docs/") and path.endswith(".md"):
        return path[len("docs/"):]
    if path.startswith("include/momento_token/") and path.endswith(".hpp") and "/detail/" not in path:
        return reference.page_of(path[len("include/"):])
    if re.fullmatch(r"examples/\w+\.cpp", path):
        return path[:-len(".cpp")] + ".md"
    if path == "examples":
        return "examples/index.md"
    if path == "README.md":
        return "index.md"
    if path in BESIDE:
        return "project/" + path
    kind = "tree" if os.path.isdir(os.path.join(root, path)) else "blob"
    return "%s/%s/main/%s" % (REPOSITORY, kind, path)


def with_links(text, here, page, root):
    """`here` is where the text stands in the repository, `page` where it stands in the site."""
    def change(match):
        target, hash_mark, anchor = match.group(2).partition("#")
        if not target or re.match(r"[a-z][a-z0-9+.-]*:", target):
            return match.group(0)
        new = page_for(posixpath.normpath(posixpath.join(posixpath.dirname(here), target)), root)
        if not new.startswith("https:"):
            new = posixpath.relpath(new, posixpath.dirname(page) or ".")
        return match.group(1) + new + hash_mark + anchor + match.group(3)
    parts = FENCE.split(text)
    return "".join(part if i % 2 else plain_bars(LINK.sub(change, COMMENT.sub("", part))) for i, part in enumerate(parts))


def plain_bars(text):
    """A bar in a code span of a table: GitHub wants it with a backslash, Python-Markdown without."""
    def row(match):
        return re.sub(r"`[^`]+`", lambda code: code.group(0).replace("\\|", "|"), match.group(0))
    return re.sub(r"^\|.*\|$", row, text, flags=re.M)


def write(out, page, text):
    path = os.path.join(out, page)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def copy_pages(root, out, names):
    for where, _, files in os.walk(os.path.join(root, "docs")):
        for name in files:
            path = os.path.relpath(os.path.join(where, name), root).replace(os.sep, "/")
            if name.endswith(".md"):
                page = page_for(path, root)
                write(out, page, names.linked(with_links(read(root, path), path, page, root), page))
    for path in BESIDE:
        page = page_for(path, root)
        write(out, page, names.linked(with_links(read(root, path), path, page, root), page))


def first_sentence(code):
    comment = re.match(r"((?://[^\n]*\n)+)", code).group(1)
    return re.split(r"(?<=\.)\s", " ".join(line.lstrip("/ ") for line in comment.splitlines()))[0]


def example_names(root):
    found = sorted(name for name in os.listdir(os.path.join(root, "examples")) if name.endswith(".cpp"))
    return sorted(found, key=lambda name: EXAMPLES.index(name[:-4]) if name[:-4] in EXAMPLES else len(EXAMPLES))


def example_pages(root, out):
    rows, pages = [], []
    for name in example_names(root):
        code = read(root, "examples", name)
        rows.append("| [%s](%s.md) | %s |" % (name, name[:-4], first_sentence(code)))
        pages.append("examples/%s.md" % name[:-4])
        address = "%s/blob/main/examples/%s" % (REPOSITORY, name)
        write(out, "examples/%s.md" % name[:-4], "# %s\n\n```cpp\n%s```\n\n[In the repository](%s)\n" % (name, code, address))
    write(out, "examples/index.md", "# Examples\n\nEach is a whole program of fewer than 60 lines, compiled and run by the tests.\n\n"
          "| | |\n| --- | --- |\n%s\n" % "\n".join(rows))
    return pages


def write_menu(root, out, examples, headers):
    """mkdocs.yml beside the pages, with what is generated in its menu."""
    text = read(root, "docs/site/mkdocs.yml")
    for what, lines in (("examples", ["      - %s" % page for page in examples]), ("headers", headers)):
        mark = "      # here assemble.py puts the %s" % what
        assert mark in text, mark
        text = text.replace(mark, "\n".join(lines))
    write(out, "../mkdocs.yml", text)


def main():
    root, xml, out = sys.argv[1:]
    shutil.rmtree(out, ignore_errors=True)
    names = reference.write_pages(root, xml, lambda page, text: write(out, page, text))
    copy_pages(root, out, names)
    write_menu(root, out, example_pages(root, out), reference.menu(root))
    shutil.copy(os.path.join(root, "docs/site/site.css"), out)
    reference.stop_if_missing()


main()
