"""A page for each public header, from its comments: what Doxygen read (doxygen.py), in the order and the groups of the header.
Declarations that follow each other without a blank line share the comment of the first. What has no comment at all stops
the build: a name, a field or a function that the reference cannot explain."""
import functools
import html
import os
import re
import sys

import doxygen
from declarations import signatures
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import CppLexer

GROUPS = [
    ("Start here", "momento_token"),
    ("What a token allows", "permissions scopes permissions/cache permissions/topic permissions/function permissions/selectors "
                            "permissions/action permissions_json permissions_proto"),
    ("Keys", "keys jwk key_ring signer secret"),
    ("Tokens", "issuer verifier authorizer token claims credential deny_list"),
    ("Vending", "vending vending/vending_machine vending/caller_auth vending/password_auth vending/policy vending/ceiling "
                "vending/request vending/response vending/cors vending/rate_limiter vending/key_source vending/hooks vending/event"),
    ("Using what is vended", "client client/refreshing_token_source"),
    ("Underneath", "result error clock encoding version config"),
    ("For logs and tests", "format testing"),
]
missing = []


def page_of(header):
    """momento_token/permissions/cache.hpp -> api/permissions-cache.md"""
    return "api/%s.md" % header[len("momento_token/"):-len(".hpp")].replace("/", "-")


class Names:
    """Where each name is explained."""

    def __init__(self, files):
        self.places, self.ids, self.headers = {}, {}, set(files)
        for file, entries in files.items():
            for entry in entries:
                self.add(entry, page_of(file))
                for member in entry.members:
                    self.add(member, page_of(file))

    def add(self, entry, page):
        place = "%s#%s" % (page, entry.anchor)
        self.ids[entry.id] = place
        self.places.setdefault(entry.full_name, place)
        self.places.setdefault(re.sub(r"^(vending|client)::", "", entry.full_name), place)

    def find(self, text):
        """The place of `Issuer`, `Issuer::create`, `allows()` or `AllCaches{}`."""
        match = re.fullmatch(r"(?:momento_token::)?([A-Za-z_][\w:]*?)(?:\(\)|\{\})?", text)
        return self.places.get(match.group(1)) if match else None

    def linked(self, text, page):
        """Code spans that are names become links; headings, code and links stay as they are."""
        def change(match):
            place = self.find(match.group(1))
            return "[%s](%s)" % (match.group(0), relative(place, page)) if place else match.group(0)
        keep = re.compile(r"(^ *```.*?^ *```$|^#[^\n]*$|!?\[[^\]]*\]\([^)]*\)|<!--.*?-->)", re.M | re.S)
        parts = keep.split(text)
        return "".join(part if i % 2 else re.sub(r"(?<!`)`([^`\n]+)`(?!`)", change, part) for i, part in enumerate(parts))


@functools.cache
def lines_of(root, header):
    with open(os.path.join(root, "include", header), encoding="utf-8") as file:
        return file.read().split("\n")


def relative(place, page):
    path, _, anchor = place.partition("#")
    return os.path.relpath(path, os.path.dirname(page)).replace(os.sep, "/") + "#" + anchor


def is_field(entry):
    return entry.kind == "variable" and entry.node.get("static") != "yes"


