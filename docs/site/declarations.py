"""Declarations as the reference shows them, from what doxygen.py read."""
import re

import doxygen


def signature(entry):
    text = declaration(entry)
    if entry.file.endswith("permission_base.hpp"):  # shown as the class's own
        text = re.sub(r"\bSelf\b", entry.scope, text)
        text = re.sub(r"\bRole\b", entry.scope.replace("Permissions", "Role"), text)
    return text


def declaration(entry):
    parts = [word for word in ("static", "explicit") if entry.node.get(word) == "yes"]
    if entry.kind == "typedef":
        return "using %s = %s" % (entry.name, entry.type)
    if entry.kind == "variable":
        return "%s %s%s" % (entry.type, entry.full_name, " = " + entry.default if entry.default else "")
    if entry.node.get("virt") in ("virtual", "pure-virtual") and "override" not in entry.arguments:
        parts.append("virtual")
    template = entry.node.find("templateparamlist")
    head = ""
    if template is not None:
        head = "template <%s>\n" % ", ".join(doxygen.tidy(doxygen.text_of(p.find("type"))) for p in template.findall("param"))
    parts.append(entry.type)
    line = " ".join(filter(None, parts + [entry.name])) + entry.arguments
    return head + (line if len(line) <= 84 else broken(line))


def broken(line):
    """One parameter a line."""
    start = line.index("(")
    depth, last, rows = 0, start + 1, []
    for i, letter in enumerate(line[start:], start):
        depth += letter in "(<{" and not line[i - 1:i + 1] == "->"
        depth -= letter in ")>}" and not line[i - 1:i + 1] == "->"
        if (letter == "," and depth == 1) or (letter == ")" and depth == 0):
            rows.append(line[last:i].strip())
            last = i + 1
            if letter == ")":
                return "%s(\n    %s)%s" % (line[:start], ",\n    ".join(rows), line[last:])
    return line


def signatures(group):
    """One of a && and const& pair says it all: builders are values."""
    shown = []
    for entry in group:
        text = re.sub(r"\) (?:&&|const&)(?= |$)", ")", signature(entry)) if is_builder(entry, group) else signature(entry)
        if text not in shown:
            shown.append(text)
    return ";\n".join(shown) + ";"


def is_builder(entry, group):
    return entry.name.startswith("with") and sum(other.name == entry.name for other in group) > 1
