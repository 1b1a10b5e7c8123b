#!/usr/bin/env python3
"""Checks the links between the Markdown pages of this project, their anchors too, without a network: links.py ROOT
Also that JSON blocks parse, that no page is left out of the site, that pages name every error code and public type, and that
every name in them is one that a header has."""
import json
import os
import re
import sys

import pages

LINK = re.compile(r"(?<!\\)!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
HEADING = re.compile(r"^(#{1,6}) +(.+?)(?: +#+)? *$", re.M)
EXPLICIT = re.compile(r"<a (?:id|name)=\"([^\"]+)\"")
WIDEST_CODE = 98
NOT_OURS = {"Authorization", "Bearer", "Host", "x_user_id", "bad_alloc", "CMakeLists",
            # docs/guide/serve.md: nginx, AWS, our log
            "auth_request", "AWS_SESSION_TOKEN", "PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "reload_failed"}
errors = []


def error(page, text, at, what):
    errors.append("%s:%d: %s" % (page, text.count("\n", 0, at) + 1, what))


def slug(heading):
    """As GitHub makes them, and the site too."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").replace("*", "")
    return re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")


def anchors_of(root, page):
    text = pages.FENCE.sub("", pages.read(root, page))
    anchors, counts = set(EXPLICIT.findall(text)), {}
    for _, heading in HEADING.findall(text):
        name = slug(heading)
        anchors.add(name if name not in counts else "%s-%d" % (name, counts[name]))
        counts[name] = counts.get(name, 0) + 1
    return anchors


def check_links(root, page):
    text = pages.without_code(pages.read(root, page))
    for match in LINK.finditer(text):
        target, _, anchor = match.group(1).partition("#")
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        file = os.path.normpath(os.path.join(os.path.dirname(page), target)) if target else page
        if not os.path.exists(os.path.join(root, file)) or file.startswith(".."):
            error(page, text, match.start(), "no such file: %s" % match.group(1))
        elif anchor and file.endswith(".md") and anchor not in anchors_of(root, file):
            error(page, text, match.start(), "%s has no heading #%s" % (file, anchor))


def cells_of(row):
    return re.sub(r"\\\|", "", row.strip()).strip("|").count("|") + 1


def check_tables(root, page):
    """A bar too many in a cell takes the rest of its row away. GitHub looks for bars in code, too."""
    text = pages.FENCE.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), pages.read(root, page))
    for table in re.finditer(r"^\|.*\|\n\|[ :|-]+\|\n(?:\|.*\n?)*", text, re.M):
        at = table.start()
        rows = table.group(0).splitlines(keepends=True)
        for row in rows:
            if cells_of(row) != cells_of(rows[0]):
                error(page, text, at, "%d cells in a table of %d columns" % (cells_of(row), cells_of(rows[0])))
            at += len(row)


def check_json(root):
    for block in pages.all_blocks(root):
        if block.kind == "json" and "…" not in block.code:
            try:
                json.loads(block.code)
            except ValueError as problem:
                errors.append("%s: %s" % (block.where, problem))


def check_width(root):
    """So that no reader has to scroll sideways on the site."""
    for block in pages.all_blocks(root):
        if block.kind not in ("cpp", "rust", "js") or not re.match(r"docs/(index|guide|cookbook|reference)", block.page):
            continue
        for number, line in enumerate(block.code.splitlines(), block.line):
            if len(line) > WIDEST_CODE:
                errors.append("%s:%d: %d letters wide; %d fit" % (block.page, number, len(line), WIDEST_CODE))


def check_in_menu(root):
    menu = pages.read(root, "docs/site/mkdocs.yml")
    for page in pages.markdown_files(root):
        if page.startswith("docs/") and not re.search(r"[ :]%s\s*$" % re.escape(page[5:]), menu, re.M):
            errors.append("%s: is not in the menu of docs/site/mkdocs.yml" % page)


def public_headers(root):
    folder = os.path.join(root, "include/momento_token")
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in ("detail", "impl")]
        for name in sorted(names):
            if name.endswith(".hpp"):
                text = pages.read(root, os.path.join(where, name))
                yield re.sub(r"^namespace detail \{$.*?^\}  // namespace detail$", "", text, flags=re.M | re.S)


def check_named(root, page, names, what):
    text = pages.read(root, page)
    for name in names:
        if "`%s`" % name not in text:
            errors.append("%s: says nothing of the %s `%s`" % (page, what, name))


def check_names_exist(root, page, known):
    """`read_key_file` and `IssuerOptions` in a sentence: a name that no header has is one that was changed, or never was."""
    text = pages.FENCE.sub("", pages.COMMENT.sub("", pages.read(root, page)))
    for code in re.findall(r"`([^`\n]+)`", text):
        for name in re.findall(r"(?<![\w-])[A-Za-z]\w*(?![\w-])", code):
            if ("_" in name or re.match(r"[A-Z]\w*[a-z]", name)) and name not in known | NOT_OURS:
                errors.append("%s: no header has the name `%s`" % (page, name))


def check_names(root):
    known = set(re.findall(r"\w+", "".join(public_headers(root)))) | cmake_names(root) | answered_codes(root)
    for page in pages.markdown_files(root):
        if re.match(r"docs/(index|guide/|reference/|cookbook/(?!from-))", page):  # from-…: names of other libraries, too
            check_names_exist(root, page, known)


def answered_codes(root):
    """The `code` of each answer over HTTP that is an error: of the vending kit, and of the program's server."""
    kit = "include/momento_token"
    files = [os.path.join(kit, folder, name) for folder in ("detail", "impl/vending") for name in os.listdir(os.path.join(root, kit, folder))]
    files += [os.path.join("cli/serve", name) for name in os.listdir(os.path.join(root, "cli/serve"))]
    return set(re.findall(r'(?:\.code = |StaticText code = |\b[45]\d\d, )"(\w+)"', "".join(pages.read(root, file) for file in files)))


def cmake_names(root):
    return set(re.findall(r"\w+", pages.read(root, "CMakeLists.txt")))


def check_complete(root):
    headers = list(public_headers(root))
    codes = re.search(r"enum class Errc .*?\{(.*?)\};", "".join(headers), re.S).group(1)
    check_named(root, "docs/reference/errors.md", re.findall(r"^  (\w+)(?: = 1)?,", codes, re.M), "code")
    check_named(root, "docs/reference/errors.md", sorted(answered_codes(root)), "code")
    # Plain data and enums are as safe as an int; classes say something about threads.
    classes = set(re.findall(r"^class (?:MOMENTO_TOKEN_API |\[\[nodiscard\]\] )*(\w+)", "".join(headers), re.M))
    check_named(root, "docs/reference/thread-safety.md", sorted(classes), "class")
    limits = re.search(r"struct Limits \{(.*?)\n\};", "".join(headers), re.S).group(1)
    check_named(root, "docs/reference/units.md", re.findall(r" (max_\w+) =", limits), "limit")


def main():
    root = sys.argv[1]
    found = list(pages.markdown_files(root))
    for page in found:
        check_links(root, page)
        check_tables(root, page)
    check_json(root)
    check_width(root)
    check_in_menu(root)
    check_names(root)
    check_complete(root)
    if errors:
        sys.exit("\n".join(errors))
    print("%d pages" % len(found))


main()