class Page:
    def __init__(self, root, header, entries, names):
        self.header, self.entries, self.names, self.page = header, entries, names, page_of(header)
        self.root, self.lines = root, lines_of(root, header)

    # Comments ---------------------------------------------------------------------------------------------------------

    def markdown(self, nodes):
        return "\n\n".join(filter(None, (self.block(child) for node in nodes if node is not None for child in node))).strip()

    def block(self, node):
        if node.tag == "itemizedlist":
            return "\n".join("- " + self.markdown([item]).replace("\n", "\n  ") for item in node.findall("listitem"))
        if node.tag in ("verbatim", "preformatted"):
            return "```cpp\n%s\n```" % "".join(node.itertext()).strip("\n")
        parts = [escape(node.text or "")]  # lines and blocks in turn, as they stand in the comment
        for child in node:
            if child.tag in ("itemizedlist", "verbatim", "preformatted"):
                parts += [self.block(child), ""]
            else:
                parts[-1] += self.span(child)
            parts[-1] += escape(child.tail or "")
        return "\n\n".join(filter(None, (part.strip() for part in parts)))

    def inline(self, node):
        return escape(node.text or "") + "".join(self.span(child) + escape(child.tail or "") for child in node)

    def span(self, node):
        text = "".join(node.itertext())
        if node.tag == "ref":
            place = self.names.ids.get(node.get("refid"))
            return "[`%s`](%s)" % (text, relative(place, self.page)) if place else text
        if node.tag == "computeroutput":
            return "`%s`" % text
        return {"ndash": "–", "mdash": "—", "linebreak": "<br>"}.get(node.tag, self.inline(node))

    def explain(self, entry):
        text = self.markdown(entry.docs)
        return re.sub(r"(?<![\w`\[#/])(?<!\]\()(%s)(?![\w`])" % "|".join(code for code in ERROR_CODES if "_" in code), r"[`\1`](../reference/errors.md#codes)", text)

    def header_links(self, text):
        """permissions.hpp becomes a link, and so does what stands in testing/ in the comment of testing.hpp."""
        def change(match):
            for name in ("momento_token/" + match.group(1), self.header[:-len(".hpp")] + "/" + match.group(1)):
                if name in self.names.headers and name != self.header:
                    return "[%s](%s)" % (match.group(0), relative(page_of(name), self.page).rstrip("#"))
            return match.group(0)
        return "".join(part if i % 2 else re.sub(r"(?<![\w/`])(?:momento_token/)?([\w/]+\.hpp)", change, part)
                       for i, part in enumerate(re.split(r"(^```.*?^```$)", text, flags=re.M | re.S)))

    # Code -------------------------------------------------------------------------------------------------------------

    def code(self, text):
        """Highlighted, with the names of the library as links."""
        marked = highlight(text, CppLexer(), HtmlFormatter(nowrap=True)).rstrip("\n").replace("*", "&#42;")

        def link(match):
            place = self.names.find(html.unescape(match.group(2)))
            if not place:
                return match.group(0)
            address = re.sub(r"\.md#", ".html#", relative(place, self.page))
            return '<a href="%s">%s</a>' % (address, match.group(0))
        marked = re.sub(r'<span class="(n|nc|nf)">([A-Z]\w+)</span>', link, marked)
        lines = "".join('<span class="row">%s</span>' % line for line in marked.split("\n"))
        return '<div class="highlight signature"><pre><code>%s</code></pre></div>' % lines

    # Entries ----------------------------------------------------------------------------------------------------------

    def groups(self, entries):
        """Declarations that share a comment: the next is without one, and no blank or comment line stands between."""
        groups = []
        for entry in entries:
            before = groups[-1][-1] if groups else None
            joined = before and not entry.documented and is_like(before, entry) and self.adjacent(before, entry)
            groups[-1].append(entry) if joined else groups.append([entry])
        return groups

    def adjacent(self, before, after):
        between = lines_of(self.root, before.file)[before.line:after.line - 1]
        return before.file == after.file and not any(re.match(r"\s*(//.*)?$", line) for line in between)

    def members(self, entry):
        out, shown = [], set()
        fields = [member for member in entry.members if is_field(member)]
        others = [member for member in entry.members if not is_field(member) and member.name != "operator=="]
        if fields:
            out.append(self.fields(entry, fields))
        for group in self.groups(sorted(others, key=lambda member: (member.file != entry.file, member.line))):
            if group[0].kind == "enum":
                out.append("### `%s` { #%s }\n\n%s" % (group[0].name, group[0].anchor, self.enum(group[0])))
                continue
            title = ", ".join(dict.fromkeys("`%s`" % member.name for member in group))
            anchors = "".join('<a id="%s"></a>' % member.anchor for member in unique(group)[1:])
            place = "" if group[0].anchor in shown else " { #%s }" % group[0].anchor  # another overload has it
            shown.add(group[0].anchor)
            out.append("### %s%s\n\n%s%s\n\n%s" % (title, place, anchors, self.code(signatures(group)), self.explain(group[0])))
        if any(member.name == "operator==" for member in entry.members):
            out.append("Compares with `==`.")
        return "\n\n".join(out)

    def fields(self, entry, fields):
        rows = []
        for field in fields:
            if not field.documented:
                missing.append("%s:%d: %s" % (field.file, field.line, field.full_name))
            default = "" if field.default in ("", "{}") else " = %s" % field.default.strip("{}")
            rows.append("**`%s`**{ #%s } &nbsp; `%s%s`\n:   %s" % (field.name, field.anchor, field.type, default,
                                                              self.explain(field).replace("\n", " ")))
        return "\n\n".join(rows)

    def compound(self, entry):
        template = entry.node.find("templateparamlist")
        head = "template <%s>\n" % ", ".join(doxygen.tidy(doxygen.text_of(p.find("type")) + " " + doxygen.text_of(p.find("declname")))
                                             for p in template.findall("param")) if template is not None else ""
        bases = " : public " + ", ".join(entry.bases) if entry.bases else ""
        code = self.code("%s%s %s%s" % (head, entry.kind, entry.name, bases)) if head or bases else ""
        return "\n\n".join(filter(None, [code, self.explain(entry), self.members(entry)]))

    def enum(self, entry):
        values = entry.node.findall("enumvalue")
        names = [doxygen.text_of(value.find("name")) for value in values]
        docs = [self.markdown([value.find("briefdescription"), value.find("detaileddescription")]) for value in values]
        if not any(docs):
            return self.explain(entry) + "\n\nValues: " + ", ".join("`%s`" % name for name in names) + "."
        rows = ["| `%s` | %s |" % (name, doc.replace("\n", " ")) for name, doc in zip(names, docs)]
        return "\n\n".join([self.explain(entry), "| value | |\n| --- | --- |\n" + "\n".join(rows)])

    def entry(self, group):
        first = group[0]
        if not first.documented and first.kind not in ("variable",):
            missing.append("%s:%d: %s" % (first.file, first.line, first.full_name))
        names = ", ".join(dict.fromkeys("`%s`" % entry.full_name for entry in group))
        anchors = "".join('<a id="%s"></a>' % entry.anchor for entry in unique(group)[1:])
        head = "## %s { #%s }\n\n%s" % (names, first.anchor, anchors)
        if first.kind in ("class", "struct"):
            return head + self.compound(first)
        if first.kind == "enum":
            return head + self.enum(first)
        return head + self.code(signatures(group)) + "\n\n" + self.explain(first)

    def text(self):
        parts = ["# %s" % self.header.rpartition("momento_token/")[2], self.header_links(header_comment(self.lines)),
                 "```cpp\n#include <%s>\n```" % self.header] + free_comments(self.lines)
        shown = set()
        for group in self.groups(self.entries):
            text = self.entry(group)
            if group[0].anchor in shown:  # another overload: under the same heading
                text = re.sub(r"^## .*\n\n", "", text)
            shown.add(group[0].anchor)
            parts.append(text)
        return "\n\n".join(parts) + "\n"


def is_like(entry, other):
    """Of one kind, and both constructors or none."""
    def is_constructor(one):
        return one.scope.rpartition("::")[2] == one.name
    return entry.kind == other.kind and is_constructor(entry) == is_constructor(other)


def unique(group):
    return list({entry.anchor: entry for entry in group}.values())


def escape(text):
    return re.sub(r"([*<\[\]|])", lambda match: {"<": "&lt;", "|": "&#124;"}.get(match.group(1), "\\" + match.group(1)), text)


def header_comment(lines):
    """The // lines behind #pragma once: the first paragraph as text, what is indented as code."""
    comment = []
    for line in lines[1:]:
        if not line.startswith("//"):
            break
        comment.append(line[2:][1:])
    out, code = [], []
    for line in comment + [""]:
        if line.startswith("  "):
            code.append(line[2:])
            continue
        if code:
            out += ["", "```cpp"] + code + ["```", ""]
            code = []
        out.append(line)
    return "\n".join(out).strip()


def free_comments(lines):
    """The // paragraphs between two blank lines: what holds for everything in the header. Not the ---- titles ----."""
    found = re.findall(r"\n\n((?:// (?!----)[^\n]*\n)+)(?=\n)", "\n".join(lines))
    return [re.sub(r"^// ", "", text, flags=re.M).strip() for text in found]


ERROR_CODES = []


def grouped_headers(root):
    """(title, headers) in the order in which one reads them; what is new comes last."""
    known = {"momento_token/%s.hpp" % name for _, names in GROUPS for name in names.split()}
    for title, names in GROUPS:
        headers = ["momento_token/%s.hpp" % name for name in names.split()]
        yield title, headers + (sorted(set(all_headers(root)) - known) if title == GROUPS[-1][0] else [])


def menu(root):
    for title, headers in grouped_headers(root):
        yield "      - %s:" % title
        yield from ("          - %s: %s" % (header[len("momento_token/"):], page_of(header)) for header in headers)


def index(root):
    parts = ["# Headers", "Include `momento_token/momento_token.hpp` for everything but `vending.hpp`, `client.hpp`, "
             "`testing.hpp` and `format.hpp`, or what you use. Each header answers one question."]
    for title, headers in grouped_headers(root):
        rows = []
        for header in headers:
            sentence = header_comment(lines_of(root, header)).split("\n\n")[0].replace("\n", " ")
            rows.append("| [%s](%s) | %s |" % (header[len("momento_token/"):], page_of(header)[4:], sentence))
        parts.append("## %s\n\n| | |\n| --- | --- |\n%s" % (title, "\n".join(rows)))
    return "\n\n".join(parts) + "\n"


def all_headers(root):
    for where, folders, names in os.walk(os.path.join(root, "include/momento_token")):
        folders[:] = [name for name in folders if name not in ("detail", "impl")]
        yield from (os.path.relpath(os.path.join(where, name), os.path.join(root, "include")) for name in names if name.endswith(".hpp"))


def declares(root, header):
    return "MOMENTO_TOKEN_BEGIN_NAMESPACE" in lines_of(root, header)  # as a whole line: config.hpp defines it


def write_pages(root, xml, write):
    files = doxygen.load(xml)
    unread = sorted(header for header in all_headers(root) if header not in files and declares(root, header))
    if unread:
        sys.exit("These headers declare something, and Doxygen has not read them (INPUT of docs/site/Doxyfile):\n" + "\n".join(unread))
    for header in all_headers(root):
        files.setdefault(header, [])
    for entry in files["momento_token/error.hpp"]:
        if entry.name == "Errc":
            ERROR_CODES.extend(doxygen.text_of(value.find("name")) for value in entry.node.findall("enumvalue"))
    names = Names(files)
    for header, entries in files.items():
        page = Page(root, header, entries, names)
        write(page.page, names.linked(page.text(), page.page))
    write("api/index.md", index(root))
    return names


def stop_if_missing():
    if missing:
        sys.exit("No comment says what these are:\n" + "\n".join(sorted(missing)))
